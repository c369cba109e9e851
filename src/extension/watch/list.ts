/** The list of decisions that are or could be watched, where a person confirms them. */
import { QuickPickItemKind, ThemeIcon, l10n, window } from 'vscode';
import type { QuickInputButton, QuickPickItem } from 'vscode';
import { parseRowKey } from '../../protocol/row-key';
import type { Watch, WatchState } from '../../protocol/watch';
import { clickedKey } from '../commands/clicked';
import { titleLine } from '../format';
import { explain } from '../messages';
import type { Parts } from '../parts';
import { definePredicate } from './define';
import { predicateLabel, watchDetail } from './text';
import { offerUndo } from './use';

interface WatchItem extends QuickPickItem {
  watch?: Watch;
  buttons?: readonly ListButton[];
}
interface ListButton extends QuickInputButton {
  act: 'on' | 'off' | 'edit' | 'refuse' | 'everywhere';
}

/** From the palette. */
export const watchDecisions = (parts: Parts): Promise<void> => showWatches(parts, undefined);

/** From the menu of a learning. */
export async function watchItem(parts: Parts, clicked: unknown): Promise<void> {
  const ref = parseRowKey(clickedKey(clicked));
  if (ref?.kind === 'learning') await showWatches(parts, ref.id);
}

async function showWatches(parts: Parts, learningId: string | undefined): Promise<void> {
  const client = await parts.memory.client();
  const scope = parts.memory.scopeOf(false);
  const pick = window.createQuickPick<WatchItem>();
  Object.assign(pick, {
    title: l10n.t('Watch Decisions in Code'),
    matchOnDetail: true,
    matchOnDescription: true,
    keepScrollPosition: true,
  });
  const renew = async () => {
    const watches = await client.watches({ ...(learningId !== undefined ? { learningId } : scope && { scope }) });
    const active = pick.activeItems[0]?.watch?.id;
    pick.items = itemsOf(watches);
    pick.placeholder =
      watches.length > 0
        ? l10n.t('Enter watches a decision, or stops watching it')
        : l10n.t('No accepted learning says what can be checked. Enter something of your own.');
    pick.activeItems = pick.items.filter(({ watch }) => watch !== undefined && watch.id === active);
  };
  const set = async ({ learning, predicate, id }: Watch, state: WatchState) => {
    await client.setWatch({ learningId: learning.id, predicate, state, replaces: id });
    await renew();
  };
  const run = (work: () => Promise<unknown>) =>
    void work().catch((error: unknown) => void window.showErrorMessage(explain(error)));
  try {
    await renew();
    const left = await new Promise<{ edit?: Watch } | undefined>((resolve) => {
      pick.onDidAccept(() => {
        const [item] = pick.selectedItems;
        if (!item) return;
        const { watch } = item;
        if (watch) run(() => set(watch, watch.state === 'on' ? 'off' : 'on'));
        else resolve({});
      });
      pick.onDidTriggerItemButton(({ item: { watch }, button }) => {
        if (!watch) return;
        const { act } = button as ListButton;
        if (act === 'edit') resolve({ edit: watch });
        else if (act === 'everywhere') run(async () => (await client.clearExceptions(watch.id), renew()));
        else if (act === 'refuse')
          run(async () => {
            await set(watch, 'refused');
            offerUndo(l10n.t('Not watched any more: {0}', predicateLabel(watch.predicate)), () =>
              client.setWatch({ learningId: watch.learning.id, predicate: watch.predicate, state: watch.state }),
            );
          });
        else run(() => set(watch, act));
      });
      pick.onDidHide(() => resolve(undefined));
      pick.show();
    });
    pick.hide();
    if (left && (await definePredicate(parts, { learningId, scope, edited: left.edit })))
      await showWatches(parts, learningId);
  } finally {
    pick.dispose();
  }
}

const button = (act: ListButton['act'], icon: string, tooltip: string): ListButton => ({
  act,
  iconPath: new ThemeIcon(icon),
  tooltip,
});

function itemsOf(watches: readonly Watch[]): WatchItem[] {
  const groups: readonly (readonly [WatchState, string])[] = [
    ['on', l10n.t('Watched')],
    ['proposed', l10n.t('Proposed, not watched')],
    ['off', l10n.t('Switched off')],
  ];
  return [
    ...groups.flatMap(([state, label]): WatchItem[] => {
      const own = watches.filter((watch) => watch.state === state);
      return own.length === 0 ? [] : [{ label, kind: QuickPickItemKind.Separator }, ...own.map(itemOf)];
    }),
    { label: '', kind: QuickPickItemKind.Separator },
    { label: `$(add) ${l10n.t('Watch Something Else…')}`, alwaysShow: true },
  ];
}

function itemOf(watch: Watch): WatchItem {
  const { state, predicate, learning, exceptions } = watch;
  const detail = watchDetail(watch);
  return {
    watch,
    label: `${state === 'on' ? '$(eye)' : '$(circle-large-outline)'} ${predicateLabel(predicate)}`,
    description: titleLine(learning.title, 80),
    ...(detail !== '' && { detail }),
    buttons: [
      ...(exceptions > 0 ? [button('everywhere', 'discard', l10n.t('Apply Everywhere Again'))] : []),
      state === 'on' ? button('off', 'eye-closed', l10n.t('Stop Watching')) : button('on', 'eye', l10n.t('Watch This')),
      button('edit', 'edit', l10n.t('Change What Is Watched…')),
      button('refuse', 'trash', l10n.t('Not Something to Watch')),
    ],
  };
}

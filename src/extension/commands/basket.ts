/** Commands of the context basket. Those on an item start from its list, or from a click in a page. */
import { commands, env, l10n, window } from 'vscode';
import { highestMost } from '../../protocol/basket';
import type { BasketItem } from '../../protocol/basket';
import { MemoryError } from '../../protocol/errors';
import { fitInto } from '../basket/basket';
import { writeBrief } from '../basket/brief-file';
import { fillBasket, toggleInBasket } from '../basket/fill';
import { basketToInstructions, copyBasket, insertBasket } from '../basket/give';
import { sendBasket } from '../basket/send';
import { basketViewId } from '../contributions';
import { formatCount, titleLine } from '../format';
import { isReady } from '../models/paid-work';
import type { Parts } from '../parts';
import { lasting } from '../pick/lasting';
import { openBasketPreview } from '../session/documents';
import { clickedKey } from './clicked';
import type { Run } from './command';

const lengths = [2_000, 1_000, 500, 200, 100, 50] as const;

export const basketCommands = {
  showBasket: async ({ memory }) => {
    memory.setContext('isBasketShown', true);
    await commands.executeCommand(`${basketViewId}.focus`);
  },
  fillBasket,
  insertBasket,
  copyBasket,
  sendBasket,
  writeBrief,
  basketToInstructions,
  previewBasket: openBasketPreview,
  fitBasket: async ({ basket, memory }) => {
    const { items, tokens } = await basket.read();
    const budget = memory.settings.basketTokens;
    if (tokens <= budget) {
      window.setStatusBarMessage(l10n.t('$(check) The basket is within its budget'), noticeMs);
      return;
    }
    const limits = fitInto(items, budget, tokens);
    if (limits) await basket.trimEach(limits);
    else
      void window.showInformationMessage(l10n.t('There is too much in the basket for its budget. Take something out.'));
  },
  /** The click is the consent: the text is sent to the API. */
  countBasket: async (parts) => {
    if (!(await isReady(parts))) return;
    const waiting = { location: { viewId: basketViewId } };
    const exact = await window.withProgress(waiting, () => parts.basket.count());
    if (!exact) return;
    const count = formatCount(exact.tokens, env.language);
    window.setStatusBarMessage(l10n.t('$(check) {0} tokens, counted by {1}', count, exact.host), noticeMs);
  },
  undoBasket: async ({ basket }) => {
    if (!(await basket.undo())) window.setStatusBarMessage(l10n.t('Nothing to undo in the basket'), noticeMs);
  },
  clearBasket: async ({ basket }) => {
    const count = basket.packed.items.length;
    await basket.clear();
    if (count > 0) await offerUndo(basket, l10n.t('The basket is empty now.'));
  },
  basketItem: (parts, clicked) => toggleInBasket(parts, clickedKey(clicked)),
  openBasketItem: async (parts, clicked) => {
    const [item] = await chosen(parts, clicked);
    if (!item) return;
    const { session, key } = item;
    if (item.kind === 'learning') await parts.view.show('show', { tab: 'learnings' });
    else if (session)
      await parts.readers.open({
        sessionId: session.id,
        ...(session.turn !== undefined && { turn: session.turn }),
        ...(key !== undefined && session.turn !== undefined && { key }),
      });
  },
  trimBasketItem: async ({ basket, ...parts }, clicked) => {
    const [item] = await chosen({ basket, ...parts }, clicked);
    if (!item) return;
    const whole = l10n.t('Whole: {0} tokens', formatCount(Math.min(item.whole, highestMost), env.language));
    const rows = [
      { label: whole, most: highestMost },
      ...lengths
        .filter((most) => most < item.whole)
        .map((most) => ({ label: l10n.t('At most {0} tokens', formatCount(most, env.language)), most })),
    ];
    const row = await lasting(() =>
      window.showQuickPick(rows, {
        title: l10n.t('Trim “{0}”', titleLine(item.line, 60)),
        placeHolder: l10n.t('Beginning and end stay; what is left out is marked'),
      }),
    );
    if (row) await basket.trim(item.ref, row.most);
  },
  removeBasketItem: async (parts, clicked, all) => {
    await parts.basket.remove(await refsOf(parts, clicked, all));
  },
  basketItemUp: async (parts, clicked, all) => parts.basket.moveBy(await refsOf(parts, clicked, all), -1),
  basketItemDown: async (parts, clicked, all) => parts.basket.moveBy(await refsOf(parts, clicked, all), 1),
} satisfies Record<string, Run>;

const noticeMs = 5_000;

type Lists = Pick<Parts, 'basket' | 'basketView'>;

const refsOf = async (parts: Lists, clicked: unknown, all: unknown): Promise<string[]> =>
  (await chosen(parts, clicked, all)).map(({ ref }) => ref);

/** The clicked rows of the list; by a key, those it was pressed on. */
async function chosen({ basket, basketView }: Lists, clicked: unknown, all?: unknown): Promise<BasketItem[]> {
  const rows: unknown[] | undefined =
    Array.isArray(all) && all.length > 0 ? all : clicked === undefined ? undefined : [clicked];
  const refs = rows?.map((row) => (typeof row === 'object' && row !== null && 'ref' in row ? row.ref : undefined));
  const wanted = new Set<unknown>(refs ?? (await basketView.pressedOn()));
  const items = basket.packed.items.filter(({ ref }) => wanted.has(ref));
  if (refs && items.length === 0) throw new MemoryError('not_found', 'This is no longer in the basket.');
  return items;
}

async function offerUndo(basket: Parts['basket'], what: string): Promise<void> {
  const undo = l10n.t('Undo');
  // Not awaited by the command: an open message would keep it running.
  void window.showInformationMessage(what, undo).then(async (answer) => answer === undo && basket.undo());
}

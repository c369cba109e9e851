/** A Quick Pick that queries the memory while the person types, busy meanwhile. */
import { window } from 'vscode';
import type { Disposable, QuickInputButton, QuickPick, QuickPickItem } from 'vscode';
import { showLasting } from './lasting';
import { createLiveSearch } from './live-search';
import type { Find } from './live-search';

export interface LivePickOptions<Item extends QuickPickItem> {
  title: string;
  placeholder: string;
  /** Buttons of the title bar. */
  buttons?: QuickInputButton[];
  find: Find<Item>;
  /** Names what a row stands for, so that it keeps its place in the next answer. */
  keyOf(item: Item): string;
  isItem(row: Item | QuickPickItem): row is Item;
  /** The text to search for instead when a row that is no item was chosen. */
  replace?(row: QuickPickItem): string | undefined;
  /** A row was chosen; the pick is closed already. */
  accept(item: Item): Promise<void>;
  /** A row's button was pressed; the pick is closed already. */
  press?(item: Item, button: QuickInputButton): Promise<void>;
  /** A button of the title bar. */
  toggle?(button: QuickInputButton, pick: LivePick): void;
  /** Called when another row becomes active. */
  look?(item: Item | undefined): void;
  /** Called when the pick has closed, before the chosen action runs. */
  close?(): void;
}

/** The part of the pick that `toggle` may change. */
interface LivePick {
  refresh(): void;
  setButtons(buttons: QuickInputButton[]): void;
  active(): void;
}

/** Resolves when the pick is closed and the chosen action has finished. */
export async function showLivePick<Item extends QuickPickItem>(options: LivePickOptions<Item>): Promise<void> {
  const pick = createPick(options);
  const isItem = (row: Item | QuickPickItem | undefined): row is Item => row !== undefined && options.isItem(row);
  const search = createLiveSearch(pick, options.find, (row) => (isItem(row) ? options.keyOf(row) : undefined));
  const disposables: Disposable[] = [pick];
  const activeItem = () => pick.activeItems.find(isItem);
  const controls: LivePick = {
    refresh: search.now,
    setButtons: (buttons) => (pick.buttons = buttons),
    active: () => options.look?.(activeItem()),
  };
  try {
    await new Promise<void>((resolve, reject) => {
      let isChosen = false;
      const finish = (act: () => Promise<void> | undefined) => {
        isChosen = true;
        pick.hide();
        Promise.resolve(act()).then(resolve, reject);
      };
      disposables.push(
        pick.onDidChangeValue(search.soon),
        pick.onDidChangeActive(() => {
          search.moved();
          options.look?.(activeItem());
        }),
        pick.onDidTriggerButton((button) => options.toggle?.(button, controls)),
        pick.onDidTriggerItemButton(({ item, button }) => {
          const row = search.meant(item);
          if (isItem(row)) finish(() => options.press?.(row, button));
        }),
        pick.onDidAccept(() => {
          const item = pick.selectedItems.map(search.meant).find(isItem);
          const text = item || !pick.selectedItems[0] ? undefined : options.replace?.(pick.selectedItems[0]);
          if (item) finish(() => options.accept(item));
          else if (text !== undefined) {
            pick.value = text;
            search.now();
          }
        }),
        pick.onDidHide(() => {
          options.close?.();
          if (!isChosen) resolve();
        }),
        showLasting(pick),
      );
      search.now();
    });
  } finally {
    search.stop();
    for (const disposable of disposables) disposable.dispose();
  }
}

function createPick<Item extends QuickPickItem>({
  title,
  placeholder,
  buttons,
}: LivePickOptions<Item>): QuickPick<Item | QuickPickItem> {
  const pick = window.createQuickPick<Item | QuickPickItem>();
  pick.title = title;
  pick.placeholder = placeholder;
  pick.buttons = buttons ?? [];
  // Keeps the best hit first. Not in the typings; by default the editor moves rows whose title contains the word to the
  // top.
  Object.assign(pick, { sortByLabel: false });
  return pick;
}

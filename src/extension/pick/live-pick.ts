/** A Quick Pick that queries the memory while the person types: debounced, the newest query wins, busy meanwhile. */
import { window } from 'vscode';
import type { Disposable, QuickInputButton, QuickPick, QuickPickItem } from 'vscode';
import { asMemoryError } from '../../protocol/errors';
import { explain } from '../messages';

/** Short enough to feel immediate, long enough to skip letters of a fast typist. */
const debounceMs = 90;

export interface LivePickOptions<Item extends QuickPickItem> {
  title: string;
  placeholder: string;
  /** Buttons of the title bar. */
  buttons?: QuickInputButton[];
  /** `show` displays first results while more are on their way. */
  find: (
    text: string,
    signal: AbortSignal,
    show: (rows: readonly (Item | QuickPickItem)[]) => void,
  ) => Promise<readonly (Item | QuickPickItem)[]>;
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
  const search = createSearch(pick, options);
  const disposables: Disposable[] = [pick];
  const isItem = (row: Item | QuickPickItem | undefined): row is Item => row !== undefined && options.isItem(row);
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
        pick.onDidChangeActive(() => options.look?.(activeItem())),
        pick.onDidTriggerButton((button) => options.toggle?.(button, controls)),
        pick.onDidTriggerItemButton(({ item, button }) => {
          if (isItem(item)) finish(() => options.press?.(item, button));
        }),
        pick.onDidAccept(() => {
          const item = pick.selectedItems.find(isItem);
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
      );
      pick.show();
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

/** When to fetch rows: at once, or after a pause in typing. */
interface Search {
  now: () => void;
  soon: () => void;
  stop: () => void;
}

function createSearch<Item extends QuickPickItem>(
  pick: QuickPick<Item | QuickPickItem>,
  { find }: LivePickOptions<Item>,
): Search {
  let running: AbortController | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  const stop = () => {
    clearTimeout(timer);
    running?.abort();
    running = undefined;
  };
  const run = async () => {
    const mine = new AbortController();
    running = mine;
    // A later query may have been sent meanwhile; only its answer is shown.
    const show = (rows: readonly (Item | QuickPickItem)[]) => {
      if (running !== mine) return;
      // Later rows are added below, so that the active row stays in place.
      pick.keepScrollPosition = true;
      pick.items = rows;
    };
    show(await find(pick.value.trim(), mine.signal, show).catch((error: unknown) => failureRows(error)));
    if (running === mine) pick.busy = false;
  };
  const plan = (delay: number) => {
    stop();
    pick.busy = true;
    timer = setTimeout(() => void run(), delay);
  };
  return { now: () => plan(0), soon: () => plan(debounceMs), stop };
}

function failureRows(error: unknown): QuickPickItem[] {
  return asMemoryError(error).code === 'cancelled' ? [] : [{ label: `$(error) ${explain(error)}`, alwaysShow: true }];
}

/** A Quick Pick whose rows come from memory while the person types: debounced, newest question only, busy meanwhile. */
import { window } from 'vscode';
import type { Disposable, QuickInputButton, QuickPick, QuickPickItem } from 'vscode';
import { asMemoryError } from '../../protocol/errors';
import { explain } from '../messages';

/** Short enough to feel immediate, long enough not to ask for every letter of a fast typist. */
const debounceMs = 90;

export interface LivePickOptions<Item extends QuickPickItem> {
  title: string;
  placeholder: string;
  /** Buttons of the title bar. */
  buttons?: QuickInputButton[];
  /** `show` puts up what is known already, while the rest is on its way. */
  find: (
    text: string,
    signal: AbortSignal,
    show: (rows: readonly (Item | QuickPickItem)[]) => void,
  ) => Promise<readonly (Item | QuickPickItem)[]>;
  isItem(row: Item | QuickPickItem): row is Item;
  /** A row was chosen. The pick is closed by then. */
  accept(item: Item): Promise<void>;
  /** A button of a row was pressed. The pick is closed by then. */
  press?(item: Item, button: QuickInputButton): Promise<void>;
  /** A button of the title bar. */
  toggle?(button: QuickInputButton, pick: LivePick): void;
  /** Another row is under the cursor. */
  look?(item: Item | undefined): void;
  /** The pick has gone, before what was chosen in it is done. */
  close?(): void;
}

/** What `toggle` may change. */
export interface LivePick {
  refresh(): void;
  setButtons(buttons: QuickInputButton[]): void;
  active(): void;
}

/** Resolves when the pick is closed and what was chosen in it is done. */
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
          if (item) finish(() => options.accept(item));
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
  // Best hit first. Not in the typings, but the editor would move rows whose title holds the word to the top.
  Object.assign(pick, { sortByLabel: false });
  return pick;
}

/** When the rows are fetched: at once, or when the typing rests. */
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
    // A later question may have been asked meanwhile, and its answer is the one to show.
    const show = (rows: readonly (Item | QuickPickItem)[]) => {
      if (running !== mine) return;
      // Rows that come later stand below: the one under the cursor stays there.
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

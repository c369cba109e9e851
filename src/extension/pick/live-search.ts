/** The rows of a live pick: asked one question at a time, and never moved under a person. */
import type { QuickPick, QuickPickItem } from 'vscode';
import { asMemoryError } from '../../protocol/errors';
import { explain } from '../messages';

type Rows<Item> = readonly (Item | QuickPickItem)[];

/** `show` displays first results while more are on their way. */
export type Find<Item> = (text: string, signal: AbortSignal, show: (rows: Rows<Item>) => void) => Promise<Rows<Item>>;

/** When to fetch rows: at once, or after a pause in typing. */
export interface LiveSearch<Item> {
  now: () => void;
  soon: () => void;
  stop: () => void;
  /** Another row became active. */
  moved: () => void;
  /** The row that a person meant who chose this one. */
  meant: (row: Item | QuickPickItem) => Item | QuickPickItem;
}

/** Short enough to feel immediate, long enough to ask once about letters that come together. */
const debounceMs = 90;
/** Nobody has seen, understood and clicked a row in less. */
const reactionMs = 250;

/** @param keyOf the same for two rows that stand for the same thing; undefined for rows that are no items */
export function createLiveSearch<Item extends QuickPickItem>(
  pick: QuickPick<Item | QuickPickItem>,
  find: Find<Item>,
  keyOf: (row: Item | QuickPickItem) => string | undefined,
): LiveSearch<Item> {
  let running: { controller: AbortController; text: string; isShown: boolean } | undefined;
  let timer: ReturnType<typeof setTimeout> | undefined;
  let isWaiting = false;
  /** Of the text that was answered last, so that what was shown for no text goes with the first letter. */
  let isShownEmpty = true;
  /** The person went down the list since the last letter, and perhaps up again. */
  let hasMoved = false;
  let typedAt = 0;
  let before: { rows: Rows<Item>; at: number } = { rows: [], at: 0 };

  const firstItem = () => pick.items.findIndex((row) => keyOf(row) !== undefined);
  const put = (rows: Rows<Item>) => {
    const shown = pick.items;
    const active = hasMoved ? pick.activeItems[0] : undefined;
    const next = active ? keepDownTo(shown, shown.indexOf(active), rows, keyOf) : rows;
    before = { rows: shown, at: Date.now() };
    pick.keepScrollPosition = true;
    pick.items = next;
    if (active && next.includes(active)) pick.activeItems = [active];
  };
  const end = () => {
    clearTimeout(timer);
    timer = undefined;
    isWaiting = false;
    running?.controller.abort();
    running = undefined;
  };
  const run = async () => {
    const mine = { controller: new AbortController(), text: pick.value.trim(), isShown: false };
    running = mine;
    const show = (rows: Rows<Item>) => {
      // Ended meanwhile, or asked about the empty field, which has a text now.
      if (running !== mine || (mine.text === '') !== (pick.value.trim() === '')) return;
      isShownEmpty = mine.text === '';
      mine.isShown = true;
      put(rows);
      if (isWaiting) start();
    };
    show(await find(mine.text, mine.controller.signal, show).catch((error: unknown) => failureRows(error)));
    if (running !== mine) return;
    pick.busy = isWaiting;
    if (isWaiting) start();
  };
  const start = () => {
    end();
    void run();
  };
  const now = () => {
    end();
    pick.busy = true;
    timer = setTimeout(start, 0);
  };
  const soon = () => {
    const isEmpty = pick.value.trim() === '';
    hasMoved = false;
    typedAt = Date.now();
    pick.busy = true;
    // Rows that answer no text would be replaced between pointing and clicking, or the other way about.
    if (isEmpty !== isShownEmpty) {
      isShownEmpty = isEmpty;
      pick.items = [];
      end();
    }
    // Not begun anew with each letter, or somebody who types faster than that would be shown nothing.
    timer ??= setTimeout(() => {
      timer = undefined;
      // Under load every question would be ended by the next letter, and nothing shown until the typing rests.
      if (running && !running.isShown) isWaiting = true;
      else start();
    }, debounceMs);
  };
  return {
    now,
    soon,
    stop: end,
    moved: () => {
      const [active] = pick.activeItems;
      hasMoved ||= active !== undefined && active !== pick.items[firstItem()];
    },
    meant: (row) => {
      const index = pick.items.indexOf(row);
      const old = before.rows[index];
      if (!old || Date.now() - before.at >= reactionMs) return row;
      // Enter takes the first row. Right behind the letters it means the best answer to them; but when the answer came so
      // late that the person had looked at the row before, it means that one.
      if (index === firstItem() && before.at - typedAt < reactionMs) return row;
      return keyOf(old) !== undefined && keyOf(old) !== keyOf(row) ? old : row;
    },
  };
}

/** The rows down to `index` as they are, then the new ones that are not among them. */
function keepDownTo<Item extends QuickPickItem>(
  shown: Rows<Item>,
  index: number,
  rows: Rows<Item>,
  keyOf: (row: Item | QuickPickItem) => string | undefined,
): Rows<Item> {
  const nameOf = (row: Item | QuickPickItem) => keyOf(row) ?? `label:${row.label}`;
  const kept = shown.slice(0, index + 1);
  const known = new Set(kept.map(nameOf));
  return [...kept, ...rows.filter((row) => !known.has(nameOf(row)))];
}

function failureRows(error: unknown): QuickPickItem[] {
  return asMemoryError(error).code === 'cancelled' ? [] : [{ label: `$(error) ${explain(error)}`, alwaysShow: true }];
}

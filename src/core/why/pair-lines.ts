/**
 * Which line of a later text is which of an earlier one. Lines that stand once on both sides are sure; from them it goes on to
 * their neighbours, also where a formatter has broken or joined lines.
 */

export interface Pairs {
  /** For each later line the number of the earlier one, or -1. */
  of: Int32Array;
  /** 1 where a line was broken or joined. */
  reflowed: Uint8Array;
  /** Earlier lines that are taken. */
  taken: Uint8Array;
}

/** Lines that one line is broken into, or joined from. */
const maxGroup = 14;
/** Product of the lengths up to which all orders of lines are compared. */
const maxCells = 250_000;

export const noPairs = (earlier: number, later: number): Pairs => ({
  of: new Int32Array(later).fill(-1),
  reflowed: new Uint8Array(later),
  taken: new Uint8Array(earlier),
});

/** All lines that may have stayed, in their order: for one edit, whose two sides are known to be before and after. */
export function keptLines(before: readonly string[], after: readonly string[]): Pairs {
  const pairs = noPairs(before.length, after.length);
  keepBetween(before, after, pairs, [0, before.length, 0, after.length]);
  grow(before, after, pairs, -1, -1, 1);
  grow(before, after, pairs, before.length, after.length, -1);
  for (let line = 0; line < after.length; line++) {
    if (pairs.of[line] === -1) continue;
    grow(before, after, pairs, pairs.of[line]!, line, 1);
    grow(before, after, pairs, pairs.of[line]!, line, -1);
  }
  return pairs;
}

type Window = [fromBefore: number, toBefore: number, fromAfter: number, toAfter: number];

function keepBetween(before: readonly string[], after: readonly string[], pairs: Pairs, window: Window): void {
  let [a0, a1, b0, b1] = window;
  while (a0 < a1 && b0 < b1 && before[a0] === after[b0]) pair(pairs, a0++, b0++);
  while (a0 < a1 && b0 < b1 && before[a1 - 1] === after[b1 - 1]) pair(pairs, --a1, --b1);
  if (a0 === a1 || b0 === b1) return;
  if ((a1 - a0) * (b1 - b0) <= maxCells) {
    longestCommon(before, after, pairs, [a0, a1, b0, b1]);
    return;
  }
  const anchors = inOrder(uniqueIn(before, after, [a0, a1, b0, b1]));
  let [a, b] = [a0, b0];
  for (const [x, y] of anchors) {
    pair(pairs, x, y);
    keepBetween(before, after, pairs, [a, x, b, y]);
    [a, b] = [x + 1, y + 1];
  }
  if (anchors.length > 0) keepBetween(before, after, pairs, [a, a1, b, b1]);
}

function pair(pairs: Pairs, earlier: number, later: number): void {
  pairs.of[later] = earlier;
  pairs.taken[earlier] = 1;
}

/** Lines that stand once on each side, by their place in the later text. */
function uniqueIn(before: readonly string[], after: readonly string[], [a0, a1, b0, b1]: Window): [number, number][] {
  const placeOf = (lines: readonly string[], from: number, to: number) => {
    const places = new Map<string, number>();
    for (let at = from; at < to; at++) {
      const line = lines[at]!;
      if (line !== '') places.set(line, places.has(line) ? -1 : at);
    }
    return places;
  };
  const [old, now] = [placeOf(before, a0, a1), placeOf(after, b0, b1)];
  const found: [number, number][] = [];
  for (const [line, at] of now) {
    const was = old.get(line);
    if (at >= 0 && was !== undefined && was >= 0) found.push([was, at]);
  }
  return found;
}

/** The longest row of pairs that rise on both sides. */
function inOrder(pairs: readonly [number, number][]): [number, number][] {
  const tails: number[] = [];
  const previous: number[] = [];
  for (const [index, [x]] of pairs.entries()) {
    let [low, high] = [0, tails.length];
    while (low < high) {
      const middle = (low + high) >> 1;
      if (pairs[tails[middle]!]![0] < x) low = middle + 1;
      else high = middle;
    }
    previous[index] = low > 0 ? tails[low - 1]! : -1;
    tails[low] = index;
  }
  const row: [number, number][] = [];
  for (let at = tails.at(-1) ?? -1; at >= 0; at = previous[at]!) row.push(pairs[at]!);
  return row.toReversed();
}

function longestCommon(
  before: readonly string[],
  after: readonly string[],
  pairs: Pairs,
  [a0, a1, b0, b1]: Window,
): void {
  const width = b1 - b0 + 1;
  const lengths = new Uint16Array((a1 - a0 + 1) * width);
  for (let a = a1 - a0 - 1; a >= 0; a--)
    for (let b = b1 - b0 - 1; b >= 0; b--)
      lengths[a * width + b] =
        before[a0 + a] === after[b0 + b]
          ? lengths[(a + 1) * width + b + 1]! + 1
          : Math.max(lengths[(a + 1) * width + b]!, lengths[a * width + b + 1]!);
  let [a, b] = [0, 0];
  while (a < a1 - a0 && b < b1 - b0) {
    if (before[a0 + a] === after[b0 + b]) pair(pairs, a0 + a++, b0 + b++);
    else if (lengths[(a + 1) * width + b]! >= lengths[a * width + b + 1]!) a++;
    else b++;
  }
}

/**
 * From a pair on, as long as the next lines are the same, or are together. Stops at lines that are taken. Returns how
 * many later lines it paired.
 */
export function grow(
  earlier: readonly string[],
  later: readonly string[],
  pairs: Pairs,
  fromEarlier: number,
  fromLater: number,
  step: 1 | -1,
): number {
  let [a, b, grown] = [fromEarlier + step, fromLater + step, 0];
  for (;;) {
    while (later[b] === '' && pairs.of[b] === -1) b += step;
    while (earlier[a] === '' && pairs.taken[a] === 0) a += step;
    const group = nextGroup(earlier, later, pairs, a, b, step);
    if (!group) return grown;
    const { as, bs } = group;
    const isReflowed = as.length !== 1 || bs.length !== 1;
    let place = 0;
    for (const line of bs) {
      // Of several earlier lines the one in which the later one begins.
      pairs.of[line] = lineAt(earlier, as, place);
      pairs.reflowed[line] = isReflowed ? 1 : 0;
      place += later[line]!.length;
    }
    for (const line of as) pairs.taken[line] = 1;
    grown += bs.length;
    a += as.length * step;
    b += bs.length * step;
  }
}

/** The fewest lines from here on that are the same text on both sides, each in their order. */
function nextGroup(
  earlier: readonly string[],
  later: readonly string[],
  pairs: Pairs,
  fromEarlier: number,
  fromLater: number,
  step: 1 | -1,
): { as: number[]; bs: number[] } | undefined {
  const as: number[] = [];
  const bs: number[] = [];
  let [left, right] = ['', ''];
  const join = (text: string, line: string) => (step === 1 ? text + line : line + text);
  const begins = (text: string, part: string) => (step === 1 ? text.startsWith(part) : text.endsWith(part));
  const order = (lines: number[]) => (step === 1 ? lines : lines.toReversed());
  let [a, b] = [fromEarlier, fromLater];
  while (as.length < maxGroup && bs.length < maxGroup) {
    if (left !== '' && left === right) return { as: order(as), bs: order(bs) };
    if (right.length <= left.length && begins(left, right)) {
      if (b < 0 || b >= later.length || pairs.of[b] !== -1) return undefined;
      right = join(right, later[b]!);
      bs.push(b);
      b += step;
    } else if (begins(right, left)) {
      if (a < 0 || a >= earlier.length || pairs.taken[a] === 1) return undefined;
      left = join(left, earlier[a]!);
      as.push(a);
      a += step;
    } else return undefined;
  }
  return undefined;
}

function lineAt(lines: readonly string[], numbers: readonly number[], place: number): number {
  let end = 0;
  for (const line of numbers) {
    end += lines[line]!.length;
    if (place < end) return line;
  }
  return numbers.at(-1)!;
}

/** The known word a mistyped one was most likely meant to be. */

/** Short words have too many neighbours: one slip there, two in longer ones. */
const maxSlips = (word: string): number => (word.length <= 3 ? 1 : 2);

/**
 * The nearest of `known`, compared without case; undefined when none is near. One that begins with the word is near,
 * too.
 */
export function nearest(word: string, known: Iterable<string>): string | undefined {
  const typed = word.toLowerCase();
  let best: string | undefined;
  let least = maxSlips(typed) + 1;
  for (const each of known) {
    const other = each.toLowerCase();
    const slips = typed.length >= 3 && other.startsWith(typed) ? 0.5 : countSlips(typed, other, least);
    if (slips < least) [best, least] = [each, slips];
  }
  return best;
}

/** Letters added, left out, replaced or swapped with their neighbour; `most` when there are at least so many. */
function countSlips(one: string, other: string, most: number): number {
  if (Math.abs(one.length - other.length) >= most) return most;
  let [before, last]: [number[], number[]] = [[], Array.from({ length: other.length + 1 }, (_, index) => index)];
  for (let row = 1; row <= one.length; row++) {
    const line = [row];
    for (let column = 1; column <= other.length; column++) {
      const isSame = one[row - 1] === other[column - 1];
      let slips = Math.min(
        (last[column] ?? 0) + 1,
        (line[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + (isSame ? 0 : 1),
      );
      const isSwapped =
        row > 1 && column > 1 && one[row - 1] === other[column - 2] && one[row - 2] === other[column - 1];
      if (isSwapped) slips = Math.min(slips, (before[column - 2] ?? 0) + 1);
      line.push(slips);
    }
    [before, last] = [last, line];
  }
  return Math.min(most, last[other.length] ?? most);
}

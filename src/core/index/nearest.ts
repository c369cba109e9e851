/** Finds the known word that a mistyped one most likely meant. */

/** Short words have too many similar ones, so fewer errors are accepted in them. */
const maxSlips = (word: string): number => (word.length <= 3 ? 1 : 2);

/**
 * The most similar word of `known`, ignoring case; undefined when none is similar. A word that begins with `word`
 * counts as similar.
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

/**
 * Number of letters inserted, deleted, replaced or swapped with their neighbour; `most` when there are at least that
 * many.
 */
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

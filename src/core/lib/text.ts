/** Cuts that leave no word in half: half a secret is one that no rule knows. */

/**
 * The text without its last run of letters, which may go on beyond it. A loop: a pattern would cost the square of a
 * long run.
 */
export function dropLastWord(text: string): string {
  let end = text.length;
  while (end > 0 && !/\s/.test(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** The text up to its last line break; without one, up to its last space. */
export function wholeLines(text: string): string {
  const end = text.lastIndexOf('\n');
  return end > 0 ? text.slice(0, end) : dropLastWord(text);
}

/** For looking whether a text has words in a row: the case and the white space between them do not matter. */
export const foldForComparison = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ');

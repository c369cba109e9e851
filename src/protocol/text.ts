/** Shortens texts. Lengths are in UTF-16 units; a cut never splits a surrogate pair. */

/** `at`, or one less when that would split a surrogate pair. */
export const wholeLetter = (text: string, at: number): number =>
  /[\uD800-\uDBFF]/.test(text.charAt(at - 1)) ? at - 1 : at;

/** True when a secret in the text was replaced by its mark: then the text no longer names a file or a folder. */
export const hasMark = (text: string): boolean => text.includes('[REDACTED:');

/** The beginning of a text. */
export const firstLetters = (text: string, most: number): string =>
  text.length <= most ? text : text.slice(0, wholeLetter(text, most));

/**
 * The text without any of these letters at its end. A loop, because a pattern that ends in `+$` starts again at every
 * run of them and takes quadratic time.
 */
export function trimEndOf(text: string, letters: string): string {
  let end = text.length;
  while (end > 0 && letters.includes(text.charAt(end - 1))) end--;
  return text.slice(0, end);
}

/** Replaces each run of white space by one blank. */
export const oneLine = (text: string): string => text.replace(/\s+/g, ' ').trim();

/** One line, with an ellipsis when it was cut. */
export function shorten(text: string, most: number): string {
  const line = oneLine(text);
  return line.length <= most ? line : `${firstLetters(line, most - 1).trimEnd()}…`;
}

/** The same, but cut between words when that loses less than a third. */
export function shortenAtWord(text: string, most: number): string {
  const line = oneLine(text);
  if (line.length <= most) return line;
  const cut = firstLetters(line, most - 1);
  const space = cut.lastIndexOf(' ');
  return `${trimEndOf(space > most * 0.7 ? cut.slice(0, space) : cut, ' ,;:([{“"\'-')}…`;
}

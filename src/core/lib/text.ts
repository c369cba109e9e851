/** Cuts that never split a word, because no rule recognises a part of a secret. */

/**
 * The text without its last run of letters, which may be incomplete. A loop, because a pattern would take quadratic
 * time for a long run.
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

// oxlint-disable-next-line no-control-regex -- all of ASCII
const ascii = /^[\x00-\x7f]*$/;
/** Letters and digits in a width of their own, and ligatures of Latin letters. Signs stay: they are used on purpose. */
const otherWidth = /[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\uff66-\uff9f\uffa0-\uffdc\ufb00-\ufb06]+/g;
const variationSelectors = /[\ufe0e\ufe0f]/g;

/**
 * One spelling for letters that Unicode can write in several ways: composed (macOS hands out file names decomposed) and
 * of the usual width. Superscripts and other compatible letters stay, since they mean something else in code.
 */
export const composed = (text: string): string =>
  ascii.test(text) ? text : text.normalize('NFC').replace(otherWidth, (letters) => letters.normalize('NFKC'));

/** Without the signs that choose between the colourful and the plain form of a letter. */
export const withoutVariation = (text: string): string =>
  ascii.test(text) ? text : text.replace(variationSelectors, '');

/** Folds a name for comparing: upper and lower case and the spelling in Unicode do not matter. */
export const foldLetters = (text: string): string => composed(text).toLowerCase();

/** Folds a text for comparing phrases: the kind of white space and the colour of signs do not matter either. */
export const foldForComparison = (text: string): string => withoutVariation(foldLetters(text)).replace(/\s+/g, ' ');

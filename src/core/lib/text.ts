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

/** Folds a text for comparing phrases: upper and lower case and the kind of white space do not matter. */
export const foldForComparison = (text: string): string => text.toLowerCase().replace(/\s+/g, ' ');

/**
 * Text of the memory that is given to Claude stands between two lines of their own, so that it is known again wherever
 * it turns up.
 */

const name = 'claude-mem-memory';
export const givenStart = `<${name}>`;
export const givenEnd = `</${name}>`;

/** What stands in the text cannot end it: the same lines in it lose their brackets. */
export function wrapGiven(text: string): string {
  return `${givenStart}\n${text.replace(new RegExp(`<(\\s*/?\\s*${name}\\s*)>`, 'gi'), '‹$1›')}\n${givenEnd}`;
}

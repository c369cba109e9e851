/**
 * Text of the memory that is given to Claude stands between two lines of their own, so that it is known again wherever
 * it turns up.
 */
import { givenEnd, givenStart } from './given';

const maxBlanks = 100;
const either = /<([\s/]*claude-mem-memory\s*)>/gi;

/** What stands in the text cannot end it: the same lines in it lose their brackets. */
export function wrapGiven(text: string): string {
  return `${givenStart}\n${text.replace(either, '‹$1›')}\n${givenEnd}`;
}

/** True for a text that begins as ours do. */
export const isGiven = (text: string): boolean => text.slice(0, maxBlanks).trimStart().startsWith(givenStart);

/** Marks what we give to Claude, so that capture knows it again and never stores it as something new. */
import { firstLetters } from './text';

export const ownTag = 'claude-mem-memory';
/** Transcripts of earlier versions have the second one. */
export const ownTags: readonly string[] = [ownTag, 'claude-mem-vscode'];

/** What a prompt needs is clear from its beginning; a paste behind it may be of any length. */
export const maxPromptLetters = 20_000;

export const [givenStart, givenEnd] = [`<${ownTag}>`, `</${ownTag}>`] as const;
const shortened = '\n(shortened)';

/**
 * The text between lines of our mark, with at most this many letters in all; empty when nothing remains. A text that is
 * marked already gets no second mark, and a mark within it, which would end ours early, becomes a blank.
 */
export function markOwn(text: string, most: number): string {
  const plain = [givenStart, givenEnd].reduce((rest, mark) => rest.replaceAll(mark, ' '), text).trim();
  if (plain === '') return '';
  const room = most - givenStart.length - givenEnd.length - 2;
  return `${givenStart}\n${plain.length <= room ? plain : cutAtLine(plain, room - shortened.length) + shortened}\n${givenEnd}`;
}

function cutAtLine(text: string, most: number): string {
  const cut = firstLetters(text, most);
  const end = cut.lastIndexOf('\n');
  return (end > most / 2 ? cut.slice(0, end) : cut).trimEnd();
}

const maxBlanks = 100;
const either = /<([\s/]*claude-mem-memory\s*)>/gi;

/** The text between lines of our mark, whole. What stands in it cannot end it: the same lines lose their brackets. */
export const wrapGiven = (text: string): string => `${givenStart}\n${text.replace(either, '‹$1›')}\n${givenEnd}`;

/** True for a text that begins as ours do. */
export const isGiven = (text: string): boolean => text.slice(0, maxBlanks).trimStart().startsWith(givenStart);

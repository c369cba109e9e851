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

/** The text in which our marks have lost their brackets, so that it cannot end what it stands in. */
export const withoutMarks = (text: string): string => text.replace(either, '‹$1›');

/** The text between lines of our mark, whole. What stands in it cannot end it. */
export const wrapGiven = (text: string): string => `${givenStart}\n${withoutMarks(text)}\n${givenEnd}`;

/** The text without the lines of our mark around it. */
export const unwrapGiven = (text: string): string =>
  text.startsWith(`${givenStart}\n`) && text.endsWith(`\n${givenEnd}`)
    ? text.slice(givenStart.length + 1, -givenEnd.length - 1)
    : text;

/** Claude Code's Read puts a number before each line: `     1→`. */
const lineNumber = /^\s{0,20}1[→\t]/;

/** True for a text that begins as ours do, also when it is a file of ours that was read. */
export const isGiven = (text: string): boolean =>
  text.slice(0, maxBlanks).replace(lineNumber, '').trimStart().startsWith(givenStart);

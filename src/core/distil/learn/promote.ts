/**
 * Writes accepted learnings into a section of CLAUDE.md, between two markers. The text around the markers is not
 * changed.
 */
import type { Promotion } from '../../../protocol/learning';
import { putSection } from '../../../protocol/marked-section';
import type { Learning } from '../../../protocol/model';
import { oneLine, shortenAtWord } from '../../../protocol/text';

export const beginMark =
  '<!-- claude-mem:learnings — kept by Claude-Mem; what you change between the markers is replaced -->';
export const endMark = '<!-- /claude-mem:learnings -->';
const anyBegin = /<!-- claude-mem:learnings[^\n]{0,300}-->/;
const marks = { begin: beginMark, end: endMark, opening: '<!-- claude-mem:learnings' };
/** Longest learning in letters: CLAUDE.md is read at every start. */
const longest = 400;

/**
 * @param known learnings in the file now; valid ones stay. @throws MemoryError `invalid_input` when a marker is missing
 */
export function promote(
  chosen: readonly Learning[],
  known: readonly Learning[],
  before: string,
): Omit<Promotion, 'standing' | 'others'> {
  const all = [...new Map([...known, ...chosen].map((learning) => [learning.id, learning])).values()];
  const good = all.filter(({ state, staleReason }) => state === 'accepted' && staleReason === undefined);
  const text = putSection(before, marks, ['## Learnt here', '', ...good.flatMap(entryOf)]);
  return {
    text,
    added: good.length,
    leftOut: chosen.filter(({ id }) => !good.some((learning) => learning.id === id)).length,
  };
}

/** Ids of the learnings between the markers. */
export function promotedIn(text: string): string[] {
  const begin = anyBegin.exec(text);
  const end = text.indexOf(endMark);
  if (!begin || end < begin.index) return [];
  return [...text.slice(begin.index, end).matchAll(/<!-- id:([\w-]{8,64}) -->/g)].map((match) => match[1] ?? '');
}

/** One list item. None of its lines can end the section or begin a heading. */
function entryOf({ id, title, description, deadEnd }: Learning): string[] {
  const words = deadEnd
    ? `Fails when ${deadEnd.when}${deadEnd.because === '' ? '' : `, because ${deadEnd.because}`}.` +
      (deadEnd.instead === '' ? '' : ` Instead: ${deadEnd.instead}.`)
    : describe(title, description);
  return [`- ${shorten(words)} <!-- id:${id} -->`];
}

/** Takes the first paragraph without code blocks, which are too long for every start. */
function describe(title: string, description: string): string {
  const first = description.split(/\n\s*\n/).find((part) => !part.startsWith('```')) ?? '';
  return first === '' || first.startsWith(title) ? first || title : `**${title.replaceAll('*', '')}** ${first}`;
}

function shorten(text: string): string {
  let line = oneLine(text);
  // Repeated until no marker is left, because removing one can create another.
  while (/<!--|-->/.test(line)) line = line.replace(/<!--|-->/g, '');
  return shortenAtWord(line, longest);
}

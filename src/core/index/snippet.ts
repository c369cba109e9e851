/** The place in a text that shows why it was found: plain text and what to highlight in it. */
import type { Range } from '../../protocol/model';
import { tokenize } from './tokenize';

export interface Snippet {
  snippet: string;
  highlights: Range[];
}

const longestScan = 60_000;

/** The window of about `length` letters with most different terms in it; the start of the text when none is there. */
export function makeSnippet(text: string, terms: ReadonlySet<string>, length = 220, prefix = ''): Snippet {
  const matches: { start: number; end: number; term: string }[] = [];
  tokenize(text.length > longestScan ? text.slice(0, longestScan) : text, (term, start, end) => {
    if (terms.has(term) || (prefix !== '' && term.startsWith(prefix))) matches.push({ term, start, end });
  });
  let best = { start: 0, score: -1 };
  for (let left = 0, right = 0; left < matches.length; left++) {
    const start = matches[left]!.start;
    while (right < matches.length && matches[right]!.end <= start + length) right++;
    const inside = matches.slice(left, Math.min(right, left + 40));
    const score = new Set(inside.map(({ term }) => term)).size * 10 + Math.min(inside.length, 9);
    if (score > best.score) best = { start, score };
  }
  // A little of what stands before, cut at a space.
  const lead = Math.max(0, best.start - Math.floor(length / 5));
  const from = lead === 0 ? 0 : nextSpace(text, lead, best.start);
  const to = text.length <= from + length ? text.length : lastSpace(text, from + length);
  return trimmed(text, from, to, matches);
}

function trimmed(text: string, from: number, to: number, matches: readonly { start: number; end: number }[]): Snippet {
  let snippet = from > 0 ? '…' : '';
  const highlights: [number, number][] = [];
  let at = from;
  const take = (end: number) => {
    // Folding white space keeps a snippet on its lines; offsets are counted in the folded text.
    const piece = text.slice(at, end).replace(/\s+/g, ' ');
    snippet += snippet.endsWith(' ') ? piece.replace(/^ /, '') : piece;
    at = end;
  };
  for (const { start, end } of matches) {
    if (start < at || end > to) continue;
    take(start);
    const open = snippet.length;
    take(end);
    highlights.push([open, snippet.length]);
  }
  take(to);
  if (to < text.length) snippet += '…';
  return { snippet, highlights };
}

function nextSpace(text: string, at: number, limit: number): number {
  const space = text.slice(at, limit).search(/\s/);
  return space < 0 ? at : at + space + 1;
}

function lastSpace(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at);
  return space > at - 40 ? space : at;
}

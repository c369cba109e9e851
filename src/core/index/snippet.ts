/** Cuts out the part of a text that shows why it was found, with ranges to highlight. */
import type { Range } from '../../protocol/search-hit';
import { wholeLetter } from '../../protocol/text';
import { escapeForPattern } from '../lib/regex';
import { composed } from '../lib/text';
import { eachPathOnce, isInCode, withoutMarkdown } from './shown-text';
import { isLoneLetter, jointLetter, tokenize } from './tokenize';

/** How a text is read: as it stands, without the signs of Markdown, or as the output of a tool. */
export type TextForm = 'raw' | 'markdown' | 'output';

export interface Snippet {
  snippet: string;
  highlights: Range[];
}

/** The rest of a text is searched only when this part has no match. */
const firstScan = 16_000;
const maxMatches = 400;
const none: readonly string[] = [];

/**
 * The part of about `length` letters with the most different terms; the start of the text when there is none. A regular
 * expression finds candidates, which is fast; only the result is tokenized.
 */
export function makeSnippet(
  written: string,
  terms: ReadonlySet<string>,
  length = 220,
  prefix = '',
  codeWords: readonly string[] = none,
  form: TextForm = 'raw',
): Snippet {
  const pattern = knownPattern(terms, prefix, codeWords);
  const { text, from } = bestPart(written, pattern, length);
  // Begins a little before the match, at a space.
  const lead = Math.max(0, from - Math.floor(length / 5));
  const start = lead === 0 ? 0 : wholeLetter(text, nextSpace(text, lead, from));
  const end = text.length <= start + length ? text.length : wholeLetter(text, lastSpace(text, start + length));
  const part = formed(text, start, end, form, pattern);
  const matches: { start: number; end: number }[] = [];
  for (const word of wordsAt(part, pattern)) {
    tokenize(word.text, (term, at, to) => {
      if (terms.has(term) || isPairOf(term, terms) || (prefix !== '' && term.startsWith(prefix)))
        matches.push({ start: word.start + at, end: word.start + to });
    });
  }
  const signs = codeWords.length === 0 ? undefined : new RegExp(codeWords.map(escapeForPattern).join('|'), 'gi');
  for (const place of signs ? placesIn(part, signs) : [])
    matches.push({ start: place.start, end: place.start + place.word.length });
  if (signs) matches.sort((a, b) => a.start - b.start || b.end - a.end);
  return trimmed(part, { hasBefore: start > 0, hasAfter: end < text.length }, matches);
}

/** The part as it is read; as it stands when nothing that was searched for would be left of it. */
function formed(text: string, start: number, end: number, form: TextForm, pattern: RegExp | undefined): string {
  const part = text.slice(start, end);
  if (form === 'raw') return part;
  const has = (each: string) => {
    if (!pattern) return false;
    pattern.lastIndex = 0;
    return pattern.test(each);
  };
  const isLineStart = start === 0 || text[start - 1] === '\n';
  const read =
    form === 'markdown' ? withoutMarkdown(part, { isLineStart, isCode: isInCode(text, start), isWanted: has }) : part;
  const once = eachPathOnce(read);
  return once.trim() === '' || (has(part) && !has(once)) ? part : once;
}

/**
 * The text, or so much of it as is needed, and the start of its best part. The terms have one spelling, so the shown part
 * has it too.
 */
function bestPart(written: string, pattern: RegExp | undefined, length: number): { text: string; from: number } {
  const isLong = written.length > firstScan + 4 * length;
  const head = composed(isLong ? written.slice(0, wholeLetter(written, firstScan + 4 * length)) : written);
  // What is shown of a head must not reach its end, where a letter may have lost its marks.
  const places = pattern ? placesIn(isLong ? head.slice(0, -2 * length) : head, pattern) : [];
  if (places.length > 0 || !isLong || !pattern) return { text: head, from: startOfBest(places, length) };
  const text = composed(written);
  return { text, from: startOfBest(placesIn(text, pattern), length) };
}

function startOfBest(places: readonly { start: number; word: string }[], length: number): number {
  let best = { start: 0, score: -1 };
  for (let left = 0, right = 0; left < places.length; left++) {
    const { start } = places[left]!;
    while (right < places.length && places[right]!.start < start + length * 0.8) right++;
    const inside = places.slice(left, right);
    const score = new Set(inside.map(({ word }) => word)).size * 10 + Math.min(inside.length, 9);
    if (score > best.score) best = { start, score };
  }
  return best.start;
}

function placesIn(text: string, pattern: RegExp): { start: number; word: string }[] {
  const places: { start: number; word: string }[] = [];
  pattern.lastIndex = 0;
  for (let match = pattern.exec(text); match && places.length < maxMatches; match = pattern.exec(text)) {
    places.push({ start: match.index, word: match[0].toLowerCase() });
    if (match[0] === '') pattern.lastIndex++;
  }
  return places;
}

/** The query is a single letter, which the text contains in a pair. */
function isPairOf(term: string, terms: ReadonlySet<string>): boolean {
  if (term < '\u0E00') return false;
  const letter = /^\P{M}\p{M}*/u.exec(term)?.[0] ?? '';
  return letter.length < term.length && isLoneLetter(letter) && terms.has(letter);
}

/** Tokenizes only words that the pattern touches, because most of a part has nothing to highlight. */
function wordsAt(window: string, pattern: RegExp | undefined): { start: number; text: string }[] {
  const words: { start: number; text: string }[] = [];
  let last = 0;
  for (const place of pattern ? placesIn(window, pattern) : []) {
    if (place.start < last) continue;
    let start = place.start;
    while (start > last && isWordPart(window, start - 1)) start--;
    let end = place.start + place.word.length;
    while (end < window.length && isWordPart(window, end)) end++;
    words.push({ start, text: window.slice(start, end) });
    last = end;
  }
  return words;
}

/** True for letters inside a word as the tokenizer sees it, including joiners. */
function isWordPart(text: string, at: number): boolean {
  const code = text.charCodeAt(at);
  return code > 127 ? /[^\s]/.test(text[at]!) : asciiWordParts[code] === 1;
}

const asciiWordParts = Uint8Array.from({ length: 128 }, (_, code) =>
  /[A-Za-z0-9_./\\:@#$-]/.test(String.fromCharCode(code)) ? 1 : 0,
);

/** All hits of a search have the same terms, so the last pattern is cached. */
let last:
  | { terms: ReadonlySet<string>; prefix: string; codeWords: readonly string[]; pattern: RegExp | undefined }
  | undefined;

function knownPattern(terms: ReadonlySet<string>, prefix: string, codeWords: readonly string[]): RegExp | undefined {
  if (last?.terms !== terms || last.prefix !== prefix || last.codeWords !== codeWords)
    last = { terms, prefix, codeWords, pattern: patternOf(terms, prefix, codeWords) };
  return last.pattern;
}

/**
 * One pattern for all terms. The last letter of a stem may differ from the word (happi, happy), so it may be any
 * letter.
 */
function patternOf(terms: ReadonlySet<string>, prefix: string, codeWords: readonly string[]): RegExp | undefined {
  const inTerms = [...terms, ...(prefix === '' ? [] : [prefix])]
    .map((term) => (/^[a-z]{5,}$/.test(term) ? term.slice(0, -1) : term))
    .map((term) => term.split(jointLetter).map(escapeForPattern).join('[^\\p{L}\\p{N}]+'))
    // A text may have signs for colours between the parts of an emoji.
    .map((part) =>
      /\p{Extended_Pictographic}/u.test(part) ? Array.from(part).join('[\\ufe0e\\ufe0f\\p{Emoji_Modifier}]*') : part,
    )
    .filter((part) => part !== '');
  const parts = [...codeWords.map(escapeForPattern), ...inTerms];
  return parts.length === 0 ? undefined : new RegExp(parts.join('|'), 'giu');
}

function trimmed(
  text: string,
  { hasBefore, hasAfter }: { hasBefore: boolean; hasAfter: boolean },
  matches: readonly { start: number; end: number }[],
): Snippet {
  let snippet = hasBefore ? '…' : '';
  const highlights: [number, number][] = [];
  let at = 0;
  const take = (end: number) => {
    // White space is folded, so that a snippet has one line; offsets are those in the folded text.
    const piece = text.slice(at, end).replace(/\s+/g, ' ');
    snippet += snippet.endsWith(' ') ? piece.replace(/^ /, '') : piece;
    at = end;
  };
  for (const { start, end } of matches) {
    if (start < at || end > text.length) continue;
    take(start);
    const open = snippet.length;
    take(end);
    highlights.push([open, snippet.length]);
  }
  take(text.length);
  if (hasAfter) snippet += '…';
  return { snippet, highlights };
}

function nextSpace(text: string, at: number, limit: number): number {
  const space = text.slice(at, limit).search(/\s/);
  return space < 0 ? at : at + space + 1;
}

function lastSpace(text: string, at: number): number {
  const space = text.lastIndexOf(' ', at);
  return space > Math.max(0, at - 40) ? space : at;
}

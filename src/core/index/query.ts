/**
 * The query language: words, "phrases", -not, prefix*, and `name:value` filters. What cannot be parsed is searched as
 * words, and reported.
 */
import type { QueryProblem } from '../../protocol/search-hit';
import { oneLine } from '../../protocol/text';
import { foldLetters } from '../lib/text';
import { codeWordOf, isArrow } from './code-words';
import { parseDate } from './dates';
import type { Span } from './dates';
import { nearest } from './nearest';
import { dateFilters, filterNames, splitQuery } from './split-query';
import type { FilterName, FilterPiece, FilterValue, Piece, WordPiece } from './split-query';
import { stopWords, tokensOf } from './tokenize';

export interface QueryFilter {
  name: FilterName;
  /** Matches any of these; in lower case. */
  values: FilterValue[];
  isNegated: boolean;
}

/** What a text must not have, with its place in the typed text. */
export interface Exclusion {
  start: number;
  end: number;
  /** As typed, without the dash. */
  text: string;
  /** A whole word or identifier in the index; undefined when the text must be compared. */
  term: string | undefined;
}

export interface CodeWord {
  text: string;
  /** Still being typed. */
  isOpen: boolean;
}

export interface ParsedQuery {
  /** Terms to match. Stop words are left out unless there are no others. */
  terms: string[];
  /** Terms without the parts of identifiers: `readFile` is one entry here and three in `terms`. */
  wholes: string[];
  exclusions: Exclusion[];
  /** Phrases as typed, in lower case. */
  phrases: string[];
  /** Words whose signs must stand in a text too, as typed. */
  codeWords: CodeWord[];
  /** Prefixes written with `*`. */
  prefixes: string[];
  filters: QueryFilter[];
  /** In epoch milliseconds, inclusive and exclusive. */
  after?: number;
  before?: number;
  /** A document must be within one span of each entry, or in none when the entry is negated. */
  spans: { any: Span[]; isNegated: boolean }[];
  problems: QueryProblem[];
  /** Words and phrases as typed, without filters and exclusions. */
  plain: string;
  /** The text for the road of meaning, in the typed order; empty when it has nothing to embed. */
  question: string;
}

export interface ParseOptions {
  /** Epoch milliseconds, for words like `yesterday`. */
  now: number;
  /** The last piece is still being typed, so nothing missing in it is reported. */
  isTyping?: boolean;
}

/**
 * Longest query that is parsed, and highest number of terms of each kind. Nobody types more, and a pasted file must not
 * block all other requests.
 */
export const maxQueryLength = 1000;
const maxTerms = 64;
const maxPrefixes = 8;
const maxValues = 16;
const maxCodeWords = 8;

/**
 * Other names that people try. They are no filters (`since:` may be part of a log line), but they help to suggest the
 * right one.
 */
const otherNames: Readonly<Record<string, FilterName>> = {
  since: 'after',
  until: 'before',
  till: 'before',
  path: 'file',
  folder: 'project',
  repo: 'project',
  workspace: 'project',
  kind: 'type',
  label: 'tag',
  date: 'on',
  day: 'on',
};

export function parseQuery(typed: string, { now, isTyping = false }: ParseOptions): ParsedQuery {
  const text = typed.slice(0, maxQueryLength);
  const query: ParsedQuery = {
    terms: [],
    wholes: [],
    exclusions: [],
    phrases: [],
    codeWords: [],
    prefixes: [],
    filters: [],
    spans: [],
    problems: [],
    plain: '',
    question: '',
  };
  const words: string[] = [];
  const pieces = splitQuery(text);
  for (const piece of pieces) {
    const isOpen = isTyping && piece.end === text.length;
    const tell = (problem: QueryProblem) => void (isOpen || query.problems.push(problem));
    // While a phrase is typed, its quote has no end yet.
    if (piece.openQuote !== undefined && !isTyping)
      tell({
        code: 'unclosed_quote',
        start: piece.openQuote,
        end: piece.end,
        message: 'This quote is not closed.',
        hint: `${text.slice(piece.openQuote, piece.end)}"`,
      });
    if (piece.kind === 'phrase') {
      if (piece.isNegated) exclude(query, piece, piece.text);
      else query.phrases.push(piece.text.toLowerCase());
    } else if (piece.kind === 'filter') {
      if (!addFilter(query, piece, now, tell)) words.push(text.slice(piece.start, piece.end));
    } else {
      if (piece.name) checkName(piece.name, text.slice(piece.name.end + 1, piece.end), tell);
      addWord(query, piece, words, isOpen);
    }
  }
  if (typed.length > maxQueryLength)
    query.problems.push({
      code: 'too_long',
      start: maxQueryLength,
      end: typed.length,
      count: maxQueryLength,
      message: `Only the first ${maxQueryLength} letters of this query are searched.`,
    });
  if (words.some((word) => !isArrow(word))) query.codeWords = query.codeWords.filter((word) => !isArrow(word.text));
  query.question = questionOf(pieces);
  return finish(query, words);
}

function questionOf(pieces: readonly Piece[]): string {
  const texts = pieces.flatMap((piece) => (piece.kind === 'filter' || piece.isNegated ? [] : [piece.text]));
  const question = oneLine(texts.join(' ').replaceAll(/["*]/g, ' '));
  return /[\p{L}\p{N}][\p{L}\p{M}\p{N}]|[\u2E80-\u9FFF]/u.test(question) ? question : '';
}

function addWord(query: ParsedQuery, piece: WordPiece, words: string[], isOpen: boolean): void {
  const { text } = piece;
  if (piece.isNegated) {
    exclude(query, piece, text.slice(1));
    return;
  }
  if (/^[\p{L}\p{M}\p{N}]{2,}\*$/u.test(text)) {
    query.prefixes.push(foldLetters(text.slice(0, -1)));
    return;
  }
  words.push(text);
  const codeWord = query.codeWords.length < maxCodeWords ? codeWordOf(text) : undefined;
  if (codeWord !== undefined) query.codeWords.push({ text: codeWord, isOpen });
}

function finish(query: ParsedQuery, words: readonly string[]): ParsedQuery {
  query.plain = [...words, ...query.phrases].join(' ');
  const all = [...new Set([...words.flatMap(termsOf), ...query.phrases.flatMap(termsOf)])];
  const content = all.filter((term) => !stopWords.has(term));
  query.terms = (content.length > 0 ? content : all).slice(0, maxTerms);
  query.exclusions = query.exclusions.slice(0, maxTerms);
  query.prefixes = [...new Set(query.prefixes)].slice(0, maxPrefixes);
  const known = new Set(query.terms);
  query.wholes = [...new Set([...words, ...query.phrases].flatMap(wholesOf))].filter((term) => known.has(term));
  return query;
}

/** The same query with other words. They are plain words, even if they look like filters. */
export const withWords = (query: ParsedQuery, words: readonly string[]): ParsedQuery =>
  finish({ ...query, phrases: [], codeWords: [], prefixes: [] }, words);

/**
 * One word is excluded as a term: as a whole, because its parts occur in many other texts. Several words, letters
 * indexed as pairs, and words of code are excluded by comparing the text.
 */
function exclude(query: ParsedQuery, { start, end }: Piece, text: string): void {
  const wholes = wholesOf(text);
  const term = wholes.length === 1 && codeWordOf(text) === undefined ? wholes[0] : undefined;
  if (wholes.length > 0 || codeWordOf(text) !== undefined) query.exclusions.push({ start, end, text, term });
}

/** The terms of a piece of a query, in order, without duplicates. */
export function termsOf(text: string): string[] {
  return [...new Set(tokensOf(text).map(({ term }) => term))];
}

/** The terms of a piece of a query that are not parts of another term. */
export function wholesOf(text: string): string[] {
  let end = 0;
  return tokensOf(text).flatMap((token) => {
    if (token.end <= end) return [];
    ({ end } = token);
    return [token.term];
  });
}

/** Written before a colon in code, addresses and logs, which people search for as they stand. */
const namesOfText: ReadonlySet<string> = new Set(
  `http https ftp ssh git file mailto data node npm bun deno jsr pnpm yarn workspace link docker urn std localhost error
  err warn warning info debug trace fatal note todo fixme hack key id url path line col port host user pid exit code
  feat fix chore docs test refactor perf build ci style revert x y z`.split(/\s+/),
);

/**
 * Reports a name that resembles a filter, and one that only looks like a filter (`color:red`). People search for
 * `error:foo`, `std::move` and `http://x` too, which are words.
 */
function checkName(name: NonNullable<WordPiece['name']>, value: string, tell: (problem: QueryProblem) => void): void {
  const typed = name.text.toLowerCase();
  const meant = otherNames[typed] ?? (typed.length > 2 ? nearest(typed, filterNames) : undefined);
  const isLikeFilter =
    typed.length > 2 && name.text === typed && !namesOfText.has(typed) && /^"?[\p{L}][\p{L}\p{N}_-]*"?$/u.test(value);
  if (meant === undefined && !isLikeFilter) return;
  tell({
    code: 'unknown_filter',
    start: name.start,
    end: name.end,
    value: name.text,
    message: `There is no filter "${name.text}:".`,
    ...(meant !== undefined && { hint: meant }),
  });
}

/** False when no value could be parsed. */
function addFilter(
  query: ParsedQuery,
  { name, values, isNegated, start, end, openQuote }: FilterPiece,
  now: number,
  tell: (problem: QueryProblem) => void,
): boolean {
  if (values.length === 0) {
    if (openQuote === undefined)
      tell({ code: 'empty_value', start, end, filter: name, message: `"${name}:" needs a value.` });
    return false;
  }
  if (dateFilters.has(name)) return addDates(query, { name, values, isNegated }, now, tell);
  const known = query.filters
    .filter((filter) => filter.name === name)
    .reduce((sum, filter) => sum + filter.values.length, 0);
  const kept = values
    .slice(0, Math.max(0, maxValues - known))
    .map((value) => ({ ...value, text: foldLetters(value.text) }));
  if (kept.length > 0) query.filters.push({ name, values: kept, isNegated });
  return true;
}

function addDates(
  query: ParsedQuery,
  { name, values, isNegated }: QueryFilter,
  now: number,
  tell: (problem: QueryProblem) => void,
): boolean {
  const spans: Span[] = [];
  for (const { text, start, end } of values.slice(0, maxValues)) {
    const span = parseDate(text, now);
    if (span) spans.push(span);
    else
      tell({
        code: 'bad_date',
        start,
        end,
        filter: name,
        value: text,
        message: `"${text}" is not a date. Try 2026-01-31, 2026-01, yesterday, 7d or "last week".`,
      });
  }
  if (spans.length === 0) return false;
  if (name === 'on') query.spans.push({ any: spans, isNegated });
  // "Not after a day" means before its end.
  else if ((name === 'after') !== isNegated)
    query.after = Math.max(query.after ?? -Infinity, ...spans.map(({ start }) => start));
  else query.before = Math.min(query.before ?? Infinity, ...spans.map(({ start }) => start));
  return true;
}

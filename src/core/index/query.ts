/** The query language: words, "phrases", -not, prefix*, and `name:value` filters. Anything odd is taken as words. */
import { stopWords, tokensOf } from './tokenize';

export interface ParsedQuery {
  /** Terms that should match, without stop words unless there is nothing else. */
  terms: string[];
  /** The same without the parts of identifiers: `readFile` is one word here, three terms there. */
  wholes: string[];
  /** Terms that must not: whole words and identifiers, for each of their parts stands in many other texts. */
  excluded: string[];
  /** Exact runs of words that must not stand in the text, lower case. */
  excludedPhrases: string[];
  /** Exact runs of words, as typed, lower case. */
  phrases: string[];
  /** Prefixes asked for with `*`. */
  prefixes: string[];
  filters: { project: string[]; type: string[]; tool: string[]; file: string[]; branch: string[] };
  after?: number;
  before?: number;
}

/** Longest query looked at, and most terms of each sort: nobody types more, and a pasted file must not block every other question. */
export const longestQuery = 1000;
const mostTerms = 64;
const mostPrefixes = 8;
const mostFilters = 16;

const filterNames = new Set(['project', 'type', 'tool', 'file', 'branch', 'after', 'before']);
const pieces = /(-?)"([^"]+)"|(-?)([a-z]+):("[^"]*"|\S+)|(-?)(\S+)/gi;

export function parseQuery(text: string): ParsedQuery {
  const query: ParsedQuery = { terms: [], wholes: [], excluded: [], excludedPhrases: [], phrases: [], prefixes: [], filters: { project: [], type: [], tool: [], file: [], branch: [] } };
  const words: string[] = [];
  for (const [, notPhrase, phrase, , name, value, notWord, word] of text.slice(0, longestQuery).matchAll(pieces)) {
    if (phrase !== undefined) {
      if (notPhrase === '-') exclude(query, phrase);
      else query.phrases.push(phrase.toLowerCase());
    } else if (name !== undefined && value !== undefined) {
      const isFilter = filterNames.has(name.toLowerCase()) && addFilter(query, name.toLowerCase(), value.replaceAll('"', ''));
      if (!isFilter) words.push(`${name}:${value}`);
    } else if (word !== undefined) {
      if (notWord === '-' && /[\p{L}\p{N}]/u.test(word)) exclude(query, word);
      else if (/^[\p{L}\p{N}]{2,}\*$/u.test(word)) query.prefixes.push(word.slice(0, -1).toLowerCase());
      else words.push(`${notWord ?? ''}${word}`);
    }
  }
  const all = [...new Set([...words.flatMap(termsOf), ...query.phrases.flatMap(termsOf)])];
  const content = all.filter((term) => !stopWords.has(term));
  query.terms = (content.length > 0 ? content : all).slice(0, mostTerms);
  query.excluded = [...new Set(query.excluded)].slice(0, mostTerms);
  query.prefixes = [...new Set(query.prefixes)].slice(0, mostPrefixes);
  const known = new Set(query.terms);
  query.wholes = [...new Set([...words, ...query.phrases].flatMap(wholesOf))].filter((term) => known.has(term));
  return query;
}

/** One word is a term; several, or letters that only make pairs, are looked for in the text. */
function exclude(query: ParsedQuery, text: string): void {
  const wholes = wholesOf(text);
  if (wholes.length > 1) query.excludedPhrases.push(text.toLowerCase());
  else query.excluded.push(...wholes);
}

/** The terms of a piece of a query, in order, each once. */
export function termsOf(text: string): string[] {
  return [...new Set(tokensOf(text).map(({ term }) => term))];
}

/** The terms of a piece of a query that are not inside another. */
function wholesOf(text: string): string[] {
  let end = 0;
  return tokensOf(text).flatMap((token) => {
    if (token.end <= end) return [];
    ({ end } = token);
    return [token.term];
  });
}

function addFilter(query: ParsedQuery, name: string, value: string): boolean {
  if (value === '') return false;
  if (name === 'after' || name === 'before') {
    const at = parseDate(value);
    if (at === undefined) return false;
    query[name] = at;
    return true;
  }
  const values = query.filters[name as keyof ParsedQuery['filters']];
  if (values.length < mostFilters) values.push(value.toLowerCase());
  return true;
}

/** `2026-11-22`, `2026-11` or `2026`, local time. */
function parseDate(value: string): number | undefined {
  const match = /^(\d{4})(?:-(\d{1,2}))?(?:-(\d{1,2}))?$/.exec(value);
  if (!match) return undefined;
  const at = new Date(Number(match[1]), Number(match[2] ?? 1) - 1, Number(match[3] ?? 1)).getTime();
  return Number.isFinite(at) ? at : undefined;
}

/** A query with everything known about it before the search: parsed once, for all roads. */
import type { SearchQuery } from '../../protocol/questions/search';
import { parseQuery } from './query';
import type { ParsedQuery } from './query';

export interface AskedQuery {
  query: SearchQuery;
  parsed: ParsedQuery;
  /** Ids of the projects in scope; undefined for all. */
  scopeIds: readonly number[] | undefined;
  /** Epoch milliseconds, for words like `yesterday`. */
  now: number;
}

export function askedQuery(query: SearchQuery, scopeIds: readonly number[] | undefined, now: number): AskedQuery {
  return { query, parsed: parseQuery(query.text, { now, isTyping: query.isTyping ?? false }), scopeIds, now };
}

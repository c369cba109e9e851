/** A query with all that is known of it before anything is looked up: parsed once, handed down to every road. */
import type { SearchQuery } from '../../protocol/questions/search';
import { parseQuery } from './query';
import type { ParsedQuery } from './query';

export interface AskedQuery {
  query: SearchQuery;
  parsed: ParsedQuery;
  /** Projects it may find; undefined for all. */
  scopeIds: readonly number[] | undefined;
  /** Epoch milliseconds, for what is asked of `yesterday`. */
  now: number;
}

export function askedQuery(query: SearchQuery, scopeIds: readonly number[] | undefined, now: number): AskedQuery {
  return { query, parsed: parseQuery(query.text, { now, isTyping: query.isTyping ?? false }), scopeIds, now };
}

/** A query as the road of meaning takes it: the question itself, and the filters as a test. */
import type { SearchQuery } from '../protocol/memory-api';
import type { DocumentColumns } from './index/columns';
import { filterOf } from './index/filter';
import { longestQuery, parseQuery } from './index/query';
import type { SqlDriver } from './store/driver';

/** Filters and exclusions: no part of what is to be understood. */
const filters = /(?<!\S)-?(?:project|type|tool|file|branch|after|before|tag|is):(?:"[^"]*"|\S+)|(?<!\S)-(?:"[^"]*"|\S+)/gi;

/** The text without them; empty when nothing is left to understand. */
export function questionOf(text: string): string {
  const question = text.slice(0, longestQuery).replaceAll(filters, ' ').replaceAll(/["*]/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]{2}|[\u2E80-\u9FFF]/u.test(question) ? question : '';
}

/** The filters alone, as they were typed. */
export const filtersIn = (text: string): string => (text.slice(0, longestQuery).match(filters) ?? []).join(' ');

/** The filters of a query as a test by a document's id; undefined when there are none. */
export function testOf(driver: SqlDriver, columns: DocumentColumns, query: SearchQuery, projectIds: readonly number[] | undefined): ((document: number) => boolean) | undefined {
  const isAllowed = filterOf(driver, columns, query, parseQuery(query.text), projectIds);
  return (
    isAllowed &&
    ((document) => {
      const at = columns.position(document);
      return at >= 0 && isAllowed(at);
    })
  );
}

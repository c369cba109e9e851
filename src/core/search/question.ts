/** A query for the road of meaning: its text without filters, and its filters as a test. */
import type { SearchQuery } from '../../protocol/questions/search';
import type { DocumentColumns } from '../index/columns';
import { filterOf } from '../index/filter';
import { splitQuery } from '../index/pieces';
import { maxQueryLength, parseQuery } from '../index/query';
import type { SqlDriver } from '../store/sqlite/driver';

/** The text without filters and exclusions, which have no meaning to embed; empty when nothing is left. */
export function questionOf(text: string): string {
  const pieces = splitQuery(text.slice(0, maxQueryLength)).flatMap((piece) =>
    piece.kind === 'filter' || piece.isNegated ? [] : [piece.text],
  );
  const question = pieces.join(' ').replaceAll(/["*]/g, ' ').replaceAll(/\s+/g, ' ').trim();
  return /[\p{L}\p{N}]{2}|[\u2E80-\u9FFF]/u.test(question) ? question : '';
}

/** The filters of a query as a test by document id; undefined when there are none. `now` in epoch milliseconds. */
export function testOf(
  driver: SqlDriver,
  columns: DocumentColumns,
  query: SearchQuery,
  projectIds: readonly number[] | undefined,
  now: number,
): ((document: number) => boolean) | undefined {
  const isAllowed = filterOf(driver, columns, query, parseQuery(query.text, { now }), projectIds);
  return (
    isAllowed &&
    ((document) => {
      const at = columns.position(document);
      return at >= 0 && isAllowed(at);
    })
  );
}

/**
 * A window of pages over a session: it grows at both ends and drops pages at the far end, so it never has the whole
 * session.
 */
import type { ReaderItem, ReaderPage } from '../../../src/protocol/model';
import type { ReadQuery } from '../../../src/protocol/questions/sessions';

export interface LoadedPage {
  items: readonly ReaderItem[];
  before: string | undefined;
  after: string | undefined;
  /** The query of the page, for reading it again when the session has grown. */
  query: ReadQuery;
}

export const maxPages = 5;
export const pageSize = 60;

export function toLoaded(page: ReaderPage, query: ReadQuery): LoadedPage {
  return { items: page.items, before: page.before, after: page.after, query };
}

/** Adds a page at the end; pages far away at the other end are dropped and can be read again by their cursor. */
export function appendPage(pages: readonly LoadedPage[], page: LoadedPage): LoadedPage[] {
  return [...pages, withoutKnown(page, pages)].slice(-maxPages);
}

export function prependPage(pages: readonly LoadedPage[], page: LoadedPage): LoadedPage[] {
  return [withoutKnown(page, pages), ...pages].slice(0, maxPages);
}

/** Replaces a page by a newer version: calls may have been answered and rows added at its end; no rows are lost. */
export function refreshPage(old: LoadedPage, fresh: LoadedPage): LoadedPage {
  const byKey = new Map(fresh.items.map((item) => [item.key, item]));
  const known = new Set(old.items.map((item) => item.key));
  const last = old.items.at(-1);
  const from = last === undefined ? 0 : fresh.items.findIndex((item) => item.key === last.key) + 1;
  const added = fresh.items.slice(from).filter((item) => !known.has(item.key));
  return { ...old, items: [...old.items.map((item) => byKey.get(item.key) ?? item), ...added], after: fresh.after };
}

/** All rows in reading order. */
export function flattenPages(pages: readonly LoadedPage[]): ReaderItem[] {
  return pages.flatMap((page) => page.items);
}

/** The row that a place names, or the first row of its turn. */
export function findPlace(
  items: readonly ReaderItem[],
  place: { key?: string; turn?: number },
): ReaderItem | undefined {
  const byKey = place.key === undefined ? undefined : items.find((item) => item.key === place.key);
  return byKey ?? (place.turn === undefined ? undefined : items.find((item) => item.turn === place.turn));
}

/** Pages requested by row or turn may overlap their neighbours, but a key must not be rendered twice. */
function withoutKnown(page: LoadedPage, pages: readonly LoadedPage[]): LoadedPage {
  const known = new Set(flattenPages(pages).map((item) => item.key));
  return { ...page, items: page.items.filter((item) => !known.has(item.key)) };
}

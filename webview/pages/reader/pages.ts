/** A window of pages over a session: grows at both ends, forgets at the far one, never holds the whole. */
import type { ReaderItem, ReaderPage } from '../../../src/protocol/model';
import type { ReadQuery } from '../../../src/protocol/questions/sessions';

export interface LoadedPage {
  items: readonly ReaderItem[];
  before: string | undefined;
  after: string | undefined;
  /** How it was asked for, to ask again when the session has grown. */
  query: ReadQuery;
}

export const maxPages = 5;
export const pageSize = 60;

export function toLoaded(page: ReaderPage, query: ReadQuery): LoadedPage {
  return { items: page.items, before: page.before, after: page.after, query };
}

/**
 * `page` after the others; what scrolled far away at the other end is dropped and can be fetched again by its cursor.
 */
export function appendPage(pages: readonly LoadedPage[], page: LoadedPage): LoadedPage[] {
  return [...pages, withoutKnown(page, pages)].slice(-maxPages);
}

export function prependPage(pages: readonly LoadedPage[], page: LoadedPage): LoadedPage[] {
  return [withoutKnown(page, pages), ...pages].slice(0, maxPages);
}

/** A page read again: rows may have been answered since, new ones came at its end, none are lost. */
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

/** The row a place names: the row itself, or the first one of its turn. */
export function findPlace(
  items: readonly ReaderItem[],
  place: { key?: string; turn?: number },
): ReaderItem | undefined {
  const byKey = place.key === undefined ? undefined : items.find((item) => item.key === place.key);
  return byKey ?? (place.turn === undefined ? undefined : items.find((item) => item.turn === place.turn));
}

/** Pages asked for by row or turn may overlap their neighbours; a key must not be drawn twice. */
function withoutKnown(page: LoadedPage, pages: readonly LoadedPage[]): LoadedPage {
  const known = new Set(flattenPages(pages).map((item) => item.key));
  return { ...page, items: page.items.filter((item) => !known.has(item.key)) };
}

import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { ReaderItem } from '../../../src/protocol/model';
import { appendPage, findPlace, flattenPages, maxPages, prependPage, refreshPage } from './pages';
import type { LoadedPage } from './pages';

const item = (row: number, text = ''): ReaderItem => ({
  kind: 'message',
  key: `p${row}`,
  turn: Math.floor(row / 4),
  at: row,
  role: 'user',
  text,
  truncatedBytes: 0,
});
const page = (from: number, to: number, isLast = false): LoadedPage => ({
  items: Array.from({ length: to - from }, (_, index) => item(from + index)),
  before: from > 0 ? `b${from}` : undefined,
  after: isLast ? undefined : `a${to}`,
  query: { sessionId: 's' },
});
const keys = (pages: readonly LoadedPage[]) => flattenPages(pages).map(({ key }) => key);

describe('the window of pages', () => {
  it('forgets the far end and keeps the cursor that brings it back', () => {
    let pages: LoadedPage[] = [page(0, 10)];
    for (let from = 10; from < 100; from += 10) pages = appendPage(pages, page(from, from + 10));
    expect(pages).toHaveLength(maxPages);
    expect(pages[0]?.before).toBe('b50');
    pages = prependPage(pages, page(40, 50));
    expect(pages).toHaveLength(maxPages);
    expect(pages.at(-1)?.after).toBe('a90');
  });

  it('stays in order, without gaps or doubles, however one scrolls', () => {
    fc.assert(
      fc.property(fc.array(fc.boolean(), { maxLength: 60 }), (steps) => {
        let pages: LoadedPage[] = [page(500, 510)];
        for (const isForward of steps) {
          const rows = flattenPages(pages).map(({ at }) => at);
          const [first, last] = [rows[0] ?? 0, rows.at(-1) ?? 0];
          if (isForward) pages = appendPage(pages, page(last + 1, last + 11));
          else if (first > 0) pages = prependPage(pages, page(first - 10, first));
        }
        const rows = flattenPages(pages).map(({ at }) => at);
        expect(rows).toEqual(Array.from({ length: rows.length }, (_, index) => (rows[0] ?? 0) + index));
        expect(pages.length).toBeLessThanOrEqual(maxPages);
      }),
    );
  });

  it('draws a row once when neighbours overlap', () => {
    expect(keys(appendPage([page(0, 4)], page(2, 6)))).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5']);
  });
});

describe('refreshPage', () => {
  it('takes over answers and new rows and loses nothing', () => {
    const old = page(0, 4, true);
    const fresh: LoadedPage = { ...page(2, 7, true), items: [item(2), item(3, 'answered'), item(4), item(5), item(6)] };
    const result = refreshPage(old, fresh);
    expect(keys([result])).toEqual(['p0', 'p1', 'p2', 'p3', 'p4', 'p5', 'p6']);
    expect(result.items[3]).toMatchObject({ text: 'answered' });
    expect(result.before).toBe(old.before);
    expect(result.after).toBeUndefined();
  });

  it('learns that there is more than fits', () => {
    expect(refreshPage(page(0, 2, true), page(0, 4)).after).toBe('a4');
  });
});

describe('findPlace', () => {
  const items = page(0, 12).items;
  it('prefers the row, then the first one of the turn', () => {
    expect(findPlace(items, { key: 'p6', turn: 2 })?.key).toBe('p6');
    expect(findPlace(items, { key: 'gone', turn: 2 })?.key).toBe('p8');
    expect(findPlace(items, { turn: 99 })).toBeUndefined();
    expect(findPlace(items, {})).toBeUndefined();
  });
});

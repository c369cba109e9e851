/** A list that loads pages on demand and reloads all loaded ones together. */
import { useCallback, useState } from 'react';
import type { Page } from '../../src/protocol/status';
import { useResource } from './use-resource';
import type { Resource } from './use-resource';

export interface Paged<T> extends Resource<Page<T>> {
  items: readonly T[];
  /** Absent at the end. */
  loadMore: (() => void) | undefined;
}

const none: readonly never[] = [];

/** Starts with the first page, and again with it when `args` change (compared as JSON). */
export function usePaged<Args extends readonly unknown[], T>(
  read: (cursor: string | undefined, ...args: Args) => Promise<Page<T>>,
  args: Args,
): Paged<T> {
  const key = JSON.stringify(args);
  const [depth, setDepth] = useState({ key, pages: 1 });
  const pages = depth.key === key ? depth.pages : 1;
  const found = useResource(
    async (asked: Args, count: number, _signal: AbortSignal): Promise<Page<T>> => {
      let page = await read(undefined, ...asked);
      const items = [...page.items];
      for (let more = 1; more < count && page.next !== undefined; more += 1) {
        page = await read(page.next, ...asked); // oxlint-disable-line no-await-in-loop
        items.push(...page.items);
      }
      return { ...page, items };
    },
    [args, pages],
  );
  const { isFresh, reload } = found;
  const hasFailed = found.error !== undefined;
  // The same function until something changes: a list calls it whenever it is another one and its end is near.
  const loadMore = useCallback(() => {
    // A page is on its way: a list near its end would otherwise ask for one more with every render.
    if (!isFresh) return;
    if (hasFailed) reload();
    else setDepth({ key, pages: pages + 1 });
  }, [isFresh, hasFailed, reload, key, pages]);
  return {
    ...found,
    items: found.data?.items ?? none,
    loadMore: found.data?.next === undefined ? undefined : loadMore,
  };
}

/** A list that loads pages on demand and reloads all loaded ones together. */
import { useState } from 'react';
import type { MemoryError } from '../../../src/protocol/errors';
import type { Page } from '../../../src/protocol/status';
import { useResource } from '../../state/use-resource';

export interface Paged<T> {
  items: readonly T[];
  error: MemoryError | undefined;
  isLoading: boolean;
  reload: () => void;
  /** Absent at the end. */
  loadMore: (() => void) | undefined;
}

export function usePaged<T>(read: (cursor?: string) => Promise<Page<T>>): Paged<T> {
  const [pages, setPages] = useState(1);
  const found = useResource(
    async (count: number, _signal: AbortSignal): Promise<Page<T>> => {
      let page = await read();
      const items = [...page.items];
      for (let more = 1; more < count && page.next !== undefined; more += 1) {
        page = await read(page.next); // oxlint-disable-line no-await-in-loop
        items.push(...page.items);
      }
      return { ...page, items };
    },
    [pages],
  );
  return {
    items: found.data?.items ?? [],
    error: found.error,
    isLoading: found.isLoading,
    reload: found.reload,
    loadMore: found.data?.next === undefined ? undefined : () => setPages((old) => old + 1),
  };
}

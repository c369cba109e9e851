/** The list of learnings: pages in, changes out, and a way back for ten seconds. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { LearningInput, LearningQuery, Page } from '../../../src/protocol/memory-api';
import type { Learning } from '../../../src/protocol/model';
import type { WebviewApi } from '../../../src/protocol/webview';
import { useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';

const pageSize = 50;
/** How long a deletion can be taken back with one click. */
export const undoMs = 10_000;

export function useLearnings(query: LearningQuery) {
  const { api } = useHost();
  const [depth, setDepth] = useState(pageSize);
  const list = useResource((asked: LearningQuery, count: number, _signal: AbortSignal) => readLearnings(api, asked, count), [query, depth]);
  const reload = list.reload;
  const refresh = useThrottled(reload, 250);
  useEvent('changed', (event) => {
    if (event.learnings || event.isReset) refresh();
  });
  const save = useCallback(
    async (input: LearningInput): Promise<Learning> => {
      const saved = await api.saveLearning(input);
      reload();
      return saved;
    },
    [api, reload],
  );
  return { list, save, loadMore: list.data?.next ? () => setDepth((old) => old + pageSize) : undefined };
}

async function readLearnings(api: WebviewApi, query: LearningQuery, depth: number): Promise<Page<Learning>> {
  let page = await api.listLearnings({ ...query, limit: pageSize });
  const items = [...page.items];
  while (page.next && items.length < depth) {
    // oxlint-disable-next-line no-await-in-loop
    page = await api.listLearnings({ ...query, limit: pageSize, cursor: page.next });
    items.push(...page.items);
  }
  return { items, ...(page.next && { next: page.next }) };
}

export interface Deleted {
  id: string;
  title: string;
}

/** Deletes at once and keeps the way back open; the keeper only marks the row. */
export function useUndo(onChange: () => void) {
  const { api } = useHost();
  const [deleted, setDeleted] = useState<readonly Deleted[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const forget = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setDeleted((old) => old.filter((entry) => entry.id !== id));
  }, []);
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running.values()) clearTimeout(timer);
    };
  }, []);

  const remove = useCallback(
    async ({ id, title }: Learning) => {
      await api.deleteLearning(id);
      setDeleted((old) => [...old.filter((entry) => entry.id !== id), { id, title }]);
      timers.current.set(id, setTimeout(() => forget(id), undoMs));
      onChange();
    },
    [api, forget, onChange],
  );
  const restore = useCallback(
    async (id: string) => {
      await api.restoreLearning(id);
      forget(id);
      onChange();
    },
    [api, forget, onChange],
  );
  return { deleted, remove, restore, dismiss: forget };
}

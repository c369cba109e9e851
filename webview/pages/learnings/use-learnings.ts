/** The list of learnings: loads pages and applies changes. */
import { useCallback, useState } from 'react';
import type { Learning } from '../../../src/protocol/model';
import type { LearningInput, LearningQuery } from '../../../src/protocol/questions/learnings';
import type { Page } from '../../../src/protocol/status';
import type { WebviewApi } from '../../../src/protocol/webview-api';
import { useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';

const pageSize = 50;

export function useLearnings(query: LearningQuery) {
  const { api } = useHost();
  const [depth, setDepth] = useState(pageSize);
  const list = useResource(
    (asked: LearningQuery, count: number, _signal: AbortSignal) => readLearnings(api, asked, count),
    [query, depth],
  );
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

/** Number of proposals and of accepted learnings, as far as one page shows. */
export interface Counts {
  proposed: number;
  accepted: number;
  hasRejected: boolean;
  isPartial: { proposed: boolean; accepted: boolean };
}

const countedAtMost = 100;

export function useCounts(): { counts: Counts | undefined; recount: () => void } {
  const { api } = useHost();
  const counted = useResource(async (_signal: AbortSignal): Promise<Counts> => {
    const [proposed, accepted, rejected] = await Promise.all([
      api.listLearnings({ state: 'proposed', limit: countedAtMost }),
      api.listLearnings({ state: 'accepted', limit: countedAtMost }),
      api.listLearnings({ state: 'rejected', limit: 1 }),
    ]);
    return {
      proposed: proposed.items.length,
      accepted: accepted.items.length,
      hasRejected: rejected.items.length > 0,
      isPartial: { proposed: proposed.next !== undefined, accepted: accepted.next !== undefined },
    };
  }, []);
  const refresh = useThrottled(counted.reload, 1000);
  useEvent('changed', (event) => {
    if (event.learnings || event.isReset) refresh();
  });
  return { counts: counted.data, recount: counted.reload };
}

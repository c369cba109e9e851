/** The list of learnings: follows changes and applies them. */
import { useCallback, useEffect } from 'react';
import type { Learning } from '../../../src/protocol/model';
import type { LearningInput, LearningQuery } from '../../../src/protocol/questions/learnings';
import type { Page } from '../../../src/protocol/status';
import { useAct, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { usePaged } from '../../state/use-paged';
import { useResource } from '../../state/use-resource';

const pageSize = 50;

export function useLearnings(query: LearningQuery) {
  const { api } = useHost();
  const list = usePaged(
    (cursor, asked: LearningQuery) =>
      api.listLearnings({ ...asked, limit: pageSize, ...(cursor !== undefined && { cursor }) }),
    [query],
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
  return { list, save };
}

/** Tells the editor, with each new list of proposals that is shown, that the person looks at it: none is new any more. */
export function useSeen(shown: Page<Learning> | undefined): void {
  const { api } = useHost();
  const act = useAct();
  useEffect(() => {
    if (shown) act(api.proposalsSeen());
  }, [api, act, shown]);
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

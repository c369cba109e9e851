/** Decisions about proposals, each of which can be undone. */
import { useCallback } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { useHost } from '../../state/host';
import type { Undoable } from './use-undo';

export interface Review {
  accept: (learnings: readonly Learning[]) => Promise<void>;
  reject: (learnings: readonly Learning[]) => Promise<void>;
  reopen: (learning: Learning) => Promise<void>;
  /** Merges the others into the first. */
  merge: (learnings: readonly Learning[]) => Promise<void>;
}

/** Runs an action that takes these learnings out of the list. */
export type RunAway = (ids: readonly string[], act: () => Promise<unknown>, entry: Undoable) => Promise<void>;

export function useReview(run: RunAway, onChange: () => void): Review {
  const { api } = useHost();
  const decide = useCallback(
    async (learnings: readonly Learning[], decision: 'accept' | 'reject') => {
      const [first] = learnings;
      if (!first) return;
      const ids = learnings.map(({ id }) => id);
      const kind = decision === 'accept' ? 'accepted' : 'rejected';
      await run(ids, () => inTurn(ids, (id) => api.reviewLearning(id, decision)), {
        id: `${kind} ${ids.join(' ')}`,
        kind,
        title: first.title,
        count: ids.length,
        undo: () => inTurn(ids, (id) => api.reviewLearning(id, 'reopen')),
      });
    },
    [api, run],
  );
  return {
    accept: useCallback((learnings) => decide(learnings, 'accept'), [decide]),
    reject: useCallback((learnings) => decide(learnings, 'reject'), [decide]),
    reopen: useCallback(
      async ({ id }) => {
        await api.reviewLearning(id, 'reopen');
        onChange();
      },
      [api, onChange],
    ),
    merge: useCallback(
      async ([into, ...others]) => {
        if (!into || others.length === 0) return;
        const ids = others.map(({ id }) => id);
        await run(ids, () => api.mergeLearnings(into.id, ids), {
          id: `merged ${into.id}`,
          kind: 'merged',
          title: into.title,
          count: ids.length,
          undo: () => inTurn(ids, (id) => api.reviewLearning(id, 'reopen')),
        });
      },
      [api, run],
    ),
  };
}

/** One after the other: an error stops the rest, and the list then shows what was done. */
async function inTurn(ids: readonly string[], act: (id: string) => Promise<unknown>): Promise<void> {
  for (const id of ids) await act(id); // oxlint-disable-line no-await-in-loop
}

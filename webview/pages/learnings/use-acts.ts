/** Actions on the learnings of the list, by button and by key. */
import { useCallback, useState } from 'react';
import type { KeyboardEvent, RefObject } from 'react';
import type { Learning } from '../../../src/protocol/model';
import type { LearningInput } from '../../../src/protocol/questions/learnings';
import type { ListHandle } from '../../parts/list';
import { useAct, useHost } from '../../state/host';
import { asInput } from './draft';
import type { LearningActions } from './learning-row';
import type { ReviewActions } from './proposal-row';
import type { Hidden } from './use-hidden';
import { useReview } from './use-review';
import type { RunAway } from './use-review';
import { useUndo } from './use-undo';

interface ActsPorts {
  /** Those that are shown. */
  items: readonly Learning[];
  hidden: Hidden;
  list: RefObject<ListHandle | null>;
  save: (input: LearningInput) => Promise<Learning>;
  /** Reloads after a change. */
  refresh: () => void;
  edit: (learning: Learning) => void;
  /** Shows another learning in its list. */
  go: (learning: Learning) => void;
}

export interface Acts {
  undo: ReturnType<typeof useUndo>;
  reviewing: ReviewActions;
  actions: LearningActions;
  /** Learnings chosen for a common action; null while they are reviewed one by one. */
  chosen: readonly Learning[] | null;
  setChosen: (chosen: readonly Learning[] | null) => void;
  toggleChosen: (learning: Learning) => void;
  decideChosen: (how: 'accept' | 'reject' | 'merge') => void;
  onRowKey: (event: KeyboardEvent, learning: Learning) => void;
}

export function useActs({ items, hidden, list, save, refresh, edit, go }: ActsPorts): Acts {
  const { api } = useHost();
  const act = useAct();
  const [chosen, setChosen] = useState<readonly Learning[] | null>(null);
  const undo = useUndo(refresh);
  const { run } = undo;
  const { hide, settle, show } = hidden;
  const runAway = useCallback<RunAway>(
    async (ids, change, entry) => {
      hide(ids);
      const away = async () => {
        await change();
        settle(ids);
      };
      const back = () => {
        show(ids);
        return entry.undo();
      };
      try {
        await run(away, { ...entry, undo: back });
      } catch (error) {
        // Of several, some may have been done: the list says which.
        show(ids);
        refresh();
        throw error;
      }
    },
    [hide, settle, show, run, refresh],
  );
  const review = useReview(runAway, refresh);

  /**
   * Reviewed learnings leave the list at once. Before that, the focus moves to the next one, so that reviewing can
   * continue by keyboard.
   */
  const leave = (gone: readonly Learning[]) => {
    const ids = new Set(gone.map(({ id }) => id));
    const last = Math.max(...gone.map(({ id }) => items.findIndex((item) => item.id === id)));
    const next = items
      .slice(last + 1)
      .concat(items.slice(0, last).toReversed())
      .find(({ id }) => !ids.has(id));
    if (next) list.current?.focusKey(next.id);
    setChosen(null);
  };
  const decide = (how: 'accept' | 'reject' | 'merge', which: readonly Learning[]) => {
    const [into, ...others] = which;
    if (how !== 'merge') leave(which);
    else if (into && others.length > 0) {
      list.current?.focusKey(into.id);
      setChosen(null);
    }
    act(review[how](which));
  };
  const reviewing: ReviewActions = {
    accept: (learning) => decide('accept', [learning]),
    reject: (learning) => decide('reject', [learning]),
    edit,
    reopen: (learning) => act(review.reopen(learning)),
    merge: (learning) => setChosen([learning]),
    go,
  };
  const remove = ({ id, title }: Learning) => {
    const entry = { id, kind: 'deleted' as const, title, count: 1, undo: () => api.restoreLearning(id) };
    act(undo.run(() => api.deleteLearning(id), entry));
  };
  const actions: LearningActions = {
    edit,
    remove,
    pin: (learning) => act(save({ ...asInput(learning), isPinned: !learning.isPinned })),
    verify: (learning, isVerified, notes) => act(save({ ...asInput(learning), isVerified, verificationNotes: notes })),
    promote: (learning) => act(api.promoteLearnings([learning.id])),
    go,
  };
  const onRowKey = (event: KeyboardEvent, learning: Learning) => {
    if (isTyping(event.target) || event.altKey || event.ctrlKey || event.metaKey) return;
    if (learning.state === 'accepted') {
      if (event.key === 'Delete') remove(learning);
      return;
    }
    const keys: Partial<Record<string, (which: Learning) => void>> =
      learning.state === 'proposed'
        ? { a: reviewing.accept, e: reviewing.edit, r: reviewing.reject, m: reviewing.merge }
        : {};
    const last = undo.entries.at(-1);
    if (event.key === 'u' && last) act(undo.undo(last));
    else if (event.key === 'Escape' && chosen) setChosen(null);
    else if (!keys[event.key]) return;
    // The key must not be typed into the form it opens.
    event.preventDefault();
    keys[event.key]?.(learning);
  };
  return {
    undo,
    reviewing,
    actions,
    chosen,
    setChosen,
    toggleChosen: useCallback(
      (learning) =>
        setChosen((old) =>
          old?.some(({ id }) => id === learning.id)
            ? old.filter(({ id }) => id !== learning.id)
            : [...(old ?? []), learning],
        ),
      [],
    ),
    decideChosen: (how) => chosen && decide(how, chosen),
    onRowKey,
  };
}

function isTyping(target: EventTarget): boolean {
  return target instanceof HTMLElement && target.matches('input:not([type="checkbox"]), textarea, select');
}

/** Actions that can be undone with one click each for ten seconds. */
import { useCallback, useEffect, useRef, useState } from 'react';

/** How long an act can be taken back. */
export const undoMs = 10_000;

export interface Undoable {
  id: string;
  kind: 'deleted' | 'accepted' | 'rejected' | 'merged';
  title: string;
  /** Number of learnings it changed. */
  count: number;
  undo: () => Promise<unknown>;
}

const maxEntries = 20;

/**
 * Runs an action at once and keeps its undo available. Of several, the newest is taken back first, then those before it:
 * each act, and each undo, gives all of them ten seconds more.
 */
export function useUndo(onChange: () => void) {
  const [entries, setEntries] = useState<readonly Undoable[]>([]);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const dismiss = useCallback(() => {
    clearTimeout(timer.current);
    setEntries([]);
  }, []);
  const extend = useCallback(() => {
    clearTimeout(timer.current);
    timer.current = setTimeout(dismiss, undoMs);
  }, [dismiss]);
  useEffect(() => () => clearTimeout(timer.current), []);

  const run = useCallback(
    async (act: () => Promise<unknown>, entry: Undoable) => {
      await act();
      setEntries((old) => [...old.filter(({ id }) => id !== entry.id), entry].slice(-maxEntries));
      extend();
      onChange();
    },
    [extend, onChange],
  );
  const undo = useCallback(
    async (entry: Undoable) => {
      // While it is being taken back, its time must not end.
      extend();
      await entry.undo();
      setEntries((old) => old.filter(({ id }) => id !== entry.id));
      extend();
      onChange();
    },
    [extend, onChange],
  );
  return { entries, run, undo, dismiss };
}

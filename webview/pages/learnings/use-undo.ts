/** Actions that can be undone with one click for ten seconds. */
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

/** Runs an action at once and keeps its undo available. */
export function useUndo(onChange: () => void) {
  const [entries, setEntries] = useState<readonly Undoable[]>([]);
  const timers = useRef(new Map<string, ReturnType<typeof setTimeout>>());
  const dismiss = useCallback((id: string) => {
    clearTimeout(timers.current.get(id));
    timers.current.delete(id);
    setEntries((old) => old.filter((entry) => entry.id !== id));
  }, []);
  useEffect(() => {
    const running = timers.current;
    return () => {
      for (const timer of running.values()) clearTimeout(timer);
    };
  }, []);

  const run = useCallback(
    async (act: () => Promise<unknown>, entry: Undoable) => {
      await act();
      setEntries((old) => [...old.filter(({ id }) => id !== entry.id), entry].slice(-3));
      clearTimeout(timers.current.get(entry.id));
      timers.current.set(
        entry.id,
        setTimeout(() => dismiss(entry.id), undoMs),
      );
      onChange();
    },
    [dismiss, onChange],
  );
  const undo = useCallback(
    async (entry: Undoable) => {
      await entry.undo();
      dismiss(entry.id);
      onChange();
    },
    [dismiss, onChange],
  );
  return { entries, run, undo, dismiss };
}

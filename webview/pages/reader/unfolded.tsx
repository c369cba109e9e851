/**
 * Which rows and outputs the person has expanded. Rows are unmounted when they scroll away, so the state is kept here.
 */
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

interface Unfolded {
  has: (name: string) => boolean;
  set: (name: string, isOpen: boolean) => void;
}

const unfolded = createContext<Unfolded>({ has: () => false, set: () => {} });

export function UnfoldedProvider({ children }: { children: ReactNode }) {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback((name: string, isOpen: boolean) => {
    setNames((old) => {
      const changed = new Set(old);
      if (isOpen) changed.add(name);
      else changed.delete(name);
      return changed;
    });
  }, []);
  const value = useMemo<Unfolded>(() => ({ has: (name) => names.has(name), set }), [names, set]);
  return <unfolded.Provider value={value}>{children}</unfolded.Provider>;
}

/** Whether `name` is expanded, and how to change it. */
export function useUnfolded(name: string): [boolean, (isOpen: boolean) => void] {
  const { has, set } = useContext(unfolded);
  return [has(name), (isOpen) => set(name, isOpen)];
}

/** Expands by name, for jumps to a row. */
export function useUnfold(): (name: string) => void {
  const { set } = useContext(unfolded);
  return useCallback((name) => set(name, true), [set]);
}

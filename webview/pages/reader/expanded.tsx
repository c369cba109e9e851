/**
 * Which rows and outputs the person has expanded. Rows are unmounted when they scroll away, so the state is kept here.
 */
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

interface Expanded {
  has: (name: string) => boolean;
  set: (name: string, isOpen: boolean) => void;
}

const expanded = createContext<Expanded>({ has: () => false, set: () => {} });

export function ExpandedProvider({ children }: { children: ReactNode }) {
  const [names, setNames] = useState<ReadonlySet<string>>(new Set());
  const set = useCallback((name: string, isOpen: boolean) => {
    setNames((old) => {
      const changed = new Set(old);
      if (isOpen) changed.add(name);
      else changed.delete(name);
      return changed;
    });
  }, []);
  const value = useMemo<Expanded>(() => ({ has: (name) => names.has(name), set }), [names, set]);
  return <expanded.Provider value={value}>{children}</expanded.Provider>;
}

/** Whether `name` is expanded, and how to change it. */
export function useExpanded(name: string): [boolean, (isOpen: boolean) => void] {
  const { has, set } = useContext(expanded);
  return [has(name), (isOpen) => set(name, isOpen)];
}

/** Expands by name, for jumps to a row. */
export function useExpand(): (name: string) => void {
  const { set } = useContext(expanded);
  return useCallback((name) => set(name, true), [set]);
}

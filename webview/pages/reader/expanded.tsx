/**
 * Which rows and outputs the person has expanded. Rows are unmounted when they scroll away, so the state is kept here.
 */
import { createContext, useCallback, useContext, useMemo, useState } from 'react';
import type { ReactNode } from 'react';

interface Expanded {
  has: (name: string) => boolean;
  set: (name: string, isOpen: boolean) => void;
  areAll: boolean;
  setAll: (isOpen: boolean) => void;
}

interface State {
  /** Whether all rows were expanded at once. */
  areAll: boolean;
  /** Names that are otherwise than the others. */
  others: ReadonlySet<string>;
}

const expanded = createContext<Expanded>({ has: () => false, set: () => {}, areAll: false, setAll: () => {} });

/** Long outputs inside of a row have names of several parts, and stay short when all rows are expanded. */
const isRowName = (name: string): boolean => !name.includes(':');

export function ExpandedProvider({ children }: { children: ReactNode }) {
  const [state, setState] = useState<State>({ areAll: false, others: new Set() });
  const set = useCallback((name: string, isOpen: boolean) => {
    setState((old) => {
      const others = new Set(old.others);
      if (isOpen === (old.areAll && isRowName(name))) others.delete(name);
      else others.add(name);
      return { ...old, others };
    });
  }, []);
  const setAll = useCallback((areAll: boolean) => setState({ areAll, others: new Set() }), []);
  const value = useMemo<Expanded>(
    () => ({
      has: (name) => state.others.has(name) !== (state.areAll && isRowName(name)),
      set,
      areAll: state.areAll,
      setAll,
    }),
    [state, set, setAll],
  );
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

/** Whether all rows were expanded at once, and how to expand or collapse all. */
export function useAllExpanded(): [boolean, (isOpen: boolean) => void] {
  const { areAll, setAll } = useContext(expanded);
  return [areAll, setAll];
}

/** Reads from a store that a page keeps outside of its components. */
import { useCallback, useSyncExternalStore } from 'react';

export interface Store {
  listeners: Set<() => void>;
}

/** What `read` answers now, and again after each change. */
export function useStore<T>(store: Store, read: () => T): T {
  const subscribe = useCallback(
    (listener: () => void) => {
      store.listeners.add(listener);
      return () => store.listeners.delete(listener);
    },
    [store],
  );
  return useSyncExternalStore(subscribe, read);
}

export function tellListeners({ listeners }: Store): void {
  for (const listener of listeners) listener();
}

/** State that survives a hidden or reloaded webview: the person's place, never content. */
import { useCallback, useState } from 'react';
import { useHost } from './host';

/**
 * Like useState, but stored by the editor under `key`. A stored value of another shape is ignored; `override` has
 * priority.
 */
export function usePersisted<T>(key: string, initial: T, override: T | null = null): [T, (value: T) => void] {
  const host = useHost();
  const [value, setValue] = useState<T>(() => {
    const saved = host.getState()[key];
    return override ?? (hasSameShape(saved, initial) ? saved : initial);
  });
  const save = useCallback(
    (next: T) => {
      host.setState({ ...host.getState(), [key]: next });
      setValue(next);
    },
    [host, key],
  );
  return [value, save];
}

/** An update of the extension may have changed the type of the stored value. */
function hasSameShape<T>(saved: unknown, initial: T): saved is T {
  return (
    saved !== undefined &&
    saved !== null &&
    typeof saved === typeof initial &&
    Array.isArray(saved) === Array.isArray(initial)
  );
}

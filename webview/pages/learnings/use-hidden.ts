/**
 * Learnings that leave the list before the keeper has answered: reviewing must not wait. They stay away until a list
 * without them is there, and come back when the keeper refuses.
 */
import { useCallback, useMemo, useState } from 'react';

export interface Hidden {
  has: (id: string) => boolean;
  hide: (ids: readonly string[]) => void;
  /** The keeper has done it: the next list is true again. */
  settle: (ids: readonly string[]) => void;
  show: (ids: readonly string[]) => void;
}

type State = 'asked' | 'done';

/** `list` is another object with every answer of the keeper. */
export function useHidden(list: unknown): Hidden {
  const [states, setStates] = useState<ReadonlyMap<string, State>>(new Map());
  const [known, setKnown] = useState(list);
  if (known !== list) {
    setKnown(list);
    if ([...states.values()].includes('done')) setStates(new Map([...states].filter(([, state]) => state === 'asked')));
  }
  const put = useCallback(
    (ids: readonly string[], state: State) =>
      setStates((old) => new Map([...old, ...ids.map((id) => [id, state] as const)])),
    [],
  );
  const show = useCallback(
    (ids: readonly string[]) => setStates((old) => new Map([...old].filter(([id]) => !ids.includes(id)))),
    [],
  );
  return useMemo(
    () => ({
      has: (id) => states.has(id),
      hide: (ids) => put(ids, 'asked'),
      settle: (ids) => put(ids, 'done'),
      show,
    }),
    [states, put, show],
  );
}

/**
 * Which row is being read: the one that was jumped to while it is in sight or on its way there, else the first visible
 * one.
 */
import { useCallback, useEffect, useRef } from 'react';
import { isRow } from './rows';
import type { ReaderLine } from './rows';

export interface Here {
  read: () => string | undefined;
  /** The visible rows; their list says so whenever they change. */
  see: (first: string | undefined, last: string | undefined) => void;
}

interface Target {
  key: string | undefined;
  /** Different for every jump. */
  round: number;
}

export function useHere(rows: readonly ReaderLine[], target: Target | undefined): Here {
  const latest = useRef({ rows, target });
  /** The jump whose row has come in sight: until then the visible rows are those of the place before it. */
  const arrived = useRef<number>(undefined);
  const seen = useRef<{ first: string | undefined; last: string | undefined }>({ first: undefined, last: undefined });
  const isSeen = useCallback((key: string | undefined) => {
    const indexOf = (each: string | undefined) => latest.current.rows.findIndex((line) => line.key === each);
    const aimed = indexOf(key);
    return aimed >= 0 && aimed >= indexOf(seen.current.first) && aimed <= indexOf(seen.current.last);
  }, []);
  useEffect(() => {
    latest.current = { rows, target };
    // It was in sight already, and the list need not move.
    if (target && isSeen(target.key)) arrived.current = target.round;
  }, [rows, target, isSeen]);
  const see = useCallback<Here['see']>(
    (first, last) => {
      seen.current = { first, last };
      const { target: aim } = latest.current;
      if (aim && isSeen(aim.key)) arrived.current = aim.round;
    },
    [isSeen],
  );
  const read = useCallback(() => {
    const { rows: lines, target: aim } = latest.current;
    if (aim?.key !== undefined && (isSeen(aim.key) || arrived.current !== aim.round)) return aim.key;
    const first = lines.findIndex((line) => line.key === seen.current.first);
    return lines.slice(Math.max(0, first)).find(isRow)?.key;
  }, [isSeen]);
  return { read, see };
}

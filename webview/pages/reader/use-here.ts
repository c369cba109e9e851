/** Which row is being read: the one that was jumped to while it is in sight, else the first visible one. */
import { useCallback, useEffect, useRef } from 'react';
import { isRow } from './rows';
import type { ReaderLine } from './rows';

export interface Here {
  read: () => string | undefined;
  /** The visible rows; their list says so whenever they change. */
  see: (first: string | undefined, last: string | undefined) => void;
}

export function useHere(rows: readonly ReaderLine[], targetKey: string | undefined): Here {
  const latest = useRef({ rows, targetKey });
  const seen = useRef<{ first: string | undefined; last: string | undefined }>({ first: undefined, last: undefined });
  useEffect(() => {
    latest.current = { rows, targetKey };
  }, [rows, targetKey]);
  const see = useCallback<Here['see']>((first, last) => {
    seen.current = { first, last };
  }, []);
  const read = useCallback(() => {
    const { rows: lines, targetKey: target } = latest.current;
    const indexOf = (key: string | undefined) => lines.findIndex((line) => line.key === key);
    const [first, last, aimed] = [seen.current.first, seen.current.last, target].map(indexOf) as [
      number,
      number,
      number,
    ];
    if (aimed >= 0 && aimed >= first && aimed <= last) return target;
    return lines.slice(Math.max(0, first)).find(isRow)?.key;
  }, []);
  return { read, see };
}

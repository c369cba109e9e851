/** Finds the row of a list that the person is looking at, which must not move when a better order arrives. */
import { useCallback, useMemo, useRef } from 'react';
import type { MouseEvent } from 'react';

/** `find` returns that row's key in the list; `listen` must be spread over the element around the list. */
export function useAnchor() {
  const box = useRef<HTMLDivElement>(null);
  const hovered = useRef<Element | undefined>(undefined);
  const find = useCallback((): string | undefined => {
    const list = box.current?.querySelector('.list');
    if (!list) return undefined;
    const top = list.getBoundingClientRect().top;
    // After scrolling, the person reads what is on the screen.
    const scrolled =
      list.scrollTop > 0
        ? [...list.querySelectorAll('.row')].find((row) => row.getBoundingClientRect().bottom > top)
        : undefined;
    const rows = [document.activeElement?.closest('.row'), hovered.current, scrolled].filter(
      (row): row is Element => row != null && list.contains(row),
    );
    const lowest = rows.toSorted((a, b) => indexOf(b) - indexOf(a))[0];
    return lowest instanceof HTMLElement ? lowest.dataset['key'] : undefined;
  }, []);
  const listen = useMemo(
    () => ({
      ref: box,
      onMouseOver: (event: MouseEvent) => (hovered.current = (event.target as Element).closest('.row') ?? undefined),
      onMouseLeave: () => (hovered.current = undefined),
    }),
    [],
  );
  return { find, listen };
}

const indexOf = (row: Element): number => Number((row as HTMLElement).dataset['index'] ?? -1);

/**
 * Roving tabindex for a virtual list: the list is one tab stop, arrow keys move inside it, and rows are mounted by
 * scrolling to them.
 */
import type { Virtualizer } from '@tanstack/react-virtual';
import { useEffect, useRef, useState } from 'react';
import type { FocusEvent, KeyboardEvent, RefObject } from 'react';

interface RovingOptions {
  isOn: boolean;
  keys: readonly string[];
  /** Position of each row among the focusable ones; a heading has the position of the row before it. */
  positions: readonly number[];
  scroller: RefObject<HTMLDivElement | null>;
  virtualizer: Virtualizer<HTMLDivElement, HTMLDivElement>;
  onLeave: (() => void) | undefined;
}

interface Roving {
  activeIndex: number;
  focusFirst: () => void;
  focusKey: (key: string) => void;
  focusActive: () => void;
  indexOfTarget: (target: EventTarget) => number;
  onFocus: (event: FocusEvent) => void;
  onKeyDown: (event: KeyboardEvent) => void;
}

const pageStep = 8;

export function useRoving({ isOn, keys, positions, scroller, virtualizer, onLeave }: RovingOptions): Roving {
  const [activeKey, setActiveKey] = useState<string>();
  const awaited = useRef<string>(undefined);
  const isFocusable = (index: number) => (positions[index] ?? 0) > (positions[index - 1] ?? 0);
  const known = activeKey === undefined ? -1 : keys.indexOf(activeKey);
  const activeIndex = !isOn ? -1 : known >= 0 ? known : keys.findIndex((_, index) => isFocusable(index));

  // The row may be mounted only one or two renders after the list has scrolled to it.
  useEffect(() => {
    if (awaited.current === undefined) return;
    const target = scroller.current?.querySelector<HTMLElement>(
      `[data-key="${CSS.escape(awaited.current)}"] [data-roving]`,
    );
    if (!target) return;
    awaited.current = undefined;
    target.focus({ preventScroll: true });
  });

  const focusIndex = (index: number) => {
    const key = keys[index];
    if (key === undefined) return;
    awaited.current = key;
    virtualizer.scrollToIndex(index, { align: 'auto' });
    setActiveKey(key);
    // Already active and mounted: no render will run the effect.
    const target = scroller.current?.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"] [data-roving]`);
    if (!target) return;
    awaited.current = undefined;
    target.focus({ preventScroll: true });
  };
  const step = (from: number, count: number): number => {
    const direction = Math.sign(count);
    let index = from;
    for (
      let left = Math.abs(count), next = from + direction;
      left > 0 && next >= 0 && next < keys.length;
      next += direction
    ) {
      if (!isFocusable(next)) continue;
      index = next;
      left -= 1;
    }
    return index;
  };
  const indexOfTarget = (target: EventTarget): number => {
    const row = target instanceof Element ? target.closest<HTMLElement>('[data-key]') : null;
    return row?.dataset['key'] === undefined ? -1 : keys.indexOf(row.dataset['key']);
  };

  const onKeyDown = (event: KeyboardEvent) => {
    if (!isOn || event.altKey || event.ctrlKey || event.metaKey || isTextField(event.target)) return;
    const from = Math.max(0, indexOfTarget(event.target));
    const moves: Record<string, () => number> = {
      ArrowDown: () => step(from, 1),
      ArrowUp: () => step(from, -1),
      PageDown: () => step(from, pageStep),
      PageUp: () => step(from, -pageStep),
      Home: () => step(-1, 1),
      End: () => step(keys.length, -1),
    };
    const move = moves[event.key];
    if (event.key === 'Escape') {
      onLeave?.();
      return;
    }
    if (!move) return;
    event.preventDefault();
    const to = move();
    if (to === from && event.key === 'ArrowUp') onLeave?.();
    else focusIndex(to);
  };

  return {
    activeIndex,
    focusFirst: () => focusIndex(step(-1, 1)),
    focusActive: () => focusIndex(activeIndex),
    focusKey: (key) => focusIndex(keys.indexOf(key)),
    indexOfTarget,
    onFocus: (event) => {
      const index = indexOfTarget(event.target);
      if (isOn && index >= 0 && isFocusable(index)) setActiveKey(keys[index]);
    },
    onKeyDown,
  };
}

function isTextField(target: EventTarget): boolean {
  return target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);
}

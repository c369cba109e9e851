/** A row of buttons that is one tab stop: arrow keys, Home and End move inside it. */
import { useState } from 'react';
import type { KeyboardEvent } from 'react';

interface Toolbar {
  /** For the button at this place. */
  tabIndexOf: (index: number) => 0 | -1;
  /** For the element around the buttons; each must have `data-tool`. */
  onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
}

/** @param count number of buttons now */
export function useToolbar(count: number): Toolbar {
  const [place, setPlace] = useState(0);
  const last = Math.max(0, count - 1);
  const current = Math.min(place, last);
  return {
    tabIndexOf: (index) => (index === current ? 0 : -1),
    onKeyDown: (event) => {
      if (event.altKey || event.ctrlKey || event.metaKey) return;
      const tools = [...event.currentTarget.querySelectorAll<HTMLElement>('[data-tool]')];
      const at = tools.findIndex((tool) => tool === event.target);
      const next = at < 0 ? undefined : targetOf(event.key, at, tools.length);
      if (next === undefined) return;
      // Otherwise the line scrolls by itself, and the list behind takes the key.
      event.preventDefault();
      event.stopPropagation();
      setPlace(next);
      tools[next]?.focus();
    },
  };
}

function targetOf(key: string, at: number, count: number): number | undefined {
  switch (key) {
    case 'ArrowRight':
      return (at + 1) % count;
    case 'ArrowLeft':
      return (at + count - 1) % count;
    case 'Home':
      return 0;
    case 'End':
      return count - 1;
    default:
      return undefined;
  }
}

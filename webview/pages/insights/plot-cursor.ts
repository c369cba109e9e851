/** One day of a plot that is pointed at, by pointer or by key. */
import { useState } from 'react';
import type { KeyboardEvent, PointerEvent } from 'react';

export interface PlotCursor {
  /** Index of the day; undefined when none is pointed at. */
  at: number | undefined;
  /** To spread over the element with the plot. */
  listen: {
    onPointerMove: (event: PointerEvent<HTMLElement>) => void;
    onPointerLeave: () => void;
    onKeyDown: (event: KeyboardEvent<HTMLElement>) => void;
    onFocus: () => void;
    onBlur: () => void;
    onClick: () => void;
  };
}

/**
 * @param count days in the plot
 * @param nearest index of the day at a horizontal place in the window, in pixels
 * @param open shows the sessions of a day
 */
export function usePlotCursor(
  count: number,
  nearest: (clientX: number) => number | undefined,
  open: (index: number) => void,
): PlotCursor {
  const [chosen, setChosen] = useState<number>();
  // A plot of fewer days may have taken the place of this one.
  const at = chosen === undefined ? undefined : Math.min(chosen, count - 1);
  const steps: Partial<Record<string, (from: number) => number>> = {
    ArrowLeft: (from) => from - 1,
    ArrowRight: (from) => from + 1,
    Home: () => 0,
    End: () => count - 1,
    PageUp: (from) => from - 7,
    PageDown: (from) => from + 7,
  };
  return {
    at,
    listen: {
      onPointerMove: ({ clientX }) => setChosen(nearest(clientX)),
      onPointerLeave: () => setChosen(undefined),
      onFocus: () => setChosen((old) => old ?? count - 1),
      onBlur: () => setChosen(undefined),
      onClick: () => at !== undefined && open(at),
      onKeyDown: (event) => {
        const step = steps[event.key];
        if (event.key === 'Enter' && at !== undefined) open(at);
        else if (step) setChosen(Math.min(Math.max(step(at ?? count - 1), 0), count - 1));
        else return;
        event.preventDefault();
      },
    },
  };
}

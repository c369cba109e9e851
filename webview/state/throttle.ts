/** Bursts tamed: events that come by the hundred during a back-fill, keys that come faster than answers. */
import { useCallback, useEffect, useRef } from 'react';

/** A caller that runs `action` at once, then at most once per `everyMs`, and never loses the last call. */
export function useThrottled(action: () => void, everyMs: number): () => void {
  const latest = useRef(action);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  const isWaiting = useRef(false);
  useEffect(() => {
    latest.current = action;
  });
  useEffect(
    () => () => {
      clearTimeout(timer.current);
      timer.current = undefined;
    },
    [],
  );
  return useCallback(() => {
    const run = () => {
      isWaiting.current = false;
      latest.current();
      timer.current = setTimeout(() => {
        timer.current = undefined;
        if (isWaiting.current) run();
      }, everyMs);
    };
    if (timer.current === undefined) run();
    else isWaiting.current = true;
  }, [everyMs]);
}

interface Debounce {
  /** Hands over `text` after it has rested; at once when `isUrgent` or empty: clearing must feel instant. */
  push: (text: string, take: (text: string) => void, isUrgent?: boolean) => void;
  stop: () => void;
}

export function debounceText(delayMs: number): Debounce {
  let timer: ReturnType<typeof setTimeout> | undefined;
  return {
    push: (text, take, isUrgent = false) => {
      clearTimeout(timer);
      if (isUrgent || text === '') take(text);
      else timer = setTimeout(() => take(text), delayMs);
    },
    stop: () => clearTimeout(timer),
  };
}

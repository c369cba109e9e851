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

interface Pace {
  /**
   * Hands over `text` at once when no question is open or it is `isUrgent` or empty; else when `answered` is called,
   * `patienceMs` at most.
   */
  push: (text: string, take: (text: string) => void, isUrgent?: boolean) => void;
  /** No question is open any more. */
  answered: () => void;
  stop: () => void;
}

/**
 * Typing that waits for nothing but the answer before: one question at a time, and of those that come meanwhile only
 * the last.
 */
export function paceText(patienceMs: number): Pace {
  let timer: ReturnType<typeof setTimeout> | undefined;
  let waiting: (() => void) | undefined;
  let isOpen = false;
  const ask = (text: string, take: (text: string) => void) => {
    clearTimeout(timer);
    waiting = undefined;
    isOpen = text !== '';
    take(text);
  };
  return {
    push: (text, take, isUrgent = false) => {
      clearTimeout(timer);
      if (isUrgent || text === '' || !isOpen) {
        ask(text, take);
        return;
      }
      waiting = () => ask(text, take);
      timer = setTimeout(waiting, patienceMs);
    },
    answered: () => {
      isOpen = false;
      waiting?.();
    },
    stop: () => clearTimeout(timer),
  };
}

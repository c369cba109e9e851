/** Limits frequent calls: events during a back-fill, and keystrokes that come faster than answers. */
import { useCallback, useEffect, useRef } from 'react';

/** Returns a function that runs `action` at once, then at most once per `everyMs`, and always after the last call. */
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
  /** Passes on `text` after a pause in typing; at once when it `isUrgent` or empty. */
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
  /** Passes on `text` at once when no query is running or it `isUrgent` or empty; otherwise when `answered` is called. */
  push: (text: string, take: (text: string) => void, isUrgent?: boolean) => void;
  /** The running query was answered, or has failed. */
  answered: () => void;
}

/**
 * Limits queries while typing: one at a time; of the texts typed meanwhile, only the last is passed on. A running query
 * is never given up for a newer text, because under load no answer would then come before the next key.
 */
export function paceText(): Pace {
  let waiting: (() => void) | undefined;
  let isOpen = false;
  const ask = (text: string, take: (text: string) => void) => {
    waiting = undefined;
    isOpen = text !== '';
    take(text);
  };
  return {
    push: (text, take, isUrgent = false) => {
      if (isUrgent || text === '' || !isOpen) ask(text, take);
      else waiting = () => ask(text, take);
    },
    answered: () => {
      isOpen = false;
      waiting?.();
    },
  };
}

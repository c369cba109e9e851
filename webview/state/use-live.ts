/** Asks again when memory has changed, but only for what is looked at. */
import { useEffect, useRef } from 'react';
import { useEvent } from './host';
import { useThrottled } from './throttle';

/** What changed while nobody looked is asked for when somebody does. */
export function useLive(reload: () => void, isShown: boolean, everyMs: number): void {
  const isStale = useRef(false);
  const refresh = useThrottled(reload, everyMs);
  useEvent('changed', () => {
    if (isShown) refresh();
    else isStale.current = true;
  });
  useEffect(() => {
    if (!isShown || !isStale.current) return;
    isStale.current = false;
    refresh();
  }, [isShown, refresh]);
}

/** Reloads when the memory has changed, but only while the page is visible. */
import { useEffect, useRef } from 'react';
import { useEvent } from './host';
import { useThrottled } from './throttle';

/** A change while the page was hidden causes a reload when it is shown. */
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

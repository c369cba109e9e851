/**
 * The conversation has the focus once it is there, so that keys scroll it at once. Only a page that has the focus
 * already gives it to the conversation: what a person opened meanwhile keeps it.
 */
import { useEffect } from 'react';

export function useFirstFocus(isReady: boolean, focus: () => void): void {
  useEffect(() => {
    if (!isReady) return undefined;
    const take = () => {
      if (document.hasFocus() && (document.activeElement === null || document.activeElement === document.body)) focus();
    };
    take();
    // The editor gives the page the focus later, or again when its tab is chosen.
    window.addEventListener('focus', take);
    return () => window.removeEventListener('focus', take);
  }, [isReady, focus]);
}

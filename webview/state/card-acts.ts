/** Actions of a card that the editor's context menu sends back to the page. */
import type { CardAct } from '../../src/protocol/webview';
import { useEvent } from './host';

/** @param acts what this card can do; the others are not for it */
export function useCardActs(key: string, acts: Partial<Record<CardAct, () => void>>): void {
  useEvent('act', ({ key: clicked, act }) => {
    if (clicked === key) acts[act]?.();
  });
}

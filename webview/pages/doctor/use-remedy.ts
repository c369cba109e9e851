/** Runs one remedy at a time: what is running, its result, and how to try again. */
import { useCallback, useRef, useState } from 'react';
import { asMemoryError } from '../../../src/protocol/errors';

type RemedyState =
  | { phase: 'idle' }
  | { phase: 'running'; label: string }
  | { phase: 'done'; text: string }
  | { phase: 'failed'; label: string; reason: string; work: () => Promise<string> };

export interface RemedyRunner {
  state: RemedyState;
  isRunning: boolean;
  /** Runs `work` unless something runs already; its text becomes the result. */
  run: (label: string, work: () => Promise<string>) => void;
  dismiss: () => void;
  /** Restores the focus when it was lost because the pressed button was disabled or moved. */
  restoreFocus: () => void;
}

export function useRemedy(onSettled: () => void): RemedyRunner {
  const [state, setState] = useState<RemedyState>({ phase: 'idle' });
  const isRunning = state.phase === 'running';
  const places = useRef<(Element | null | undefined)[]>([]);
  const start = useCallback(
    async (label: string, work: () => Promise<string>): Promise<void> => {
      setState({ phase: 'running', label });
      try {
        const text = await work();
        setState(text === '' ? { phase: 'idle' } : { phase: 'done', text });
      } catch (error) {
        const known = asMemoryError(error);
        setState(
          known.code === 'cancelled' ? { phase: 'idle' } : { phase: 'failed', label, reason: known.message, work },
        );
      }
      onSettled();
    },
    [onSettled],
  );
  return {
    state,
    isRunning,
    run: (label, work) => {
      if (isRunning) return;
      const pressed = document.activeElement;
      // When the area becomes healthy it collapses and the button disappears, but its heading stays.
      places.current = [pressed, pressed?.closest('section')?.querySelector('button')];
      void start(label, work);
    },
    dismiss: useCallback(() => setState({ phase: 'idle' }), []),
    restoreFocus: useCallback(() => {
      // Only when the focus was lost, and not when it is in another part of the editor.
      if (document.activeElement !== document.body || !document.hasFocus()) return;
      const place = places.current.find((element) => element instanceof HTMLElement && element.isConnected);
      if (place instanceof HTMLElement) place.focus({ preventScroll: true });
    }, []),
  };
}

/** Steps through a session by key: the next prompt, sub-agent or error, the beginning, the end. */
import { useCallback, useEffect, useRef } from 'react';
import type { SessionId } from '../../../src/protocol/model';
import type { StepQuery } from '../../../src/protocol/questions/sessions';
import { useAct, useHost } from '../../state/host';
import type { Place } from './use-pages';

interface StepPorts {
  sessionId: SessionId;
  /** Key of the row that is being read; undefined before there is one. */
  here: () => string | undefined;
  reveal: (place: Place) => void;
  revealStart: () => void;
}

export interface Steps {
  /** `isRound`: after the last one comes the first. */
  step: (to: StepQuery['to'], isBack?: boolean, isRound?: boolean) => void;
  toStart: () => void;
  toEnd: () => void;
}

export function useSteps({ sessionId, here, reveal, revealStart }: StepPorts): Steps {
  const { api } = useHost();
  const act = useAct();
  // Keys that are held down come faster than answers; a step begins where the one before it has led.
  const isBusy = useRef(false);
  const go = useCallback(
    (queries: readonly StepQuery[]) => {
      if (isBusy.current) return;
      isBusy.current = true;
      const find = async () => {
        for (const query of queries) {
          // oxlint-disable-next-line no-await-in-loop -- the second is asked only when the first finds nothing
          const place = await api.stepInSession(query);
          if (place) return reveal(place);
        }
        return undefined;
      };
      act(
        find().finally(() => {
          isBusy.current = false;
        }),
      );
    },
    [api, act, reveal],
  );
  const step = useCallback<Steps['step']>(
    (to, isBack = false, isRound = false) => {
      const from = here();
      const query = { sessionId, to, isBack };
      go([{ ...query, ...(from !== undefined && { from }) }, ...(isRound && from !== undefined ? [query] : [])]);
    },
    [here, sessionId, go],
  );
  const toEnd = useCallback(() => go([{ sessionId, to: 'row', isBack: true }]), [sessionId, go]);
  return { step, toStart: revealStart, toEnd };
}

/** Keys of the page, wherever the focus is, except in a field. Those that scroll are the browser's own. */
export function useStepKeys(
  { step, toStart, toEnd }: Steps,
  { onFind, onEscape, onRename }: { onFind: () => void; onEscape: () => void; onRename: () => void },
): void {
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if (event.isComposing) return;
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      if ((event.ctrlKey || event.metaKey) && !event.altKey && key === 'f') {
        event.preventDefault();
        onFind();
        return;
      }
      if (key === 'Escape') onEscape();
      if (event.ctrlKey || event.metaKey || event.altKey || event.defaultPrevented || isField(event.target)) return;
      const run = {
        n: () => step('prompt'),
        p: () => step('prompt', true),
        e: () => step('error', event.shiftKey),
        a: () => step('task', event.shiftKey),
        Home: toStart,
        End: toEnd,
        F2: onRename,
      }[key];
      if (!run) return;
      event.preventDefault();
      run();
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [step, toStart, toEnd, onFind, onEscape, onRename]);
}

const isField = (target: EventTarget | null): boolean =>
  target instanceof HTMLElement && (target.matches('input, textarea, select') || target.isContentEditable);

/** Reads all sessions again and asks git what became of their edits; can be cancelled. */
import { useEffect, useRef, useState } from 'react';
import { IconButton } from '../../parts/icon';
import { formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { t } from '../../state/words';

export interface Relearning {
  isRunning: boolean;
  /** The result of the last run as text. */
  outcome: string;
  begin: () => void;
  cancel: () => void;
  dismiss: () => void;
}

export function useRelearn(onDone: () => void): Relearning {
  const { api } = useHost();
  const act = useAct();
  const [isRunning, setIsRunning] = useState(false);
  const [outcome, setOutcome] = useState('');
  const running = useRef<AbortController>(undefined);
  useEffect(() => () => running.current?.abort(), []);
  const begin = () => {
    if (running.current) return;
    const controller = new AbortController();
    running.current = controller;
    setIsRunning(true);
    setOutcome('');
    act(
      api
        .relearn(controller.signal)
        .then(({ proposed, changed }) => {
          setOutcome(
            proposed + changed === 0
              ? t('Nothing new was found.')
              : t('Newly proposed: {0}, changed: {1}', formatNumber(proposed), formatNumber(changed)),
          );
          onDone();
          return undefined;
        })
        .finally(() => {
          running.current = undefined;
          setIsRunning(false);
        }),
    );
  };
  return { isRunning, outcome, begin, cancel: () => running.current?.abort(), dismiss: () => setOutcome('') };
}

export function RelearnStrip({ isRunning, outcome, cancel, dismiss }: Relearning) {
  if (!isRunning && outcome === '') return null;
  return (
    <div className={isRunning ? 'strip strip-progress' : 'strip'} role="status">
      <div className="strip-line">
        <span className="strip-text">
          {isRunning ? t('Looking at all sessions again, and at what became of their edits…') : outcome}
        </span>
        <span className="strip-buttons">
          {isRunning ? (
            <button type="button" className="link" onClick={cancel}>
              {t('Cancel')}
            </button>
          ) : (
            <IconButton name="close" label={t('Dismiss')} onClick={dismiss} />
          )}
        </span>
      </div>
      {isRunning && <vscode-progress-bar indeterminate aria-label={t('Looking at all sessions')} />}
    </div>
  );
}

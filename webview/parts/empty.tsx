/** What a page shows instead of a list: nothing yet, still loading, or broken. Each says what to do next. */
import type { ReactNode } from 'react';
import type { MemoryError } from '../../src/protocol/errors';
import { useAct, useHost } from '../state/host';
import { t } from '../state/words';
import { Button, Spinner } from './button';
import { Icon } from './icon';

/** A quiet icon, one line, one explanation and the way out. */
export function Empty({ icon, title, children }: { icon: string; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} className="empty-icon" />
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Shown only while there is nothing older to show. */
export function Loading({ label }: { label: string }) {
  return (
    <div className="empty waiting" role="status">
      <Spinner />
      <p className="empty-text">{label}</p>
    </div>
  );
}

/** An error with its remedy: try again, or read the log. */
export function Failure({ error, onRetry }: { error: MemoryError; onRetry: () => void }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <div className="empty" role="alert">
      <Icon name="warning" className="empty-icon" />
      <p className="empty-title">{explain(error)}</p>
      <p className="empty-text">{error.message}</p>
      <div className="buttons">
        <Button onClick={onRetry}>{t('Retry')}</Button>
        {hasDiagnosis(error) && (
          <Button isSecondary onClick={() => act(api.openDoctor())}>
            {t('Open Doctor')}
          </Button>
        )}
        <Button isSecondary onClick={() => act(api.showLog())}>
          {t('Show Log')}
        </Button>
      </div>
    </div>
  );
}

/** The Doctor knows more of these than a sentence can say. */
const hasDiagnosis = ({ code }: MemoryError): boolean =>
  code === 'corrupt' || code === 'internal' || code === 'locked' || code === 'too_new';

function explain(error: MemoryError): string {
  switch (error.code) {
    case 'not_found':
      return t('This is no longer in memory.');
    case 'busy':
    case 'locked':
      return t('Memory is busy. Try again in a moment.');
    case 'corrupt':
      return t('The memory file is damaged.');
    case 'too_new':
      return t('The memory was written by a newer version of Claude-Mem. Update the extension.');
    case 'invalid_input':
      return t('This cannot be understood.');
    default:
      return t('Something went wrong.');
  }
}

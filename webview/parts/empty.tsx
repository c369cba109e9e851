/** Shown instead of a list: empty, loading, or failed. Each says what to do next. */
import type { ReactNode } from 'react';
import type { MemoryError } from '../../src/protocol/errors';
import { useAct, useHost } from '../state/host';
import { t } from '../state/words';
import { Button, Spinner } from './button';
import { Icon } from './icon';

/** An icon, a title, an explanation and actions. */
export function Empty({ icon, title, children }: { icon: string; title: string; children?: ReactNode }) {
  return (
    <div className="empty">
      <Icon name={icon} className="empty-icon" />
      <p className="empty-title">{title}</p>
      {children}
    </div>
  );
}

/** Shown only while there is no older content. */
export function Loading({ label }: { label: string }) {
  return (
    <div className="empty waiting" role="status">
      <Spinner />
      <p className="empty-text">{label}</p>
    </div>
  );
}

/** An error with actions: try again, or open the log. */
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

/** For these errors the Doctor shows more than a sentence can. */
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

/** The last action, and a button to undo it. */
import { useEffect, useRef } from 'react';
import { IconButton } from '../../parts/icon';
import { withoutMarkdown } from '../../parts/inline-markdown';
import { t } from '../../state/words';
import type { Undoable } from './use-undo';

interface UndoBarProps {
  entry: Undoable;
  /** Takes the focus after a deletion, so that one key undoes it; not during a review, which continues in the list. */
  takesFocus: boolean;
  onUndo: () => void;
  onDismiss: () => void;
}

export function UndoBar({ entry, takesFocus, onUndo, onDismiss }: UndoBarProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (takesFocus) button.current?.focus();
  }, [takesFocus]);
  return (
    <div className="strip undo" role="status">
      <div className="strip-line">
        <span className="strip-text">{describe(entry)}</span>
        <span className="strip-buttons">
          <button ref={button} type="button" className="link" onClick={onUndo}>
            {t('Undo')}
          </button>
          <IconButton name="close" label={t('Dismiss')} onClick={onDismiss} />
        </span>
      </div>
    </div>
  );
}

function describe({ kind, title, count }: Undoable): string {
  switch (kind) {
    case 'accepted':
      return count > 1 ? t('Accepted: {0} learnings', count) : t('Accepted: {0}', withoutMarkdown(title));
    case 'rejected':
      return count > 1 ? t('Rejected: {0} learnings', count) : t('Rejected: {0}', withoutMarkdown(title));
    case 'merged':
      return t('Merged into {0}: {1}', withoutMarkdown(title), count);
    default:
      return t('Deleted: {0}', withoutMarkdown(title));
  }
}

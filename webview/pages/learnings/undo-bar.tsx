/** The last action, and a button to undo it; those before it come after it. */
import { useEffect, useRef } from 'react';
import { IconButton } from '../../parts/icon';
import { withoutMarkdown } from '../../parts/inline-markdown';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';
import type { Undoable } from './use-undo';

interface UndoBarProps {
  entry: Undoable;
  /** Number of earlier actions that can be undone after it. */
  earlier: number;
  /**
   * Id of the action that gives the bar the focus, so that one key undoes it: a deletion, and the last of a review, which
   * otherwise continues in the list.
   */
  focusFor: string | undefined;
  onUndo: () => void;
  onDismiss: () => void;
}

export function UndoBar({ entry, earlier, focusFor, onUndo, onDismiss }: UndoBarProps) {
  const button = useRef<HTMLButtonElement>(null);
  useEffect(() => {
    if (focusFor !== undefined) button.current?.focus();
  }, [focusFor]);
  return (
    <div className="strip undo" role="status">
      <div className="strip-line">
        <span className="strip-text">
          {describe(entry)}
          {earlier > 0 && <span className="strip-more"> · {t('{0} more before it', formatNumber(earlier))}</span>}
        </span>
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

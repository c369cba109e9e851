/** Actions on several learnings: accept, reject, or merge into the one chosen first. */
import { useEffect, useRef } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { withoutMarkdown } from '../../parts/inline-markdown';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';

interface ChooseBarProps {
  chosen: readonly Learning[];
  onAccept: () => void;
  onReject: () => void;
  onMerge: () => void;
  onCancel: () => void;
}

export function ChooseBar({ chosen, onAccept, onReject, onMerge, onCancel }: ChooseBarProps) {
  const bar = useRef<HTMLDivElement>(null);
  useEffect(() => bar.current?.focus(), []);
  const [into] = chosen;
  const isEmpty = chosen.length === 0;
  return (
    <div
      ref={bar}
      className="strip"
      role="group"
      tabIndex={-1}
      aria-label={t('Chosen learnings')}
      onKeyDown={(event) => event.key === 'Escape' && onCancel()}
    >
      <div className="strip-line">
        <span className="strip-text" role="status">
          {chosen.length > 1 && into
            ? t('Chosen: {0}. Merging keeps “{1}”.', formatNumber(chosen.length), withoutMarkdown(into.title))
            : t('Chosen: {0}. The first one keeps what is merged.', formatNumber(chosen.length))}
        </span>
        <span className="strip-buttons">
          <button type="button" className="link" disabled={isEmpty} onClick={onAccept}>
            {t('Accept')}
          </button>
          <button type="button" className="link" disabled={isEmpty} onClick={onReject}>
            {t('Reject')}
          </button>
          <button type="button" className="link" disabled={chosen.length < 2} onClick={onMerge}>
            {t('Merge')}
          </button>
          <button type="button" className="link" onClick={onCancel}>
            {t('Cancel')}
          </button>
        </span>
      </div>
    </div>
  );
}

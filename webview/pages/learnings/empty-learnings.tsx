/** Why a list of learnings is empty, and how to fill it. */
import type { LearningState } from '../../../src/protocol/learning';
import { Button } from '../../parts/button';
import { Empty } from '../../parts/empty';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';

interface EmptyLearningsProps {
  view: LearningState;
  /** True when something was accepted or rejected before. */
  hasHistory: boolean;
  /** Number of proposals in the inbox. */
  waiting: number;
  onNew: () => void;
  onLook: () => void;
  onInbox: () => void;
}

export function EmptyLearnings({ view, hasHistory, waiting, onNew, onLook, onInbox }: EmptyLearningsProps) {
  if (view === 'rejected') return <Empty icon="close" title={t('Nothing was rejected')} />;
  if (view === 'superseded') return <Empty icon="arrow-swap" title={t('Nothing was superseded')} />;
  if (view === 'accepted') {
    return (
      <Empty icon="lightbulb" title={t('Keep what is worth knowing next time')}>
        <p className="empty-text">
          {t(
            'A learning is a short note: a fix that worked, a pattern, a setting. Write one, or choose "Save as learning" on any search result.',
          )}
        </p>
        <div className="buttons">
          {waiting > 0 && <Button onClick={onInbox}>{t('Look at the inbox ({0})', formatNumber(waiting))}</Button>}
          <Button isSecondary={waiting > 0} onClick={onNew}>
            {t('New Learning')}
          </Button>
        </div>
      </Empty>
    );
  }
  return (
    <Empty icon="inbox" title={hasHistory ? t('All reviewed') : t('Nothing has been proposed yet')}>
      <p className="empty-text">
        {hasHistory
          ? t('New proposals come by themselves, some minutes after a session has fallen quiet.')
          : t(
              'Proposals are made by rules from what is seen in sessions: a check that was red and turned green, a correction of yours, a way that failed. They come some minutes after a session has fallen quiet.',
            )}
      </p>
      <div className="buttons">
        <Button onClick={onLook}>{t('Look Again')}</Button>
      </div>
    </Empty>
  );
}

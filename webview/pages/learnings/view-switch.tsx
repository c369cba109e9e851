/** Chooses the list: proposals, accepted learnings, or with two small filters rejected and superseded ones. */
import type { LearningState } from '../../../src/protocol/learning';
import { Chips } from '../../parts/chips';
import { Segments } from '../../parts/segments';
import { formatNumber } from '../../state/format';
import { t } from '../../state/words';
import type { Counts } from './use-learnings';

interface ViewSwitchProps {
  view: LearningState;
  counts: Counts | undefined;
  onChange: (view: LearningState) => void;
}

export function ViewSwitch({ view, counts, onChange }: ViewSwitchProps) {
  const count = (name: 'proposed' | 'accepted') =>
    counts ? `${formatNumber(counts[name])}${counts.isPartial[name] ? '+' : ''}` : '';
  return (
    <div className="toolbar-row">
      <Segments
        label={t('List')}
        segments={[
          { value: 'proposed', label: t('Inbox'), count: count('proposed') },
          { value: 'accepted', label: t('Kept'), count: count('accepted') },
        ]}
        selected={view}
        onChange={onChange}
      />
      <Chips
        label={t('Past')}
        chips={[
          { value: 'rejected', label: t('Rejected'), title: t('What you said no to: it is not proposed again') },
          { value: 'superseded', label: t('Superseded'), title: t('What another learning took the place of') },
        ]}
        selected={[view]}
        onToggle={(next) => onChange(view === next ? 'proposed' : next)}
      />
    </div>
  );
}

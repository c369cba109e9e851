/** Chooses the list: proposals, accepted learnings, or with two small filters rejected and superseded ones. */
import type { LearningState } from '../../../src/protocol/learning';
import { Chips } from '../../parts/chips';
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
      <div className="chips segments" role="radiogroup" aria-label={t('List')}>
        <Segment
          isOn={view === 'proposed'}
          label={t('Inbox')}
          count={count('proposed')}
          onClick={() => onChange('proposed')}
        />
        <Segment
          isOn={view === 'accepted'}
          label={t('Kept')}
          count={count('accepted')}
          onClick={() => onChange('accepted')}
        />
      </div>
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

function Segment({
  isOn,
  label,
  count,
  onClick,
}: {
  isOn: boolean;
  label: string;
  count: string;
  onClick: () => void;
}) {
  return (
    <button type="button" role="radio" aria-checked={isOn} className="chip" onClick={onClick}>
      <span className="chip-label">{label}</span>
      {count !== '' && <span className="chip-count">{count}</span>}
    </button>
  );
}

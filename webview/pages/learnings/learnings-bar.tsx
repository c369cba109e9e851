/** The upper part of the Learnings tab: filters and actions. */
import { learningCategories } from '../../../src/protocol/model';
import { Chips } from '../../parts/chips';
import { Field } from '../../parts/field';
import { IconButton } from '../../parts/icon';
import { t } from '../../state/words';
import { categoryIcons, nameCategory } from './draft';
import type { Filter } from './use-filter';
import type { Counts } from './use-learnings';
import { ViewSwitch } from './view-switch';

interface LearningsBarProps {
  filter: Filter;
  counts: Counts | undefined;
  /** State of choosing several proposals; undefined in other lists. */
  choosing: { isOn: boolean; isPossible: boolean; onToggle: () => void } | undefined;
  isRelearning: boolean;
  onRelearn: () => void;
  onNew: () => void;
  onView: Filter['setView'];
  /** Arrow down in the field: moves to the first row. */
  onDown: () => void;
}

export function LearningsBar(props: LearningsBarProps) {
  const { filter, choosing } = props;
  return (
    <div className="toolbar">
      <div className="toolbar-line">
        <Field
          label={t('Filter learnings')}
          placeholder={t('Filter learnings')}
          icon="filter"
          value={filter.text}
          onChange={filter.type}
          onDown={props.onDown}
        />
        {choosing && (
          <IconButton
            name="checklist"
            label={t('Choose several')}
            isPressed={choosing.isOn}
            isDisabled={!choosing.isPossible}
            onClick={choosing.onToggle}
          />
        )}
        <IconButton name="refresh" label={t('Look again')} isDisabled={props.isRelearning} onClick={props.onRelearn} />
        <IconButton name="add" label={t('New learning')} onClick={props.onNew} />
      </div>
      <ViewSwitch view={filter.view} counts={props.counts} onChange={props.onView} />
      <Chips
        label={t('Filter by category')}
        chips={[
          ...learningCategories.map((name) => ({
            value: name,
            label: nameCategory(name),
            icon: categoryIcons[name],
          })),
          ...(filter.view === 'proposed' ? [minorChip()] : []),
        ]}
        selected={[filter.category, filter.isAll ? 'minor' : '']}
        onToggle={(value) => {
          if (value === 'minor') filter.setIsAll(!filter.isAll);
          else filter.setCategory(filter.category === value ? '' : value);
        }}
      />
    </div>
  );
}

/** Not a category: what rules found once waits behind it until another session meets it. */
const minorChip = () => ({
  value: 'minor' as const,
  label: t('Minor too'),
  title: t('Also what was met once and would change little; without this it waits until another session meets it'),
});

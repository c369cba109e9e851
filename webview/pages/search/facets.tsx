/** Filters with the number of results for each: one line of chips, or all of them by kind. */
import type { FacetCount, SearchFacets } from '../../../src/protocol/search-hit';
import { Chips, toggle } from '../../parts/chips';
import { useToolbar } from '../../parts/use-toolbar';
import { formatDay, formatNumber, formatNumericDay, startOfNamedDay } from '../../state/format';
import { useProjectName, useProjects } from '../../state/project-names';
import { t } from '../../state/words';
import { facetChips } from './facet-chips';
import type { FacetChips } from './facet-chips';
import type { SearchFilters } from './filters';

interface FacetsProps {
  facets: SearchFacets;
  filters: SearchFilters;
  isOpen: boolean;
  onChange: (filters: SearchFilters) => void;
}

export function Facets({ facets, filters, isOpen, onChange }: FacetsProps) {
  const projects = useProjects();
  const nameOf = useProjectName();
  const groups = facetChips(facets, filters, {
    nameProject: ({ value, label }) => nameOf({ id: Number(value), name: label }),
    rootOf: (id) => projects.get(Number(id))?.root,
  });
  const onToggle = (name: keyof SearchFilters, value: string) =>
    onChange({ ...filters, [name]: toggle(filters[name], value) });
  if (!isOpen) return <Line groups={groups} filters={filters} onToggle={onToggle} />;
  return (
    <div className="facets">
      {groups.map(({ name, label, chips }) =>
        name === 'days' ? (
          <Days key={name} days={facets.day} selected={filters.days} onToggle={(day) => onToggle('days', day)} />
        ) : (
          <Chips
            key={name}
            label={label}
            chips={chips}
            selected={filters[name]}
            onToggle={(value) => onToggle(name, value)}
          />
        ),
      )}
    </div>
  );
}

interface LineProps {
  groups: readonly FacetChips[];
  filters: SearchFilters;
  onToggle: (name: keyof SearchFilters, value: string) => void;
}

/** All kinds in one line, what is on first: a narrow view has more space for hits than for filters. */
function Line({ groups, filters, onToggle }: LineProps) {
  const all = groups.flatMap(({ name, label, chips }) =>
    chips.map((chip) => ({
      ...chip,
      name,
      isOn: filters[name].includes(chip.value),
      value: `${name}:${chip.value}`,
      title: t('{0}: {1}', label, chip.title ?? chip.label),
    })),
  );
  const chips = [...all.filter(({ isOn }) => isOn), ...all.filter(({ isOn }) => !isOn)];
  return (
    <Chips
      label={t('Filters')}
      className="chip-line"
      chips={chips.map(({ name: _name, isOn: _isOn, ...chip }) => chip)}
      selected={chips.filter(({ isOn }) => isOn).map(({ value }) => value)}
      onToggle={(value) => {
        const chip = chips.find((each) => each.value === value);
        if (chip) onToggle(chip.name, value.slice(chip.name.length + 1));
      }}
    />
  );
}

/** One bar per day, newest first. */
function Days({
  days,
  selected,
  onToggle,
}: {
  days: readonly FacetCount[];
  selected: readonly string[];
  onToggle: (day: string) => void;
}) {
  const lost = selected
    .filter((value) => !days.some((day) => day.value === value))
    .map((value) => ({ value, label: value, count: 0 }));
  const all = [...days, ...lost];
  const { tabIndexOf, onKeyDown } = useToolbar(all.length);
  if (all.length < 2 && selected.length === 0) return null;
  const most = Math.max(1, ...all.map(({ count }) => count));
  return (
    <div className="days" role="toolbar" aria-label={t('Day')} onKeyDown={onKeyDown}>
      {all.map(({ value, count }, index) => {
        const name = formatDay(startOfNamedDay(value));
        const label = t('{0}: {1}', name, formatNumber(count));
        return (
          <button
            key={value}
            type="button"
            className="day-bar"
            data-tool=""
            tabIndex={tabIndexOf(index)}
            aria-pressed={selected.includes(value)}
            aria-label={label}
            title={label}
            onClick={() => onToggle(value)}
          >
            <span className="day-fill" style={{ blockSize: `${Math.max(8, Math.round((100 * count) / most))}%` }} />
            <span className="day-name" aria-hidden="true">
              {formatNumericDay(startOfNamedDay(value))}
            </span>
          </button>
        );
      })}
    </div>
  );
}

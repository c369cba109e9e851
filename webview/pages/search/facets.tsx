import { fileName, pathParts } from '../../../src/protocol/paths';
/** Filters with the number of results for each. */
import type { FacetCount, SearchFacets } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Chips, toggle } from '../../parts/chips';
import type { Chip } from '../../parts/chips';
import { Icon } from '../../parts/icon';
import { iconOfTool } from '../../parts/tool-icon';
import { formatDay, formatNumber, formatNumericDay, startOfNamedDay } from '../../state/format';
import { usePersisted } from '../../state/persisted';
import { t } from '../../state/words';
import type { SearchFilters } from './filters';
import { nameType } from './kinds';

interface FacetsProps {
  facets: SearchFacets;
  filters: SearchFilters;
  /** Folders by project id, to distinguish projects with the same name. */
  roots: ReadonlyMap<string, string>;
  onChange: (filters: SearchFilters) => void;
}

const shownValues = 6;

export function Facets({ facets, filters, roots, onChange }: FacetsProps) {
  const row = (
    label: string,
    counts: readonly FacetCount[],
    name: keyof SearchFilters,
    describe: (facet: FacetCount) => Omit<Chip, 'value' | 'count'>,
  ) => (
    <Chips
      label={label}
      chips={toChips(counts, filters[name], describe)}
      selected={filters[name]}
      onToggle={(value) => onChange({ ...filters, [name]: toggle(filters[name], value) })}
    />
  );
  // In a narrow side bar these are hidden until requested, except active filters.
  const [wasOpened, setIsOpen] = usePersisted('search.moreFacets', false);
  const isOn = filters.branches.length + filters.files.length + filters.days.length > 0;
  const isOpen = wasOpened || isOn;
  const hasMore = isOn || facets.branch.length > 1 || facets.file.length > 1 || facets.day.length > 1;
  return (
    <div className="facets">
      {row(t('Kind'), facets.type, 'types', (facet) => ({ label: nameType(facet.value, facet.label) }))}
      {row(t('Project'), facets.project, 'projects', (facet) => nameProject(facet, facets.project, roots))}
      {row(t('Tool'), facets.tool, 'tools', (facet) => ({ label: facet.label, icon: iconOfTool(facet.value) }))}
      {hasMore && (
        <button type="button" className="facets-more" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
          <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
          {t('Branch, file and day')}
        </button>
      )}
      {isOpen && hasMore && (
        <>
          {row(t('Branch'), facets.branch, 'branches', (facet) => ({ label: facet.label, icon: 'git-branch' }))}
          {row(t('File'), facets.file, 'files', (facet) => ({
            label: fileName(facet.value),
            icon: 'file',
            title: showLine(facet.value),
          }))}
          <Days
            days={facets.day}
            selected={filters.days}
            onToggle={(day) => onChange({ ...filters, days: toggle(filters.days, day) })}
          />
        </>
      )}
    </div>
  );
}

/** Clones and worktrees have the same name; then the parent folder is shown too. */
function nameProject(
  facet: FacetCount,
  all: readonly FacetCount[],
  roots: ReadonlyMap<string, string>,
): Omit<Chip, 'value' | 'count'> {
  const root = roots.get(facet.value);
  if (root === undefined) return { label: facet.label, icon: 'folder' };
  const isAmbiguous = all.some((other) => other.label === facet.label && other.value !== facet.value);
  return {
    label: isAmbiguous ? pathParts(root).slice(-2).join('/') : facet.label,
    icon: 'folder',
    title: showLine(root),
  };
}

/** The most frequent values, and every active one, which must be visible to be turned off. */
function toChips(
  facets: readonly FacetCount[],
  selected: readonly string[],
  describe: (facet: FacetCount) => Omit<Chip, 'value' | 'count'>,
): Chip[] {
  const known = facets
    .filter((facet) => facet.count > 0 || selected.includes(facet.value))
    .filter((facet, index) => index < shownValues || selected.includes(facet.value));
  const lost = selected
    .filter((value) => !facets.some((facet) => facet.value === value))
    .map((value) => ({ value, label: value, count: 0 }));
  // A single inactive value would not change the results.
  if (known.length + lost.length < 2 && selected.length === 0) return [];
  return [...known, ...lost].map((facet) => {
    const { label, ...rest } = describe(facet);
    return { value: facet.value, count: facet.count, label: showLine(label), ...rest };
  });
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
  if (all.length < 2 && selected.length === 0) return null;
  const most = Math.max(1, ...all.map(({ count }) => count));
  return (
    <div className="days" role="group" aria-label={t('Day')}>
      {all.map(({ value, count }) => {
        const name = formatDay(startOfNamedDay(value));
        const label = t('{0}: {1}', name, formatNumber(count));
        return (
          <button
            key={value}
            type="button"
            className="day-bar"
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

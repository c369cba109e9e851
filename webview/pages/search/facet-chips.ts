/** The chips of each facet: values with the number of results for each, and every active one. */
import { fileName } from '../../../src/protocol/paths';
import type { FacetCount, SearchFacets } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import type { Chip } from '../../parts/chips';
import { iconOfTool } from '../../parts/tool-icon';
import { formatDayName } from '../../state/format';
import { t } from '../../state/words';
import type { SearchFilters } from './filters';
import { nameType } from './kinds';

export interface FacetChips {
  name: keyof SearchFilters;
  label: string;
  chips: Chip[];
}

interface Names {
  /** What a project is called, by its id as text. */
  nameProject: (facet: FacetCount) => string;
  /** Its folder. */
  rootOf: (id: string) => string | undefined;
}

const shownValues = 6;

/** Days are drawn as bars, so only the chosen ones are chips. */
export function facetChips(facets: SearchFacets, filters: SearchFilters, { nameProject, rootOf }: Names): FacetChips[] {
  const group = (
    name: keyof SearchFilters,
    label: string,
    counts: readonly FacetCount[],
    describe: (facet: FacetCount) => Omit<Chip, 'value' | 'count'>,
  ): FacetChips => ({ name, label, chips: toChips(counts, filters[name], describe) });
  return [
    group('types', t('Kind'), facets.type, ({ value, label }) => ({ label: nameType(value, label) })),
    group('projects', t('Project'), facets.project, (facet) => {
      const root = rootOf(facet.value);
      return { label: nameProject(facet), icon: 'folder', ...(root !== undefined && { title: showLine(root) }) };
    }),
    group('tools', t('Tool'), facets.tool, ({ value, label }) => ({ label, icon: iconOfTool(value) })),
    group('branches', t('Branch'), facets.branch, ({ label }) => ({ label, icon: 'git-branch' })),
    group('files', t('File'), facets.file, ({ value }) => ({
      label: fileName(value),
      icon: 'file',
      title: showLine(value),
    })),
    group(
      'days',
      t('Day'),
      facets.day.filter(({ value }) => filters.days.includes(value)),
      ({ value }) => ({ label: formatDayName(value), icon: 'calendar' }),
    ),
  ];
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

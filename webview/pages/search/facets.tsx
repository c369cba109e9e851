/** What the results are made of, as filters with counts. */
import type { FacetCount, SearchResult } from '../../../src/protocol/model';
import { Chips, toggle } from '../../parts/chips';
import type { Chip } from '../../parts/chips';
import { iconOfTool } from '../../parts/tool-icon';
import { showLine } from '../../state/visible-text';
import { t } from '../../state/words';
import { nameType } from './kinds';

export interface SearchFilters {
  projects: string[];
  types: string[];
  tools: string[];
}

export const noFilters: SearchFilters = { projects: [], types: [], tools: [] };

interface FacetsProps {
  facets: SearchResult['facets'];
  filters: SearchFilters;
  /** Folders by project id, to tell projects of one name apart. */
  roots: ReadonlyMap<string, string>;
  onChange: (filters: SearchFilters) => void;
}

const shownValues = 6;

export function Facets({ facets, filters, roots, onChange }: FacetsProps) {
  return (
    <div className="facets">
      <Chips
        label={t('Kind')}
        chips={toChips(facets.type, filters.types, (facet) => ({ label: nameType(facet.value, facet.label) }))}
        selected={filters.types}
        onToggle={(value) => onChange({ ...filters, types: toggle(filters.types, value) })}
      />
      <Chips
        label={t('Project')}
        chips={toChips(facets.project, filters.projects, (facet) => nameProject(facet, facets.project, roots))}
        selected={filters.projects}
        onToggle={(value) => onChange({ ...filters, projects: toggle(filters.projects, value) })}
      />
      <Chips
        label={t('Tool')}
        chips={toChips(facets.tool, filters.tools, (facet) => ({ label: facet.label, icon: iconOfTool(facet.value) }))}
        selected={filters.tools}
        onToggle={(value) => onChange({ ...filters, tools: toggle(filters.tools, value) })}
      />
    </div>
  );
}

/** Clones and worktrees share a name: then the folder above tells which is which. */
function nameProject(facet: FacetCount, all: readonly FacetCount[], roots: ReadonlyMap<string, string>): Omit<Chip, 'value' | 'count'> {
  const root = roots.get(facet.value);
  if (root === undefined) return { label: facet.label, icon: 'folder' };
  const isAmbiguous = all.some((other) => other.label === facet.label && other.value !== facet.value);
  return { label: isAmbiguous ? root.split(/[\\/]/).slice(-2).join('/') : facet.label, icon: 'folder', title: showLine(root) };
}

/** The commonest values, and every one that is switched on: a filter must be there to be switched off. */
function toChips(facets: readonly FacetCount[], selected: readonly string[], describe: (facet: FacetCount) => Omit<Chip, 'value' | 'count'>): Chip[] {
  const known = facets.filter((facet) => facet.count > 0 || selected.includes(facet.value)).filter((facet, index) => index < shownValues || selected.includes(facet.value));
  const lost = selected.filter((value) => !facets.some((facet) => facet.value === value)).map((value) => ({ value, label: value, count: 0 }));
  // A single value that is not a filter would change nothing.
  if (known.length + lost.length < 2 && selected.length === 0) return [];
  return [...known, ...lost].map((facet) => {
    const { label, ...rest } = describe(facet);
    return { value: facet.value, count: facet.count, label: showLine(label), ...rest };
  });
}

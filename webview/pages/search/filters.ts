/** The filters chosen in the facets, and their form in the query language. */
import type { SearchQuery } from '../../../src/protocol/questions/search';
import { scopeOf } from '../../state/scope';

export interface SearchFilters {
  /** Project ids as text. */
  projects: string[];
  types: string[];
  tools: string[];
  branches: string[];
  /** Full paths. */
  files: string[];
  /** `2026-11-22`. */
  days: string[];
}

export const noFilters: SearchFilters = { projects: [], types: [], tools: [], branches: [], files: [], days: [] };

/** Number of values that are on. */
export const countFilters = (filters: SearchFilters): number => Object.values(filters).flat().length;

type SearchType = NonNullable<SearchQuery['types']>[number];
const searchTypes: readonly string[] = [
  'user',
  'assistant',
  'learning',
  'tool_result',
  'error',
  'warning',
  'info',
  'note',
] satisfies SearchType[];

/** Stored filters may come from another version. */
function isSearchType(value: string): value is SearchType {
  return searchTypes.includes(value);
}

export function toFilterQuery(
  { projects, types, tools, branches, files, days }: SearchFilters,
  roots: readonly string[],
): Partial<SearchQuery> {
  const projectIds = projects.map(Number).filter(Number.isInteger);
  const scope = projectIds.length > 0 ? { projectIds } : scopeOf(roots);
  return {
    ...(scope && { scope }),
    ...(types.length > 0 && { types: types.filter(isSearchType) }),
    ...(tools.length > 0 && { tools }),
    ...(branches.length > 0 && { branches }),
    ...(files.length > 0 && { files }),
    ...(days.length > 0 && { days }),
  };
}

const typeWords: Readonly<Record<string, string>> = {
  user: 'prompt',
  assistant: 'answer',
  tool_result: 'result',
  info: 'notice',
};

/** Writes the filters in the query language, because a saved search is one text. */
export function writeFilters(
  text: string,
  filters: SearchFilters,
  projects: ReadonlyMap<number, { name: string }>,
): string {
  const write = (name: string, values: readonly string[]) =>
    values.length === 0 ? [] : [`${name}:${values.map(quote).join(',')}`];
  return [
    text.trim(),
    ...write(
      'project',
      filters.projects.map((id) => projects.get(Number(id))?.name ?? '').filter((name) => name !== ''),
    ),
    ...write(
      'type',
      filters.types.map((type) => typeWords[type] ?? type),
    ),
    ...write('tool', filters.tools),
    ...write('branch', filters.branches),
    ...write('file', filters.files),
    ...write('on', filters.days),
  ]
    .filter((part) => part !== '')
    .join(' ');
}

const quote = (value: string): string => (/[\s,"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value);

/** Which documents a query may find at all. */
import type { SearchQuery } from '../../protocol/memory-api';
import type { DocumentFacts } from '../store/documents';
import { sessionsWith } from '../store/documents';
import type { SqlDriver } from '../store/driver';
import { allProjects } from '../store/sessions';
import type { ParsedQuery } from './query';

export type DocumentTest = (document: DocumentFacts) => boolean;

/** Names people use for types, beside the stored ones. */
const facetNames: Readonly<Record<string, string>> = { prompt: 'user', answer: 'assistant', tool: 'tool_result', result: 'tool_result', errors: 'error', learnings: 'learning' };

/** The filters of a query as one test; undefined when there are none. */
export function filterOf(driver: SqlDriver, query: SearchQuery, parsed: ParsedQuery, scopeIds: readonly number[] | undefined): DocumentTest | undefined {
  const tests: DocumentTest[] = [];
  const { filters } = parsed;
  if (scopeIds) {
    const ids = new Set(scopeIds);
    // A learning without a project is for all of them.
    tests.push(({ projectId, facet }) => ids.has(projectId) || (facet === 'learning' && projectId === 0));
  }
  if (filters.project.length > 0) {
    const named = allProjects(driver).filter(({ name, root }) => filters.project.some((part) => name.toLowerCase().includes(part) || root.toLowerCase().includes(part)));
    const ids = new Set(named.map(({ id }) => id));
    tests.push(({ projectId }) => ids.has(projectId));
  }
  const facets = new Set([...filters.type.map((name) => facetNames[name] ?? name), ...(query.types ?? [])]);
  if (facets.size > 0) tests.push(({ facet }) => facets.has(facet));
  const tools = new Set([...filters.tool, ...(query.tools ?? []).map((tool) => tool.toLowerCase())]);
  if (tools.size > 0) tests.push(({ kind, tool }) => kind === 1 && tools.has(tool.toLowerCase()));
  const after = Math.max(parsed.after ?? -Infinity, query.after ?? -Infinity);
  const before = Math.min(parsed.before ?? Infinity, query.before ?? Infinity);
  if (after > -Infinity || before < Infinity) tests.push(({ at }) => at >= after && at < before);
  for (const [column, parts] of [['files_json', filters.file], ['git_branch', filters.branch]] as const) {
    for (const part of parts) {
      const sessions = new Set(sessionsWith(driver, column, part));
      tests.push(({ session }) => sessions.has(session));
    }
  }
  return tests.length === 0 ? undefined : (document) => tests.every((test) => test(document));
}

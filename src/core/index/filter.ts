/** Which documents a query may find at all. */
import type { SearchQuery } from '../../protocol/memory-api';
import { documentKinds, sessionsWith } from '../store/documents';
import type { SqlDriver } from '../store/driver';
import { allProjects } from '../store/sessions';
import type { DocumentColumns } from './columns';
import type { ParsedQuery } from './query';

/** Tells by a document's place in the columns. */
export type DocumentTest = (at: number) => boolean;

/** Names people use for types, beside the stored ones. */
const facetNames: Readonly<Record<string, string>> = { prompt: 'user', answer: 'assistant', tool: 'tool_result', result: 'tool_result', errors: 'error', learnings: 'learning' };

/** The filters of a query as one test; undefined when there are none. */
export function filterOf(driver: SqlDriver, columns: DocumentColumns, query: SearchQuery, parsed: ParsedQuery, scopeIds: readonly number[] | undefined): DocumentTest | undefined {
  const tests: DocumentTest[] = [];
  const { filters } = parsed;
  if (scopeIds) {
    const ids = new Set(scopeIds);
    // A learning without a project is for all of them.
    tests.push((at) => ids.has(columns.project(at)) || (columns.kind(at) === documentKinds.learning && columns.project(at) === 0));
  }
  if (filters.project.length > 0) {
    const named = allProjects(driver).filter(({ name, root }) => filters.project.some((part) => name.toLowerCase().includes(part) || root.toLowerCase().includes(part)));
    const ids = new Set(named.map(({ id }) => id));
    tests.push((at) => ids.has(columns.project(at)));
  }
  const facets = new Set([...filters.type.map((name) => facetNames[name] ?? name), ...(query.types ?? [])]);
  if (facets.size > 0) tests.push((at) => facets.has(columns.facet(at)));
  const tools = new Set([...filters.tool, ...(query.tools ?? []).map((tool) => tool.toLowerCase())]);
  if (tools.size > 0) tests.push((at) => columns.kind(at) === documentKinds.observation && tools.has(columns.tool(at).toLowerCase()));
  const after = Math.max(parsed.after ?? -Infinity, query.after ?? -Infinity);
  const before = Math.min(parsed.before ?? Infinity, query.before ?? Infinity);
  if (after > -Infinity || before < Infinity) tests.push((at) => columns.time(at) >= after && columns.time(at) < before);
  for (const [column, parts] of [['files_json', filters.file], ['git_branch', filters.branch]] as const) {
    for (const part of parts) {
      const sessions = new Set(sessionsWith(driver, column, part));
      tests.push((at) => sessions.has(columns.session(at)));
    }
  }
  return tests.length === 0 ? undefined : (at) => tests.every((test) => test(at));
}

/** Turns the filters of a query into a test of documents. */
import { fileName } from '../../protocol/paths';
import type { SearchQuery } from '../../protocol/questions/search';
import type { QueryProblem } from '../../protocol/search-hit';
import { foldLetters } from '../lib/text';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentKinds, isAlone } from '../store/tables/documents';
import { markedRows, rowsTagged, tagCounts } from '../store/tables/marks';
import type { MarkedRows } from '../store/tables/marks';
import { allProjects, withJoined } from '../store/tables/projects';
import type { AskedQuery } from './asked-query';
import type { DocumentColumns } from './columns';
import { parseDate } from './dates';
import { nearest } from './nearest';
import { maxQueryLength } from './query';
import type { ParsedQuery, QueryFilter } from './query';
import type { FilterValue } from './split-query';

/** Tests a document by its place in the columns. */
export type DocumentTest = (at: number) => boolean;

/** Names people use for types, in addition to the stored ones. */
const facetNames: Readonly<Record<string, string>> = {
  prompt: 'user',
  prompts: 'user',
  answer: 'assistant',
  answers: 'assistant',
  tool: 'tool_result',
  result: 'tool_result',
  results: 'tool_result',
  errors: 'error',
  warnings: 'warning',
  notice: 'info',
  notices: 'info',
  notes: 'note',
  learnings: 'learning',
  title: 'session',
};
/** Offered for `type:` and `is:`. */
export const typeNames: readonly string[] = [
  'prompt',
  'answer',
  'result',
  'error',
  'warning',
  'notice',
  'learning',
  'note',
];
export const stateNames: readonly string[] = ['flagged', 'tagged', 'error', 'learning'];
const storedFacets: ReadonlySet<string> = new Set([
  'user',
  'assistant',
  'system',
  'tool',
  'tool_result',
  'error',
  'warning',
  'info',
  'learning',
  'session',
  'note',
]);

/** Several filters of one of these names match any of their values, because nothing has two projects. */
const single: ReadonlySet<string> = new Set(['project', 'type', 'tool', 'branch']);

interface Sources {
  driver: SqlDriver;
  columns: DocumentColumns;
}

export interface QueryFilters {
  /** Undefined when every document passes. */
  test: DocumentTest | undefined;
  /** Problems of the text and values that do not exist, by position. */
  problems: QueryProblem[];
}

/**
 * The filters of a query as one test, valid until the columns change. A value that does not exist is reported and
 * ignored, so that the rest of the query is answered.
 */
export function filterOf(
  driver: SqlDriver,
  columns: DocumentColumns,
  { query, parsed, scopeIds }: AskedQuery,
): QueryFilters {
  const problems = [...parsed.problems];
  const sources = { driver, columns };
  const tests: DocumentTest[] = [...structured(columns, query), ...times(columns, query, parsed)];
  if (query.withNotes === false) tests.push((at) => columns.kind(at) !== documentKinds.note);
  if (scopeIds) {
    const ids = new Set(scopeIds);
    // A learning or a note without a project applies to all projects.
    tests.push((at) => ids.has(columns.project(at)) || (isAlone(columns.kind(at)) && columns.project(at) === 0));
  }
  const textLength = Math.min(query.text.length, maxQueryLength);
  for (const filter of joined(parsed.filters)) {
    const known = filter.values.flatMap((value) => {
      const test = testOf(sources, filter.name, value.text);
      if (typeof test === 'function') return [test];
      // The value at the end may still be incomplete while typing, so it is not reported.
      if (!(query.isTyping && value.end === textLength))
        problems.push(
          unknownValue(filter, { ...value, text: query.text.slice(value.start, value.end).replaceAll('"', '') }, test),
        );
      return [];
    });
    if (known.length === 0) continue;
    const isAny: DocumentTest = (at) => known.some((test) => test(at));
    tests.push(filter.isNegated ? (at) => !isAny(at) : isAny);
  }
  return {
    test: tests.length === 0 ? undefined : (at) => tests.every((test) => test(at)),
    problems: problems.sort((a, b) => a.start - b.start),
  };
}

function joined(filters: readonly QueryFilter[]): QueryFilter[] {
  const result: QueryFilter[] = [];
  for (const filter of filters) {
    const same =
      single.has(filter.name) && !filter.isNegated
        ? result.find(({ name, isNegated }) => name === filter.name && !isNegated)
        : undefined;
    if (same) same.values = [...same.values, ...filter.values];
    else result.push({ ...filter });
  }
  return result;
}

const unknownValue = (
  { name }: QueryFilter,
  { text, start, end }: FilterValue,
  known: readonly string[],
): QueryProblem => {
  const hint = nearest(text, known);
  return {
    code: 'unknown_value',
    start,
    end,
    filter: name,
    value: text,
    message: `Nothing here has ${name}:${text}.`,
    ...(hint !== undefined && { hint: quoteValue(hint) }),
  };
};

/** A value as it must be written in a query, quoted when necessary. */
export const quoteValue = (value: string): string => (/[\s,"]/.test(value) ? `"${value.replaceAll('"', '')}"` : value);

/** The test for one value, or suggestions when it does not exist. */
function testOf(
  { driver, columns }: Sources,
  name: QueryFilter['name'],
  value: string,
): DocumentTest | readonly string[] {
  switch (name) {
    case 'project': {
      const all = allProjects(driver);
      // The name it has now, and the ones it had.
      const named = all.filter((project) =>
        [project.name, project.root, project.ownName, project.ownRoot].some((text) =>
          foldLetters(text).includes(value),
        ),
      );
      const ids = withJoined(all, new Set(named.map(({ id }) => id)));
      return ids.size === 0 ? all.map((project) => project.name) : (at) => ids.has(columns.project(at));
    }
    case 'type': {
      const facet = facetNames[value] ?? value;
      return storedFacets.has(facet) ? (at) => columns.facet(at) === facet : typeNames;
    }
    case 'tool': {
      const tools = columns.toolsUsed();
      const numbers = new Set(tools.flatMap((tool) => (foldLetters(tool.name) === value ? [tool.number] : [])));
      return numbers.size === 0
        ? tools.map((tool) => tool.name)
        : (at) => columns.kind(at) === documentKinds.observation && numbers.has(columns.toolNumber(at));
    }
    case 'branch': {
      const branches = columns.sessions.branches.all();
      const numbers = new Set(
        branches.flatMap((branch, number) => (branch !== '' && foldLetters(branch).includes(value) ? [number] : [])),
      );
      return numbers.size === 0 ? branches : (at) => numbers.has(columns.sessions.branch(columns.session(at)));
    }
    case 'file': {
      const files = columns.sessions.files.all();
      const numbers = new Set(files.flatMap((file, number) => (foldLetters(file).includes(value) ? [number] : [])));
      return numbers.size === 0 ? files.map(fileName) : touched(columns, numbers);
    }
    case 'tag': {
      const rows = rowsTagged(driver, value);
      return isEmpty(rows) ? tagCounts(driver).map(({ tag }) => tag) : isAmong(columns, rows);
    }
    case 'is':
      return stateTest({ driver, columns }, value);
    default:
      return [];
  }
}

function stateTest({ driver, columns }: Sources, value: string): DocumentTest | readonly string[] {
  if (value === 'error') return (at) => columns.facet(at) === 'error';
  if (value === 'learning') return (at) => columns.kind(at) === documentKinds.learning;
  if (value === 'flagged' || value === 'tagged') return isAmong(columns, markedRows(driver, value));
  return stateNames;
}

const isEmpty = ({ prompts, observations, learnings }: MarkedRows): boolean =>
  prompts.size + observations.size + learnings.size === 0;

function isAmong(columns: DocumentColumns, { prompts, observations, learnings }: MarkedRows): DocumentTest {
  const none: ReadonlySet<number> = new Set();
  return (at) => {
    const kind = columns.kind(at);
    const rows =
      kind === documentKinds.prompt
        ? prompts
        : kind === documentKinds.observation
          ? observations
          : kind === documentKinds.learning
            ? learnings
            : none;
    return rows.has(columns.row(at));
  };
}

/** Sessions that touched one of these files; the result per session is cached. */
function touched(columns: DocumentColumns, files: ReadonlySet<number>): DocumentTest {
  const answers = new Map<number, boolean>();
  return (at) => {
    const session = columns.session(at);
    let answer = answers.get(session);
    if (answer === undefined)
      answers.set(session, (answer = columns.sessions.filesOf(session).some((file) => files.has(file))));
    return answer;
  };
}

/** Filters that a head passes beside the text. */
function structured(columns: DocumentColumns, query: SearchQuery): DocumentTest[] {
  const tests: DocumentTest[] = [];
  if (query.types?.length) {
    const types = new Set<string>(query.types);
    tests.push((at) => types.has(columns.facet(at)));
  }
  if (query.tools?.length) {
    const tools = new Set(query.tools.map((tool) => tool.toLowerCase()));
    tests.push((at) => columns.kind(at) === documentKinds.observation && tools.has(columns.tool(at).toLowerCase()));
  }
  if (query.branches?.length) {
    const wanted = new Set(query.branches);
    const numbers = new Set(
      columns.sessions.branches.all().flatMap((branch, number) => (wanted.has(branch) ? [number] : [])),
    );
    tests.push((at) => numbers.has(columns.sessions.branch(columns.session(at))));
  }
  if (query.files?.length) {
    const wanted = new Set(query.files);
    tests.push(
      touched(
        columns,
        new Set(columns.sessions.files.all().flatMap((file, number) => (wanted.has(file) ? [number] : []))),
      ),
    );
  }
  return tests;
}

function times(columns: DocumentColumns, query: SearchQuery, parsed: ParsedQuery): DocumentTest[] {
  const tests: DocumentTest[] = [];
  const after = Math.max(parsed.after ?? -Infinity, query.after ?? -Infinity);
  const before = Math.min(parsed.before ?? Infinity, query.before ?? Infinity);
  if (after > -Infinity || before < Infinity)
    tests.push((at) => columns.time(at) >= after && columns.time(at) < before);
  // Days are calendar dates here, so the present time does not matter.
  const days = (query.days ?? []).flatMap((day) => parseDate(day, 0) ?? []);
  for (const { any, isNegated } of [
    ...parsed.spans,
    ...(query.days?.length ? [{ any: days, isNegated: false }] : []),
  ]) {
    tests.push((at) => any.some(({ start, end }) => columns.time(at) >= start && columns.time(at) < end) !== isNegated);
  }
  return tests;
}

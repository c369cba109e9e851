/**
 * The history as numbers per day: counted from the columns of search in memory, and from the usage that the API
 * reported per message.
 */
import type { DayOfWork, Insights } from '../../protocol/insights';
import type { InsightsApi, InsightsQuery } from '../../protocol/questions/insights';
import type { Scope } from '../../protocol/questions/schemas';
import type { DocumentColumns } from '../index/columns';
import type { Clock } from '../lib/clock';
import { dayBefore } from '../lib/local-day';
import { pricesOf } from '../lib/prices';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentKinds } from '../store/tables/documents';
import { shownProjects } from '../store/tables/projects';
import { givenSince } from '../store/tables/stats';
import { rememberDays, startOfDay, UsageByDay } from './usage-by-day';

export interface InsightsPorts {
  driver: SqlDriver;
  clock: Clock;
  /** The columns, up to date with the database. */
  columns: () => DocumentColumns;
  /** Ids of the projects in a scope; undefined for all. */
  inScope: (scope: Scope | undefined) => Promise<number[] | undefined>;
}

const maxTools = 20;
const maxProjects = 20;

export function insightsApi(ports: InsightsPorts): Pick<InsightsApi, 'insights'> {
  const usage = new UsageByDay(ports.driver);
  return {
    async insights(query, signal) {
      const ids = await ports.inScope(query.scope);
      signal?.throwIfAborted();
      return countInsights(ports, usage, query, ids);
    },
  };
}

type Counted = Omit<DayOfWork, 'day' | 'sessions'> & { sessions: Set<number> };
const nothing = (): Counted => ({
  sessions: new Set(),
  prompts: 0,
  toolCalls: 0,
  errors: 0,
  inputTokens: 0,
  outputTokens: 0,
  cacheReadTokens: 0,
  cacheWriteTokens: 0,
  usd: 0,
});

function countInsights(
  { driver, clock, columns }: InsightsPorts,
  usage: UsageByDay,
  { days = 30 }: InsightsQuery,
  projectIds: readonly number[] | undefined,
): Insights {
  const span = Math.min(Math.max(Math.floor(days) || 30, 7), 366);
  const now = clock.now();
  const byDay = new Map(Array.from({ length: span }, (_, index) => [dayBefore(now, span - 1 - index), nothing()]));
  const start = startOfDay(now, span - 1);
  const dayOf = rememberDays();
  const dayAt = (at: number) => byDay.get(dayOf(at));
  const isMeant = projectIds && new Set(projectIds);
  const refs = shownProjects(driver);
  const projects = new Map<number, { sessions: Set<number>; usd: number }>();
  const projectOf = (own: number) => {
    const id = refs.get(own)?.id ?? own;
    const known = projects.get(id) ?? { sessions: new Set<number>(), usd: 0 };
    projects.set(id, known);
    return known;
  };
  const tools = countWork(columns(), start, isMeant, dayAt, projectOf);
  const models = new Map<string, Insights['models'][number]>();
  const counted = { answers: 0, placeholders: 0 };
  let savedUsd = 0;
  for (const sum of usage.sums(now)) {
    const day = byDay.get(sum.day);
    if (!day || (isMeant && !isMeant.has(sum.projectId))) continue;
    const model = models.get(sum.model) ?? {
      model: sum.model,
      inputTokens: 0,
      outputTokens: 0,
      cacheReadTokens: 0,
      cacheWriteTokens: 0,
      usd: 0,
      isPriced: sum.isPriced,
    };
    models.set(sum.model, model);
    for (const total of [day, model]) {
      total.inputTokens += sum.inputTokens;
      total.outputTokens += sum.outputTokens;
      total.cacheReadTokens += sum.cacheReadTokens;
      total.cacheWriteTokens += sum.cacheWriteTokens;
      total.usd += sum.usd;
    }
    counted.answers += sum.answers;
    counted.placeholders += sum.placeholders;
    savedUsd += sum.savedUsd;
    projectOf(sum.projectId).usd += sum.usd;
  }
  const total = (pick: (day: Counted) => number) => [...byDay.values()].reduce((sum, day) => sum + pick(day), 0);
  const prompts = total((day) => day.inputTokens + day.cacheReadTokens + day.cacheWriteTokens);
  return {
    days: [...byDay].map(([day, { sessions, ...counts }]) => ({ day, ...counts, sessions: sessions.size })),
    tools,
    models: [...models.values()]
      .filter(
        ({ inputTokens, outputTokens, cacheReadTokens, cacheWriteTokens }) =>
          inputTokens + outputTokens + cacheReadTokens + cacheWriteTokens > 0,
      )
      .sort((a, b) => b.usd - a.usd || b.outputTokens - a.outputTokens),
    projects: [...projects]
      .flatMap(([id, { sessions, usd }]) =>
        refs.has(id) && sessions.size > 0 ? [{ project: refs.get(id)!, sessions: sessions.size, usd }] : [],
      )
      .sort((a, b) => b.sessions - a.sessions || b.usd - a.usd)
      .slice(0, maxProjects),
    cache: { readShare: prompts === 0 ? 0 : total((day) => day.cacheReadTokens) / prompts, savedUsd },
    counted,
    memory: givenSince(driver, dayBefore(now, span - 1)),
    pricesOf,
  };
}

/** Prompts, calls and errors per day, sessions per project, and the most used tools. */
function countWork(
  columns: DocumentColumns,
  start: number,
  isMeant: ReadonlySet<number> | undefined,
  dayAt: (at: number) => Counted | undefined,
  projectOf: (id: number) => { sessions: Set<number> },
): Insights['tools'] {
  const calls = new Map<number, { calls: number; errors: number }>();
  for (const at of columns.each()) {
    const time = columns.time(at);
    const kind = columns.kind(at);
    if (
      time < start ||
      (kind !== documentKinds.prompt && kind !== documentKinds.observation) ||
      (isMeant && !isMeant.has(columns.project(at)))
    )
      continue;
    const day = dayAt(time);
    if (!day) continue;
    const session = columns.session(at);
    day.sessions.add(session);
    projectOf(columns.project(at)).sessions.add(session);
    if (kind === documentKinds.prompt) {
      if (columns.facet(at) === 'user') day.prompts++;
      continue;
    }
    const isError = columns.facet(at) === 'error';
    day.toolCalls++;
    if (isError) day.errors++;
    const tool = columns.toolNumber(at);
    const known = calls.get(tool);
    if (known) {
      known.calls++;
      if (isError) known.errors++;
    } else calls.set(tool, { calls: 1, errors: isError ? 1 : 0 });
  }
  return [...calls]
    .map(([tool, counts]) => ({ tool: columns.toolName(tool), ...counts }))
    .sort((a, b) => b.calls - a.calls || (a.tool < b.tool ? -1 : 1))
    .slice(0, maxTools);
}

/** Counts for plots: tokens as the API reported them, and memories that were given back. */
import type { MemoryText, SessionId } from '../../../protocol/model';
import { estimateTokens } from '../../lib/tokens';
import type { SqlDriver } from '../sqlite/driver';
import { hasPlaceholder, isAnswer } from './session-costs';
import { sameUseMs } from './uses';

export interface UsageRow {
  /** Time of the answer; epoch milliseconds. */
  at: number;
  projectId: number;
  model: string;
  input: number;
  output: number;
  cacheRead: number;
  cacheWrite: number;
  /** Of `cacheWrite`, what was written for an hour. */
  cacheWriteHour: number;
  /** False for what a session's sum has beyond its answers. */
  isAnswer: boolean;
  /** `output` is not what was counted, but what the client wrote before it was. */
  isPlaceholder: boolean;
}

/** Visits each message once, from `since` until before `until`. */
export function eachUsage(driver: SqlDriver, since: number, until: number, visit: (row: UsageRow) => void): void {
  const projects = new Map(
    driver
      .all<{ no: number; project: number }>("SELECT no, project_id AS project FROM sessions WHERE status <> 'deleted'")
      .map(({ no, project }) => [no, project]),
  );
  driver.each(
    `SELECT at, session, model, input, output, cache_read, cache_write, cache_write_hour, ${isAnswer('u')},
      ${hasPlaceholder('u')} FROM message_usage u WHERE at >= ? AND at < ?`,
    [since, until],
    ([at, session, model, input, output, cacheRead, cacheWrite, cacheWriteHour, answers, placeholder]) => {
      const projectId = projects.get(session as number);
      if (projectId !== undefined)
        visit({
          at: at as number,
          projectId,
          model: model as string,
          input: input as number,
          output: output as number,
          cacheRead: cacheRead as number,
          cacheWrite: cacheWrite as number,
          cacheWriteHour: cacheWriteHour as number,
          isAnswer: answers === 1,
          isPlaceholder: placeholder === 1,
        });
    },
  );
}

/** A text that differs whenever messages before a time were added or deleted, or their sessions changed project. */
export function usagePrint(driver: SqlDriver, until: number): string {
  return JSON.stringify([
    driver.get(
      `SELECT count(*) AS n, sum(at) AS times, sum(cache_write_hour) AS hours, sum(said) AS said,
        (SELECT count(*) FROM session_costs) AS costs FROM message_usage WHERE at < ?`,
      [until],
    ),
    driver.get(
      `SELECT count(*) AS n, sum(no * (project_id + 1)) AS places, sum(CASE WHEN updated_at < ? THEN token_count
        ELSE 0 END) AS tokens FROM sessions WHERE status <> 'deleted'`,
      [until],
    ),
  ]);
}

export interface Given {
  given: number;
  givenTokens: number;
  sourceTokens: number;
}

/**
 * Counts a memory that was inserted, copied or opened: one row per day and measure. `day` is the local day, e.g.
 * 2026-11-22.
 */
export function noteGiven(
  driver: SqlDriver,
  { key, sessionId, text }: Pick<MemoryText, 'key' | 'sessionId' | 'text'>,
  day: string,
  now: number,
): void {
  driver.transaction(() => {
    driver.run("DELETE FROM stats_snapshots WHERE metric = 'given.last' AND abs(?1 - value) > ?2", [now, sameUseMs]);
    if (
      driver.run(
        "INSERT OR IGNORE INTO stats_snapshots (day, metric, dimension, value) VALUES ('', 'given.last', ?1, ?2)",
        [key, now],
      ) === 0
    )
      return;
    const counted: Given = {
      given: 1,
      givenTokens: estimateTokens(text),
      sourceTokens: sourceTokens(driver, sessionId),
    };
    for (const [measure, value] of Object.entries(counted)) {
      driver.run(
        `INSERT INTO stats_snapshots (day, metric, value) VALUES (?1, 'memory.' || ?2, ?3)
          ON CONFLICT (day, metric, dimension) DO UPDATE SET value = value + ?3`,
        [day, measure, value],
      );
    }
  });
}

/** Tokens of the whole session, which a model would have to read otherwise. */
function sourceTokens(driver: SqlDriver, id: SessionId): number {
  const known = driver.get<{ tokens: number }>(
    "SELECT raw_tokens AS tokens FROM summaries WHERE session_id = ? AND summary_type = 'session' AND source = 'local'",
    [id],
  );
  if (known) return known.tokens;
  return (
    driver.get<{ tokens: number }>(
      `SELECT coalesce((SELECT sum(token_count) FROM prompts
        WHERE session = s.no), 0) + coalesce((SELECT sum(length(input) + length(content)) * 10 / 35
        FROM observations WHERE session = s.no), 0) AS tokens
       FROM sessions s WHERE s.id = ?`,
      [id],
    )?.tokens ?? 0
  );
}

/** Sums from a local day on. */
export function givenSince(driver: SqlDriver, day: string): Given {
  const rows = driver.all<{ metric: string; value: number }>(
    "SELECT metric, sum(value) AS value FROM stats_snapshots WHERE metric LIKE 'memory.%' AND day >= ? GROUP BY metric",
    [day],
  );
  const of = (measure: keyof Given) => rows.find(({ metric }) => metric === `memory.${measure}`)?.value ?? 0;
  return { given: of('given'), givenTokens: of('givenTokens'), sourceTokens: of('sourceTokens') };
}

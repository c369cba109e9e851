/** Counts of sessions, rows and learnings. */
import type { SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { hasRows } from './sessions';

export interface Counts {
  sessions: number;
  projects: number;
  prompts: number;
  observations: number;
  learnings: number;
}

export function counts(driver: SqlDriver): Counts {
  // A database of an earlier version is counted before it is migrated, so the column may be missing.
  const accepted = driver.get("SELECT 1 FROM pragma_table_info('learnings') WHERE name = 'state'")
    ? " AND state = 'accepted'"
    : '';
  const [shown, from] = hasTable(driver, 'project_joins')
    ? ['p.shown_id', 'sessions JOIN shown_projects p ON p.id = project_id']
    : ['project_id', 'sessions'];
  return driver.get<Counts>(
    `SELECT (SELECT count(*) FROM sessions WHERE status <> 'deleted' AND ${hasRows('sessions')}) AS sessions,
       (SELECT count(DISTINCT ${shown}) FROM ${from} WHERE status <> 'deleted' AND ${hasRows('sessions')}) AS projects,
       (SELECT coalesce(sum(prompts), 0) FROM sessions) AS prompts, (SELECT coalesce(sum(observations), 0) FROM sessions) AS observations,
       (SELECT count(*) FROM learnings WHERE deleted_at IS NULL${accepted}) AS learnings`,
  ) as Counts;
}

/** Sessions of some projects. */
export function countSessions(driver: SqlDriver, projectIds: readonly number[]): number {
  return (
    driver.get<{ n: number }>(
      `SELECT count(*) AS n FROM sessions WHERE status <> 'deleted' AND ${hasRows('sessions')}
        AND project_id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(projectIds)],
    )?.n ?? 0
  );
}

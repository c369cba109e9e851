/** Rows of the hot set: titles, prompts of a person and learnings. */
import type { SqlDriver } from '../sqlite/driver';
import { hasRows } from './sessions';

export interface HotRow {
  /** `t` (title), `p` (prompt) or `l` (learning), followed by the row's number. */
  id: string;
  text: string;
  sessionId: string;
}

/** Ids of the newest rows, oldest first, because the hot set evicts what was added first. */
export function hotRowIds(driver: SqlDriver, most: number): string[] {
  return driver
    .all<{ id: string }>(
      `SELECT id FROM (SELECT 't' || no AS id, updated_at AS at FROM sessions
        WHERE title <> '' AND ${hasRows('sessions')}
      UNION ALL SELECT 'p' || id, created_at FROM prompts WHERE prompt_type = 'user'
      UNION ALL SELECT 'l' || no, updated_at FROM learnings WHERE deleted_at IS NULL AND state = 'accepted')
     ORDER BY at DESC LIMIT ?`,
      [most],
    )
    .map(({ id }) => id)
    .toReversed();
}

/** Those of the rows that are still there, in the order of the ids. */
export function hotRowsOf(driver: SqlDriver, ids: readonly string[]): HotRow[] {
  const numbers = (kind: string) => JSON.stringify(ids.flatMap((id) => (id[0] === kind ? Number(id.slice(1)) : [])));
  const found = driver.all<{ id: string; text: string; sessionId: string }>(
    `SELECT 't' || no AS id, title AS text, id AS sessionId FROM sessions
       WHERE no IN (SELECT value FROM json_each(?1)) AND title <> ''
     UNION ALL SELECT 'p' || p.id, substr(p.content, 1, 2000), s.id FROM prompts p JOIN sessions s ON s.no = p.session
       WHERE p.id IN (SELECT value FROM json_each(?2)) AND p.prompt_type = 'user'
     UNION ALL SELECT 'l' || no, title || ' ' || substr(description, 1, 2000), '' FROM learnings
       WHERE no IN (SELECT value FROM json_each(?3)) AND deleted_at IS NULL AND state = 'accepted'`,
    [numbers('t'), numbers('p'), numbers('l')],
  );
  const rows = new Map(found.map((row) => [row.id, row]));
  return ids.flatMap((id) => rows.get(id) ?? []);
}

/** The hot rows of one session, for replacing them when the session grew. */
export function hotRowsOfSession(driver: SqlDriver, sessionId: string): HotRow[] {
  return driver.all<{ id: string; text: string; sessionId: string }>(
    `SELECT 't' || no AS id, title AS text, id AS sessionId FROM sessions WHERE id = ?1 AND title <> ''
     UNION ALL SELECT 'p' || p.id, substr(p.content, 1, 2000), s.id FROM prompts p
       JOIN sessions s ON s.no = p.session WHERE s.id = ?1 AND p.prompt_type = 'user'`,
    [sessionId],
  );
}

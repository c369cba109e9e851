/** Rows of the hot set: titles, prompts of a person and learnings. */
import type { SqlDriver } from '../sqlite/driver';
import { hasRows } from './sessions';

export interface HotRow {
  /** `t` (title), `p` (prompt) or `l` (learning), followed by the row's number. */
  id: string;
  text: string;
  sessionId: string;
}

/** The newest rows, oldest first, because the hot set evicts what was added first. */
export function hotRows(driver: SqlDriver, most: number): HotRow[] {
  return driver
    .all<{ id: string; text: string; sessionId: string }>(
      `SELECT * FROM (SELECT 't' || no AS id, title AS text, id AS sessionId, updated_at AS at FROM sessions
        WHERE title <> '' AND ${hasRows('sessions')}
      UNION ALL SELECT 'p' || p.id, substr(p.content, 1, 2000), s.id, p.created_at FROM prompts p
        JOIN sessions s ON s.no = p.session WHERE p.prompt_type = 'user'
      UNION ALL SELECT 'l' || no, title || ' ' || substr(description, 1, 2000), '', updated_at FROM learnings
        WHERE deleted_at IS NULL AND state = 'accepted')
     ORDER BY at DESC LIMIT ?`,
      [most],
    )
    .toReversed();
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

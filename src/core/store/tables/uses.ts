/** How often memories were taken from a session, and which sessions contain flagged rows. */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

/** A call whose answer was lost is repeated on the next keeper, so a second use within this time is the same one. */
export const sameUseMs = 15_000;

export function noteSessionUse(driver: SqlDriver, id: SessionId, now: number): void {
  driver.run(
    `INSERT INTO session_uses (session_id, uses, last_used_at) VALUES (?1, 1, ?2) ON CONFLICT (session_id) DO UPDATE
      SET uses = uses + 1, last_used_at = ?2`,
    [id, now],
  );
}

/** By row number of the session; sessions without uses are left out. */
export function usesBySession(driver: SqlDriver): Map<number, number> {
  return new Map(
    driver
      .all<{ no: number; uses: number }>('SELECT no, uses FROM session_uses JOIN sessions ON id = session_id')
      .map(({ no, uses }) => [no, uses]),
  );
}

export function flaggedSessions(driver: SqlDriver): Set<number> {
  return new Set(
    driver
      .all<{ no: number }>('SELECT DISTINCT no FROM marks JOIN sessions ON id = session_id WHERE is_flagged = 1')
      .map(({ no }) => no),
  );
}

export function forgetUses(driver: SqlDriver, id: SessionId): void {
  // A backup may come from a version without this table.
  if (hasTable(driver, 'session_uses')) driver.run('DELETE FROM session_uses WHERE session_id = ?', [id]);
}

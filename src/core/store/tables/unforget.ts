/** Takes tombstones away, so that transcripts which are still on the disk are read again. */
import type { SessionId } from '../../../protocol/model';
import { isMarkOf } from '../../lib/keyed-mark';
import type { SqlDriver } from '../sqlite/driver';
import { isForgotten } from './forget';

/** What tells whether a tombstone covers a session. */
export interface BuriedSession {
  id: SessionId;
  /** Root of its project. */
  root: string;
  /** Epoch milliseconds. */
  startedAt: number;
}

export const hasTombstones = (driver: SqlDriver): boolean =>
  driver.get('SELECT 1 FROM tombstones LIMIT 1') !== undefined;

/** Number of sessions that were forgotten one by one, with their project or with everything. */
export const countForgotten = (driver: SqlDriver): number =>
  driver.get<{ n: number }>("SELECT count(*) AS n FROM tombstones WHERE kind = 'session'")?.n ?? 0;

/** How many of these sessions are in the memory. */
export const countKept = (driver: SqlDriver, ids: readonly SessionId[]): number =>
  driver.get<{ n: number }>('SELECT count(*) AS n FROM sessions WHERE id IN (SELECT value FROM json_each(?))', [
    JSON.stringify(ids),
  ])?.n ?? 0;

/**
 * Takes the tombstones of the `chosen` sessions away, and those of a project or of everything that cover one of them.
 * All `others` on the disk stay forgotten: those which such a tombstone covered get one of their own.
 */
export function unforget(
  driver: SqlDriver,
  chosen: readonly BuriedSession[],
  others: readonly BuriedSession[],
  now: number,
): void {
  driver.transaction(() => {
    const wide = driver
      .all<{ kind: 'project' | 'everything'; target: string; at: number }>(
        "SELECT kind, target, at FROM tombstones WHERE kind <> 'session'",
      )
      .filter(({ kind, target, at }) =>
        chosen.some(({ root, startedAt }) => at >= startedAt && (kind === 'everything' || isMarkOf(target, root))),
      );
    const stillForgotten = others.filter(({ id, root, startedAt }) => isForgotten(driver, id, root, startedAt));
    for (const { kind, target } of wide)
      driver.run('DELETE FROM tombstones WHERE kind = ? AND target = ?', [kind, target]);
    for (const { id } of stillForgotten)
      driver.run("INSERT OR IGNORE INTO tombstones (kind, target, at) VALUES ('session', ?, ?)", [id, now]);
    for (const { id } of chosen) {
      driver.run("DELETE FROM tombstones WHERE kind = 'session' AND target = ?", [id]);
      // Without its books a file is new, and is read from its beginning.
      driver.run('DELETE FROM sources WHERE session_id = ?', [id]);
    }
  });
}

/**
 * What a person put on a session: a pin, a name. The table is precious: it refers to the session's id from the
 * transcript, so it survives a rebuild, also when the session is read again later.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { Row, SqlDriver, SqlValue } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { isProjectBuried } from './buried-roots';
import { isNamed, showName } from './session-titles';

/** @throws MemoryError `not_found` */
export function setPinned(driver: SqlDriver, id: SessionId, isPinned: boolean, now: number): void {
  driver.transaction(() => change(driver, id, 'is_pinned', isPinned ? 1 : 0, now));
}

/** An empty name gives the transcript's title back. @throws MemoryError `not_found` */
export function setName(driver: SqlDriver, id: SessionId, name: Redacted, now: number): void {
  driver.transaction(() => showName(driver, change(driver, id, 'name', name, now), name));
}

/** Answers the number of the session. */
function change(driver: SqlDriver, id: SessionId, column: 'is_pinned' | 'name', value: SqlValue, now: number): number {
  const no = numberOf(driver, id);
  if (no === undefined) throw new MemoryError('not_found', 'This session is not in memory.', { sessionId: id });
  driver.run(
    `INSERT INTO session_marks (session_id, ${column}, updated_at) VALUES (?1, ?2, ?3)
     ON CONFLICT (session_id) DO UPDATE SET ${column} = ?2, updated_at = ?3`,
    [id, value, now],
  );
  // An entry that says nothing is deleted.
  driver.run("DELETE FROM session_marks WHERE session_id = ? AND is_pinned = 0 AND name = ''", [id]);
  return no;
}

const numberOf = (driver: SqlDriver, id: SessionId): number | undefined =>
  driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [id])?.no;

/** Shows the name of a session that has just come into the memory. */
export function applyName(driver: SqlDriver, id: SessionId): void {
  const name = driver.get<{ name: string }>('SELECT name FROM session_marks WHERE session_id = ?', [id])?.name ?? '';
  const no = numberOf(driver, id);
  if (name !== '' && no !== undefined) showName(driver, no, name);
}

/** After a repair either half of a name may be lost: the other one gives it back. */
export function mendNames(driver: SqlDriver, now: number): void {
  driver.run(
    `INSERT INTO session_marks (session_id, name, updated_at) SELECT s.id, s.title, ? FROM sessions s
      WHERE ${isNamed('s')} ON CONFLICT (session_id) DO NOTHING`,
    [now],
  );
  for (const { id } of driver.all<{ id: string }>("SELECT session_id AS id FROM session_marks WHERE name <> ''"))
    applyName(driver, id);
}

export function eraseSessionMarks(driver: SqlDriver, id: SessionId): void {
  if (hasTable(driver, 'session_marks')) driver.run('DELETE FROM session_marks WHERE session_id = ?', [id]);
}

/** A stored entry and the project of its session, when that is known. */
export interface SessionMarkRow extends Row {
  session_id: string;
  is_pinned: number;
  name: string;
  updated_at: number;
  project_root: string | null;
}

/** A backup of an earlier version has none. */
export function readSessionMarks(driver: SqlDriver): SessionMarkRow[] {
  if (!hasTable(driver, 'session_marks')) return [];
  return driver.all(
    `SELECT m.*, p.root AS project_root FROM session_marks m LEFT JOIN sessions s ON s.id = m.session_id LEFT
      JOIN projects p ON p.id = s.project_id ORDER BY m.session_id`,
  );
}

/** Adds entries except those of forgotten sessions, and shows their names. Needs the present schema. */
export function putSessionMarks(driver: SqlDriver, rows: readonly SessionMarkRow[], mayReplace: boolean): void {
  for (const { session_id: id, is_pinned, name, updated_at, project_root } of rows) {
    if (
      driver.get("SELECT 1 FROM tombstones WHERE kind = 'session' AND target = ?", [id]) ||
      (project_root !== null && isProjectBuried(driver, project_root, updated_at))
    )
      continue;
    const changed = driver.run(
      `INSERT OR ${mayReplace ? 'REPLACE' : 'IGNORE'} INTO session_marks (session_id, is_pinned, name, updated_at)
        VALUES (?, ?, ?, ?)`,
      [id, is_pinned, name, updated_at],
    );
    const no = numberOf(driver, id);
    if (changed > 0 && no !== undefined) showName(driver, no, name);
  }
}

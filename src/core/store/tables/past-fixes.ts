/**
 * Errors that were fixed, and by which edits. No text: the error stands in the output of its call, the edits in their
 * rows. Refusals are precious: a person said that a fix is not one for an error.
 */
import type { SessionId } from '../../../protocol/model';
import type { KeyedName } from '../../lib/keyed-name';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

export interface PastFixRow {
  same: KeyedName;
  alike: KeyedName;
  kind: KeyedName;
  redUid: string;
  /** Of the output of that call, from 0. */
  line: number;
  /** Uids of the edits. */
  edits: string[];
  at: number;
}

export interface KnownFix {
  redUid: string;
  line: number;
  edits: string[];
  at: number;
  sessionId: SessionId;
  title: string;
  turn: number;
  /** Of the call that failed. */
  output: string;
}

/** Looked at for each of the three ways to be alike, the latest first. */
const most = { same: 20, alike: 40, kind: 60 } as const;
const maxOutput = 60_000;

export function replacePastFixes(driver: SqlDriver, session: number, fixes: readonly PastFixRow[]): void {
  driver.transaction(() => {
    driver.run('DELETE FROM past_fixes WHERE session = ?', [session]);
    for (const { same, alike, kind, redUid, line, edits, at } of fixes)
      driver.run(
        'INSERT INTO past_fixes (session, same, alike, kind, red_uid, line, edits_json, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)',
        [session, same, alike, kind, redUid, line, JSON.stringify(edits), at],
      );
  });
}

/** The latest first. `projectIds`: all when undefined. Refused ones are left out. */
export function fixesBy(
  driver: SqlDriver,
  by: 'same' | 'alike' | 'kind',
  key: KeyedName,
  error: KeyedName,
  projectIds: readonly number[] | undefined,
): KnownFix[] {
  return driver
    .all<Row & Omit<KnownFix, 'edits'> & { edits: string }>(
      `SELECT f.red_uid AS redUid, f.line, f.edits_json AS edits, f.at, s.id AS sessionId,
          CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title, o.turn, substr(o.content, 1, ${maxOutput}) AS output
        FROM past_fixes f JOIN observations o ON o.uid = f.red_uid JOIN sessions s ON s.no = f.session
        WHERE f.${by} = ?1 AND s.status <> 'deleted' ${projectIds ? 'AND s.project_id IN (SELECT value FROM json_each(?3))' : ''}
          AND NOT EXISTS (SELECT 1 FROM past_fix_refusals r WHERE r.error = ?2 AND r.fix = f.red_uid)
        ORDER BY f.at DESC LIMIT ${most[by]}`,
      [key, error, ...(projectIds ? [JSON.stringify(projectIds)] : [])],
    )
    .map(({ edits, ...fix }) => ({ ...(fix as Omit<KnownFix, 'edits'>), edits: JSON.parse(edits) as string[] }));
}

/** False when the fix is no longer in memory. */
export function refuseFix(driver: SqlDriver, error: KeyedName, redUid: string, now: number): boolean {
  const from = driver.get<{ id: SessionId }>(
    'SELECT s.id FROM past_fixes f JOIN sessions s ON s.no = f.session WHERE f.red_uid = ? LIMIT 1',
    [redUid],
  );
  if (from) put(driver, { error, fix: redUid, session_id: from.id, at: now });
  return from !== undefined;
}

export function allowFix(driver: SqlDriver, error: KeyedName, redUid: string): void {
  driver.run('DELETE FROM past_fix_refusals WHERE error = ? AND fix = ?', [error, redUid]);
}

/** Deletes what was fixed in a session, and what was said about it; its number may be given again. */
export function forgetPastFixes(driver: SqlDriver, no: number, id: SessionId): void {
  // A backup may come from a version without these tables.
  if (!hasTable(driver, 'past_fixes')) return;
  driver.run('DELETE FROM past_fixes WHERE session = ?', [no]);
  driver.run('DELETE FROM past_fix_refusals WHERE session_id = ?', [id]);
}

interface RefusalRow extends Row {
  error: string;
  fix: string;
  session_id: string;
  at: number;
}

/** For a merge of databases. */
export const readRefusals = (driver: SqlDriver): Row[] =>
  hasTable(driver, 'past_fix_refusals')
    ? driver.all<RefusalRow>('SELECT error, fix, session_id, at FROM past_fix_refusals ORDER BY at, error, fix')
    : [];

/** Adds those of another database, except about what is forgotten here. */
export function mergeRefusals(driver: SqlDriver, rows: readonly Row[]): void {
  for (const row of rows as readonly RefusalRow[])
    if (!driver.get("SELECT 1 FROM tombstones WHERE kind = 'session' AND target = ?", [row.session_id]))
      put(driver, row);
}

/** Without those of forgotten sessions. */
export const refusalsWithout = (rows: readonly Row[], isGone: (session: SessionId) => boolean): Row[] =>
  (rows as readonly RefusalRow[]).filter((row) => !isGone(row.session_id));

function put(driver: SqlDriver, { error, fix, session_id, at }: RefusalRow): void {
  driver.run('INSERT OR IGNORE INTO past_fix_refusals (error, fix, session_id, at) VALUES (?, ?, ?, ?)', [
    error,
    fix,
    session_id,
    at,
  ]);
}

/**
 * What a person put on a row: a flag, tags. The table is precious: marks refer to the row's `uid`, so they survive a
 * rebuild of the rows.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId, TagCount } from '../../../protocol/model';
import { parseLineKey, rowKeyOf } from '../../../protocol/row-key';
import type { RowKey } from '../../../protocol/row-key';
import { foldLetters } from '../../lib/text';
import type { Redacted } from '../../observe/redact';
import type { Row, SqlDriver, SqlValue } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { isProjectBuried } from './buried-roots';

/** Fields are absent when there is nothing to say. */
export interface Marks {
  isFlagged?: true;
  tags?: string[];
}

export const marksFrom = (isFlagged: boolean, tags: string[]): Marks => ({
  ...(isFlagged && { isFlagged }),
  ...(tags.length > 0 && { tags }),
});

/** Row numbers by table. */
export interface MarkedRows {
  prompts: ReadonlySet<number>;
  observations: ReadonlySet<number>;
  learnings: ReadonlySet<number>;
}

/** @throws MemoryError `not_found`, `invalid_input` */
export function setFlagged(driver: SqlDriver, key: string, isFlagged: boolean, now: number): void {
  change(driver, key, 'is_flagged', isFlagged ? 1 : 0, now);
}

/** Replaces the tags of a row, given as JSON. @throws MemoryError `not_found`, `invalid_input` */
export function setTags(driver: SqlDriver, key: string, tagsJson: Redacted, now: number): void {
  change(driver, key, 'tags_json', tagsJson, now);
}

function change(
  driver: SqlDriver,
  key: string,
  column: 'is_flagged' | 'tags_json',
  value: SqlValue,
  now: number,
): void {
  driver.transaction(() => {
    const { uid, sessionId } = rowOf(driver, key);
    driver.run(
      `INSERT INTO marks (uid, session_id, ${column}, updated_at) VALUES (?1, ?2, ?3, ?4)
       ON CONFLICT (uid) DO UPDATE SET session_id = ?2, ${column} = ?3, updated_at = ?4`,
      [uid, sessionId, value, now],
    );
    // An entry without a flag and tags is deleted.
    driver.run("DELETE FROM marks WHERE uid = ? AND is_flagged = 0 AND tags_json = '[]'", [uid]);
  });
}

function rowOf(driver: SqlDriver, key: string): { uid: string; sessionId: SessionId } {
  const line = parseLineKey(key);
  if (!line) throw new MemoryError('invalid_input', 'Only messages and tool calls can be marked.');
  const row = driver.get<{ uid: string; sessionId: string }>(
    `SELECT r.uid, s.id AS sessionId FROM ${line.kind}s r JOIN sessions s ON s.no = r.session WHERE r.id = ?`,
    [line.row],
  );
  if (!row) throw new MemoryError('not_found', 'This memory is no longer there.');
  return row;
}

/** Marks by row key; rows without marks are left out. */
export function marksOf(driver: SqlDriver, keys: readonly RowKey[]): Map<RowKey, Marks> {
  const marks = new Map<RowKey, Marks>();
  const lines = keys.flatMap((key) => parseLineKey(key) ?? []);
  for (const kind of ['prompt', 'observation'] as const) {
    const ids = lines.flatMap((line) => (line.kind === kind ? [line.row] : []));
    if (ids.length === 0) continue;
    const rows = driver.all<MarkRow & { id: number }>(
      `SELECT r.id, m.* FROM ${kind}s r JOIN marks m ON m.uid = r.uid WHERE r.id IN (SELECT value FROM json_each(?))`,
      [JSON.stringify(ids)],
    );
    for (const { id, is_flagged, tags_json } of rows)
      marks.set(rowKeyOf({ kind, row: id }), marksFrom(is_flagged === 1, JSON.parse(tags_json) as string[]));
  }
  return marks;
}

/** Pinned learnings count as flagged. */
export function markedRows(driver: SqlDriver, how: 'flagged' | 'tagged'): MarkedRows {
  return rowsWhere(
    driver,
    how === 'flagged' ? 'm.is_flagged = 1' : "m.tags_json <> '[]'",
    how === 'flagged' ? 'is_pinned = 1' : "tags_json <> '[]'",
    [],
  );
}

/** `tag` must be folded by `foldLetters`. Learnings have tags too. */
export function rowsTagged(driver: SqlDriver, tag: string): MarkedRows {
  const names = tagCounts(driver).flatMap((known) => (foldLetters(known.tag) === tag ? [known.tag] : []));
  const holds = (column: string) =>
    `EXISTS (SELECT 1 FROM json_each(${column}) t WHERE t.value IN (SELECT value FROM json_each(?1)))`;
  return rowsWhere(driver, holds('m.tags_json'), holds('tags_json'), [JSON.stringify(names)]);
}

function rowsWhere(driver: SqlDriver, mark: string, learning: string, params: readonly SqlValue[]): MarkedRows {
  const ids = (sql: string) => new Set(driver.all<{ id: number }>(sql, params).map(({ id }) => id));
  return {
    prompts: ids(`SELECT r.id FROM marks m JOIN prompts r ON r.uid = m.uid WHERE ${mark}`),
    observations: ids(`SELECT r.id FROM marks m JOIN observations r ON r.uid = m.uid WHERE ${mark}`),
    learnings: ids(`SELECT no AS id FROM learnings WHERE deleted_at IS NULL AND ${learning}`),
  };
}

/** All tags of rows and learnings, the most used first. */
export function tagCounts(driver: SqlDriver): TagCount[] {
  return driver.all<TagCount & Row>(
    `SELECT value AS tag, count(*) AS count FROM (
       SELECT t.value FROM marks m, json_each(m.tags_json) t UNION ALL SELECT t.value
         FROM learnings l, json_each(l.tags_json) t WHERE l.deleted_at IS NULL)
     GROUP BY value ORDER BY count DESC, value`,
  );
}

/** Moves marks along with a row that is handed over to a fork. */
export function moveMarks(driver: SqlDriver, uid: string, sessionId: SessionId): void {
  if (hasMarks(driver)) driver.run('UPDATE marks SET session_id = ? WHERE uid = ?', [sessionId, uid]);
}

/** Gives the marks of a row to the one that takes its place, which may have some of its own. */
export function passMarks(driver: SqlDriver, from: string, to: string): void {
  const of = (uid: string) => driver.get<MarkRow>('SELECT * FROM marks WHERE uid = ?', [uid]);
  const [passed, own] = [of(from), of(to)];
  if (!passed) return;
  driver.run('DELETE FROM marks WHERE uid = ?', [from]);
  const tagsOf = (row: MarkRow | undefined) => JSON.parse(row?.tags_json ?? '[]') as string[];
  driver.run(
    'INSERT OR REPLACE INTO marks (uid, session_id, is_flagged, tags_json, updated_at) VALUES (?, ?, ?, ?, ?)',
    [
      to,
      own?.session_id ?? passed.session_id,
      Math.max(passed.is_flagged, own?.is_flagged ?? 0),
      JSON.stringify([...new Set([...tagsOf(own), ...tagsOf(passed)])]),
      Math.max(passed.updated_at, own?.updated_at ?? 0),
    ],
  );
}

export function eraseMarks(driver: SqlDriver, sessionId: SessionId): void {
  if (hasMarks(driver)) driver.run('DELETE FROM marks WHERE session_id = ?', [sessionId]);
}

/** A stored mark and the project of its session, when that is known. */
export interface MarkRow extends Row {
  uid: string;
  session_id: string;
  is_flagged: number;
  tags_json: string;
  updated_at: number;
}

export function readMarks(driver: SqlDriver): (MarkRow & { project_root: string | null })[] {
  if (!hasMarks(driver)) return [];
  return driver.all(
    `SELECT m.*, p.root AS project_root FROM marks m LEFT JOIN sessions s ON s.id = m.session_id LEFT
      JOIN projects p ON p.id = s.project_id ORDER BY m.uid`,
  );
}

/** Adds marks except those of forgotten sessions. Needs the present schema: an older one has no table for them. */
export function putMarks(
  driver: SqlDriver,
  rows: readonly (MarkRow & { project_root: string | null })[],
  mayReplace: boolean,
): void {
  for (const { uid, session_id, is_flagged, tags_json, updated_at, project_root } of rows) {
    if (
      driver.get("SELECT 1 FROM tombstones WHERE kind = 'session' AND target = ?", [session_id]) ||
      (project_root !== null && isProjectBuried(driver, project_root, updated_at))
    )
      continue;
    driver.run(
      `INSERT OR ${mayReplace ? 'REPLACE' : 'IGNORE'} INTO marks (uid, session_id, is_flagged, tags_json, updated_at)
        VALUES (?, ?, ?, ?, ?)`,
      [uid, session_id, is_flagged, tags_json, updated_at],
    );
  }
}

/** A backup of an earlier version has no marks. */
const hasMarks = (driver: SqlDriver): boolean => hasTable(driver, 'marks');

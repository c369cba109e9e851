/**
 * Notes: the files in which Claude Code remembers by itself. A note follows its file: it is read again when the file has
 * changed and goes when the file has gone. Nothing rests on it: it is no evidence.
 */
import type { NoteKind } from '../../../protocol/note';
import type { NameKey } from '../../lib/keyed-name';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { documentKinds, indexRow, noteEntry, unindexRow } from './documents';
import { erasedMark } from './erasures';

/** A file as it was read. Bytes and epoch milliseconds. */
export interface SealedNote {
  path: Redacted;
  /** Null: the person's own, which apply to all projects. */
  projectId: number | null;
  kind: NoteKind;
  name: Redacted;
  title: Redacted;
  body: Redacted;
  /** Claude Code gives it to the model by itself. */
  isSent: boolean;
  size: number;
  mtime: number;
}

/** What tells whether a file must be read again. */
export type KnownNote = Pick<StoredNote, 'no' | 'path' | 'projectId' | 'isSent' | 'size' | 'mtime'>;

export interface StoredNote {
  no: number;
  path: string;
  projectId: number | null;
  kind: NoteKind;
  name: string;
  title: string;
  body: string;
  isSent: boolean;
  size: number;
  mtime: number;
}

type Row = Omit<StoredNote, 'isSent'> & { isSent: number } & Record<string, SqlValue>;
const columns = 'no, path, project_id AS projectId, kind, name, title, body, is_sent AS isSent, size, mtime';
const noteOf = (row: Row): StoredNote => ({ ...row, isSent: row.isSent === 1 });

export function knownNotes(driver: SqlDriver): KnownNote[] {
  return driver
    .all<Omit<KnownNote, 'isSent'> & { isSent: number } & Record<string, SqlValue>>(
      'SELECT no, path, project_id AS projectId, is_sent AS isSent, size, mtime FROM notes',
    )
    .map((row) => ({ ...row, isSent: row.isSent === 1 }));
}

/** Adds a note, or replaces the one of the same file, which keeps its number. */
export function putNote(driver: SqlDriver, note: SealedNote): void {
  driver.transaction(() => {
    const known = driver.get<{ no: number }>('SELECT no FROM notes WHERE path = ?', [note.path])?.no;
    if (known !== undefined) unindexRow(driver, documentKinds.note, known);
    driver.run(
      `INSERT INTO notes (path, project_id, kind, name, title, body, is_sent, size, mtime)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9) ON CONFLICT (path) DO UPDATE SET project_id = ?2, kind = ?3, name = ?4,
        title = ?5, body = ?6, is_sent = ?7, size = ?8, mtime = ?9`,
      [
        note.path,
        note.projectId,
        note.kind,
        note.name,
        note.title,
        note.body,
        note.isSent ? 1 : 0,
        note.size,
        note.mtime,
      ],
    );
    const no = known ?? driver.lastInsertId();
    indexRow(driver, noteEntry(no, note.projectId, note.mtime));
  });
}

/** By which an erased note is known when its file is read again as it was. */
export const noteMark = (names: NameKey, path: string, body: string): string =>
  erasedMark.note(names.of(`${path}\0${body}`));

export const noteMarks = (driver: SqlDriver, names: NameKey, numbers: readonly number[]): string[] =>
  driver
    .all<{ path: string; body: string }>('SELECT path, body FROM notes WHERE no IN (SELECT value FROM json_each(?))', [
      JSON.stringify(numbers),
    ])
    .map(({ path, body }) => noteMark(names, path, body));

export function dropNotes(driver: SqlDriver, numbers: readonly number[]): void {
  driver.transaction(() => {
    for (const no of numbers) {
      unindexRow(driver, documentKinds.note, no);
      driver.run('DELETE FROM notes WHERE no = ?', [no]);
    }
  });
}

/** Drops the notes of those of the projects that have no session left. */
export function dropNotesOf(driver: SqlDriver, projectIds: readonly number[]): void {
  // A backup may come from a version without this table.
  if (!hasTable(driver, 'notes')) return;
  const rows = driver.all<{ no: number }>(
    `SELECT no FROM notes WHERE project_id IN (SELECT value FROM json_each(?))
      AND NOT EXISTS (SELECT 1 FROM sessions WHERE sessions.project_id = notes.project_id)`,
    [JSON.stringify(projectIds)],
  );
  dropNotes(
    driver,
    rows.map(({ no }) => no),
  );
}

export function getNote(driver: SqlDriver, no: number): StoredNote | undefined {
  const row = driver.get<Row>(`SELECT ${columns} FROM notes WHERE no = ?`, [no]);
  return row && noteOf(row);
}

export interface NoteOfProject extends StoredNote {
  projectName: string | null;
}

/** Those of all projects, by the project they are shown in, and the person's own. */
export function allNotes(driver: SqlDriver): NoteOfProject[] {
  return driver
    .all<Row & { projectName: string | null }>(
      `SELECT n.no, n.path, p.shown_id AS projectId, p.name AS projectName, n.kind,
        n.name, n.title, n.body, n.is_sent AS isSent, n.size, n.mtime
        FROM notes n LEFT JOIN shown_projects p ON p.id = n.project_id ORDER BY n.project_id, n.path`,
    )
    .map((row) => ({ ...noteOf(row), projectName: row.projectName }));
}

/** A project with sessions, and the folders in which the client keeps their transcripts. */
export interface NotedProject {
  id: number;
  root: string;
  folders: string[];
}

/** Only of these are notes read: what was forgotten or is not known here has none. */
export function notedProjects(driver: SqlDriver): NotedProject[] {
  return driver
    .all<{ id: number; root: string; folders: string }>(
      // The name of a main transcript is its session's id, so what stands before it is the folder.
      `SELECT p.id, p.root, json_group_array(DISTINCT rtrim(x.path, replace(replace(x.path, '/', ''), '\\', ''))) AS folders
        FROM projects p JOIN sessions s ON s.project_id = p.id JOIN sources x ON x.session = s.no AND x.kind = 'main'
       WHERE s.status <> 'deleted' GROUP BY p.id ORDER BY max(s.updated_at)`,
    )
    .map(({ id, root, folders }) => ({ id, root, folders: JSON.parse(folders) as string[] }));
}

/** When everything was last forgotten: what is older than that is not read again. */
export function everythingForgottenAt(driver: SqlDriver): number {
  return driver.get<{ at: number | null }>("SELECT max(at) AS at FROM tombstones WHERE kind = 'everything'")?.at ?? 0;
}

/** Changes whenever a note came, changed or went, or is of another project. */
export function notesStamp(driver: SqlDriver): string {
  const found = driver.get<{ stamp: string | null }>(
    `SELECT group_concat(no || ' ' || size || ' ' || mtime || ' ' || is_sent || ' ' || coalesce(shown_id, 0)) AS stamp
      FROM notes LEFT JOIN shown_projects p ON p.id = project_id`,
  );
  return found?.stamp ?? '';
}

/**
 * Classes that a person set: on a project by its root, a session by its id, a row by its uid, a learning by its id. These
 * names outlast a rebuild of the rows.
 */
import { classAt, rankOf } from '../../../protocol/classes';
import type { DataClass, SetClass } from '../../../protocol/classes';
import type { SessionId } from '../../../protocol/model';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { isProjectBuried } from './buried-roots';

export interface ClassName {
  what: SetClass['what'];
  target: string;
  /** Of a row and of a session; empty for others. */
  sessionId: string;
}

/** A stored entry. */
export interface ClassRow extends Row {
  what: string;
  target: string;
  session_id: string;
  class: number;
  updated_at: number;
}

const hasClasses = (driver: SqlDriver): boolean => hasTable(driver, 'classes');

export function setClassOf(driver: SqlDriver, { what, target }: Omit<ClassName, 'sessionId'>): DataClass | undefined {
  const found = driver.get<{ class: number }>('SELECT class FROM classes WHERE what = ? AND target = ?', [
    what,
    target,
  ]);
  return found && classAt(found.class);
}

/** @param to undefined to let it follow from what it is */
export function setClass(driver: SqlDriver, name: ClassName, to: DataClass | undefined, now: number): void {
  if (to === undefined) driver.run('DELETE FROM classes WHERE what = ? AND target = ?', [name.what, name.target]);
  else
    driver.run('INSERT OR REPLACE INTO classes (what, target, session_id, class, updated_at) VALUES (?, ?, ?, ?, ?)', [
      name.what,
      name.target,
      name.sessionId,
      rankOf(to),
      now,
    ]);
}

export const allSetClasses = (driver: SqlDriver): ClassRow[] =>
  hasClasses(driver)
    ? driver.all<ClassRow>('SELECT what, target, session_id, class, updated_at FROM classes ORDER BY what, target')
    : [];

/** The highest class that was set on anything: nothing is higher that no secret was found in. -1 when none was. */
export const highestSet = (driver: SqlDriver): number =>
  driver.get<{ highest: number | null }>('SELECT max(class) AS highest FROM classes')?.highest ?? -1;

/**
 * Adds those of another database, of two the higher one: what a person protected stays protected, whatever is restored.
 * Not those of forgotten projects, whose roots are names of folders.
 */
export function mergeClasses(driver: SqlDriver, rows: readonly Row[]): number {
  let changed = 0;
  for (const { what = '', target = '', session_id: session = '', class: rank = 0, updated_at: at = 0 } of rows) {
    if (what === 'project' && isProjectBuried(driver, String(target), Number(at))) continue;
    changed += driver.run(
      `INSERT INTO classes (what, target, session_id, class, updated_at) VALUES (?, ?, ?, ?, ?)
        ON CONFLICT (what, target) DO UPDATE SET class = excluded.class, updated_at = excluded.updated_at
        WHERE excluded.class > classes.class`,
      [what, target, session, rank, at],
    );
  }
  return changed;
}

/** Without what names projects that are forgotten. */
export const classesWithout = (rows: readonly Row[], isProjectGone: (root: string) => boolean): Row[] =>
  rows.filter(({ what, target }) => what !== 'project' || !isProjectGone(String(target)));

/**
 * Of a forgotten session its highest class stays with its id, which its tombstone has too: when forgetting is taken back,
 * what is read again is no less protected than it was.
 */
export function forgetClassesOf(driver: SqlDriver, id: SessionId): void {
  if (!hasClasses(driver)) return;
  const { highest, at } = driver.get<{ highest: number | null; at: number | null }>(
    `SELECT max(class) AS highest, max(updated_at) AS at FROM classes WHERE session_id = ?1 OR (what = 'project' AND
      target = (SELECT p.root FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id = ?1))`,
    [id],
  ) ?? { highest: null, at: null };
  driver.run('DELETE FROM classes WHERE session_id = ?', [id]);
  if (highest !== null)
    driver.run("INSERT INTO classes (what, target, session_id, class, updated_at) VALUES ('session', ?1, ?1, ?2, ?3)", [
      id,
      highest,
      at,
    ]);
}

export function forgetClassesAbout(driver: SqlDriver, isMeant: (root: string) => boolean): void {
  if (!hasClasses(driver)) return;
  for (const { target } of driver.all<{ target: string }>("SELECT target FROM classes WHERE what = 'project'"))
    if (isMeant(target)) driver.run("DELETE FROM classes WHERE what = 'project' AND target = ?", [target]);
}

export function forgetAllClasses(driver: SqlDriver): void {
  if (hasClasses(driver)) driver.run("DELETE FROM classes WHERE what <> 'session'");
}

/** With a row that is erased. */
export function forgetClassOfRow(driver: SqlDriver, uid: string): void {
  if (hasClasses(driver)) driver.run("DELETE FROM classes WHERE what = 'row' AND target = ?", [uid]);
}

/** With a row that is handed over to a fork. */
export function moveClass(driver: SqlDriver, uid: string, sessionId: SessionId): void {
  if (hasClasses(driver))
    driver.run("UPDATE classes SET session_id = ? WHERE what = 'row' AND target = ?", [sessionId, uid]);
}

/** The class of a row for the one that takes its place; of two the higher one. */
export function passClass(driver: SqlDriver, from: string, to: string): void {
  const passed = driver.get<ClassRow>("SELECT * FROM classes WHERE what = 'row' AND target = ?", [from]);
  if (!passed) return;
  mergeClasses(driver, [{ ...passed, target: to }]);
  driver.run("DELETE FROM classes WHERE what = 'row' AND target = ?", [from]);
}

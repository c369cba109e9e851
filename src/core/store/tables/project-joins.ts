/**
 * Which projects are shown as one. A join names roots and moves nothing, so it is taken back by a date; it stays known
 * then, and what found it by itself does not make it again.
 */
import { MemoryError } from '../../../protocol/errors';
import type { ProjectJoin } from '../../../protocol/model';
import { fileName } from '../../../protocol/paths';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { isProjectBuried } from './buried-roots';
import { allProjects } from './projects';

interface JoinRow extends Row {
  no: number;
  from_root: string;
  into_root: string;
  why: ProjectJoin['why'];
  at: number;
  undone_at: number | null;
}

const isInForce = 'undone_at IS NULL';

/** Joins in force, the newest first. */
export function listJoins(driver: SqlDriver): ProjectJoin[] {
  const sessions = new Map(
    driver
      .all<{ root: string; sessions: number }>(
        `SELECT p.root, count(*) AS sessions FROM projects p JOIN sessions s ON s.project_id = p.id
          WHERE s.status <> 'deleted' GROUP BY p.id`,
      )
      .map((row) => [row.root, row.sessions]),
  );
  return driver
    .all<JoinRow>(`SELECT * FROM project_joins WHERE ${isInForce} ORDER BY at DESC, no DESC`)
    .map(({ no, from_root: from, into_root: into, why, at }) => ({
      id: no,
      from: { name: fileName(from), root: from },
      into: { name: fileName(into), root: into },
      sessions: sessions.get(from) ?? 0,
      why,
      at,
    }));
}

/** Roots that are shown as this one; it may have no session yet, and so be no project. */
export const rootsJoinedInto = (driver: SqlDriver, root: string): string[] =>
  driver
    .all<JoinRow>(`SELECT from_root FROM project_joins WHERE into_root = ? AND ${isInForce}`, [root])
    .map(({ from_root }) => from_root);

/** The join in force between two roots, whichever is shown as the other. */
export function joinBetween(driver: SqlDriver, one: string, other: string): ProjectJoin | undefined {
  return listJoins(driver).find(
    ({ from, into }) => (from.root === one && into.root === other) || (from.root === other && into.root === one),
  );
}

/** Shows one root as another. Both must be shown as themselves until now, or the join would make a circle. */
export function putJoin(
  driver: SqlDriver,
  { from, into, why }: { from: string; into: string; why: ProjectJoin['why'] },
  now: number,
): void {
  // What it was shown as until now may be a folder without a session, which nobody could choose.
  driver.run(`UPDATE project_joins SET undone_at = ?3 WHERE from_root = ?1 AND into_root <> ?2 AND ${isInForce}`, [
    from,
    into,
    now,
  ]);
  driver.run(
    `INSERT INTO project_joins (from_root, into_root, why, at) VALUES (?1, ?2, ?3, ?4)
      ON CONFLICT (from_root, into_root) DO UPDATE SET why = ?3, at = ?4, undone_at = NULL`,
    [from, into, why, now],
  );
}

/** @throws MemoryError `not_found` */
export function undoJoin(driver: SqlDriver, id: number, now: number): void {
  const known = driver.get<JoinRow>('SELECT * FROM project_joins WHERE no = ?', [id]);
  if (!known) throw new MemoryError('not_found', 'These projects are not shown as one.');
  driver.run(`UPDATE project_joins SET undone_at = ? WHERE no = ? AND ${isInForce}`, [now, id]);
}

/** Forgets that these roots were ever joined: their names must stand nowhere. */
export function dropJoins(driver: SqlDriver, isGone: (root: string) => boolean): void {
  // A backup may come from a version without this table.
  if (!hasTable(driver, 'project_joins')) return;
  for (const { no, from_root, into_root } of driver.all<JoinRow>('SELECT * FROM project_joins'))
    if (isGone(from_root) || isGone(into_root)) driver.run('DELETE FROM project_joins WHERE no = ?', [no]);
}

/** A project that moved, as it was found out. */
export interface Move {
  from: string;
  into: string;
}

/**
 * Brings the joins that were found in line with what is found now. `isOver` says that a join no longer holds, although
 * nothing took its place. True when something changed.
 */
export function putMoves(
  driver: SqlDriver,
  moves: readonly Move[],
  isOver: (join: Move) => boolean,
  now: number,
): boolean {
  const rows = () => driver.all<JoinRow>('SELECT * FROM project_joins');
  const wanted = new Map(moves.map(({ from, into }) => [from, into]));
  let changed = false;
  for (const { no, from_root: from, into_root: into, why, undone_at } of rows()) {
    if (why !== 'moved' || undone_at !== null || wanted.get(from) === into) continue;
    if (!wanted.has(from) && !isOver({ from, into })) continue;
    driver.run('DELETE FROM project_joins WHERE no = ?', [no]);
    changed = true;
  }
  for (const { from, into } of moves) {
    const of = rows().filter(({ from_root }) => from_root === from);
    if (of.some(({ undone_at }) => undone_at === null)) continue;
    const shown = new Map(allProjects(driver).map((project) => [project.ownRoot, project.root]));
    const shownOf = (root: string) => shown.get(root) ?? root;
    // Somebody has said that it is another project; under a new name it still is.
    if (of.some(({ into_root }) => shownOf(into_root) === shownOf(into))) continue;
    if (shownOf(into) === from) continue;
    putJoin(driver, { from, into, why: 'moved' }, now);
    changed = true;
  }
  return changed;
}

/** All joins, also those that were taken back. */
export function readJoins(driver: SqlDriver): Row[] {
  if (!hasTable(driver, 'project_joins')) return [];
  return driver.all('SELECT from_root, into_root, why, at, undone_at FROM project_joins ORDER BY from_root, into_root');
}

/** Adds joins of another database, except those of forgotten projects and those that would make a circle. */
export function mergeJoins(driver: SqlDriver, rows: readonly Row[], mayReplace: boolean): void {
  for (const row of rows as JoinRow[]) {
    const { from_root: from, into_root: into, why, at, undone_at } = row;
    if (isProjectBuried(driver, from, at) || isProjectBuried(driver, into, at)) continue;
    const isKnown = driver.get('SELECT 1 FROM project_joins WHERE from_root = ? AND into_root = ?', [from, into]);
    if (isKnown && !mayReplace) continue;
    if (undone_at === null) {
      if (!mayReplace && driver.get(`SELECT 1 FROM project_joins WHERE from_root = ? AND ${isInForce}`, [from]))
        continue;
      if (leadsTo(driver, into, from)) continue;
      driver.run(`DELETE FROM project_joins WHERE from_root = ? AND into_root <> ? AND ${isInForce}`, [from, into]);
    }
    driver.run(
      `INSERT INTO project_joins (from_root, into_root, why, at, undone_at) VALUES (?1, ?2, ?3, ?4, ?5)
        ON CONFLICT (from_root, into_root) DO UPDATE SET why = ?3, at = ?4, undone_at = ?5`,
      [from, into, why, at, undone_at],
    );
  }
}

/** True when following the joins from a root comes to another. */
function leadsTo(driver: SqlDriver, root: string, target: string): boolean {
  const next = new Map(
    driver
      .all<JoinRow>(`SELECT * FROM project_joins WHERE ${isInForce}`)
      .map(({ from_root, into_root }) => [from_root, into_root]),
  );
  const seen = new Set<string>();
  for (let at: string | undefined = root; at !== undefined && !seen.has(at); at = next.get(at)) {
    if (at === target) return true;
    seen.add(at);
  }
  return false;
}

/**
 * Restrictions of processing: a project, or everything, that is read but not distilled, given or sent for a time. Each
 * names its end when it is made, and is over then without anybody doing anything.
 */
import { fileName } from '../../../protocol/paths';
import type { Restriction } from '../../../protocol/portable';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { allProjects, withJoined } from './projects';

interface RestrictionRow {
  no: number;
  root: string;
  from_at: number;
  until_at: number;
}

const inForce = (driver: SqlDriver, now: number): RestrictionRow[] =>
  driver.all<RestrictionRow & Record<string, string | number>>(
    'SELECT no, root, from_at, until_at FROM restrictions WHERE until_at > ? ORDER BY until_at, no',
    [now],
  );

export function listRestrictions(driver: SqlDriver, now: number): Restriction[] {
  const rows = inForce(driver, now);
  if (rows.length === 0) return [];
  const projects = new Map(allProjects(driver).map((project) => [project.ownRoot, project]));
  return rows.map(({ no, root, from_at: from, until_at: until }) => ({
    id: no,
    ...(root !== '' && { project: { id: projects.get(root)?.id ?? 0, name: fileName(root), root } }),
    from,
    until,
  }));
}

/** @param root of a project; empty for everything */
export function restrict(driver: SqlDriver, root: string, until: number, now: number): void {
  driver.transaction(() => {
    driver.run('DELETE FROM restrictions WHERE until_at <= ?', [now]);
    if (driver.run('UPDATE restrictions SET until_at = ? WHERE root = ?', [until, root]) === 0)
      driver.run('INSERT INTO restrictions (root, from_at, until_at) VALUES (?, ?, ?)', [root, now, until]);
  });
}

/** For a merge of databases. */
export const readRestrictions = (driver: SqlDriver): Row[] =>
  hasTable(driver, 'restrictions') ? driver.all('SELECT root, from_at, until_at FROM restrictions ORDER BY no') : [];

/** Adds those of another database: what a person restricted stays restricted, whatever is restored. */
export function mergeRestrictions(driver: SqlDriver, rows: readonly Row[]): void {
  for (const { root = '', from_at: from = 0, until_at: until = 0 } of rows)
    driver.run(
      `INSERT INTO restrictions (root, from_at, until_at) SELECT ?1, ?2, ?3
        WHERE NOT EXISTS (SELECT 1 FROM restrictions WHERE root = ?1 AND until_at >= ?3)`,
      [root, from, until],
    );
}

export function liftRestriction(driver: SqlDriver, id: number): void {
  driver.run('DELETE FROM restrictions WHERE no = ?', [id]);
}

/** Deletes restrictions of projects that are forgotten, because a root is the name of a folder. */
export function forgetRestrictionsOf(driver: SqlDriver, isMeant: (root: string) => boolean): void {
  if (!hasTable(driver, 'restrictions')) return;
  for (const { no, root } of driver.all<{ no: number; root: string }>('SELECT no, root FROM restrictions'))
    if (isMeant(root)) driver.run('DELETE FROM restrictions WHERE no = ?', [no]);
}

/** The projects that are restricted now, with all that are shown as one with them; `all` when everything is. */
function restrictedProjects(driver: SqlDriver, now: number): ReadonlySet<number> | 'all' {
  const rows = inForce(driver, now);
  if (rows.length === 0) return none;
  if (rows.some(({ root }) => root === '')) return 'all';
  const projects = allProjects(driver);
  const roots = new Set(rows.map(({ root }) => root));
  return withJoined(projects, new Set(projects.filter(({ ownRoot }) => roots.has(ownRoot)).map(({ id }) => id)));
}

/** Without the projects that are restricted now. @param ids undefined for all */
export function unrestricted(driver: SqlDriver, ids: number[] | undefined, now: number): number[] | undefined {
  const restricted = restrictedProjects(driver, now);
  if (restricted === 'all') return [];
  if (restricted.size === 0) return ids;
  return (ids ?? allProjects(driver).map(({ id }) => id)).filter((id) => !restricted.has(id));
}

const none: ReadonlySet<number> = new Set();

/** What something belongs to: a learning may have a project of its own, and come from a session of another. */
export interface RestrictedPlace {
  session: string | undefined;
  project: number | undefined;
}

export function isRestricted(driver: SqlDriver, { session, project }: RestrictedPlace, now: number): boolean {
  const restricted = restrictedProjects(driver, now);
  if (restricted === 'all') return true;
  if (project !== undefined && restricted.has(project)) return true;
  return session !== undefined && isSessionRestricted(driver, session, now);
}

export function isSessionRestricted(driver: SqlDriver, sessionId: string, now: number): boolean {
  const restricted = restrictedProjects(driver, now);
  if (restricted === 'all') return true;
  if (restricted.size === 0) return false;
  const project = driver.get<{ id: number }>('SELECT project_id AS id FROM sessions WHERE id = ?', [sessionId])?.id;
  return project !== undefined && restricted.has(project);
}

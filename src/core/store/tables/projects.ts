/**
 * Projects: the folders that sessions ran in, a repository with all its worktrees as one. What was joined is shown as one
 * project; which one, the view `shown_projects` says. Rows keep the project they were written in.
 */
import type { ProjectInfo, ProjectRef, SessionId } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { hasRows } from './sessions';

export function ensureProject(driver: SqlDriver, root: Redacted, name: Redacted): number {
  const known = driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [root]);
  if (known) return known.id;
  driver.run('INSERT INTO projects (root, name) VALUES (?, ?)', [root, name]);
  return driver.lastInsertId();
}

export function listProjects(driver: SqlDriver): ProjectInfo[] {
  const rows = driver.all<Omit<ProjectInfo, 'joined'> & Record<string, SqlValue>>(
    `SELECT p.shown_id AS id, p.name, p.root, count(s.no) AS sessions, max(s.updated_at) AS lastAt FROM shown_projects p
      JOIN sessions s ON s.project_id = p.id
     WHERE s.status <> 'deleted' AND ${hasRows('s')} GROUP BY p.shown_id ORDER BY lastAt DESC`,
  );
  const joined = allProjects(driver).filter(({ id, shownId }) => id !== shownId);
  return rows.map((row) => {
    const parts = joined
      .filter(({ shownId }) => shownId === row.id)
      .toSorted((one, other) => (one.ownRoot < other.ownRoot ? -1 : 1));
    return parts.length === 0
      ? row
      : { ...row, joined: parts.map(({ id, ownName, ownRoot }) => ({ id, name: ownName, root: ownRoot })) };
  });
}

/** The folders in which sessions ran, with the projects they are shown in. */
export function foldersOfSessions(
  driver: SqlDriver,
): { shownId: number; name: string; root: string; ownRoot: string; cwd: string; sessions: number }[] {
  return driver.all(
    `SELECT p.shown_id AS shownId, p.name, p.root, p.own_root AS ownRoot, s.cwd, count(*) AS sessions FROM sessions s
      JOIN shown_projects p ON p.id = s.project_id
     WHERE s.status <> 'deleted' AND ${hasRows('s')} GROUP BY p.id, s.cwd`,
  );
}

/** Ids of the projects in which these sessions are shown. */
export function projectsOfSessions(driver: SqlDriver, ids: readonly SessionId[]): Set<number> {
  const rows = driver.all<{ id: number }>(
    `SELECT DISTINCT p.shown_id AS id FROM sessions s JOIN shown_projects p ON p.id = s.project_id
     WHERE s.id IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(ids)],
  );
  return new Set(rows.map(({ id }) => id));
}

/** A project as rows name it, and as which one it is shown. */
export interface KnownProject {
  /** As in the rows. */
  id: number;
  ownName: string;
  ownRoot: string;
  /** Of the project it is shown as: the same when it was not joined. */
  shownId: number;
  name: string;
  root: string;
}

export function allProjects(driver: SqlDriver): KnownProject[] {
  return driver.all<KnownProject & Record<string, SqlValue>>(
    `SELECT id, own_name AS ownName, own_root AS ownRoot, shown_id AS shownId, name, root FROM shown_projects`,
  );
}

/** As which project each one is shown, by the number in the rows. */
export function shownProjects(driver: SqlDriver): ReadonlyMap<number, ProjectRef> {
  return new Map(allProjects(driver).map(({ id, shownId, name, root }) => [id, { id: shownId, name, root }]));
}

/** Numbers of all projects that are shown as one with any of these. */
export function withJoined(projects: readonly KnownProject[], ids: ReadonlySet<number>): Set<number> {
  const shown = new Set(projects.filter(({ id }) => ids.has(id)).map(({ shownId }) => shownId));
  return new Set([...ids, ...projects.filter(({ shownId }) => shown.has(shownId)).map(({ id }) => id)]);
}

/** All projects that are shown as one with this one, itself included. */
export function joinedWith(driver: SqlDriver, id: number): KnownProject[] {
  const projects = allProjects(driver);
  const ids = withJoined(projects, new Set([id]));
  return projects.filter((project) => ids.has(project.id));
}

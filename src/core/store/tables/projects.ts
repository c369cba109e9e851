/** Projects: the folders that sessions ran in, a repository with all its worktrees as one. */
import type { ProjectInfo } from '../../../protocol/model';
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
  return driver.all<ProjectInfo & Record<string, SqlValue>>(
    `SELECT p.id, p.name, p.root, count(s.no) AS sessions, max(s.updated_at) AS lastAt FROM projects p
      JOIN sessions s ON s.project_id = p.id
     WHERE s.status <> 'deleted' AND ${hasRows('s')} GROUP BY p.id ORDER BY lastAt DESC`,
  );
}

/** The folders in which sessions ran, with their projects. */
export function foldersOfSessions(driver: SqlDriver): { name: string; root: string; cwd: string; sessions: number }[] {
  return driver.all(
    `SELECT p.name, p.root, s.cwd, count(*) AS sessions FROM sessions s JOIN projects p ON p.id = s.project_id
     WHERE s.status <> 'deleted' AND ${hasRows('s')} GROUP BY p.id, s.cwd`,
  );
}

/** Names of all projects, for filters. */
export function allProjects(driver: SqlDriver): { id: number; name: string; root: string }[] {
  return driver.all('SELECT id, name, root FROM projects');
}

/** Maps open workspace folders to projects. */
import { isInside, normalizeFolder } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import type { SqlDriver } from '../store/sqlite/driver';
import { rootsJoinedInto } from '../store/tables/project-joins';
import { allProjects, withJoined } from '../store/tables/projects';
import type { ProjectFinder } from '../transcript/project';

/**
 * Ids of the projects in scope, as rows have them; undefined for all. A workspace folder means its repository and every
 * project below the folder, and what is shown as one with any of them.
 */
export async function scopeProjects(
  driver: SqlDriver,
  finder: ProjectFinder,
  scope: Scope | undefined,
): Promise<number[] | undefined> {
  if (!scope || (scope.roots === undefined && scope.projectIds === undefined)) return undefined;
  const ids = new Set(scope.projectIds);
  const projects = allProjects(driver);
  for (const root of scope.roots ?? []) {
    const folder = normalizeFolder(root);
    const { root: repository } = await finder.find(root);
    const moved = new Set(rootsJoinedInto(driver, repository));
    for (const { id, ownRoot } of projects)
      if (ownRoot === repository || moved.has(ownRoot) || ownRoot === folder || isInside(folder, ownRoot)) ids.add(id);
  }
  return [...withJoined(projects, ids)];
}

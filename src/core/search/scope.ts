/** Maps open workspace folders to projects. */
import { isInside, normalizeFolder } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import type { SqlDriver } from '../store/sqlite/driver';
import { allProjects } from '../store/tables/projects';
import type { ProjectFinder } from '../transcript/project';

/**
 * Ids of the projects in scope; undefined for all. A workspace folder means its repository and every project below the
 * folder.
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
    for (const project of projects)
      if (project.root === repository || project.root === folder || isInside(folder, project.root)) ids.add(project.id);
  }
  return [...ids];
}

/** Maps open workspace folders to projects. */
import { isInside, normalizeFolder } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import { hasMark } from '../../protocol/text';
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
  seal: (texts: readonly string[]) => Promise<string[]>,
  scope: Scope | undefined,
): Promise<number[] | undefined> {
  if (!scope || (scope.roots === undefined && scope.projectIds === undefined)) return undefined;
  const ids = new Set(scope.projectIds);
  const projects = allProjects(driver);
  const areMarked = projects.some((project) => hasMark(project.root));
  for (const root of scope.roots ?? []) {
    const written = [normalizeFolder(root), (await finder.find(root)).root] as const;
    // Roots are compared as they are stored: without their secrets.
    const [folder, repository] = areMarked ? await seal(written) : written;
    if (folder === undefined) continue;
    for (const project of projects)
      if (project.root === repository || project.root === folder || isInside(folder, project.root)) ids.add(project.id);
  }
  return [...ids];
}

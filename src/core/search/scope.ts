/** Maps open workspace folders to projects. */
import { isInside, normalizeFolder } from '../../protocol/paths';
import type { Scope } from '../../protocol/questions/schemas';
import { hasMark } from '../../protocol/text';
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
    if (folder === undefined || repository === undefined) continue;
    const moved = new Set(rootsJoinedInto(driver, repository));
    for (const { id, ownRoot } of projects)
      if (ownRoot === repository || moved.has(ownRoot) || ownRoot === folder || isInside(folder, ownRoot)) ids.add(id);
  }
  return [...withJoined(projects, ids)];
}

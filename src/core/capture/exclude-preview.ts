/** What the excludes mean here: the folders of known sessions and transcripts that each pattern matches. */
import { fileName } from '../../protocol/paths';
import type { ExcludePreview } from '../../protocol/status';
import type { SqlDriver } from '../store/sqlite/driver';
import { listConfigurations } from '../store/tables/configuration';
import { foldersOfSessions } from '../store/tables/projects';
import { foldersOfSources } from '../store/tables/sources';
import { readPattern } from './exclude';
import type { PatternSurroundings } from './exclude';

/** The patterns of all windows. */
export const storedExcludes = (driver: SqlDriver): string[] => [
  ...new Set([...listConfigurations<string[]>(driver, 'exclude:').values()].flat()),
];

/** Folders whose sessions were excluded from the start are known by their transcripts. */
export function previewExcludes(
  driver: SqlDriver,
  patterns: readonly string[],
  surroundings: PatternSurroundings,
): ExcludePreview[] {
  const sessions = foldersOfSessions(driver);
  const known = new Set(sessions.flatMap(({ ownRoot, cwd }) => [ownRoot, cwd]));
  const others = foldersOfSources(driver)
    .filter((cwd) => !known.has(cwd))
    .map((cwd) => ({ name: fileName(cwd), root: cwd, ownRoot: cwd, cwd, sessions: 0 }));
  const folders = [...sessions, ...others];
  return patterns.map((pattern) => {
    const read = readPattern(pattern, surroundings);
    const projects = new Map<string, ExcludePreview['projects'][number]>();
    for (const { name, root, ownRoot, cwd, sessions: count } of read ? folders : []) {
      if (!read?.matches(ownRoot) && !read?.matches(cwd)) continue;
      const before = projects.get(root)?.sessions ?? 0;
      projects.set(root, { name, root, sessions: before + count });
    }
    return { pattern, readAs: read?.readAs ?? '', projects: [...projects.values()] };
  });
}

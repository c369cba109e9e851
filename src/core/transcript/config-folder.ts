/** Whether a config folder of Claude Code is there and is one, and what a person would get who chose it. */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import type { FolderLook } from '../../protocol/status';
import { discoverTranscripts } from './discover';

/** Why nothing can be found in a config folder. */
type FolderFault = 'missing' | 'no_folder' | 'no_projects';

export interface ConfigFolder {
  dir: string;
  /** Absent when transcripts can be found there. */
  fault?: FolderFault;
}

export async function examineConfigDirs(dirs: readonly string[]): Promise<ConfigFolder[]> {
  return Promise.all(
    dirs.map(async (dir) => {
      const fault = await faultOf(dir);
      return { dir, ...(fault && { fault }) };
    }),
  );
}

async function faultOf(dir: string): Promise<FolderFault | undefined> {
  const found = await stat(dir).catch(() => undefined);
  if (!found) return 'missing';
  if (!found.isDirectory()) return 'no_folder';
  return (await isFolder(path.join(dir, 'projects'))) ? undefined : 'no_projects';
}

const isFolder = (folder: string): Promise<boolean> =>
  stat(folder).then(
    (found) => found.isDirectory(),
    () => false,
  );

/**
 * Counts the sessions of a folder that a person points at. People point at the folder above or below too, so the
 * config folder may be another one: `~` for `~/.claude`, or `~/.claude/projects` and a folder in it.
 */
export async function lookIntoFolder(dir: string, signal?: AbortSignal): Promise<FolderLook> {
  const above = path.dirname(dir);
  const near = [dir, path.join(dir, '.claude'), above, path.dirname(above)];
  for (const candidate of near) {
    if (candidate !== dir && candidate !== near[1] && !isProjectsIn(candidate, dir)) continue;
    const look = await countTranscripts(candidate, signal); // oxlint-disable-line no-await-in-loop -- the first counts
    if (look.sessions > 0) return look;
  }
  return { configDir: dir, sessions: 0, projects: 0, bytes: 0, newestAt: null };
}

/** True when `dir` is `projects` below the candidate, or a project's folder in it. */
const isProjectsIn = (candidate: string, dir: string): boolean => {
  const [first, second, ...rest] = path.relative(candidate, dir).split(path.sep);
  return first === 'projects' && rest.length === 0 && second !== '..';
};

async function countTranscripts(configDir: string, signal?: AbortSignal): Promise<FolderLook> {
  const folders = new Set<string>();
  let [sessions, bytes, newestAt] = [0, 0, 0];
  for await (const { path: file, kind, size, mtime } of discoverTranscripts(configDir, signal)) {
    bytes += size;
    if (kind !== 'main') continue;
    sessions++;
    folders.add(path.dirname(file));
    newestAt = Math.max(newestAt, mtime);
  }
  return { configDir, sessions, projects: folders.size, bytes, newestAt: newestAt === 0 ? null : newestAt };
}

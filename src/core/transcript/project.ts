/**
 * Finds the project of a folder from the folder itself: the names of the client's own folders lose information, and
 * starting git is slow. A worktree refers to its repository by files; a deleted worktree is recognised by its path.
 */
import { stat } from 'node:fs/promises';
import path from 'node:path';
import { fileName, isInside, normalizeFolder, repositoryOfWorktree } from '../../protocol/paths';
import { within } from '../lib/within';
import { maxGitFileBytes, namedGitFolder } from './git-folder';
import { maxLookMs } from './look';
import { isNetworkPath, readPlainText } from './plain-file';

export interface ProjectIdentity<Text extends string = string> {
  root: Text;
  name: Text;
  /** Nothing on the disk says what belongs to it: it is the folder itself, which may have gone. */
  isBare?: boolean;
}

/** The project of a line: a folder below that of its session is no project of its own, unless a repository says so. */
export const projectOfLine = <Text extends string>(
  own: ProjectIdentity<Text>,
  ofSession: ProjectIdentity<Text>,
): ProjectIdentity<Text> =>
  own.isBare && ofSession.root !== '' && isInside(ofSession.root, own.root) ? ofSession : own;

const deepest = 40;
/** Caches its results: each folder is looked up once. */
export class ProjectFinder {
  readonly #known = new Map<string, Promise<ProjectIdentity>>();

  find(cwd: string): Promise<ProjectIdentity> {
    const folder = normalizeFolder(cwd);
    let found = this.#known.get(folder);
    if (!found) {
      found = identify(folder);
      this.#known.set(folder, found);
    }
    return found;
  }
}

async function identify(folder: string): Promise<ProjectIdentity> {
  // A relative path would be resolved against this program's folder, and a path on another computer would be a visit
  // there, so neither is looked up.
  const mayLook = path.isAbsolute(folder) && !isNetworkPath(folder);
  const root = (mayLook ? await within(maxLookMs, repositoryOf(folder)) : undefined) ?? repositoryOfWorktree(folder);
  const normal = normalizeFolder(root ?? folder);
  return { root: normal, name: fileName(normal) || 'unknown', ...(root === undefined && { isBare: true }) };
}

/** Root of the main worktree of the repository that contains `folder`; undefined outside git. */
async function repositoryOf(folder: string): Promise<string | undefined> {
  let at = folder;
  for (let depth = 0; depth < deepest; depth++) {
    const git = path.join(at, '.git');
    try {
      const found = await stat(git);
      if (found.isDirectory()) return at;
      if (found.isFile()) return (await mainWorktreeOf(git, at)) ?? at;
    } catch {
      // No `.git` here: continue in the parent folder.
    }
    const above = path.dirname(at);
    if (above === at) return undefined;
    at = above;
  }
  return undefined;
}

/** The `.git` file of a worktree names `<repo>/.git/worktrees/<name>`, whose `commondir` leads to `<repo>/.git`. */
async function mainWorktreeOf(gitFile: string, folder: string): Promise<string | undefined> {
  const gitDir = await namedGitFolder(gitFile, folder);
  if (gitDir === undefined) return undefined;
  const common = (await readPlainText(path.join(gitDir, 'commondir'), maxGitFileBytes)).trim();
  // A submodule has a `.git` file but no commondir; it is a project of its own.
  if (common === '') return undefined;
  const commonDir = path.resolve(gitDir, common);
  if (isNetworkPath(common)) return undefined;
  return path.basename(commonDir) === '.git' ? path.dirname(commonDir) : commonDir;
}

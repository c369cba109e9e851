/** Where git keeps the files of a folder: its `.git` is the folder itself, or a file that names one. */
import path from 'node:path';
import { isNetworkPath, readPlainText } from './plain-file';

/** A `.git` file and a `commondir` hold one path. */
export const maxGitFileBytes = 4096;

/** The folder that a `.git` file in `folder` names; undefined when it is on another computer. */
export async function namedGitFolder(gitFile: string, folder: string): Promise<string | undefined> {
  const named = /^gitdir:(.*)$/m.exec(await readPlainText(gitFile, maxGitFileBytes))?.[1]?.trim();
  if (!named) return undefined;
  const gitDir = path.resolve(folder, named);
  // The file may come with a repository of a stranger.
  return isNetworkPath(named) || isNetworkPath(gitDir) ? undefined : gitDir;
}

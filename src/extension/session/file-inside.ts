import { lstat, realpath, stat } from 'node:fs/promises';
import { dirname, isAbsolute, resolve } from 'node:path';
import { isInside } from '../../protocol/paths';

/**
 * The real path of a file below `root`, with links resolved on both sides; undefined otherwise. The root of a disk is
 * not accepted, because every file is below it.
 */
export async function fileInside(root: string, path: string): Promise<string | undefined> {
  if (!isAbsolute(root)) return undefined;
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    return isInside(folder, file) && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Where a file below `root` may be written: its real path when it exists, else its path when its folder is in `root`.
 * Undefined when a link leads outside.
 */
export async function writableInside(root: string, path: string): Promise<string | undefined> {
  const wanted = resolve(root, path);
  if (
    await lstat(wanted).then(
      () => true,
      () => false,
    )
  )
    return fileInside(root, path);
  for (let folder = dirname(wanted); folder !== dirname(folder); folder = dirname(folder)) {
    // oxlint-disable-next-line no-await-in-loop -- from the inside out, until one is there
    const real = await realpath(folder).catch(() => undefined);
    if (real === undefined) continue;
    const base = await realpath(root); // oxlint-disable-line no-await-in-loop
    return real === base || isInside(base, real) ? wanted : undefined;
  }
  return undefined;
}

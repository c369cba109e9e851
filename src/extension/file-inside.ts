import { realpath, stat } from 'node:fs/promises';
import { isAbsolute, parse, relative, resolve, sep } from 'node:path';

/**
 * The real path of a file below `root`, links followed on both sides, or nothing. The root of a disk is no folder to be
 * inside of: a transcript that claims to have run there would make every file its own.
 */
export async function fileInside(root: string, path: string): Promise<string | undefined> {
  if (!isAbsolute(root)) return undefined;
  try {
    const [folder, file] = await Promise.all([realpath(root), realpath(resolve(root, path))]);
    const inner = relative(folder, file);
    const isInside = inner !== '' && inner !== '..' && !inner.startsWith(`..${sep}`) && !isAbsolute(inner);
    return folder !== parse(folder).root && isInside && (await stat(file)).isFile() ? file : undefined;
  } catch {
    return undefined;
  }
}

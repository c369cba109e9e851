/**
 * The client writes large tool outputs to `<session>/tool-results/` and names the file in the line. Lines are not
 * trusted: whatever path they name, only a regular file directly in that session's own folder is read, after links are
 * resolved; the folder itself must not be a link.
 */
import { realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileName } from '../../protocol/paths';
import { wholeLines } from '../lib/text';
import { openPlainFile } from './plain-file';

/** Highest number of bytes read of a spilled output. */
export const maxSpillBytes = 1 << 20;

/** The first `maxSpillBytes` of a spill and its full size; undefined when it does not exist or may not be read. */
export async function readSpill(
  namedPath: string,
  spillFolder: string,
): Promise<{ text: string; bytes: number } | undefined> {
  // The path may be of another machine, so only its last part counts.
  const name = fileName(namedPath);
  if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) return undefined;
  try {
    const folder = await realpath(spillFolder);
    // A folder that is itself a link would open any other folder.
    if (folder !== path.join(await realpath(path.dirname(spillFolder)), path.basename(spillFolder))) return undefined;
    const file = await realpath(path.join(folder, name));
    if (path.dirname(file) !== folder) return undefined;
    const handle = await openPlainFile(file);
    try {
      const { size } = await handle.stat();
      const buffer = Buffer.alloc(Math.min(size, maxSpillBytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      const text = buffer.subarray(0, bytesRead).toString('utf8');
      return { text: size > bytesRead ? wholeLines(text) : text, bytes: size };
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

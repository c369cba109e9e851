/**
 * Large tool outputs are written to `<session>/tool-results/` and only named in the line. A line is hostile input:
 * whatever path it names, only a regular file directly inside that session's own folder is read, after links are
 * resolved.
 */
import { constants } from 'node:fs';
import { open, realpath } from 'node:fs/promises';
import path from 'node:path';
import { fileName } from '../../protocol/paths';
import { wholeLines } from '../lib/text';

/** At most this much of a spilled output is read. */
export const maxSpillBytes = 1 << 20;
/**
 * A pipe must not make us wait for its writer, nor a link put there since the check lead elsewhere. Windows has neither
 * flag.
 */
const openFlags = constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOFOLLOW;

/**
 * The text of a spill (its first `maxSpillBytes`) and its full size, or undefined when it is not there or not allowed.
 */
export async function readSpill(
  namedPath: string,
  spillFolder: string,
): Promise<{ text: string; bytes: number } | undefined> {
  // The path is of the machine that wrote the line, perhaps another one: only its last part counts.
  const name = fileName(namedPath);
  if (!/^[\w.-]+$/.test(name) || name.startsWith('.')) return undefined;
  try {
    const folder = await realpath(spillFolder);
    const file = await realpath(path.join(folder, name));
    if (path.dirname(file) !== folder) return undefined;
    const handle = await open(file, openFlags);
    try {
      const found = await handle.stat();
      if (!found.isFile()) return undefined;
      const buffer = Buffer.alloc(Math.min(found.size, maxSpillBytes));
      const { bytesRead } = await handle.read(buffer, 0, buffer.length, 0);
      const text = buffer.subarray(0, bytesRead).toString('utf8');
      return { text: found.size > bytesRead ? wholeLines(text) : text, bytes: found.size };
    } finally {
      await handle.close();
    }
  } catch {
    return undefined;
  }
}

/** Transcripts back into the client's folder: names are checked, nothing is overwritten, half a file is never seen. */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, realpath, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import { pathParts } from '../../protocol/paths';

export interface TranscriptPlace {
  /** The `projects` folder nothing may leave. */
  root: string;
  path: string;
}

/** What the client makes of a folder's name, and its ids: no separators, no way up. */
const safeName = /^(?!\.+$)[\w.@-]{1,200}$/;
const deepest = 8;

/**
 * Where a transcript that stood at `former` belongs: at the same place when its config folder is still one of ours,
 * else below the first. @throws MemoryError `invalid_input` for names that no client makes.
 */
export function placeOfTranscript(former: string, configDirs: readonly string[]): TranscriptPlace {
  const roots = configDirs.map((dir) => path.join(dir, 'projects'));
  const own = roots.find((root) => former.startsWith(root + path.sep));
  const root = own ?? roots[0];
  if (root === undefined)
    throw new MemoryError('invalid_input', 'No Claude config folder is known to restore into.', {
      reason: 'no_config_dir',
    });
  const parts = own === undefined ? belowProjects(former) : path.relative(own, former).split(path.sep);
  const isSafe =
    parts.length >= 2 &&
    parts.length <= deepest &&
    parts.every((part) => safeName.test(part)) &&
    parts.at(-1)?.endsWith('.jsonl');
  if (!isSafe)
    throw new MemoryError('invalid_input', 'The archived transcript has a name that cannot be restored.', {
      reason: 'unsafe_name',
    });
  return { root, path: path.join(root, ...parts) };
}

/** False when the same file is there already. @throws MemoryError `invalid_input` when another one is. */
export async function isFree({ path: target }: TranscriptPlace, read: () => Iterable<Uint8Array>): Promise<boolean> {
  const isThere = await stat(target).then(
    () => true,
    () => false,
  );
  if (isThere && !(await startsWith(target, read())))
    throw new MemoryError(
      'invalid_input',
      'A different transcript is already in this place. Nothing was overwritten.',
      { reason: 'exists', path: target },
    );
  return !isThere;
}

/** @throws MemoryError `invalid_input` when the place is taken by another content, or outside of its root. */
export async function writeTranscriptBack(
  { root, path: target }: TranscriptPlace,
  read: () => Iterable<Uint8Array>,
): Promise<'written' | 'there_already'> {
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // A folder may be a link to anywhere.
  const inside = path.relative(await realpath(root), await realpath(folder));
  if (inside.startsWith('..') || path.isAbsolute(inside))
    throw new MemoryError('invalid_input', 'The folder of this transcript leads out of the Claude config folder.', {
      reason: 'unsafe_name',
    });
  const half = path.join(folder, `.${path.basename(target)}.${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeWhole(half, read());
    await moveToFreeName(half, target);
    return 'written';
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error;
    await isFree({ root, path: target }, read);
    return 'there_already';
  } finally {
    await rm(half, { force: true });
  }
}

function belowProjects(former: string): string[] {
  const parts = pathParts(former);
  return parts.slice(parts.lastIndexOf('projects') + 1).slice(-deepest);
}

async function writeWhole(file: string, pieces: Iterable<Uint8Array>): Promise<void> {
  const handle = await open(file, 'wx', 0o600);
  try {
    for (const piece of pieces) await handle.appendFile(piece);
    await handle.sync();
  } finally {
    await handle.close();
  }
}

/** Fails with EEXIST when the name is taken; a rename would take it. */
async function moveToFreeName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // No hard links on this file system.
    await copyFile(from, to, constants.COPYFILE_EXCL);
    const handle = await open(to, 'r+');
    await handle.sync().finally(() => handle.close());
  }
}

/** The same file, perhaps grown since: then there is nothing to do. */
async function startsWith(file: string, pieces: Iterable<Uint8Array>): Promise<boolean> {
  const handle = await open(file, 'r');
  try {
    let at = 0;
    for (const piece of pieces) {
      const there = Buffer.alloc(piece.length);
      const { bytesRead } = await handle.read(there, 0, there.length, at);
      if (bytesRead < piece.length || Buffer.compare(there, piece) !== 0) return false;
      at += piece.length;
    }
    return true;
  } finally {
    await handle.close();
  }
}

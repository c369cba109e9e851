/**
 * Writes transcripts back into the client's folder. Names are checked, nothing is overwritten, and a file appears only
 * when it is complete.
 */
import { randomBytes } from 'node:crypto';
import { constants } from 'node:fs';
import { copyFile, link, mkdir, open, realpath, rm, stat, utimes } from 'node:fs/promises';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import { pathParts } from '../../protocol/paths';

export interface TranscriptPlace {
  /** The `projects` folder; nothing is written outside of it. */
  root: string;
  path: string;
}

/**
 * Names the client gives to folders and files: no separators and no `..`. The client cuts the name of a folder at 200
 * letters and adds a dash and a hash; file systems allow 255.
 */
const safeName = /^(?!\.+$)[\w.@-]{1,255}$/;
const deepest = 8;

/**
 * Where a transcript that was at `former` is restored to: the same place when its config folder is still configured,
 * else the first config folder. @throws MemoryError `invalid_input` for names that no client makes.
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

/**
 * True when nothing is at the place, false when the same file is. @throws MemoryError `invalid_input` when another file
 * is.
 */
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

/** @throws MemoryError `invalid_input` when the place has another content or is outside its root. */
export async function writeTranscriptBack(
  { root, path: target }: TranscriptPlace,
  read: () => Iterable<Uint8Array>,
  mtime: number,
): Promise<'written' | 'there_already'> {
  const folder = path.dirname(target);
  await mkdir(folder, { recursive: true, mode: 0o700 });
  // The folder may be a link that leads elsewhere.
  const inside = path.relative(await realpath(root), await realpath(folder));
  if (inside.startsWith('..') || path.isAbsolute(inside))
    throw new MemoryError('invalid_input', 'The folder of this transcript leads out of the Claude config folder.', {
      reason: 'unsafe_name',
    });
  // Short, because the name of the transcript may be as long as names can be.
  const half = path.join(folder, `.restore-${randomBytes(6).toString('hex')}.tmp`);
  try {
    await writeWhole(half, read());
    await utimes(half, mtime / 1000, mtime / 1000);
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

/** Fails with EEXIST when the name exists; a rename would overwrite it. */
async function moveToFreeName(from: string, to: string): Promise<void> {
  try {
    await link(from, to);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') throw error;
    // The file system has no hard links.
    await copyFile(from, to, constants.COPYFILE_EXCL);
    const { atime, mtime } = await stat(from);
    const handle = await open(to, 'r+');
    await handle.sync().finally(() => handle.close());
    await utimes(to, atime, mtime);
  }
}

/** True when the file begins with these bytes; it may have grown since. */
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

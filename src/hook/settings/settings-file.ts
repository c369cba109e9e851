/** The settings file of Claude Code on the disk. The client and other tools write it too, at any time. */
import { randomUUID } from 'node:crypto';
import { chmod, chown, lstat, mkdir, open, readFile, readlink, realpath, rename, rm, stat } from 'node:fs/promises';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';

/** Undefined: there is no file, or there shall be none. */
export type Text = string | undefined;

const maxBytes = 8 << 20;
const mostTries = 20;

/** @throws MemoryError `invalid_input` for a file that is no UTF-8, or that is too long for settings */
export async function readSettings(file: string): Promise<Text> {
  const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return undefined;
    throw unusable(file, error.code ?? 'it cannot be read');
  });
  if (!bytes) return undefined;
  if (bytes.length > maxBytes) throw unusable(file, 'it is too long');
  try {
    // With its byte order mark: what is written back must have it too.
    return new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    throw unusable(file, 'it is no UTF-8');
  }
}

/**
 * Replaces the text by what `change` makes of it, in one step. Where it was written meanwhile, `change` is asked again
 * with the new text. A link stays, and the file it leads to keeps its mode.
 * @returns the text before
 */
export async function changeSettings(file: string, change: (text: Text) => Promise<Text> | Text): Promise<Text> {
  const target = await resolveLink(file);
  for (let left = mostTries; left > 0; left--) {
    const before = await readSettings(target);
    const after = await change(before);
    if (after === before) return before;
    if (await replace(target, before, after)) return before;
  }
  throw unusable(file, 'another program keeps writing it');
}

/** False when the file is not as it was when it was read. */
async function replace(target: string, before: Text, after: Text): Promise<boolean> {
  const isAsBefore = async () => (await readSettings(target)) === before;
  if (after === undefined) {
    if (!(await isAsBefore())) return false;
    await rm(target, { force: true });
    return true;
  }
  const next = `${target}.${process.pid}.${randomUUID().slice(0, 8)}.tmp`;
  try {
    await mkdir(path.dirname(target), { recursive: true, mode: 0o700 });
    const found = await stat(target).catch(() => undefined);
    const handle = await open(next, 'wx', found ? found.mode & 0o777 : 0o600);
    try {
      await handle.writeFile(after);
      await handle.sync();
    } finally {
      await handle.close();
    }
    // The mode of a new file is cut by the mask of the process.
    if (found) await chmod(next, found.mode & 0o777);
    if (found) await chown(next, found.uid, found.gid).catch(() => {});
    if (!(await isAsBefore())) return false;
    await rename(next, target);
    return true;
  } catch (error) {
    throw MemoryError.is(error) ? error : unusable(target, (error as NodeJS.ErrnoException).code ?? String(error));
  } finally {
    await rm(next, { force: true }).catch(() => {});
  }
}

/** The file behind links, also where there is none yet: a rename would put a file in the place of the link. */
async function resolveLink(file: string): Promise<string> {
  const whole = await realpath(file).catch(() => undefined);
  if (whole !== undefined) return whole;
  const isLink = (await lstat(file).catch(() => undefined))?.isSymbolicLink() === true;
  return isLink ? path.resolve(path.dirname(file), await readlink(file)) : file;
}

const unusable = (file: string, what: string): MemoryError =>
  new MemoryError('invalid_input', `The settings of Claude Code cannot be changed: ${file}: ${what}`, {
    reason: 'unusable_settings',
    what,
  });

/**
 * Opens files that other programs put there. A transcript or a `.git` file may be, or become, a pipe, a device or a
 * link: opening a pipe would wait for ever, and a link may lead anywhere.
 */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';

/** Windows has neither flag. */
const openFlags = constants.O_RDONLY | (constants.O_NONBLOCK ?? 0) | (constants.O_NOFOLLOW ?? 0);
/** A share of another computer: looking at it sends this person's name and a proof of the password there. */
const networkPath = /^(?:\\\\|\/\/)/;

/** True for a path on another computer, which is never looked at unasked. */
export const isNetworkPath = (path: string): boolean => networkPath.test(path);

/**
 * Opens a regular file for reading, without waiting and without following a link at the last step.
 * @throws when it is no regular file
 */
export async function openPlainFile(path: string): Promise<FileHandle> {
  const handle = await open(path, openFlags);
  try {
    const found = await handle.stat();
    if (!found.isFile()) throw Object.assign(new Error('This is no regular file.'), { code: 'ENOTSUP' });
    return handle;
  } catch (error) {
    await handle.close();
    throw error;
  }
}

/** The text of a file of at most `maxBytes`; empty when it is longer, missing or no regular file. */
export async function readPlainText(path: string, maxBytes: number): Promise<string> {
  // A file of a virtual file system says that it has no bytes, so the size is what was read.
  const start = await readStart(path, maxBytes + 1);
  return start.length > maxBytes ? '' : start.toString('utf8');
}

/** The first line of a file, without its end; empty when it is longer than `maxBytes`, missing or not finished. */
export async function readFirstLine(path: string, maxBytes: number): Promise<string> {
  const start = await readStart(path, maxBytes);
  const end = start.indexOf('\n');
  return end < 0 ? '' : start.toString('utf8', 0, end);
}

/** The first bytes of a file; none when it is missing or no regular file. */
export async function readStart(path: string, bytes: number): Promise<Buffer> {
  try {
    const handle = await openPlainFile(path);
    try {
      const buffer = Buffer.alloc(bytes);
      const { bytesRead } = await handle.read(buffer, 0, bytes, 0);
      return buffer.subarray(0, bytesRead);
    } finally {
      await handle.close();
    }
  } catch {
    return Buffer.alloc(0);
  }
}

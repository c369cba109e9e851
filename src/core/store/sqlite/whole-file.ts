/**
 * Files read, removed and made to last as a whole, through the same calls as the pages, so that tests can fail and
 * record them.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { FileCalls } from './disk-files';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Bytes of a file; undefined when it is not there. */
export function readWhole(fs: FileCalls, file: string, most = Infinity): Buffer | undefined {
  let handle: number;
  try {
    handle = fs.openSync(file, nodeFs.constants.O_RDONLY);
  } catch (error) {
    if (isMissing(error)) return undefined;
    throw error;
  }
  try {
    const bytes = Buffer.alloc(Math.min(most, fs.fstatSync(handle).size));
    let done = 0;
    for (let got = 1; done < bytes.length && got > 0; done += got)
      got = fs.readSync(handle, bytes, done, bytes.length - done, done);
    return bytes.subarray(0, done);
  } finally {
    fs.closeSync(handle);
  }
}

export function isThere(fs: FileCalls, file: string): boolean {
  try {
    fs.statSync(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/** True when there was something to remove. */
export function removeFile(fs: FileCalls, file: string): boolean {
  try {
    fs.unlinkSync(file);
    return true;
  } catch (error) {
    if (isMissing(error)) return false;
    throw error;
  }
}

/**
 * Makes names created, renamed or removed beside `file` outlast a power loss. Windows has no such call, and needs none.
 */
export function syncFolder(fs: FileCalls, file: string, platform: NodeJS.Platform): void {
  if (platform === 'win32') return;
  const handle = fs.openSync(path.dirname(file), nodeFs.constants.O_RDONLY);
  try {
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/** A short write is legal; the rest must follow or the page is torn. */
export function writeWhole(fs: FileCalls, handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(handle, bytes, done, bytes.length - done, at + done);
}

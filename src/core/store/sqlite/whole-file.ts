/**
 * Reads, removes and syncs whole files through the same file calls as the pages, so that tests can record them and make
 * them fail.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { FileCalls } from './file-calls';

const isMissing = (error: unknown): boolean => (error as NodeJS.ErrnoException).code === 'ENOENT';

/** Bytes of a file; undefined when it does not exist. */
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

/** True when the file existed. */
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
 * Syncs the folder of `file`, so that names created, renamed or removed there survive a power loss. Windows has no such
 * call and does not need it.
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

/** write(2) may write less than asked; the rest must follow or the page is torn. */
export function writeWhole(fs: FileCalls, handle: number, bytes: Uint8Array, at: number): void {
  for (let done = 0; done < bytes.length;) done += fs.writeSync(handle, bytes, done, bytes.length - done, at + done);
}

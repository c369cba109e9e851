/**
 * The first bytes of a database: SQLite's own, or ours while we own the file, so that other programs do not know it.
 */
import nodeFs from 'node:fs';
import type { FileCalls } from './disk-files';
import { readWhole, writeWhole } from './whole-file';

export const plainMagic = 'SQLite format 3\0';
const ownMagic = 'VSCMEM db v1   \0';
/** What turns one into the other. */
export const maskBytes = Uint8Array.from(
  plainMagic,
  (letter, index) => letter.charCodeAt(0) ^ ownMagic.charCodeAt(index),
);
const probe = Buffer.alloc(ownMagic.length);

/** True when the open file still begins as we wrote it. */
export function hasOwnHeader(fs: FileCalls, handle: number): boolean {
  const got = fs.readSync(handle, probe, 0, probe.length, 0);
  // A read may be short, but not empty.
  return got > 0 && probe.toString('latin1', 0, got) === ownMagic.slice(0, got);
}

/** True for the first bytes of a database that the disk layer owns. */
export const isMaskedHeader = (head: Buffer): boolean => head.toString('latin1', 0, ownMagic.length) === ownMagic;

/** True for a database as SQLite writes it. Three bytes more than the magic: a text that begins with it is none. */
export const isPlainDatabase = (head: Buffer): boolean =>
  head.toString('latin1', 0, plainMagic.length) === plainMagic && head[21] === 64 && head[22] === 32 && head[23] === 32;

const isFileWith =
  (isWanted: (head: Buffer) => boolean) =>
  (file: string): boolean => {
    const head = readWhole(nodeFs, file, 24);
    return head !== undefined && isWanted(head);
  };

export const isPlainFile = isFileWith(isPlainDatabase);
export const isMaskedFile = isFileWith(isMaskedHeader);

/** Gives a plain database the header that keeps other programs away. Anything that is no database is left alone. */
export function maskPlainFile(file: string, fs: FileCalls = nodeFs): void {
  const head = readWhole(fs, file, 24);
  if (!head || !isPlainDatabase(head)) return;
  const handle = fs.openSync(file, nodeFs.constants.O_RDWR);
  try {
    writeWhole(fs, handle, Buffer.from(ownMagic, 'latin1'), 0);
    fs.fsyncSync(handle);
  } finally {
    fs.closeSync(handle);
  }
}

/**
 * The first bytes of a database: SQLite's own, or ours while we own the file, so that other programs do not recognise
 * it.
 */
import nodeFs from 'node:fs';
import type { FileCalls } from './file-calls';
import { readWhole, writeWhole } from './whole-file';

export const plainMagic = 'SQLite format 3\0';
const ownMagic = 'VSCMEM db v1   \0';
/** XOR of the two headers: turns either into the other. */
export const maskBytes = Uint8Array.from(
  plainMagic,
  (letter, index) => letter.charCodeAt(0) ^ ownMagic.charCodeAt(index),
);
const probe = Buffer.alloc(ownMagic.length);

/** True when the open file still begins with our header. */
export function hasOwnHeader(fs: FileCalls, handle: number): boolean {
  const got = fs.readSync(handle, probe, 0, probe.length, 0);
  // The file may be shorter than the header, but not empty.
  return got > 0 && probe.toString('latin1', 0, got) === ownMagic.slice(0, got);
}

/** True for a header as the disk layer writes it. */
export const isMaskedHeader = (head: Buffer): boolean => head.toString('latin1', 0, ownMagic.length) === ownMagic;

/**
 * True for a header as SQLite writes it. Checks three bytes beyond the magic, so that a text beginning with it is not
 * taken for a database.
 */
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

/** Replaces the header of a plain database by ours, which keeps other programs away. Any other file is left alone. */
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

/** New lines of a growing file, from where reading stopped. Memory is bounded by one chunk plus one capped line. */
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isWholeJson } from './parse';

/** Where reading stopped, and how to know that the file is still the same. */
export interface Cursor {
  offset: number;
  inode: string;
  /** Proof of up to `proofBytes` before the offset. */
  tailHash: string;
}

export interface Line {
  /** Undefined when the line is longer than the cap: then `head` has its beginning. */
  text: string | undefined;
  /** The line as it stands in the file, its end included; undefined when it is longer than the cap. */
  raw: Uint8Array | undefined;
  head: string;
  /** Newline included. */
  bytes: number;
}

export interface Batch {
  lines: Line[];
  cursor: Cursor;
  /** Bytes at the end of the file that are no whole line yet. */
  pendingBytes: number;
  isEnd: boolean;
}

export type Prove = (bytes: Uint8Array) => string;

export interface TailOptions {
  /** Longest line read whole. */
  maxLineBytes: number;
  /**
   * A hash with a key: what stands at the end of a line may be a secret, and a bare hash would confirm a guess at it.
   */
  prove: Prove;
  /** A batch ends after this many bytes of lines, or `maxLines`: short lines cost far more than their bytes. */
  batchBytes?: number;
  signal?: AbortSignal;
}

/** Most lines of a batch. */
export const maxLines = 2000;

export const emptyCursor: Cursor = { offset: 0, inode: '', tailHash: '' };

const chunkBytes = 256 * 1024;
const proofBytes = 1024;
const headBytes = 4096;
const newline = 10;

/**
 * Yields whole lines in batches. A file that was replaced, truncated or rewritten before the cursor is read from its
 * beginning: storing is idempotent, so that costs time and nothing else.
 */
export async function* readNewLines(
  path: string,
  from: Cursor,
  options: TailOptions,
): AsyncGenerator<Batch & { isRestart: boolean }> {
  const handle = await open(path, 'r');
  try {
    const { size, ino } = await handle.stat({ bigint: true });
    const inode = String(ino);
    const isSame =
      from.offset > 0 &&
      from.inode === inode &&
      BigInt(from.offset) <= size &&
      (await tailHash(handle, from.offset, options.prove)) === from.tailHash;
    const start = isSame ? from.offset : 0;
    yield* readLines(handle, start, inode, { isRestart: from.offset > 0 && !isSame }, options);
  } finally {
    await handle.close();
  }
}

async function* readLines(
  handle: FileHandle,
  start: number,
  inode: string,
  { isRestart }: { isRestart: boolean },
  options: TailOptions,
) {
  const { maxLineBytes, batchBytes = 1 << 20, prove, signal } = options;
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const line = new LineBuilder(maxLineBytes);
  let lines: Line[] = [];
  let taken = 0;
  let offset = start;
  let position = start;
  const batch = async (isEnd: boolean): Promise<Batch & { isRestart: boolean }> => ({
    lines,
    cursor: { offset, inode, tailHash: await tailHash(handle, offset, prove) },
    // In the middle of a chunk nothing is pending: reading has got as far as it gave lines.
    pendingBytes: Math.max(0, position - offset),
    isEnd,
    isRestart,
  });
  for (;;) {
    signal?.throwIfAborted();
    const { bytesRead } = await handle.read(chunk, 0, chunk.length, position);
    if (bytesRead === 0) break;
    let from = 0;
    for (let at = chunk.indexOf(newline); at >= 0 && at < bytesRead; at = chunk.indexOf(newline, from)) {
      line.add(chunk.subarray(from, at + 1));
      const done = line.take();
      lines.push(done);
      taken += done.bytes;
      offset += done.bytes;
      from = at + 1;
      if (lines.length >= maxLines) {
        yield await batch(false);
        lines = [];
        taken = 0;
      }
    }
    line.add(chunk.subarray(from, bytesRead));
    position += bytesRead;
    if (taken >= batchBytes) {
      yield await batch(false);
      lines = [];
      taken = 0;
    }
  }
  // Exporters leave the last newline out: what is whole JSON already is a line.
  if (line.bytes > 0 && line.isComplete()) {
    const done = line.take();
    lines.push(done);
    offset += done.bytes;
  }
  yield await batch(true);
}

/** Collects the pieces of one line; above the cap it keeps counting and lets the pieces go. */
class LineBuilder {
  #pieces: Buffer[] = [];
  #head = '';
  bytes = 0;

  constructor(readonly cap: number) {}

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    if (this.bytes === 0) this.#head = '';
    this.bytes += piece.length;
    if (this.bytes <= this.cap) {
      // The chunk is reused, so a piece that stays must be copied.
      this.#pieces.push(Buffer.from(piece));
      return;
    }
    // The first piece may be short: a line begins anywhere in a chunk.
    if (this.#head === '')
      this.#head = Buffer.concat([...this.#pieces, piece], Math.min(this.bytes, headBytes)).toString('utf8');
    this.#pieces = [];
  }

  isComplete(): boolean {
    return this.bytes <= this.cap && isWholeJson(Buffer.concat(this.#pieces).toString('utf8'));
  }

  take(): Line {
    const isLong = this.bytes > this.cap;
    const raw = isLong ? undefined : Buffer.concat(this.#pieces);
    const line: Line = {
      text: raw?.toString('utf8').replace(/\r?\n$/, ''),
      raw,
      head: isLong ? this.#head : '',
      bytes: this.bytes,
    };
    this.#pieces = [];
    this.#head = '';
    this.bytes = 0;
    return line;
  }
}

/** True when the file still holds what stood before the cursor, whatever its inode. */
export async function isSameBefore(
  path: string,
  { offset, tailHash: expected }: Pick<Cursor, 'offset' | 'tailHash'>,
  prove: Prove,
): Promise<boolean> {
  const handle = await open(path, 'r');
  try {
    return offset <= (await handle.stat()).size && (await tailHash(handle, offset, prove)) === expected;
  } finally {
    await handle.close();
  }
}

async function tailHash(handle: FileHandle, offset: number, prove: Prove): Promise<string> {
  const length = Math.min(proofBytes, offset);
  const proof = Buffer.alloc(length);
  if (length > 0) await handle.read(proof, 0, length, offset - length);
  return prove(proof);
}

/**
 * Reads new lines of a growing file from where reading stopped. Memory is limited to one chunk and one line of the
 * longest length.
 */
import { realpath } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import { isWholeJson } from './parse';
import { openPlainFile } from './plain-file';

/** Where reading stopped, and a proof that the file is still the same. */
export interface Cursor {
  offset: number;
  inode: string;
  /** Keyed hash of up to `proofBytes` before the offset. */
  tailHash: string;
}

export interface Line {
  /** Undefined when the line is too long; `head` has its beginning then. */
  text: string | undefined;
  /** The line as in the file, including its line end; undefined when it is too long, NULs counted. */
  raw: Uint8Array | undefined;
  head: string;
  /** Including the newline. */
  bytes: number;
  /** Number of NULs that are not in `text`. */
  nuls: number;
  /** A keeper was stuck at this line: it has no text. */
  isStuck?: boolean;
}

export interface Batch {
  lines: Line[];
  cursor: Cursor;
  /** Bytes of an incomplete line at the end of the file. */
  pendingBytes: number;
  isEnd: boolean;
}

export type Prove = (bytes: Uint8Array) => string;

export interface TailOptions {
  /** Longest line that is read whole. */
  maxLineBytes: number;
  /** Keyed hash: the bytes may contain a secret, and a plain hash would confirm a guess of it. */
  prove: Prove;
  /** A batch ends after this many bytes or `maxLines` lines; short lines cost far more than their bytes. */
  batchBytes?: number;
  /** One line a batch, to find out which line stops the reader. */
  isLineByLine?: boolean;
  signal?: AbortSignal;
}

/** Highest number of lines in a batch. */
export const maxLines = 2000;

export const emptyCursor: Cursor = { offset: 0, inode: '', tailHash: '' };

const chunkBytes = 256 * 1024;
const proofBytes = 1024;
const headBytes = 4096;
const newline = 10;

/**
 * Yields complete lines in batches. A file that was replaced, truncated or changed before the cursor is read from its
 * beginning: rows that are stored already do not change, so this only costs time.
 */
export async function* readNewLines(
  path: string,
  from: Cursor,
  options: TailOptions,
): AsyncGenerator<Batch & { isRestart: boolean }> {
  const handle = await openTranscript(path);
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
  const { maxLineBytes, batchBytes = 512 << 10, isLineByLine = false, prove, signal } = options;
  const most = isLineByLine ? 1 : maxLines;
  const chunk = Buffer.allocUnsafe(chunkBytes);
  const line = new LineBuilder(maxLineBytes);
  let lines: Line[] = [];
  let taken = 0;
  let offset = start;
  let position = start;
  const batch = async (isEnd: boolean): Promise<Batch & { isRestart: boolean }> => ({
    lines,
    cursor: { offset, inode, tailHash: await tailHash(handle, offset, prove) },
    // Inside a chunk nothing is pending: the offset is behind the last yielded line.
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
      if (lines.length >= most) {
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
  // Exporters omit the last newline: a complete JSON object counts as a line.
  if (line.bytes > 0 && line.isComplete()) {
    const done = line.take();
    lines.push(done);
    offset += done.bytes;
  }
  yield await batch(true);
}

/**
 * Collects the pieces of one line; when it is too long, pieces are counted but not kept. Runs of NUL at the ends of a
 * piece are kept as their number: after a crash megabytes of them may stand before a line.
 */
class LineBuilder {
  #pieces: (Buffer | number)[] = [];
  #head = '';
  #kept = 0;
  bytes = 0;

  constructor(readonly cap: number) {}

  add(piece: Buffer): void {
    if (piece.length === 0) return;
    if (this.bytes === 0) this.#head = '';
    this.bytes += piece.length;
    let from = 0;
    while (piece[from] === 0) from++;
    let to = piece.length;
    while (to > from && piece[to - 1] === 0) to--;
    this.#kept += to - from;
    if (this.#kept <= this.cap) {
      if (from > 0) this.#pieces.push(from);
      // The chunk is reused, so the piece must be copied.
      if (to > from) this.#pieces.push(Buffer.from(piece.subarray(from, to)));
      if (to < piece.length) this.#pieces.push(piece.length - to);
      return;
    }
    // The first piece may be short, because a line may begin anywhere in a chunk.
    if (this.#head === '')
      this.#head = Buffer.concat(
        [...this.#letters(), piece.subarray(from, to)],
        Math.min(this.#kept, headBytes),
      ).toString('utf8');
    this.#pieces = [];
  }

  isComplete(): boolean {
    return this.#kept <= this.cap && isWholeJson(Buffer.concat(this.#letters()).toString('utf8'));
  }

  take(): Line {
    const isLong = this.#kept > this.cap;
    const text = isLong ? undefined : Buffer.concat(this.#letters());
    const raw =
      isLong || this.bytes > this.cap
        ? undefined
        : Buffer.concat(this.#pieces.map((each) => (typeof each === 'number' ? Buffer.alloc(each) : each)));
    const line: Line = {
      text: text?.toString('utf8').replace(/\r?\n$/, ''),
      raw,
      head: isLong ? this.#head : '',
      bytes: this.bytes,
      nuls: text === undefined ? 0 : this.bytes - text.length,
    };
    this.#pieces = [];
    this.#head = '';
    this.#kept = 0;
    this.bytes = 0;
    return line;
  }

  #letters(): Buffer[] {
    return this.#pieces.filter((each) => typeof each !== 'number');
  }
}

/** A person may link a transcript to where it is kept, so only what a link leads to must be a regular file. */
const openTranscript = async (path: string): Promise<FileHandle> => openPlainFile(await realpath(path));

/** True when the bytes before the cursor are unchanged, whatever inode the file has. */
export async function isSameBefore(
  path: string,
  { offset, tailHash: expected }: Pick<Cursor, 'offset' | 'tailHash'>,
  prove: Prove,
): Promise<boolean> {
  const handle = await openTranscript(path);
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

/**
 * Makes a consistent copy of the live database while it is in use. Between two checkpoints the main file of a WAL
 * database does not change. So: checkpoint, hold further checkpoints, copy the file, release. The keeper answers
 * questions all the while.
 */
import nodeFs from 'node:fs';
import { open, copyFile } from 'node:fs/promises';
import { walSuffix } from '../../../protocol/data-folder';
import { MemoryError } from '../../../protocol/errors';
import { sizeOfFile } from '../../lib/durable';
import type { SqlDriver } from '../sqlite/driver';
import { isMaskedHeader, plainMagic } from '../sqlite/header';

/** State of the file that was copied: the same values again mean that nothing has changed since. */
export interface CopySource {
  size: number;
  mtimeMs: number;
}

export interface CopyOptions {
  signal?: AbortSignal;
  /**
   * The copy is given up when the journal grows beyond this many bytes, because it cannot be checkpointed during the
   * copy.
   */
  maxJournalBytes?: number;
  /** For tests: called before each chunk. */
  onChunk?: () => Promise<void>;
}

const chunkBytes = 4 << 20;
const maxJournal = 512 << 20;
/** Offsets of the two header bytes that name the journal mode. */
const formatAt = [18, 19] as const;
const rollbackFormat = 1;

/**
 * Checkpoints the journal into the file and returns the state of the file. @throws MemoryError `busy` while another
 * copy holds checkpoints
 */
export function checkpointToFile(driver: SqlDriver, file: string): CopySource {
  if (driver.kind === 'memory')
    throw new MemoryError('invalid_input', 'This memory is kept nowhere: there is nothing to back up.');
  driver.checkpoint();
  if (sizeOfFile(file + walSuffix) > 0) throw new MemoryError('busy', 'The memory is being copied already.');
  return sourceOf(file);
}

/**
 * Copies the live database to `target`. @throws MemoryError `cancelled`, `busy` when too much was written meanwhile or
 * the file changed
 */
export async function copyLive(
  driver: SqlDriver,
  file: string,
  target: string,
  options: CopyOptions = {},
): Promise<CopySource> {
  const source = checkpointToFile(driver, file);
  const release = driver.holdCheckpoints();
  try {
    if (!(await clone(file, target))) await copyChunks(file, target, options);
    const after = sourceOf(file);
    // Happens with the fallback driver only: it checkpoints its journal by itself when the journal is full.
    if (after.size !== source.size || after.mtimeMs !== source.mtimeMs)
      throw new MemoryError('busy', 'The memory changed while it was copied.');
  } finally {
    release();
  }
  // No fsync: it would block this thread, and the copy need not survive a crash, only the backup made from it.
  makePlain(target);
  return source;
}

function sourceOf(file: string): CopySource {
  const { size, mtimeMs } = nodeFs.statSync(file);
  return { size, mtimeMs };
}

/** Gives a masked database SQLite's own header in rollback mode, so that any SQLite can open it. */
export function makePlain(file: string): void {
  const handle = nodeFs.openSync(file, 'r+');
  try {
    const head = Buffer.alloc(24);
    nodeFs.readSync(handle, head, 0, head.length, 0);
    if (isMaskedHeader(head)) nodeFs.writeSync(handle, plainMagic, 0, 'latin1');
    for (const at of formatAt) nodeFs.writeSync(handle, Uint8Array.of(rollbackFormat), 0, 1, at);
  } finally {
    nodeFs.closeSync(handle);
  }
}

/** A reflink: on file systems that share blocks it takes no time and no space. */
async function clone(file: string, target: string): Promise<boolean> {
  try {
    await copyFile(file, target, nodeFs.constants.COPYFILE_FICLONE_FORCE);
    nodeFs.chmodSync(target, 0o600);
    return true;
  } catch {
    return false;
  }
}

async function copyChunks(
  file: string,
  target: string,
  { signal, maxJournalBytes = maxJournal, onChunk }: CopyOptions,
): Promise<void> {
  const from = await open(file, 'r');
  try {
    const to = await open(target, 'w', 0o600);
    try {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      for (let at = 0; ;) {
        await onChunk?.();
        if (signal?.aborted) throw new MemoryError('cancelled', 'The copy was cancelled.');
        if (sizeOfFile(file + walSuffix) > maxJournalBytes)
          throw new MemoryError('busy', 'Too much is being written to copy the memory now.');
        const { bytesRead } = await from.read(buffer, 0, chunkBytes, at);
        if (bytesRead === 0) return;
        await writeAll(to, buffer.subarray(0, bytesRead), at);
        at += bytesRead;
      }
    } finally {
      await to.close();
    }
  } finally {
    await from.close();
  }
}

async function writeAll(
  to: { write(bytes: Uint8Array, offset: number, length: number, position: number): Promise<{ bytesWritten: number }> },
  bytes: Uint8Array,
  position: number,
): Promise<void> {
  for (let done = 0; done < bytes.length;)
    done += (await to.write(bytes, done, bytes.length - done, position + done)).bytesWritten;
}

/**
 * Keeps a keeper that lost its folder from writing. A thread can sleep at any place for any time (a laptop, a paused
 * container), so no clock can promise that it still owns what it owned. What holds:
 *
 * - After every flush, before it is said to be done, the claim must still be there. Whoever takes over from another
 * host
 * removes it first and copies the files afterwards (`renewFiles`): a commit that was acknowledged is in the copy, one
 * that
 * comes later fails here. Before a write it is looked for too, when the last look is some time ago: that saves the
 * work.
 * - The copies are new files. What a sleeper had under way goes into the old ones, which have no name any more.
 */
import nodeFs from 'node:fs';
import { copyFile, constants, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FileCalls } from '../core/store/sqlite/disk-files';
import { takenSuffix } from '../protocol/data-folder';

/** A write this soon after a look, in milliseconds, needs none of its own: what counts is the one after its flush. */
const freshMs = 250;

export interface FenceClocks {
  /** Epoch milliseconds: goes on while a laptop sleeps. */
  now(): number;
  /** Milliseconds that only grow: not moved by somebody who sets the clock. */
  elapsed(): number;
}

export class Fence {
  #isLost = false;
  #provenAt = 0;
  #provenElapsed = 0;

  #claimFile: string;

  constructor(
    claim: { file: string },
    readonly clocks: FenceClocks,
    /** Told once, synchronously, so that nothing is answered afterwards. */
    readonly onLost: () => void,
    readonly fs: FileCalls = nodeFs,
  ) {
    this.#claimFile = claim.file;
  }

  /** Stands on a later claim of the same keeper from now on. */
  follow(claim: { file: string }): void {
    this.#claimFile = claim.file;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Asks the disk whether the folder is still ours. Opening, not stat: network file systems look again only for that.
   */
  prove(): boolean {
    if (this.#isLost) return false;
    try {
      this.fs.closeSync(this.fs.openSync(this.#claimFile, 'r'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Other errors (too many open files) prove nothing: this write fails, the keeper stays.
      if (code !== 'ENOENT' && code !== 'ESTALE') return false;
      this.#isLost = true;
      this.onLost();
      return false;
    }
    this.#provenAt = this.clocks.now();
    this.#provenElapsed = this.clocks.elapsed();
    return true;
  }

  /** For questions: asks the disk only when the last proof is older than `ms`, by either clock. */
  proveWithin(ms: number): boolean {
    const isRecent =
      Math.abs(this.clocks.now() - this.#provenAt) < ms && this.clocks.elapsed() - this.#provenElapsed < ms;
    return isRecent && !this.#isLost ? true : this.prove();
  }

  /** File calls for the database that refuse to change anything, or to say that it is on the disk, without proof. */
  calls(): FileCalls {
    const { fs } = this;
    const flush = (work: () => void): void => {
      work();
      this.#demand();
    };
    const fenced = {
      openSync: (file: string, flags: string | number, mode?: number) => {
        if (isWriting(flags)) this.#demand();
        return fs.openSync(file, flags, mode);
      },
      writeSync: (...args: Parameters<typeof nodeFs.writeSync>) => {
        if (!this.proveWithin(freshMs)) this.#demand();
        return fs.writeSync(...args);
      },
      ftruncateSync: (handle: number, size?: number) => {
        this.#demand();
        fs.ftruncateSync(handle, size);
      },
      unlinkSync: (file: string) => {
        this.#demand();
        fs.unlinkSync(file);
      },
      renameSync: (from: string, to: string) => {
        this.#demand();
        nodeFs.renameSync(from, to);
      },
      fsyncSync: (handle: number) => flush(() => fs.fsyncSync(handle)),
      fdatasyncSync: (handle: number) => flush(() => fs.fdatasyncSync(handle)),
    };
    return { ...fs, ...fenced } as unknown as FileCalls;
  }

  #demand(): void {
    if (!this.prove())
      throw Object.assign(new Error('EIO: the memory folder belongs to another keeper'), { code: 'EIO' });
  }
}

const isWriting = (flags: string | number): boolean =>
  typeof flags === 'number'
    ? (flags & (nodeFs.constants.O_WRONLY | nodeFs.constants.O_RDWR | nodeFs.constants.O_CREAT)) !== 0
    : flags !== 'r';

/** Databases with their journals, which come first: pages that are being folded in meanwhile stand in them as well. */
const databaseFile = /^[\w-]+\.db(\.\w+|-wal|-journal)?$/;

/**
 * Gives the databases of a folder that was taken over new files under their old names. Needs their size in free space.
 */
export async function renewFiles(dataDir: string): Promise<void> {
  const names = await readdir(dataDir);
  for (const name of names) if (name.endsWith(takenSuffix)) await rm(path.join(dataDir, name), { force: true });
  const databases = names
    .filter((name) => databaseFile.test(name) && !name.endsWith(takenSuffix))
    .sort((a, b) => b.length - a.length);
  for (const name of databases) await copyDurably(path.join(dataDir, name), path.join(dataDir, name + takenSuffix));
  for (const name of databases) await rename(path.join(dataDir, name + takenSuffix), path.join(dataDir, name));
  await flushPath(dataDir);
}

async function copyDurably(from: string, to: string): Promise<void> {
  await copyFile(from, to, constants.COPYFILE_FICLONE);
  await flushPath(to);
}

async function flushPath(file: string): Promise<void> {
  // Folders cannot be flushed on Windows, and need not be.
  const handle = await open(file, 'r').catch(() => undefined);
  await handle
    ?.sync()
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOSPC' || error.code === 'EIO') throw error;
    })
    .finally(() => handle.close());
}

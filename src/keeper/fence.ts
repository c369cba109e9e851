/**
 * Prevents a keeper that lost its folder from writing. A thread may be suspended anywhere for any time (a laptop, a
 * paused container), so no clock can prove that the folder is still its own. Instead:
 *
 * - After every flush, before it is acknowledged, the claim must still exist. A keeper that takes over from another
 * host deletes it first and then copies the files (`renewFiles`). So an acknowledged commit is in the copy, and a later
 * one fails here. Before a write the claim is checked too when the last check is some time ago, which avoids useless
 * work.
 * - The copies are new files. Pending writes of a suspended keeper go into the old files, which have no name any more.
 */
import nodeFs from 'node:fs';
import { copyFile, constants, open, readdir, rename, rm } from 'node:fs/promises';
import path from 'node:path';
import type { FileCalls } from '../core/store/sqlite/file-calls';
import { takenSuffix } from '../protocol/data-folder';

/** A write this soon after a check, in milliseconds, needs no check of its own: the one after its flush decides. */
const freshMs = 250;

export interface FenceClocks {
  /** Epoch milliseconds, which advance while a laptop sleeps. */
  now(): number;
  /** Monotonic milliseconds, which do not change when the clock is set. */
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
    /** Called once, synchronously, so that no answer is sent afterwards. */
    readonly onLost: () => void,
    readonly fs: FileCalls = nodeFs,
  ) {
    this.#claimFile = claim.file;
  }

  /** From now on checks a later claim of the same keeper. */
  follow(claim: { file: string }): void {
    this.#claimFile = claim.file;
  }

  get isLost(): boolean {
    return this.#isLost;
  }

  /**
   * Checks on disk that the folder is still ours. Opens the claim instead of stat: network file systems refresh their
   * cache only then.
   */
  prove(): boolean {
    if (this.#isLost) return false;
    try {
      this.fs.closeSync(this.fs.openSync(this.#claimFile, 'r'));
    } catch (error) {
      const { code } = error as NodeJS.ErrnoException;
      // Other errors, e.g. too many open files, prove nothing: this write fails, but the keeper stays.
      if (code !== 'ENOENT' && code !== 'ESTALE') return false;
      this.#isLost = true;
      this.onLost();
      return false;
    }
    this.#provenAt = this.clocks.now();
    this.#provenElapsed = this.clocks.elapsed();
    return true;
  }

  /** For requests: checks the disk only when the last check is older than `ms` by either clock. */
  proveWithin(ms: number): boolean {
    const isRecent =
      Math.abs(this.clocks.now() - this.#provenAt) < ms && this.clocks.elapsed() - this.#provenElapsed < ms;
    return isRecent && !this.#isLost ? true : this.prove();
  }

  /** File calls for the database that check the claim before a change and after a flush. */
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

/**
 * Databases and their journals. Journals are copied first, because they contain pages that are being checkpointed
 * meanwhile.
 */
const databaseFile = /^[\w-]+\.db(\.\w+|-wal|-journal)?$/;

/**
 * Copies the databases of a folder that was taken over, so that their names belong to new files. Needs as much free
 * space as they have.
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
  // Folders cannot be synced on Windows, and need not be.
  const handle = await open(file, 'r').catch(() => undefined);
  await handle
    ?.sync()
    .catch((error: NodeJS.ErrnoException) => {
      if (error.code === 'ENOSPC' || error.code === 'EIO') throw error;
    })
    .finally(() => handle.close());
}

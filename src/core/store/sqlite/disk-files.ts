/**
 * sql.js on real files. The published build honours Emscripten's documented `instantiateWasm`: there its file system
 * calls are replaced by node:fs for the paths we mapped; every other path stays in sql.js's own memory file system.
 *
 * Traps, each of which was met once:
 * - fcntl locks are answered "yes": exclusivity comes from the keeper's lock, not from SQLite.
 * - Another SQLite program that opens and closes the live file would delete our WAL. So while we own the file its magic
 *   is masked and the WAL has another name; and an fsync of a WAL that was unlinked by others fails.
 * - An unlinked rollback journal that comes back after a power loss would roll the database back, so unlink syncs the
 *   folder.
 * - The folder that SQLite syncs after creating a file is the one in sql.js's memory, so the name of a new log could be
 *   lost with everything committed to it. The first sync of a file we created therefore syncs the real folder as well.
 */
import type { FileCalls } from './file-calls';
import { hasOwnHeader, maskBytes } from './header';
import { MappedPaths } from './mapped-paths';
import type { MappedPath, Mapping } from './mapped-paths';
import { createsFile, errno, errnoOf, opensForWriting, openFlags } from './wasi';
import { identifyImports } from './wasm-imports';
import { WasmMemory } from './wasm-memory';
import { isThere, syncFolder } from './whole-file';

interface OpenFile {
  handle: number;
  position: number;
  path: string;
  fs: FileCalls;
  isWal: boolean;
  /** We created the file and its name is not synced yet. */
  isNew: boolean;
  /** The mapping this file is part of. */
  mapping: Mapping<OpenFile>;
  /** XOR mask for the first 16 bytes; undefined unless this is a masked main file. */
  mask: Uint8Array | undefined;
}

type Original = (...args: never[]) => number;
type ImportObject = Record<string, Record<string, unknown>>;

const firstDescriptor = 0x10000;

const lockQueries = new Set([5, 12]);
const unlocked = 2;

export class DiskFiles {
  readonly #files = new Map<number, OpenFile>();
  readonly paths = new MappedPaths<OpenFile>();
  readonly memory = new WasmMemory();
  #nextDescriptor = firstDescriptor;
  /** fsyncs so far, for the self-test. */
  syncs = 0;
  /** Set once a commit finds that the log or the database was deleted, moved or overwritten by another program. */
  isForeignDeleted = false;

  constructor(readonly platform: NodeJS.Platform) {}

  /** Replaces the file calls in the imports of a WASM module about to be instantiated. */
  intercept(wasm: Uint8Array, imports: ImportObject): void {
    const known = identifyImports(wasm, imports);
    const calls = Object.entries(this.#calls()).map(([name, call]) => ({ name, call, at: known.get(name) }));
    // All or nothing: a build with only some calls replaced would read from one place and write to another.
    const missing = calls.find(({ at }) => at === undefined);
    if (missing) throw new Error(`This sql.js build is not known: ${missing.name} is missing.`);
    for (const { call, at } of calls) {
      if (!at) continue;
      const module = imports[at.module] as Record<string, unknown>;
      const original = module[at.name] as Original;
      module[at.name] = (...args: number[]) =>
        (call as (original: Original, ...rest: number[]) => number)(original, ...args);
    }
  }

  #isUnlinked(file: OpenFile): boolean {
    return this.platform !== 'win32' && file.fs.fstatSync(file.handle).nlink === 0;
  }

  /** XORs the first 16 bytes in place: SQLite sees its own header, the disk gets the masked one. */
  #mask(file: OpenFile, pointer: number, length: number): void {
    if (!file.mask) return;
    for (let at = file.position; at < 16 && at < file.position + length; at++) {
      const index = pointer + at - file.position;
      this.memory.bytes[index] = (this.memory.bytes[index] ?? 0) ^ (file.mask[at] ?? 0);
    }
  }

  #calls() {
    const files = this.#files;
    /** Runs `work` for a mapped path, else calls the original. Errors are returned as negative WASI numbers. */
    const onPath = (
      pointer: number,
      original: () => number,
      work: (target: MappedPath<OpenFile>) => number,
    ): number => {
      const target = this.paths.resolve(this.memory.text(pointer));
      if (!target) return original();
      try {
        return work(target);
      } catch (error) {
        return -errnoOf(error);
      }
    };
    /** The same for an open file; fd_* calls return errors as positive numbers. */
    const onFile = (
      descriptor: number,
      original: () => number,
      work: (file: OpenFile) => number,
      sign: 1 | -1,
    ): number => {
      const file = files.get(descriptor);
      if (!file) return original();
      try {
        return work(file);
      } catch (error) {
        return sign * errnoOf(error);
      }
    };
    type O = (...args: number[]) => number;
    const stat = (o: O, pointer: number, buffer: number) =>
      onPath(
        pointer,
        () => o(pointer, buffer),
        ({ path: file, fs }) => this.memory.writeStat(buffer, fs.statSync(file)),
      );
    return {
      __syscall_openat: (o: O, folder: number, pointer: number, flags: number, rest: number) =>
        onPath(
          pointer,
          () => o(folder, pointer, flags, rest),
          ({ path: file, fs, mapping, isMain, isWal, isMasked }) => {
            // When a file cannot be opened for writing, SQLite opens it read-only and then every write fails until the
            // next start. Refusing that makes the open itself fail.
            if (isMain && !opensForWriting(flags)) return -errno('EACCES');
            const isNew = createsFile(flags) && !isThere(fs, file);
            const handle = fs.openSync(file, openFlags(flags), 0o600);
            const descriptor = this.#nextDescriptor++;
            const opened = {
              handle,
              position: 0,
              path: file,
              fs,
              isWal,
              isNew,
              mapping,
              mask: isMain && isMasked ? maskBytes : undefined,
            };
            files.set(descriptor, opened);
            if (isMain) mapping.main = opened;
            return descriptor;
          },
        ),
      __syscall_fstat64: (o: O, fd: number, buffer: number) =>
        onFile(
          fd,
          () => o(fd, buffer),
          (file) => this.memory.writeStat(buffer, file.fs.fstatSync(file.handle)),
          -1,
        ),
      __syscall_stat64: stat,
      __syscall_lstat64: stat,
      __syscall_newfstatat: (o: O, folder: number, pointer: number, buffer: number, flags: number) =>
        onPath(
          pointer,
          () => o(folder, pointer, buffer, flags),
          ({ path: file, fs }) => this.memory.writeStat(buffer, fs.statSync(file)),
        ),
      __syscall_faccessat: (o: O, folder: number, pointer: number, mode: number, flags: number) =>
        onPath(
          pointer,
          () => o(folder, pointer, mode, flags),
          ({ path: file, fs }) => {
            fs.accessSync(file, mode & 7);
            return 0;
          },
        ),
      __syscall_unlinkat: (o: O, folder: number, pointer: number, flags: number) =>
        onPath(
          pointer,
          () => o(folder, pointer, flags),
          ({ path: file, fs }) => {
            fs.unlinkSync(file);
            syncFolder(fs, file, this.platform);
            return 0;
          },
        ),
      __syscall_readlinkat: (o: O, folder: number, pointer: number, buffer: number, size: number) =>
        onPath(
          pointer,
          () => o(folder, pointer, buffer, size),
          () => -errno('EINVAL'),
        ),
      __syscall_ftruncate64: (o: (fd: number, size: bigint) => number, fd: number, size: bigint) =>
        onFile(
          fd,
          () => o(fd, size),
          (file) => {
            file.fs.ftruncateSync(file.handle, Number(size));
            return 0;
          },
          -1,
        ),
      __syscall_fcntl64: (o: O, fd: number, command: number, rest: number) =>
        onFile(
          fd,
          () => o(fd, command, rest),
          () => {
            this.memory.refresh();
            if (lockQueries.has(command))
              this.memory.view.setInt16(this.memory.view.getUint32(rest, true), unlocked, true);
            return 0;
          },
          -1,
        ),
      __syscall_fchmod: (o: O, fd: number, mode: number) => (files.has(fd) ? 0 : o(fd, mode)),
      __syscall_chmod: (o: O, pointer: number, mode: number) =>
        onPath(
          pointer,
          () => o(pointer, mode),
          () => 0,
        ),
      __syscall_fchown32: (o: O, fd: number, user: number, group: number) => (files.has(fd) ? 0 : o(fd, user, group)),
      __syscall_utimensat: (o: O, folder: number, pointer: number, times: number, flags: number) =>
        pointer === 0
          ? o(folder, pointer, times, flags)
          : onPath(
              pointer,
              () => o(folder, pointer, times, flags),
              () => 0,
            ),
      fd_close: (o: O, fd: number) =>
        onFile(
          fd,
          () => o(fd),
          (file) => {
            files.delete(fd);
            file.fs.closeSync(file.handle);
            return 0;
          },
          1,
        ),
      fd_fdstat_get: (o: O, fd: number, buffer: number) =>
        onFile(
          fd,
          () => o(fd, buffer),
          () => {
            this.memory.refresh();
            this.memory.bytes.fill(0, buffer, buffer + 24);
            this.memory.bytes[buffer] = 4; // a regular file
            return 0;
          },
          1,
        ),
      fd_seek: (
        o: (fd: number, offset: bigint, whence: number, result: number) => number,
        fd: number,
        offset: bigint,
        whence: number,
        result: number,
      ) =>
        onFile(
          fd,
          () => o(fd, offset, whence, result),
          (file) => {
            const base = whence === 1 ? file.position : whence === 2 ? file.fs.fstatSync(file.handle).size : 0;
            file.position = base + Number(offset);
            this.memory.refresh();
            this.memory.view.setBigInt64(result, BigInt(file.position), true);
            return 0;
          },
          1,
        ),
      fd_read: (o: O, fd: number, vectors: number, count: number, result: number) =>
        onFile(
          fd,
          () => o(fd, vectors, count, result),
          (file) => {
            this.memory.refresh();
            let total = 0;
            this.memory.eachVector(vectors, count, (pointer, length) => {
              const got = file.fs.readSync(file.handle, this.memory.bytes, pointer, length, file.position);
              this.#mask(file, pointer, got);
              file.position += got;
              total += got;
              return got === length;
            });
            this.memory.view.setUint32(result, total, true);
            return 0;
          },
          1,
        ),
      fd_write: (o: O, fd: number, vectors: number, count: number, result: number) =>
        onFile(
          fd,
          () => o(fd, vectors, count, result),
          (file) => {
            this.memory.refresh();
            let total = 0;
            this.memory.eachVector(vectors, count, (pointer, length) => {
              this.#mask(file, pointer, length);
              try {
                // write(2) may write less than asked; the rest must follow or the page is torn.
                for (let done = 0; done < length;)
                  done += file.fs.writeSync(
                    file.handle,
                    this.memory.bytes,
                    pointer + done,
                    length - done,
                    file.position + done,
                  );
              } finally {
                this.#mask(file, pointer, length);
              }
              file.position += length;
              total += length;
              return true;
            });
            this.memory.view.setUint32(result, total, true);
            return 0;
          },
          1,
        ),
      fd_sync: (o: O, fd: number) =>
        onFile(
          fd,
          () => o(fd),
          (file) => {
            this.syncs++;
            file.fs.fdatasyncSync(file.handle);
            if (file.isNew) {
              syncFolder(file.fs, file.path, this.platform);
              file.isNew = false;
            }
            // The file has no name any more, so the commit would be gone when we close our handle.
            const isLost =
              file.isWal &&
              (this.#isUnlinked(file) ||
                (file.mapping.main !== undefined &&
                  (this.#isUnlinked(file.mapping.main) || isOverwritten(file.mapping.main))));
            if (!isLost) return 0;
            this.isForeignDeleted = true;
            return errno('EIO');
          },
          1,
        ),
    };
  }
}

/** True when another file was copied over this one. */
const isOverwritten = ({ fs, handle, mask }: OpenFile): boolean => mask !== undefined && !hasOwnHeader(fs, handle);

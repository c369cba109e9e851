/** Which paths of sql.js stand for real files, and which files. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { FileCalls } from './file-calls';

export interface MapOptions {
  fs?: FileCalls;
  /** Hide the file from other SQLite programs while we own it. Off for plain exports. */
  isMasked?: boolean;
}

/** A database file and its journals. */
export interface Mapping<Open> {
  path: string;
  options: MapOptions;
  /** The open main file. */
  main?: Open;
}

export interface MappedPath<Open> {
  path: string;
  fs: FileCalls;
  mapping: Mapping<Open>;
  isMain: boolean;
  isWal: boolean;
  isMasked: boolean;
}

/** Names sql.js gives its database files. */
const databasePath = /^\/(dbfile_\d+)(-journal|-wal|-shm|-mj[0-9A-F]+)?$/;

/** `Open`: what the caller keeps of an open file. */
export class MappedPaths<Open> {
  readonly #mapped = new Map<string, Mapping<Open>>();
  #pending: Mapping<Open> | undefined;

  /** The next database sql.js opens lives in this file. */
  mapNext(file: string, options: MapOptions): void {
    this.#pending = { path: path.resolve(file), options };
  }

  /** True when the database opened last is really mapped to a file. */
  isMapped(name: string): boolean {
    this.#pending = undefined;
    return this.#mapped.has(name);
  }

  unmap(name: string): void {
    this.#mapped.delete(name);
  }

  /** The real file behind a path of sql.js; undefined when the path is not mapped. */
  resolve(raw: string): MappedPath<Open> | undefined {
    const [, name, suffix] = databasePath.exec(raw.startsWith('/') ? raw : `/${raw}`) ?? [];
    // Shared memory stays in sql.js's own file system: only one process uses the file.
    if (name === undefined || suffix === '-shm') return undefined;
    let target = this.#mapped.get(name);
    if (!target && this.#pending) {
      target = this.#pending;
      this.#pending = undefined;
      this.#mapped.set(name, target);
    }
    if (!target) return undefined;
    const isMasked = target.options.isMasked ?? false;
    const tail = suffix === undefined ? '' : isMasked ? `.v${suffix.slice(1)}` : suffix;
    return {
      path: target.path + tail,
      fs: target.options.fs ?? nodeFs,
      mapping: target,
      isMain: suffix === undefined,
      isWal: suffix === '-wal',
      isMasked,
    };
  }
}

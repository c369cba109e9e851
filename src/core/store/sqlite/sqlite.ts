/** sql.js, loaded once per thread with its file calls on the real disk. @see disk-files.ts */
import nodeFs from 'node:fs';
import initSqlJs from 'sql.js';
import type { Database, SqlJsConfig, SqlJsStatic, Statement } from 'sql.js';
import { walSuffix } from '../../../protocol/data-folder';
import { DiskFiles } from './disk-files';
import type { Row, SqlDriver, SqlValue } from './driver';
import type { MapOptions } from './mapped-paths';
import type { ImageCalls, PageJournal } from './page-journal';

export interface SqliteEngine {
  openFile(file: string, options?: MapOptions): SqlDriver;
  /** A database in memory whose pages a journal keeps. */
  openImage(file: string, journal: PageJournal): SqlDriver;
  openMemory(): SqlDriver;
  readonly files: DiskFiles;
}

export interface EngineOptions {
  /** Bytes of sql-wasm.wasm, which must belong to the bundled sql.js. */
  wasm: Uint8Array;
  platform: NodeJS.Platform;
}

/** Checkpoints run in idle time; this limit keeps the WAL from growing during a back-fill. */
export const autoCheckpointPages = 4000;

let loading: Promise<SqliteEngine> | undefined;

/** Loads sql.js; one engine per thread, because sql.js keeps a single instance per module. */
export function loadSqlite(options: EngineOptions): Promise<SqliteEngine> {
  loading ??= load(options);
  return loading;
}

async function load({ wasm, platform }: EngineOptions): Promise<SqliteEngine> {
  const files = new DiskFiles(platform);
  const sql = await new Promise<SqlJsStatic>((resolve, reject) => {
    const config: SqlJsConfig = {
      instantiateWasm(imports, receive) {
        void instantiate(wasm, imports, files).then(receive, reject);
        return {};
      },
    };
    initSqlJs(config).then(resolve, reject);
  });
  const openFile: SqliteEngine['openFile'] = (file, options = {}) => {
    files.paths.mapNext(file, options);
    // The empty array makes sql.js create a file of its own in its memory; its close() unlinks that file.
    const database = openMapped(sql);
    const name = database.filename;
    if (!files.paths.isMapped(name)) {
      database.close();
      throw new Error('The database file could not be mapped.');
    }
    const fs = options.fs ?? nodeFs;
    const suffix = options.isMasked ? walSuffix : '-wal';
    const sizeBytes = () => sizeOf(fs, file) + sizeOf(fs, file + suffix);
    const close = () => files.paths.unmap(name);
    if (options.fs && 'isImage' in options.fs) {
      const image = options.fs as typeof options.fs & ImageCalls;
      return new SqlJsDriver(database, 'image', sizeBytes, close, () => image.checkpoint());
    }
    return new SqlJsDriver(database, 'disk', sizeBytes, close);
  };
  return {
    files,
    openFile,
    openImage: (file, journal) => openFile(file, { fs: journal.calls() }),
    openMemory: () => new SqlJsDriver(new sql.Database(), 'memory', () => 0),
  };
}

function openMapped(sql: SqlJsStatic): Database {
  try {
    return new sql.Database(new Uint8Array(0));
  } catch {
    // Without a handle sql.js asks SQLite for the reason and gets "out of memory", which is misleading.
    throw new Error('unable to open the database file');
  }
}

async function instantiate(
  wasm: Uint8Array,
  imports: Record<string, Record<string, unknown>>,
  files: DiskFiles,
): Promise<WebAssembly.Instance> {
  // When an upgrade of sql.js changes its calls, the contract test fails, because the file stays empty.
  files.intercept(wasm, imports);
  const { instance } = await WebAssembly.instantiate(wasm, imports);
  const memory = Object.values(instance.exports).find((each) => each instanceof WebAssembly.Memory);
  if (!memory) throw new Error('This sql.js build is not known: it exports no memory.');
  files.memory.attach(memory);
  return instance;
}

/** sql.js's getAsObject reads the column names again for every row, which costs more than the row. */
const columnNames = new WeakMap<Statement, string[]>();

function objectOf<T>(statement: Statement): T {
  let names = columnNames.get(statement);
  if (!names) {
    names = statement.getColumnNames();
    columnNames.set(statement, names);
  }
  const values = statement.get();
  const row: Row = {};
  for (let index = 0; index < names.length; index++) row[names[index] as string] = values[index] ?? null;
  return row as T;
}

function sizeOf(fs: Pick<typeof nodeFs, 'statSync'>, file: string): number {
  try {
    return fs.statSync(file).size;
  } catch {
    return 0;
  }
}

class SqlJsDriver implements SqlDriver {
  readonly #statements = new Map<string, Statement>();
  #depth = 0;
  #holds = 0;
  /** A checkpoint was requested while they were held. */
  #isWaiting = false;

  constructor(
    readonly database: Database,
    readonly kind: SqlDriver['kind'],
    readonly sizeBytes: () => number,
    readonly onClose: () => void = () => {},
    /** Checkpoints an image; undefined for a file, which SQLite checkpoints by itself. */
    readonly checkpointImage?: () => void,
  ) {}

  exec(sql: string): void {
    this.database.exec(sql);
  }

  run(sql: string, params: readonly SqlValue[] = []): number {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as SqlValue[]);
      statement.step();
    } finally {
      statement.reset();
    }
    return this.database.getRowsModified();
  }

  get<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T | undefined {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as SqlValue[]);
      return statement.step() ? objectOf<T>(statement) : undefined;
    } finally {
      statement.reset();
    }
  }

  all<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T[] {
    const statement = this.#prepare(sql);
    const rows: T[] = [];
    try {
      statement.bind(params as SqlValue[]);
      while (statement.step()) rows.push(objectOf<T>(statement));
    } finally {
      statement.reset();
    }
    return rows;
  }

  each(sql: string, params: readonly SqlValue[], visit: (row: SqlValue[]) => boolean | void): void {
    const statement = this.#prepare(sql);
    try {
      statement.bind(params as SqlValue[]);
      while (statement.step()) if (visit(statement.get()) === false) return;
    } finally {
      statement.reset();
    }
  }

  transaction<T>(work: () => T): T {
    if (this.#depth > 0) return work();
    this.run('BEGIN IMMEDIATE');
    this.#depth++;
    try {
      const result = work();
      this.run('COMMIT');
      return result;
    } catch (error) {
      // A failed COMMIT (disk full) has often rolled back already; an error of this ROLLBACK would hide the first one.
      try {
        this.run('ROLLBACK');
      } catch {}
      throw error;
    } finally {
      this.#depth--;
    }
  }

  define(name: string, implementation: (...args: SqlValue[]) => SqlValue): void {
    this.database.create_function(name, implementation);
  }

  lastInsertId(): number {
    return (this.get<{ id: number }>('SELECT last_insert_rowid() AS id') as { id: number }).id;
  }

  holdCheckpoints(): () => void {
    if (this.#holds++ === 0 && this.kind === 'disk') this.exec('PRAGMA wal_autocheckpoint = 0;');
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#holds > 0) return;
      if (this.kind === 'disk') this.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages};`);
      if (this.#isWaiting) this.checkpoint();
    };
  }

  checkpoint(): void {
    this.#isWaiting = this.#holds > 0;
    if (this.#isWaiting) return;
    if (this.checkpointImage) this.checkpointImage();
    else this.all('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#free();
    try {
      this.database.close();
    } finally {
      this.onClose();
    }
  }

  #free(): void {
    for (const statement of this.#statements.values()) statement.free();
    this.#statements.clear();
  }

  #prepare(sql: string): Statement {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

/**
 * The last resort, for a build of sql.js whose file calls cannot be identified. It runs as published, with the whole
 * database in memory. After every commit the database is exported and the page journal writes the pages that differ.
 * That is slow for a large memory, because an export reads all of it, but a commit is still on disk when it returns.
 */
import type { Row, SqlDriver, SqlValue } from './driver';
import type { PageJournal } from './page-journal';

interface ExportingDriver extends SqlDriver {
  export(): Uint8Array;
}

const isPragma = (sql: string): boolean => /^\s*PRAGMA\b/i.test(sql);
const isVacuum = (sql: string): boolean => /^\s*PRAGMA\s+incremental_vacuum\b/i.test(sql);

export class WholeImage implements SqlDriver {
  readonly kind = 'image';
  readonly #functions = new Map<string, (...args: SqlValue[]) => SqlValue>();
  /** Settings of this connection in order: an export resets them. */
  readonly #settings: string[] = [];
  #driver: ExportingDriver;
  #depth = 0;

  constructor(
    readonly load: (bytes: Uint8Array) => ExportingDriver,
    readonly journal: PageJournal,
  ) {
    this.#driver = load(journal.bytes());
  }

  exec(sql: string): void {
    const isSetting = this.#depth === 0 && isPragma(sql) && !isVacuum(sql);
    if (isSetting) this.#settings.push(sql);
    this.#change(() => this.#driver.exec(sql), !isSetting);
  }

  run(sql: string, params: readonly SqlValue[] = []): number {
    return this.#change(() => this.#driver.run(sql, params));
  }

  get<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T | undefined {
    return this.#driver.get<T>(sql, params);
  }

  all<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T[] {
    return isVacuum(sql) ? this.#change(() => this.#driver.all<T>(sql, params)) : this.#driver.all<T>(sql, params);
  }

  each(sql: string, params: readonly SqlValue[], visit: (row: SqlValue[]) => boolean | void): void {
    // An export during the loop would free the statement being read, so changes made by `visit` are exported after the
    // loop.
    this.#change(() => this.#driver.each(sql, params, visit), false);
  }

  transaction<T>(work: () => T): T {
    return this.#change(() => this.#driver.transaction(work));
  }

  define(name: string, implementation: (...args: SqlValue[]) => SqlValue): void {
    this.#functions.set(name, implementation);
    this.#driver.define(name, implementation);
  }

  lastInsertId(): number {
    return this.#lastId ?? this.#driver.lastInsertId();
  }

  sizeBytes(): number {
    return this.journal.bytes().length;
  }

  checkpoint(): void {
    if (this.#holds > 0) this.#isWaiting = true;
    else this.journal.checkpoint();
  }

  holdCheckpoints(): () => void {
    this.#holds++;
    let isHeld = true;
    return () => {
      if (!isHeld) return;
      isHeld = false;
      if (--this.#holds > 0 || !this.#isWaiting) return;
      this.#isWaiting = false;
      this.journal.checkpoint();
    };
  }

  close(): void {
    this.#driver.close();
  }

  #holds = 0;
  /** A checkpoint was requested while they were held. */
  #isWaiting = false;
  #lastId: number | undefined;
  #isDirty = false;

  /** The outermost change ends with everything on disk, or with the database as it was before. */
  #change<T>(work: () => T, isWriting = true): T {
    this.#depth++;
    let result: T;
    try {
      this.#isDirty ||= isWriting;
      this.#lastId = undefined;
      result = work();
    } finally {
      this.#depth--;
    }
    if (this.#depth === 0 && this.#isDirty) this.#keep();
    return result;
  }

  #keep(): void {
    this.#isDirty = false;
    // Read before the export, which replaces the connection and forgets the id.
    const id = this.#driver.lastInsertId();
    try {
      this.journal.replaceWith(this.#driver.export());
    } catch (error) {
      this.#driver.close();
      this.#driver = this.load(this.journal.bytes());
      throw error;
    } finally {
      this.#restore();
    }
    this.#lastId = id;
  }

  #restore(): void {
    for (const sql of this.#settings) this.#driver.exec(sql);
    for (const [name, implementation] of this.#functions) this.#driver.define(name, implementation);
  }
}

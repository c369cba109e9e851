/** Native SQLite as a driver, so that the same store functions run on it in the same process. */
import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { Row, SqlDriver, SqlValue } from '../../src/core/store/sqlite/driver';

export class NativeDriver implements SqlDriver {
  readonly kind = 'disk';
  readonly #database: DatabaseSync;
  readonly #statements = new Map<string, StatementSync>();

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
  }

  exec(sql: string): void {
    this.#database.exec(sql);
  }

  run(sql: string, params: readonly SqlValue[] = []): number {
    return Number(this.#prepare(sql).run(...params).changes);
  }

  get<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T | undefined {
    return this.#prepare(sql).get(...params) as T | undefined;
  }

  all<T extends object = Row>(sql: string, params: readonly SqlValue[] = []): T[] {
    return this.#prepare(sql).all(...params) as T[];
  }

  each(sql: string, params: readonly SqlValue[], visit: (row: SqlValue[]) => boolean | void): void {
    for (const row of this.#prepare(sql).iterate(...params))
      if (visit(Object.values(row) as SqlValue[]) === false) return;
  }

  holdCheckpoints(): () => void {
    return () => {};
  }

  transaction<T>(work: () => T): T {
    this.exec('BEGIN IMMEDIATE');
    const result = work();
    this.exec('COMMIT');
    return result;
  }

  define(name: string, implementation: (...args: SqlValue[]) => SqlValue): void {
    this.#database.function(name, { varargs: true, deterministic: true }, (...args) =>
      implementation(...(args as SqlValue[])),
    );
  }

  lastInsertId(): number {
    return (this.get<{ id: number }>('SELECT last_insert_rowid() AS id') as { id: number }).id;
  }

  sizeBytes(): number {
    return 0;
  }

  checkpoint(): void {
    this.all('PRAGMA wal_checkpoint(TRUNCATE)');
  }

  close(): void {
    this.#statements.clear();
    this.#database.close();
  }

  #prepare(sql: string): StatementSync {
    let statement = this.#statements.get(sql);
    if (!statement) {
      statement = this.#database.prepare(sql);
      this.#statements.set(sql, statement);
    }
    return statement;
  }
}

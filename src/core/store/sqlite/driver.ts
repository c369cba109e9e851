/** The port every SQL engine must fit: synchronous, one connection, one owner. SQL text lives in this folder only. */
export type SqlValue = string | number | null | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface SqlDriver {
  /** `disk`: SQLite on the real file. `image`: in memory with a page journal. `memory`: not stored. */
  readonly kind: 'disk' | 'image' | 'memory';
  /** Runs statements without parameters. */
  exec(sql: string): void;
  /** Runs one statement and returns the number of rows it changed. Statements are prepared once and cached. */
  run(sql: string, params?: readonly SqlValue[]): number;
  get<T extends object = Row>(sql: string, params?: readonly SqlValue[]): T | undefined;
  all<T extends object = Row>(sql: string, params?: readonly SqlValue[]): T[];
  /** Rows as arrays, for hot paths; return false to stop. */
  each(sql: string, params: readonly SqlValue[], visit: (row: SqlValue[]) => boolean | void): void;
  /**
   * Commits all changes of `work`, or none when it throws. When it returns, the rows are on disk. Nested calls join the
   * outer transaction.
   */
  transaction<T>(work: () => T): T;
  /** A deterministic SQL function. */
  define(name: string, implementation: (...args: SqlValue[]) => SqlValue): void;
  lastInsertId(): number;
  /** Size of the database in bytes, its journal included. */
  sizeBytes(): number;
  /** Writes the journal into the file and empties it. */
  checkpoint(): void;
  /** Until the returned function is called, commits go to the journal only and the main file does not change. */
  holdCheckpoints(): () => void;
  close(): void;
}

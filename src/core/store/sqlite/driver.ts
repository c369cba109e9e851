/** The port every SQL engine must fit: synchronous, one connection, one owner. SQL text lives in this folder only. */
export type SqlValue = string | number | null | Uint8Array;
export type Row = Record<string, SqlValue>;

export interface SqlDriver {
  /** `disk`: SQLite on the real file. `image`: in memory with a page journal. `memory`: nothing is kept. */
  readonly kind: 'disk' | 'image' | 'memory';
  /** Runs statements without parameters. */
  exec(sql: string): void;
  /** Runs one statement; the number of rows it changed. Statements are prepared once and kept. */
  run(sql: string, params?: readonly SqlValue[]): number;
  get<T extends object = Row>(sql: string, params?: readonly SqlValue[]): T | undefined;
  all<T extends object = Row>(sql: string, params?: readonly SqlValue[]): T[];
  /** Rows as arrays, for hot paths; return false to stop. */
  each(sql: string, params: readonly SqlValue[], visit: (row: SqlValue[]) => boolean | void): void;
  /** All of `work` or nothing of it. When it returns, the rows are on disk. Nested calls join the outer one. */
  transaction<T>(work: () => T): T;
  /** A deterministic SQL function. */
  define(name: string, implementation: (...args: SqlValue[]) => SqlValue): void;
  lastInsertId(): number;
  /** Size of the database in bytes, its journal included. */
  sizeBytes(): number;
  /** Folds the journal into the file and leaves nothing of it behind. */
  checkpoint(): void;
  /** From now on commits go to the journal only and the main file stays as it is, until the answer is called. */
  holdCheckpoints(): () => void;
  close(): void;
}

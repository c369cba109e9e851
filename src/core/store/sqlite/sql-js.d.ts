/** The part of sql.js we use, and the WebAssembly names that only the DOM library declares. */
declare module 'sql.js' {
  export interface Statement {
    bind(values: (string | number | null | Uint8Array)[]): boolean;
    step(): boolean;
    get(): (string | number | null | Uint8Array)[];
    getColumnNames(): string[];
    reset(): void;
    free(): boolean;
  }
  export interface Database {
    readonly filename: string;
    exec(sql: string): unknown;
    prepare(sql: string): Statement;
    create_function(
      name: string,
      implementation: (...args: (string | number | null | Uint8Array)[]) => string | number | null | Uint8Array,
    ): Database;
    getRowsModified(): number;
    export(): Uint8Array;
    close(): void;
  }
  export interface SqlJsStatic {
    Database: new (data?: Uint8Array) => Database;
  }
  export interface SqlJsConfig {
    instantiateWasm(
      imports: Record<string, Record<string, unknown>>,
      receive: (instance: WebAssembly.Instance) => void,
    ): object;
  }
  function initSqlJs(config: SqlJsConfig): Promise<SqlJsStatic>;
  export default initSqlJs;
}

declare namespace WebAssembly {
  interface Memory {
    readonly buffer: ArrayBuffer;
    grow(pages: number): number;
  }
  interface Module {
    readonly __module?: never;
  }
  interface Instance {
    readonly exports: Record<string, unknown>;
  }
  const Memory: new (limits: { initial: number; maximum: number }) => Memory;
  const Module: new (bytes: Uint8Array) => Module;
  const Instance: new (module: Module, imports: Record<string, Record<string, unknown>>) => Instance;
  function instantiate(
    bytes: Uint8Array,
    imports: Record<string, Record<string, unknown>>,
  ): Promise<{ instance: Instance }>;
}

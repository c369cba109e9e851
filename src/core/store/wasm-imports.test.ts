/** The bundled sql.js is known to the last import; any other build is refused, never guessed at. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import initSqlJs from 'sql.js';
import { beforeAll, describe, expect, it } from 'vitest';
import { identifyImports, readImports } from './wasm-imports';

const wasm = new Uint8Array(readFileSync(path.resolve('node_modules/sql.js/dist/sql-wasm.wasm')));
type ImportObject = Record<string, Record<string, unknown>>;
let imports: ImportObject;
beforeAll(async () => {
  imports = await new Promise<ImportObject>((resolve, reject) => {
    initSqlJs({
      instantiateWasm(given: ImportObject) {
        resolve(given);
        return {};
      },
    }).catch(reject);
  });
});

/** The same imports with their order or their names changed. */
const changed = (change: (entries: [string, unknown][]) => [string, unknown][]): ImportObject => Object.fromEntries(Object.entries(imports).map(([module, calls]) => [module, Object.fromEntries(change(Object.entries(calls)))]));

describe('the imports of sql.js', () => {
  it('are all found, each once, with the signature its call has', () => {
    const found = identifyImports(wasm, imports);
    const signatures = Object.fromEntries([...found].map(([name, { signature }]) => [name, signature]));
    expect(signatures).toMatchObject({
      __syscall_openat: 'iiii>i', __syscall_unlinkat: 'iii>i', __syscall_ftruncate64: 'ij>i', __syscall_fcntl64: 'iii>i', __syscall_stat64: 'ii>i', __syscall_faccessat: 'iiii>i',
      fd_read: 'iiii>i', fd_write: 'iiii>i', fd_seek: 'ijii>i', fd_sync: 'i>i', fd_close: 'i>i', fd_fdstat_get: 'ii>i',
    });
    const names = [...found.values()].map(({ module, name }) => `${module}.${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { module, name } of found.values()) expect(imports[module]?.[name]).toBeTypeOf('function');
  });

  it('are refused when one is missing, when they are reordered and when they do something else', () => {
    const openat = identifyImports(wasm, imports).get('__syscall_openat')?.name;
    expect(() => identifyImports(wasm, changed((entries) => entries.filter(([name]) => name !== openat)))).toThrow(/not known/);
    expect(() => identifyImports(wasm, changed((entries) => entries.sort(([a], [b]) => b.localeCompare(a))))).toThrow(/not known/);
    expect(() => identifyImports(wasm, changed((entries) => entries.map(([name, call]) => [name, name === openat ? () => 0 : call])))).toThrow(/looks different/);
    expect(() => identifyImports(wasm, {})).toThrow(/not known/);
  });

  it('of a module with other signatures are refused', () => {
    // One function type changed: (i32 i64) -> i32, of ftruncate alone, becomes (i32 i32) -> i32.
    const altered = wasm.slice();
    const at = altered.findIndex((byte, index) => byte === 0x60 && altered[index + 1] === 2 && altered[index + 2] === 0x7f && altered[index + 3] === 0x7e && altered[index + 4] === 1 && altered[index + 5] === 0x7f);
    expect(at).toBeGreaterThan(0);
    altered[at + 3] = 0x7f;
    expect(() => identifyImports(altered, imports)).toThrow(/not known/);
  });

  it('of something that is no module are none', () => {
    expect(readImports(new Uint8Array(8))).toEqual([]);
    expect(() => identifyImports(new Uint8Array(8), imports)).toThrow(/not known/);
  });
});

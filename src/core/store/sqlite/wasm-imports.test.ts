/** All imports of the bundled sql.js are identified; a build that differs is refused instead of guessed at. */
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
const changed = (change: (entries: [string, unknown][]) => [string, unknown][]): ImportObject =>
  Object.fromEntries(
    Object.entries(imports).map(([module, calls]) => [module, Object.fromEntries(change(Object.entries(calls)))]),
  );

/**
 * A module that only declares imports. All its parts except the sections are shorter than 128 bytes, so one-byte
 * lengths suffice.
 */
function makeModule(declared: readonly { name: string; signature: string }[]): Uint8Array {
  const number = (value: number): number[] => (value < 128 ? [value] : [(value & 127) | 128, ...number(value >> 7)]);
  const section = (id: number, body: number[]) => [id, ...number(body.length), ...body];
  const letters: Record<string, number> = { i: 0x7f, j: 0x7e, f: 0x7d, d: 0x7c };
  const values = (text: string) => [text.length, ...Array.from(text, (letter) => letters[letter] ?? 0x7f)];
  const signatures = [...new Set(declared.map(({ signature }) => signature))];
  const types = signatures.flatMap((signature) => [0x60, ...signature.split('>').flatMap(values)]);
  const names = declared.flatMap(({ name, signature }) => [
    1,
    97,
    name.length,
    ...Buffer.from(name),
    0,
    signatures.indexOf(signature),
  ]);
  return Uint8Array.from([
    0,
    97,
    115,
    109,
    1,
    0,
    0,
    0,
    ...section(1, [...number(signatures.length), ...types]),
    ...section(2, [...number(declared.length), ...names]),
  ]);
}

describe('the imports of sql.js', () => {
  it('are all found, each once, with the signature its call has', () => {
    const found = identifyImports(wasm, imports);
    const signatures = Object.fromEntries([...found].map(([name, { signature }]) => [name, signature]));
    expect(signatures).toMatchObject({
      __syscall_openat: 'iiii>i',
      __syscall_unlinkat: 'iii>i',
      __syscall_ftruncate64: 'ij>i',
      __syscall_fcntl64: 'iii>i',
      __syscall_stat64: 'ii>i',
      __syscall_faccessat: 'iiii>i',
      fd_read: 'iiii>i',
      fd_write: 'iiii>i',
      fd_seek: 'ijii>i',
      fd_sync: 'i>i',
      fd_close: 'i>i',
      fd_fdstat_get: 'ii>i',
    });
    const names = [...found.values()].map(({ module, name }) => `${module}.${name}`);
    expect(new Set(names).size).toBe(names.length);
    for (const { module, name } of found.values()) expect(imports[module]?.[name]).toBeTypeOf('function');
  });

  it('are refused when one is missing, when they are reordered and when they do something else', () => {
    const openat = identifyImports(wasm, imports).get('__syscall_openat')?.name;
    expect(() =>
      identifyImports(
        wasm,
        changed((entries) => entries.filter(([name]) => name !== openat)),
      ),
    ).toThrow(/not known/);
    expect(() =>
      identifyImports(
        wasm,
        changed((entries) => entries.sort(([a], [b]) => b.localeCompare(a))),
      ),
    ).toThrow(/not known/);
    expect(() =>
      identifyImports(
        wasm,
        changed((entries) => entries.map(([name, call]) => [name, name === openat ? () => 0 : call])),
      ),
    ).toThrow(/looks different/);
    expect(() => identifyImports(wasm, {})).toThrow(/not known/);
  });

  it('of a module with other signatures are refused', () => {
    // One function type changed: (i32 i64) -> i32, of ftruncate alone, becomes (i32 i32) -> i32.
    const altered = wasm.slice();
    const at = altered.findIndex(
      (byte, index) =>
        byte === 0x60 &&
        altered[index + 1] === 2 &&
        altered[index + 2] === 0x7f &&
        altered[index + 3] === 0x7e &&
        altered[index + 4] === 1 &&
        altered[index + 5] === 0x7f,
    );
    expect(at).toBeGreaterThan(0);
    altered[at + 3] = 0x7f;
    expect(() => identifyImports(altered, imports)).toThrow(/not known/);
  });

  it('that could be two different runs are refused: a guess would write wrong bytes', () => {
    const bySignature = new Map(readImports(wasm).map((each) => [`${each.module}.${each.name}`, each.signature]));
    const run = Object.entries(imports).flatMap(([module, calls]) =>
      Object.entries(calls).map(([name, call]) => ({
        name,
        call,
        signature: bySignature.get(`${module}.${name}`) ?? '>',
      })),
    );
    const once = run.map((each, index) => ({ ...each, name: `n${index}` }));
    const twice = [...once, ...run.map((each, index) => ({ ...each, name: `m${index}` }))];
    const object = (all: typeof once): ImportObject => ({
      a: Object.fromEntries(all.map(({ name, call }) => [name, call])),
    });
    expect(identifyImports(makeModule(once), object(once)).has('fd_sync')).toBe(true);
    expect(() => identifyImports(makeModule(twice), object(twice))).toThrow(/could not be identified/);
  });

  it('of something that is no module are none', () => {
    expect(readImports(new Uint8Array(8))).toEqual([]);
    expect(() => identifyImports(new Uint8Array(8), imports)).toThrow(/not known/);
  });
});

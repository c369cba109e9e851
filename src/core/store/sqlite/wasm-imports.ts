/**
 * Finds out which WASM import of a minified sql.js build is which system call.
 *
 * The release build renames its imports, but emits them sorted by their original names. A run of signatures long enough
 * to be unique therefore identifies them. Anything but exactly one match is an error: a wrong guess would write wrong
 * bytes.
 */
export interface WasmImport {
  module: string;
  name: string;
  /** Parameter and result types, e.g. `iii>i` (i = i32, j = i64, d = f64). */
  signature: string;
}

type ImportObject = Record<string, Record<string, unknown>>;
type Expected = readonly [name: string, signature: string, isOptional?: true];

const syscalls: readonly Expected[] = [
  ['__syscall_chmod', 'ii>i'],
  ['__syscall_faccessat', 'iiii>i'],
  ['__syscall_fchmod', 'ii>i'],
  ['__syscall_fchown32', 'iii>i'],
  ['__syscall_fcntl64', 'iii>i'],
  ['__syscall_fstat64', 'ii>i'],
  ['__syscall_ftruncate64', 'ij>i'],
  ['__syscall_getcwd', 'ii>i'],
  ['__syscall_geteuid32', '>i', true],
  ['__syscall_lstat64', 'ii>i'],
  ['__syscall_mkdirat', 'iii>i'],
  ['__syscall_newfstatat', 'iiii>i'],
  ['__syscall_openat', 'iiii>i'],
  ['__syscall_readlinkat', 'iiii>i'],
  ['__syscall_rmdir', 'i>i'],
  ['__syscall_stat64', 'ii>i'],
  ['__syscall_unlinkat', 'iii>i'],
  ['__syscall_utimensat', 'iiii>i'],
];
const wasiCalls: readonly Expected[] = [
  ['environ_get', 'ii>i'],
  ['environ_sizes_get', 'ii>i'],
  ['fd_close', 'i>i'],
  ['fd_fdstat_get', 'ii>i'],
  ['fd_read', 'iiii>i'],
  ['fd_seek', 'ijii>i'],
  ['fd_sync', 'i>i'],
  ['fd_write', 'iiii>i'],
];
/** A cheap second check of two of them; the self-test at open is the real one. */
const bodyHints: Readonly<Record<string, RegExp>> = { __syscall_openat: /\.fd\b/, fd_seek: /\.position/ };

/** Original name → import, for the file calls of this build. */
export function identifyImports(wasm: Uint8Array, imports: ImportObject): Map<string, WasmImport> {
  const declared = readImports(wasm);
  const found = new Map<string, WasmImport>();
  if (declared.some((each) => each.name === '__syscall_openat')) {
    for (const each of declared) found.set(each.name, each);
    return found;
  }
  const module = declared[0]?.module ?? '';
  const byName = new Map(declared.map((each) => [each.name, each]));
  const ordered = Object.keys(imports[module] ?? {}).flatMap((name) => byName.get(name) ?? []);
  for (const run of [syscalls, wasiCalls]) {
    for (const [name, each] of matchRun(ordered, run)) found.set(name, each);
  }
  for (const [name, hint] of Object.entries(bodyHints)) {
    const each = found.get(name);
    if (!each || !hint.test(String(imports[each.module]?.[each.name])))
      throw new Error(`This sql.js build is not known: ${name} looks different.`);
  }
  return found;
}

function matchRun(ordered: WasmImport[], run: readonly Expected[]): [string, WasmImport][] {
  // Optional calls are present in some builds and absent in others.
  for (const variant of [run, run.filter(([, , isOptional]) => !isOptional)]) {
    const starts: number[] = [];
    for (let at = 0; at + variant.length <= ordered.length; at++) {
      if (variant.every(([, signature], offset) => ordered[at + offset]?.signature === signature)) starts.push(at);
    }
    const [start] = starts;
    if (starts.length === 1 && start !== undefined)
      return variant.map(([name], offset) => [name, ordered[start + offset] as WasmImport]);
    if (starts.length > 1) break;
  }
  throw new Error('This sql.js build is not known: its file imports could not be identified.');
}

const valueTypes: Readonly<Record<number, string>> = {
  0x7f: 'i',
  0x7e: 'j',
  0x7d: 'f',
  0x7c: 'd',
  0x70: 'r',
  0x6f: 'e',
};
const typeSection = 1;
const importSection = 2;

/**
 * The import section of a WASM file, with signatures. @see https://webassembly.github.io/spec/core/binary/modules.html
 */
export function readImports(wasm: Uint8Array): WasmImport[] {
  let at = 8;
  const u32 = (): number => {
    let value = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = wasm[at++] ?? 0;
      value |= (byte & 127) << shift;
      if ((byte & 128) === 0) return value >>> 0;
    }
  };
  const types = (): string => {
    let text = '';
    for (let count = u32(); count > 0; count--) text += valueTypes[wasm[at++] ?? 0] ?? '?';
    return text;
  };
  const name = (): string => {
    const length = u32();
    const text = new TextDecoder().decode(wasm.subarray(at, at + length));
    at += length;
    return text;
  };
  const signatures: string[] = [];
  const imports: WasmImport[] = [];
  while (at < wasm.length) {
    const section = wasm[at++];
    const length = u32();
    const end = at + length;
    if (section === typeSection) {
      for (let count = u32(); count > 0; count--) {
        at++; // 0x60: a function type
        const parameters = types();
        signatures.push(`${parameters}>${types()}`);
      }
    } else if (section === importSection) {
      for (let count = u32(); count > 0; count--) {
        const module = name();
        const field = name();
        if (wasm[at++] !== 0) throw new Error(`This sql.js build is not known: ${field} is not a function.`);
        imports.push({ module, name: field, signature: signatures[u32()] ?? '?' });
      }
      return imports;
    }
    at = end;
  }
  return imports;
}

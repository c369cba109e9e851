/**
 * The rules of docs/architecture.md as functions: each takes facts and returns complaints, so that a test can plant a
 * violation.
 */
import { posix } from 'node:path';

export interface Metafile {
  inputs: Record<string, { imports: { path: string; kind?: string; external?: boolean }[] }>;
  outputs?: Record<string, { imports: { path: string; kind?: string }[]; inputs: Record<string, unknown> }>;
}

export interface SourceFile {
  /** Relative to the root, with forward slashes. */
  path: string;
  text: string;
}

const isOurs = (path: string) => /^(src|webview|l10n|scripts|test)\//.test(path);
const isTest = (path: string) => /\.(test|contract)\.tsx?$|^test\/|^webview\/(fake-[\w-]+|test-page)\.tsx?$/.test(path);
const isProduct = ({ path }: SourceFile) => /^(src|webview)\//.test(path) && !isTest(path);

/** Checks what a bundle consists of by its esbuild metafile. `name` is its path below dist/. */
export function judgeBundle(name: string, { inputs }: Metafile): string[] {
  const paths = Object.keys(inputs);
  const complaints: string[] = [];
  const forbid = (what: string, isBad: (path: string) => boolean) => {
    for (const path of paths.filter(isBad)) complaints.push(`${name} contains ${what}: ${path}`);
  };
  const isCore = (path: string) => path.startsWith('src/core/');
  if (name === 'keeper.cjs' || name === 'care.cjs') {
    if (!paths.some(isCore)) complaints.push(`${name} contains no core`);
    if (name === 'care.cjs')
      forbid('the mind', (path) => /^src\/core\/(memory|capture\/importer|observe\/redact)\.ts$/.test(path));
    forbid('a head', (path) => /^(src\/(extension|cli|mcp|model-tools)|webview)\//.test(path));
  } else if (name === 'redact.cjs') {
    forbid('more of the mind than redaction', (path) => /^src\/core\/(?!observe\/|lib\/)/.test(path));
  } else {
    forbid('core', isCore);
  }
  if (name === 'hook.cjs') {
    forbid('more of the keeper than what asks it', (path) =>
      /^src\/keeper\/(?!(endpoint|handshake|frame-limit|keeper-file)\.ts$)/.test(path),
    );
    forbid('a head', (path) => /^src\/(extension|cli)\//.test(path));
    forbid('schemas, which are for doors', (path) => /node_modules\/zod\//.test(path));
  }
  const isModel = (path: string) => /node_modules\/(@xenova|@huggingface|onnxruntime-)/.test(path);
  if (name !== 'embed.cjs') forbid('the embedding model', isModel);
  else if (!paths.some(isModel)) complaints.push(`${name} contains no model`);
  const isSdk = (path: string) => path.includes('node_modules/@anthropic-ai/');
  if (name !== 'distil.cjs') forbid('the library of the Messages API', isSdk);
  else if (!paths.some(isSdk)) complaints.push(`${name} contains no library`);
  const isMcp = (path: string) => path.includes('node_modules/@modelcontextprotocol/');
  if (name !== 'mcp.cjs') forbid('the library of MCP', isMcp);
  else if (!paths.some(isMcp)) complaints.push(`${name} contains no library`);
  forbid('a native binary', (path) => path.endsWith('.node'));
  if (name.startsWith('webview/'))
    forbid(
      'more of ours than webview and protocol',
      (path) => isOurs(path) && !/^(webview|src\/(protocol|core))\//.test(path),
    );
  if (name.startsWith('webview/')) forbid('schemas, which are for doors', (path) => /node_modules\/zod\//.test(path));
  forbid('test code', isTest);
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (name !== 'extension.cjs' && imports.some((entry) => entry.external && entry.path === 'vscode'))
      complaints.push(`${name} needs vscode, by ${path}`);
    if (isCore(path))
      for (const target of imports.filter((each) => each.external && /^(node:)?(os|process)$/.test(each.path)))
        complaints.push(`core asks the machine itself: ${path} → ${target.path}`);
    if (!path.startsWith('src/protocol/')) continue;
    for (const target of imports) {
      if (isOurs(target.path) && !target.path.startsWith('src/protocol/'))
        complaints.push(`protocol imports ours: ${path} → ${target.path}`);
    }
  }
  return complaints;
}

/** Modules of `later` that a file loads at once, although they should be loaded on the first visit of a page. */
export function findLoadedEarly(file: string, { outputs = {} }: Metafile, later: readonly string[]): string[] {
  const files = new Set([file]);
  for (const name of files) {
    for (const { path, kind } of outputs[name]?.imports ?? []) if (kind === 'import-statement') files.add(path);
  }
  const inputs = [...files].flatMap((name) => Object.keys(outputs[name]?.inputs ?? {}));
  if (inputs.length === 0) return [`${file} is made of nothing`];
  return inputs
    .filter((path) => later.some((part) => path.includes(part)))
    .map((path) => `${file} loads ${path} at once`);
}

const sql =
  /\b(SELECT\s|INSERT\s+(OR\s+\w+\s+)?INTO\b|UPDATE\s+\w+\s+SET\b|DELETE\s+FROM\b|CREATE\s+(\w+\s+)?(TABLE|INDEX|TRIGGER)\b|PRAGMA\s+\w)/;

/** SQL text must be in src/core/store only. */
export function findSql(files: SourceFile[]): string[] {
  return files
    .filter(
      (file) => isProduct(file) && !file.path.startsWith('src/core/store/') && sql.test(withoutComments(file.text)),
    )
    .map(({ path, text }) => `SQL outside src/core/store: ${path}: ${sql.exec(withoutComments(text))?.[0]}`);
}

/** `import type` and `typeof import` count too, because types of vscode make code depend on it. */
export function findVscode(files: SourceFile[]): string[] {
  return files
    .filter(
      (file) =>
        isProduct(file) &&
        !file.path.startsWith('src/extension/') &&
        /(from|import|require)\s*\(?\s*['"]vscode['"]/.test(file.text),
    )
    .map(({ path }) => `vscode imported outside src/extension: ${path}`);
}

/** A list that is opened above a page must outlast a focus that comes late (src/extension/pick/lasting.ts). */
export function findFleetingLists(files: SourceFile[]): string[] {
  return files
    .filter(isProduct)
    .flatMap(({ path, text }) =>
      [...text.matchAll(/(\blasting\(\(\) =>\s*)?\bwindow\.show(?:QuickPick|InputBox)\(/g)]
        .filter(([, kept]) => kept === undefined)
        .map(([call]) => `not within lasting(): ${path}: ${call}`),
    );
}

/** The library of the model and its runtime have 0.5 and 14 MB, so only the embedding thread may import them. */
export function findModelImports(files: SourceFile[]): string[] {
  const allowed = new Set(['src/keeper/embed.worker.ts', 'src/keeper/onnx-wasm.ts']);
  return files
    .filter(
      (file) =>
        isProduct(file) &&
        !allowed.has(file.path) &&
        /(from|import|require)\s*\(?\s*['"](@xenova\/|@huggingface\/|onnxruntime)/.test(file.text),
    )
    .map(({ path }) => `the model imported outside its thread: ${path}`);
}

/** All paid calls must go through one file, which reserves and books their cost. */
export function findSdkImports(files: SourceFile[]): string[] {
  return files
    .filter(
      (file) =>
        isProduct(file) &&
        file.path !== 'src/keeper/anthropic.ts' &&
        /(from|import|require)\s*\(?\s*['"]@anthropic-ai\//.test(file.text),
    )
    .map(({ path }) => `the Messages API imported outside src/keeper/anthropic.ts: ${path}`);
}

export function findVscodeApi(files: SourceFile[]): string[] {
  return files
    .filter(
      (file) =>
        isProduct(file) && file.path !== 'webview/host.ts' && /\bacquireVsCodeApi\b/.test(withoutComments(file.text)),
    )
    .map(({ path }) => `acquireVsCodeApi outside webview/host.ts: ${path}`);
}

/** Type-only imports are missing in a bundle's metafile, so sources are checked. */
export function findProtocolImports(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('src/protocol/') && !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/from\s+['"](\.\.\/[^'"]+)['"]/g)]
        .map((match) => match[1] ?? '')
        .filter((target) => !posix.join(posix.dirname(path), target).startsWith('src/protocol/'))
        .map((target) => `protocol imports ours: ${path} → ${target}`),
    );
}

interface Arrow {
  from: string;
  to: string;
  isType: boolean;
}

/** Imports between our own files, resolved. Type imports vanish at run time. */
function arrowsOf(files: readonly SourceFile[]): Arrow[] {
  const paths = new Set(files.map(({ path }) => path));
  const endings = ['', '.ts', '.tsx', '.d.ts', '.mts'];
  return files.flatMap(({ path, text }) =>
    [...text.matchAll(/^(?:import|export)\s+(type\s)?[^;'"]*?from\s+['"](\.{1,2}\/[^'"]+)['"]/gm)].flatMap(
      ([, type, target = '']) => {
        const base = posix.join(posix.dirname(path), target);
        const to = endings.map((ending) => base + ending).find((name) => paths.has(name));
        return to === undefined ? [] : [{ from: path, to, isType: type !== undefined }];
      },
    ),
  );
}

/** The folders of src in layers. A folder may import from lower layers, but not from another folder of its own or a higher layer. */
const floors: readonly (readonly string[])[] = [
  ['src/protocol/'],
  ['src/hook/settings/'],
  ['src/hook/install/'],
  ['src/core/lib/'],
  ['src/core/transcript/'],
  ['src/core/observe/'],
  ['src/core/store/sqlite/'],
  ['src/core/store/tables/', 'src/core/store/archive/'],
  ['src/core/store/backup/'],
  ['src/core/store/repair/'],
  ['src/core/store/'],
  ['src/core/index/', 'src/core/capture/', 'src/core/portable/'],
  ['src/core/meaning/', 'src/core/insights/', 'src/core/distil/task.ts'],
  ['src/core/why/', 'src/core/watch/'],
  ['src/core/distil/reading/'],
  ['src/core/distil/summary/'],
  ['src/core/distil/learn/'],
  ['src/core/distil/past-fixes/'],
  ['src/core/distil/graph/'],
  ['src/core/distil/queue.ts'],
  ['src/core/distil/ask/'],
  ['src/core/distil/'],
  ['src/core/search/', 'src/core/care/'],
  ['src/core/changes.ts', 'src/core/give/', 'src/core/redaction/', 'src/core/erasing/'],
  ['src/core/answers/'],
  ['src/core/memory-ports.ts'],
  ['src/core/memory.ts'],
  ['src/keeper/', 'src/model-tools/'],
  ['src/extension/', 'src/cli/', 'src/hook/', 'src/mcp/', 'webview/'],
];

function roomOf(path: string): { room: string; floor: number } | undefined {
  const found = floors.flatMap((rooms, floor) =>
    rooms.filter((room) => path.startsWith(room)).map((room) => ({ room, floor })),
  );
  // The longest name is the innermost folder.
  return found.toSorted((one, other) => other.room.length - one.room.length)[0];
}

/** Imports, including types, that do not lead to a lower layer. */
export function findUpwardImports(files: SourceFile[]): string[] {
  return arrowsOf(files.filter(isProduct)).flatMap(({ from, to }) => {
    const [own, other] = [roomOf(from), roomOf(to)];
    if (!own || !other) return [`in no room of the house: ${own ? to : from}`];
    return own.room === other.room || other.floor < own.floor ? [] : [`an import that leads up: ${from} → ${to}`];
  });
}

/** Files that import each other at run time. */
export function findCircles(files: SourceFile[]): string[] {
  const next = new Map<string, string[]>();
  for (const { from, to, isType } of arrowsOf(files.filter(isProduct)))
    if (!isType) next.set(from, [...(next.get(from) ?? []), to]);
  const done = new Set<string>();
  const circles: string[] = [];
  const walk = (path: string, way: readonly string[]) => {
    const start = way.indexOf(path);
    if (start >= 0) circles.push(`a circle: ${[...way.slice(start), path].join(' → ')}`);
    if (start >= 0 || done.has(path)) return;
    for (const to of next.get(path) ?? []) walk(to, [...way, path]);
    done.add(path);
  };
  for (const path of next.keys()) walk(path, []);
  return circles;
}

/** Declaration files describe exports of others, and a vitest configuration must have a default export. */
export function findDefaultExports(files: SourceFile[]): string[] {
  return files
    .filter(
      ({ path, text }) =>
        !/\.d\.m?ts$|(^|\/)vitest\.[\w.]*config\.ts$/.test(path) &&
        /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m.test(text),
    )
    .map(({ path }) => `default export: ${path}`);
}

/** File names must be in kebab-case and must not contain words without meaning. */
export function findVagueNames(files: SourceFile[]): string[] {
  return files
    .filter(
      ({ path }) =>
        /(^|[/.-])(utils?|helpers?|common|manager|service|misc)\.[\w.]+$/.test(path) ||
        /(^|\/)index\.tsx?$/.test(path) ||
        /[A-Z_]/.test(path.split('/').at(-1) ?? ''),
    )
    .map(({ path }) => `a name that says nothing, or not in kebab-case: ${path}`);
}

/** At least 90 % of the files have at most 300 lines, and none has more than 500. */
export function judgeLengths(files: SourceFile[]): string[] {
  const lengths = files.filter(isProduct).map(({ path, text }) => ({ path, lines: text.trimEnd().split('\n').length }));
  if (lengths.length === 0) return ['no source files were found'];
  const complaints = lengths
    .filter(({ lines }) => lines > 500)
    .map(({ path, lines }) => `${path} has ${lines} lines, more than 500`);
  const sorted = lengths.toSorted((one, other) => one.lines - other.lines);
  const p90 = sorted[Math.ceil(sorted.length * 0.9) - 1];
  if (p90 && p90.lines > 300) complaints.push(`the p90 of lines per file is ${p90.lines}, more than 300 (${p90.path})`);
  return complaints;
}

const maxLine = 140;
/**
 * Files with longer lines: invented data, a generated file, and migrations, whose text is stored in the database (a
 * change of its length would move the pages that a repair takes from a new database).
 */
const longLines =
  /^(test\/fixtures|scripts\/demo-history|src\/core\/store\/sqlite\/migrations)\/|^src\/core\/meaning\/kernel-bytes\.ts$/;

/** Keys of translations must stay one literal, because the tests that look for translations read literals. */
export function findLongLines(files: SourceFile[], keys: ReadonlySet<string>): string[] {
  const isKey = (line: string) => {
    const literal = /^\s*(?:\w+: )?(['"])(.*)\1,?$/.exec(line)?.[2];
    return literal !== undefined && keys.has(literal.replace(/\\(['"])/g, '$1'));
  };
  return files
    .filter(({ path }) => !longLines.test(path))
    .flatMap(({ path, text }) =>
      text
        .split('\n')
        .flatMap((line, index) =>
          line.length > maxLine && !isKey(line) ? [`a line of ${line.length} characters: ${path}:${index + 1}`] : [],
        ),
    );
}

/** A `//` counts as a comment only at the start of a line or after a space, so that strings with addresses are kept. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

/** Rooms from which texts leave the memory. */
const roomsWithWaysOut =
  /^src\/core\/(give|portable|distil\/ask|answers\/ask|answers\/session-text)\/|^src\/core\/distil\/learn\/learn-api\.ts$/;
const readsTexts =
  /import (?!type )[^;]*'[^']*\/store\/(tables\/(summaries|amendments|conversation|learnings|lines|reader|\w+-lines)|\w+\/read-records)'/;
const asksForClasses = /from '[^']*\/(way-out|may-leave)'/;
/** What they read is compared here, or shown on the person's own pages; where it leaves, another file asks. */
const readForOwnUse: ReadonlySet<string> = new Set([
  'src/core/give/choices.ts',
  'src/core/give/shadow.ts',
  'src/core/give/shadow-examples.ts',
  'src/core/give/find-amendments.ts',
  'src/core/give/pieces-by-id.ts',
  'src/core/answers/ask/find.ts',
]);

/** Who reads texts in a room with ways out asks whether their class may go; tools of models get no memory that was not asked. */
export function findUnaskedClasses(files: SourceFile[]): string[] {
  return files.filter(isProduct).flatMap(({ path, text }) => {
    if (/^src\/model-tools\/(?!tool\.ts|classed-memory\.ts)/.test(path) && /\bMemoryApi\b/.test(text))
      return [`a tool has the memory without its classes: ${path}`];
    if (!roomsWithWaysOut.test(path) || readForOwnUse.has(path)) return [];
    return readsTexts.test(text) && !asksForClasses.test(text) ? [`texts leave without their class: ${path}`] : [];
  });
}

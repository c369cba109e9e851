/**
 * The walls of docs/architecture.md as functions: each takes facts and answers complaints, so that a test can plant a
 * violation.
 */

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
const isTest = (path: string) => /\.(test|contract)\.tsx?$|^test\//.test(path) || path === 'webview/fake-host.ts';
const isProduct = ({ path }: SourceFile) => /^(src|webview)\//.test(path) && !isTest(path);

/** What a bundle is made of, judged by its esbuild metafile. `name` is the bundle's path below dist/. */
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
    forbid('a head', (path) => /^(src\/(extension|cli)|webview)\//.test(path));
  } else {
    forbid('core', isCore);
  }
  const isModel = (path: string) => /node_modules\/(@xenova|@huggingface|onnxruntime-)/.test(path);
  if (name !== 'embed.cjs') forbid('the embedding model', isModel);
  else if (!paths.some(isModel)) complaints.push(`${name} contains no model`);
  const isSdk = (path: string) => path.includes('node_modules/@anthropic-ai/');
  if (name !== 'distil.cjs') forbid('the library of the Messages API', isSdk);
  else if (!paths.some(isSdk)) complaints.push(`${name} contains no library`);
  forbid('a native binary', (path) => path.endsWith('.node'));
  if (name.startsWith('webview/'))
    forbid(
      'more of ours than webview and protocol',
      (path) => isOurs(path) && !/^(webview|src\/(protocol|core))\//.test(path),
    );
  forbid('test code', isTest);
  for (const [path, { imports }] of Object.entries(inputs)) {
    if (name !== 'extension.cjs' && imports.some((entry) => entry.external && entry.path === 'vscode'))
      complaints.push(`${name} needs vscode, by ${path}`);
    if (!path.startsWith('src/protocol/')) continue;
    for (const target of imports) {
      if (isOurs(target.path) && !target.path.startsWith('src/protocol/'))
        complaints.push(`protocol imports ours: ${path} → ${target.path}`);
    }
  }
  return complaints;
}

/** What of `later` a file brings along before it runs: a page of its own must wait for its first visit. */
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

/** SQL text lives in one place, where the database is. */
export function findSql(files: SourceFile[]): string[] {
  return files
    .filter(
      (file) => isProduct(file) && !file.path.startsWith('src/core/store/') && sql.test(withoutComments(file.text)),
    )
    .map(({ path, text }) => `SQL outside src/core/store: ${path}: ${sql.exec(withoutComments(text))?.[0]}`);
}

/** `import type` and `typeof import` count too: a type of vscode is knowledge of vscode. */
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

/** The library of the model and its runtime are half a megabyte and fourteen: they live in one thread. */
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

/** Money is spent through one file. */
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

/** Imports of protocol that vanish in a bundle because they are types only. */
export function findProtocolImports(files: SourceFile[]): string[] {
  return files
    .filter(({ path }) => path.startsWith('src/protocol/') && !isTest(path))
    .flatMap(({ path, text }) =>
      [...text.matchAll(/from\s+['"](\.\.\/[^'"]+)['"]/g)].map(
        (match) => `protocol imports ours: ${path} → ${match[1]}`,
      ),
    );
}

/** Declarations describe what others export; a vitest configuration has no choice. */
export function findDefaultExports(files: SourceFile[]): string[] {
  return files
    .filter(
      ({ path, text }) =>
        !/\.d\.m?ts$|(^|\/)vitest\.[\w.]*config\.ts$/.test(path) &&
        /^\s*export\s+default\b|^\s*export\s*\{[^}]*\bas\s+default\b/m.test(text),
    )
    .map(({ path }) => `default export: ${path}`);
}

/** Names say what is inside. These words say nothing. */
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

/** Nine files of ten have at most 300 lines, none more than 500. */
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

/** Leaves strings alone: a `//` counts as a comment only at the start of a line or after a space. */
function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\//g, '').replace(/(^|\s)\/\/.*$/gm, '$1');
}

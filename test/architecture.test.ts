import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, readdirSync } from 'node:fs';
import { join, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import type { Plugin } from 'esbuild';
import { beforeAll, describe, expect, it } from 'vitest';
import { wasmOnly } from '../scripts/wasm-only.mjs';
import {
  findDefaultExports,
  findFleetingLists,
  findLoadedEarly,
  findLongLines,
  findModelImports,
  findCircles,
  findProtocolImports,
  findUpwardImports,
  findSdkImports,
  findUnaskedClasses,
  findSql,
  findVagueNames,
  findVscode,
  findVscodeApi,
  judgeBundle,
  judgeLengths,
} from './walls';
import type { Metafile, SourceFile } from './walls';

const root = fileURLToPath(new URL('..', import.meta.url));
const bundles = [
  'extension.cjs',
  'keeper.cjs',
  'care.cjs',
  'redact.cjs',
  'embed.cjs',
  'distil.cjs',
  'cli.js',
  'hook.cjs',
  'uninstall.cjs',
  'mcp.cjs',
  'webview/main.js',
  'webview/reader.js',
  'webview/doctor.js',
];
const metafileOf = (bundle: string) => join(root, 'dist/meta', `${bundle.replaceAll('/', '-')}.json`);
const sources = readSources();
const translated = new Set(
  ['webview-words.json', 'bundle.l10n.json'].flatMap((name) => {
    const words: Record<string, unknown> = JSON.parse(readFileSync(join(root, 'l10n', name), 'utf8'));
    return Object.keys(words);
  }),
);

describe('bundles', () => {
  beforeAll(() => {
    if (bundles.every((bundle) => existsSync(metafileOf(bundle)))) return;
    const built = spawnSync(process.execPath, ['esbuild.mjs'], { cwd: root, encoding: 'utf8' });
    if (built.status !== 0) throw new Error(built.stdout + built.stderr);
  });

  it.each(bundles)('%s keeps the walls', (bundle) => {
    const metafile: Metafile = JSON.parse(readFileSync(metafileOf(bundle), 'utf8'));
    expect(judgeBundle(bundle, metafile)).toEqual([]);
  });

  it('the view opens without plots and without what was learnt: they come with their tabs', () => {
    const metafile: Metafile = JSON.parse(readFileSync(metafileOf('webview/main.js'), 'utf8'));
    expect(
      findLoadedEarly('dist/webview/main.js', metafile, [
        'node_modules/uplot/dist/uPlot.esm',
        'webview/pages/insights/',
        'webview/pages/learnings/',
      ]),
    ).toEqual([]);
    expect(Object.keys(metafile.inputs)).toEqual(
      expect.arrayContaining(['webview/pages/insights/insights.tsx', 'node_modules/uplot/dist/uPlot.esm.js']),
    );
  });
});

describe('sources', () => {
  it.each([
    ['SQL text lives in core/store only', findSql],
    ['only the extension knows vscode', findVscode],
    ['a list outlasts a late focus', findFleetingLists],
    ['only the thread of the model knows it', findModelImports],
    ['only one file spends money', findSdkImports],
    ['only webview/host.ts talks to the editor', findVscodeApi],
    ['protocol imports nothing of ours', findProtocolImports],
    ['every import leads down', findUpwardImports],
    ['no file needs itself in a circle', findCircles],
    ['texts leave by their class', findUnaskedClasses],
    ['nothing is exported as default', findDefaultExports],
    ['names say something', findVagueNames],
    ['files are short', judgeLengths],
    ['lines are short, but for keys of translations', (files) => findLongLines(files, translated)],
  ])('%s', (_, judge) => {
    expect(judge(sources)).toEqual([]);
  });
});

it('a transformers.js whose insides have moved stops the build', async () => {
  const planted = build({
    stdin: { contents: "import { AutoModel } from '@xenova/transformers'; AutoModel;", resolveDir: root },
    plugins: [elsewhere, wasmOnly],
    bundle: true,
    write: false,
    logLevel: 'silent',
    platform: 'node',
  });
  await expect(planted).rejects.toThrow(/moved its insides: src\/backends\/onnx-node\.js/);
});

/** Another library under the same name: none of what must be replaced is in it. */
const elsewhere: Plugin = {
  name: 'elsewhere',
  setup: (to) => to.onResolve({ filter: /^@xenova\/transformers$/ }, () => ({ path: join(root, 'test/walls.ts') })),
};

describe('a planted violation is seen', () => {
  const metafile = (...inputs: [path: string, ...imports: string[]][]): Metafile => ({
    inputs: Object.fromEntries(
      inputs.map(([path, ...imports]) => [
        path,
        { imports: imports.map((to) => ({ path: to, external: to === 'vscode' || to.startsWith('node:') })) },
      ]),
    ),
  });
  const file = (path: string, text: string): SourceFile[] => [{ path, text }];

  it.each<[string, string, Metafile]>([
    ['core in the extension', 'extension.cjs', metafile(['src/core/memory.ts'])],
    ['core in the command line', 'cli.js', metafile(['src/core/lib/clock.ts'])],
    ['core in a webview', 'webview/main.js', metafile(['src/core/index/tokenize.ts'])],
    ['the keeper door in a webview', 'webview/reader.js', metafile(['src/keeper/connect.ts'])],
    ['a keeper without core', 'keeper.cjs', metafile(['src/keeper/keeper.worker.ts'])],
    ['a care thread without core', 'care.cjs', metafile(['src/keeper/care.worker.ts'])],
    [
      'the library of the API in the keeper',
      'keeper.cjs',
      metafile(['src/core/memory.ts'], ['node_modules/@anthropic-ai/sdk/client.mjs']),
    ],
    [
      'core in the bundle of the API',
      'distil.cjs',
      metafile(['node_modules/@anthropic-ai/sdk/client.mjs'], ['src/core/lib/prices.ts']),
    ],
    ['a bundle of the API without it', 'distil.cjs', metafile(['src/keeper/anthropic.ts'])],
    ['the whole mind in the care thread', 'care.cjs', metafile(['src/core/memory.ts'])],
    [
      'a model in the keeper',
      'keeper.cjs',
      metafile(['src/core/memory.ts'], ['node_modules/@huggingface/tokenizers/dist/x.js']),
    ],
    ['a runtime in the extension', 'extension.cjs', metafile(['node_modules/onnxruntime-web/dist/x.mjs'])],
    ['a thread of the model without a model', 'embed.cjs', metafile(['src/keeper/embed.worker.ts'])],
    [
      'the mind in the thread of the model',
      'embed.cjs',
      metafile(['node_modules/@xenova/transformers/src/a.js'], ['src/core/memory.ts']),
    ],
    [
      'a native binary',
      'embed.cjs',
      metafile(['node_modules/@xenova/transformers/src/a.js'], ['node_modules/x/bin/napi.node']),
    ],
    ['a head in the keeper', 'keeper.cjs', metafile(['src/core/memory.ts'], ['src/cli/format.ts'])],
    ['core that asks the machine itself', 'keeper.cjs', metafile(['src/core/capture/exclude.ts', 'node:os'])],
    ['the library of MCP in the command line', 'cli.js', metafile(['node_modules/@modelcontextprotocol/sdk/x.js'])],
    ['a server of MCP without it', 'mcp.cjs', metafile(['src/mcp/main.ts'])],
    [
      'core in the server of MCP',
      'mcp.cjs',
      metafile(['node_modules/@modelcontextprotocol/sdk/x.js'], ['src/core/memory.ts']),
    ],
    ['vscode in the command line', 'cli.js', metafile(['src/cli/main.ts', 'vscode'])],
    ['protocol that imports ours', 'extension.cjs', metafile(['src/protocol/model.ts', 'src/keeper/connect.ts'])],
    ['what starts a keeper in a hook', 'hook.cjs', metafile(['src/keeper/own-keeper.ts'])],
    ['schemas in a hook', 'hook.cjs', metafile(['node_modules/zod/v4/mini/schemas.js'])],
    ['the command line in a hook', 'hook.cjs', metafile(['src/cli/main.ts'])],
    ['schemas in a page', 'webview/main.js', metafile(['node_modules/zod/v4/mini/schemas.js'])],
    ['test code in a bundle', 'webview/main.js', metafile(['webview/fake-answers.ts'])],
  ])('%s', (_, bundle, planted) => {
    expect(judgeBundle(bundle, planted)).toHaveLength(1);
  });

  it.each<[string, (files: SourceFile[]) => string[], SourceFile[]]>([
    ['a query in a head', findSql, file('src/cli/main.ts', 'run("SELECT id FROM sessions")')],
    ['a query over two lines', findSql, file('src/keeper/lock.ts', 'run(`\n  INSERT OR IGNORE INTO meta VALUES (1)`)')],
    ['a pragma', findSql, file('src/core/memory.ts', "run('PRAGMA user_version')")],
    ['vscode in core', findVscode, file('src/core/memory.ts', "import type { Uri } from 'vscode';")],
    [
      'the model in the keeper',
      findModelImports,
      file('src/keeper/keeper.worker.ts', "import { pipeline } from '@xenova/transformers';"),
    ],
    [
      'the runtime by a type',
      findModelImports,
      file('src/core/memory.ts', "let ort: typeof import('onnxruntime-web/wasm');"),
    ],
    ['the editor api in a page', findVscodeApi, file('webview/app.tsx', 'const api = acquireVsCodeApi();')],
    [
      'a type imported into protocol',
      findProtocolImports,
      file('src/protocol/model.ts', "import type { Row } from '../core/store/rows';"),
    ],
    [
      'an import that leads up',
      findUpwardImports,
      [
        { path: 'src/core/store/tables/rows.ts', text: "import type { Found } from '../../search/hits';" },
        { path: 'src/core/search/hits.ts', text: '' },
      ],
    ],
    [
      'an import of the room beside',
      findUpwardImports,
      [
        { path: 'src/core/insights/insights.ts', text: "import { prices } from '../distil/ask/prices';" },
        { path: 'src/core/distil/ask/prices.ts', text: '' },
      ],
    ],
    [
      'a circle',
      findCircles,
      [
        { path: 'src/cli/a.ts', text: "import { b } from './b';" },
        { path: 'src/cli/b.ts', text: "import { c } from './c';" },
        { path: 'src/cli/c.ts', text: "import { a } from './a';" },
      ],
    ],
    [
      'a list that a late focus closes',
      findFleetingLists,
      file('src/extension/a.ts', 'await lasting(() => window.showQuickPick(a)); await window.showQuickPick(b);'),
    ],
    ['a default export', findDefaultExports, file('src/cli/main.ts', 'export default function main() {}')],
    ['a renamed default export', findDefaultExports, file('src/cli/main.ts', 'export { main as default };')],
    ['a barrel', findVagueNames, file('src/core/index.ts', '')],
    ['a drawer', findVagueNames, file('src/core/lib/string-utils.ts', '')],
    ['a name in another case', findVagueNames, file('src/core/readLines.ts', '')],
    [
      'a very long file',
      judgeLengths,
      file('src/cli/main.ts', 'a\n'.repeat(501)).concat(
        Array.from({ length: 20 }, (_, n) => ({ path: `src/a${n}.ts`, text: 'a' })),
      ),
    ],
    [
      'many long files',
      judgeLengths,
      Array.from({ length: 4 }, (_, n) => ({ path: `src/a${n}.ts`, text: 'a\n'.repeat(301) })),
    ],
    ['no files at all', judgeLengths, []],
    [
      'a new way out that does not ask for classes',
      findUnaskedClasses,
      file('src/core/give/mail.ts', "import { publishedSummary } from '../store/tables/summaries';"),
    ],
    [
      'a tool with the memory itself',
      findUnaskedClasses,
      file('src/model-tools/mail.ts', "import type { MemoryApi } from '../protocol/memory-api';"),
    ],
    [
      'a long line',
      (files) => findLongLines(files, translated),
      file('src/cli/main.ts', `const one = 1;\nconst text = '${'a'.repeat(130)}';`),
    ],
    [
      'a long text that is no key',
      (files) => findLongLines(files, new Set(['b'.repeat(150)])),
      file('src/cli/main.ts', `  '${'a'.repeat(150)}',`),
    ],
  ])('%s', (_, judge, planted) => {
    expect(judge(planted)).toHaveLength(1);
  });

  it('a page that is loaded too early', () => {
    const chunk = (path: string, kind = 'import-statement') => ({ imports: [{ path, kind }], inputs: {} });
    const plots = { imports: [], inputs: { 'node_modules/uplot/dist/uPlot.esm.js': {} } };
    const outputs = {
      'main.js': chunk('a.js'),
      'a.js': { ...chunk('b.js', 'dynamic-import'), inputs: { 'webview/app.tsx': {} } },
      'b.js': plots,
    };
    expect(findLoadedEarly('main.js', { inputs: {}, outputs }, ['uplot'])).toEqual([]);
    expect(
      findLoadedEarly('main.js', { inputs: {}, outputs: { ...outputs, 'a.js': chunk('b.js') } }, ['uplot']),
    ).toHaveLength(1);
    expect(findLoadedEarly('main.js', { inputs: {} }, ['uplot'])).toHaveLength(1);
  });

  it('and what is allowed is not', () => {
    const key = 'a'.repeat(150);
    expect(findLongLines(file('src/cli/main.ts', `  '${key}',`), new Set([key]))).toEqual([]);
    expect(findLongLines(file('test/fixtures/lines.ts', key), new Set())).toEqual([]);
    expect(findSql(file('src/core/store/tables/rows.ts', 'SELECT 1'))).toEqual([]);
    expect(
      findDefaultExports(
        file('src/core/store/sqlite/sql-js.d.ts', 'declare module "sql.js" {\n  export default load;\n}'),
      ),
    ).toEqual([]);
    expect(
      findSql(
        file('src/cli/main.ts', '// SELECT is for the store\nconst select = 1; // PRAGMA too\n/* DELETE FROM x */'),
      ),
    ).toEqual([]);
    expect(
      judgeBundle(
        'extension.cjs',
        metafile(['src/extension/extension.ts', 'vscode'], ['src/protocol/rpc.ts', 'src/protocol/errors.ts']),
      ),
    ).toEqual([]);
  });
});

function readSources(): SourceFile[] {
  return ['src', 'webview', 'scripts', 'test'].flatMap((folder) =>
    readdirSync(join(root, folder), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && /\.(ts|tsx|mjs|mts)$/.test(entry.name))
      .map((entry) => join(entry.parentPath, entry.name))
      .filter((path) => !path.includes(`${sep}artefacts${sep}`))
      .map((path) => ({ path: relative(root, path).replaceAll(sep, '/'), text: readFileSync(path, 'utf8') })),
  );
}

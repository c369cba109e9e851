// One table: entry -> bundle -> platform -> budget. `node esbuild.mjs [--watch] [--dev]` builds into dist/.
// Every build also writes dist/meta/<bundle>.json (esbuild's metafile): test/architecture.test.ts reads the walls off
// it.
import { copyFileSync, existsSync, mkdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { build, context } from 'esbuild';
import { wasmOnly } from './scripts/wasm-only.mjs';

const { version } = JSON.parse(readFileSync('package.json', 'utf8'));
const kib = 1024;
const node = { platform: 'node', format: 'cjs', target: 'node20' };
const browser = { platform: 'browser', format: 'esm', target: 'es2022' };
/** transformers.js asks a module for its address, which a CommonJS bundle does not have. */
const ownUrl = {
  banner: { js: "const bundleUrl=require('node:url').pathToFileURL(__filename).href;" },
  define: { 'import.meta.url': 'bundleUrl' },
};

export const bundles = [
  {
    entry: 'src/extension/extension.ts',
    out: 'dist/extension.cjs',
    ...node,
    target: 'node22',
    external: ['vscode'],
    budget: 432 * kib,
  },
  { entry: 'src/keeper/keeper.worker.ts', out: 'dist/keeper.cjs', ...node, budget: 1536 * kib },
  { entry: 'src/keeper/care.worker.ts', out: 'dist/care.cjs', ...node, budget: 3200 * kib },
  { entry: 'src/keeper/redact.worker.ts', out: 'dist/redact.cjs', ...node, budget: 200 * kib },
  {
    entry: 'src/keeper/embed.worker.ts',
    out: 'dist/embed.cjs',
    ...node,
    budget: 600 * kib,
    plugins: [wasmOnly],
    ...ownUrl,
  },
  { entry: 'src/keeper/anthropic.ts', out: 'dist/distil.cjs', ...node, budget: 200 * kib },
  { entry: 'src/cli/main.ts', out: 'dist/cli.js', ...node, budget: 400 * kib },
  // Read and run at each prompt, by whatever Node a person has.
  { entry: 'src/hook/main.ts', out: 'dist/hook.cjs', ...node, target: 'node18', budget: 80 * kib },
  { entry: 'src/hook/uninstall.ts', out: 'dist/uninstall.cjs', ...node, budget: 40 * kib },
  { entry: 'src/mcp/main.ts', out: 'dist/mcp.cjs', ...node, budget: 448 * kib },
  // What a person sees first is one budget, however many files it is; what is loaded on a first visit has a budget of
  // its own.
  {
    entry: 'webview/main.tsx',
    out: 'dist/webview/main.js',
    ...browser,
    budget: 450 * kib,
    later: {
      'webview/pages/insights/insights.tsx': 100 * kib,
      'webview/pages/learnings/learnings.tsx': 40 * kib,
      'webview/parts/markdown.tsx': 90 * kib,
    },
  },
  // One file: what it could load later (find, steps by key, the list of prompts) is small and belongs to the first keys.
  { entry: 'webview/reader.tsx', out: 'dist/webview/reader.js', ...browser, budget: 464 * kib },
  { entry: 'webview/doctor.tsx', out: 'dist/webview/doctor.js', ...browser, budget: 450 * kib },
];

/** Files that go into dist/ as they are. */
const copies = [
  ['node_modules/sql.js/dist/sql-wasm.wasm', 'dist/sql-wasm.wasm'],
  ['node_modules/onnxruntime-web/dist/ort-wasm-simd-threaded.wasm', 'dist/ort-wasm-simd-threaded.wasm'],
  ['node_modules/@vscode/codicons/dist/codicon.css', 'dist/webview/codicon.css'],
  ['node_modules/@vscode/codicons/dist/codicon.ttf', 'dist/webview/codicon.ttf'],
];

const isDev = process.argv.includes('--dev');
const isWatch = process.argv.includes('--watch');

const options = ({ entry, out, budget: _budget, later, define = {}, ...rest }) => ({
  ...rest,
  entryPoints: [entry],
  ...(later ? { outdir: dirname(out), splitting: true, chunkNames: '[name]-[hash]' } : { outfile: out }),
  bundle: true,
  minify: !isDev,
  sourcemap: isDev ? 'linked' : false,
  metafile: true,
  jsx: 'automatic',
  legalComments: 'none',
  loader: { '.svg': 'text' },
  define: {
    ...define,
    'process.env.NODE_ENV': isDev ? '"development"' : '"production"',
    EXTENSION_VERSION: JSON.stringify(version),
  },
  alias: {
    // See the stand-in: the original never lets go of what it measured.
    '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts',
    // The original of this one hides its parts from a bundler.
    'jsonc-parser': 'jsonc-parser/lib/esm/main.js',
  },
  logLevel: 'warning',
});

rmSync('dist', { recursive: true, force: true });
mkdirSync('dist/meta', { recursive: true });
mkdirSync('dist/webview', { recursive: true });
for (const [from, to] of copies) copyFileSync(from, to);

/** Lines that the problem matcher of .vscode/tasks.json reads. Bundles are built at the same time: the last one ends. */
let building = 0;
const reportBuilds = {
  name: 'report-builds',
  setup(builder) {
    builder.onStart(() => {
      building += 1;
      if (building === 1) console.log('[watch] build started');
    });
    builder.onEnd(({ errors, warnings }) => {
      for (const [kind, messages] of Object.entries({ error: errors, warning: warnings }))
        for (const { text, location } of messages)
          console.log(
            `${kind}: ${text}\n  at ${location?.file ?? '?'}:${location?.line ?? 1}:${location?.column ?? 0}`,
          );
      building -= 1;
      if (building === 0) console.log('[watch] build finished');
    });
  },
};

let isOver = false;
const watched = [];
for (const bundle of bundles) {
  if (!existsSync(bundle.entry)) continue;
  if (isWatch) {
    const { plugins = [], ...rest } = options(bundle);
    watched.push(await context({ ...rest, logLevel: 'silent', plugins: [...plugins, reportBuilds] }));
    continue;
  }
  const { metafile } = await build(options(bundle));
  const name = bundle.out.replace(/^dist\//, '').replaceAll('/', '-');
  mkdirSync(dirname(join('dist/meta', name)), { recursive: true });
  writeFileSync(join('dist/meta', `${name}.json`), JSON.stringify(metafile));
  const first = loadedWith(metafile, bundle.out);
  report(bundle.out, first, bundle.budget);
  for (const [page, budget] of Object.entries(bundle.later ?? {})) {
    const file = Object.keys(metafile.outputs).find((output) => metafile.outputs[output].entryPoint === page);
    if (!file) throw new Error(`${page} is not loaded by itself`);
    report(
      `  + ${page.split('/').at(-1)}`,
      loadedWith(metafile, file).filter((output) => !first.includes(output)),
      budget,
    );
  }
}
await Promise.all(watched.map((each) => each.watch()));
if (isOver) process.exitCode = 1;

function report(name, files, budget) {
  const bytes = files.reduce((sum, file) => sum + statSync(file).size, 0);
  const isTooBig = !isDev && bytes > budget;
  isOver ||= isTooBig;
  console.log(
    `${name.padEnd(26)} ${(bytes / kib).toFixed(0).padStart(6)} KiB of ${(budget / kib).toFixed(0)}${isTooBig ? '  OVER BUDGET' : ''}`,
  );
}

/** The file and all that it imports before it runs. */
function loadedWith({ outputs }, file) {
  const files = new Set([file]);
  for (const name of files) {
    for (const { path, kind } of outputs[name].imports) if (kind === 'import-statement') files.add(path);
  }
  return [...files];
}

// `npm run eval -- [--queries FILE --projects DIR] [--locomo FILE] [--tune]`: how often search finds the right session.
// Always runs on a generated history; with paths also on LoCoMo and on labelled queries over real transcripts. Nothing
// of that data is stored in the project.
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureModules } from './modules.mjs';
import { cacheDir, endChildrenWithUs, root, run } from './run.mjs';
import { hostNode } from './vscode-host/server.mjs';
import { setUpHost } from './vscode-host/set-up.mjs';

endChildrenWithUs();
if (!(await ensureModules()) || !(await setUpHost())) process.exit(1);
const { build } = await import('esbuild');
if (!existsSync(join(root, 'dist/sql-wasm.wasm')) && (await run(process.execPath, ['esbuild.mjs'])) !== 0)
  process.exit(1);
mkdirSync(join(cacheDir, 'bench'), { recursive: true });
const outfile = join(cacheDir, 'bench/eval.cjs');
await build({
  entryPoints: [join(root, 'test/eval/main.ts')],
  outfile,
  bundle: true,
  platform: 'node',
  format: 'cjs',
  target: 'node24',
  external: ['node:sqlite'],
  logLevel: 'error',
  alias: { '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts' },
});
process.exitCode = await run(hostNode, ['--disable-warning=ExperimentalWarning', outfile, ...process.argv.slice(2)]);

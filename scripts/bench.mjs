// `npm run bench [-- NAME… [--OPTION …]]`: prints tables; only its growth gates can fail. Runs under the editor host's
// Node 24, whose `node:sqlite` is measured in the same process, interleaved with ours, for comparison.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureModules } from './modules.mjs';
import { packVsix } from './package.mjs';
import { cacheDir, endChildrenWithUs, root, run, runTool } from './run.mjs';
import { hostNode } from './vscode-host/server.mjs';
import { setUpHost } from './vscode-host/set-up.mjs';

endChildrenWithUs();
if (!(await ensureModules()) || !(await setUpHost())) process.exit(1);
const { build } = await import('esbuild');
if (!existsSync(join(root, 'dist/keeper.cjs')) && (await run(process.execPath, ['esbuild.mjs'])) !== 0) process.exit(1);

const folder = join(root, 'test/bench');
// `editor` drives a real VS Code; the others use only this machine's memory and disk.
const all = [
  ...readdirSync(folder)
    .filter((name) => name.endsWith('.bench.ts'))
    .map((name) => name.replace('.bench.ts', '')),
  'editor',
];
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('--'));
const named = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const wanted = named.length > 0 ? named : all;
const unknown = wanted.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No such benchmark: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}
mkdirSync(join(cacheDir, 'bench'), { recursive: true });
let failed = 0;
for (const name of wanted) {
  if (name === 'editor') {
    await packVsix({ isQuiet: true });
    if (
      (await runTool('vitest/vitest.mjs', [
        'run',
        '-c',
        'test/bench/editor/vitest.bench.config.ts',
        '--disable-console-intercept',
      ])) !== 0
    )
      failed++;
    continue;
  }
  const outfile = join(cacheDir, 'bench', `${name}.cjs`);
  await build({
    entryPoints: [join(folder, `${name}.bench.ts`)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['node:sqlite'],
    logLevel: 'error',
    alias: { '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts' },
  });
  if ((await run(hostNode, ['--disable-warning=ExperimentalWarning', outfile, ...options])) !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

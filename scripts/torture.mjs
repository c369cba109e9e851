// `npm run torture [-- NAME… [--seed N]]`: runs the long torture tests one after the other. NAME is a folder of
// test/torture with an entry `NAME.torture.ts`, which reports what it did and fails when data was lost. Runs under the
// editor host's Node 24, whose native SQLite checks the results independently.
import { existsSync, mkdirSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ensureModules } from './modules.mjs';
import { cacheDir, endChildrenWithUs, root, run } from './run.mjs';
import { hostNode } from './vscode-host/server.mjs';
import { setUpHost } from './vscode-host/set-up.mjs';

endChildrenWithUs();
if (!(await ensureModules()) || !(await setUpHost())) process.exit(1);
const { build } = await import('esbuild');
if (!existsSync(join(root, 'dist/keeper.cjs')) && (await run(process.execPath, ['esbuild.mjs'])) !== 0) process.exit(1);

const folder = join(root, 'test/torture');
const entryOf = (name) => join(folder, name, `${name}.torture.ts`);
const all = readdirSync(folder).filter((name) => existsSync(entryOf(name)));
const args = process.argv.slice(2);
const firstOption = args.findIndex((arg) => arg.startsWith('--'));
const names = firstOption < 0 ? args : args.slice(0, firstOption);
const options = firstOption < 0 ? [] : args.slice(firstOption);
const unknown = names.filter((name) => !all.includes(name));
if (unknown.length > 0) {
  console.error(`No such torture: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
  process.exit(2);
}
mkdirSync(join(cacheDir, 'torture'), { recursive: true });
let failed = 0;
for (const name of names.length > 0 ? names : all) {
  const outfile = join(cacheDir, 'torture', `${name}.cjs`);
  await build({
    entryPoints: [entryOf(name)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['node:sqlite', 'esbuild'],
    logLevel: 'error',
    alias: { '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts' },
  });
  if ((await run(hostNode, ['--disable-warning=ExperimentalWarning', outfile, ...options])) !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

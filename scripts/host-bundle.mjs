// Bundles a TypeScript program of test/ and runs it under the editor host's Node, whose SQLite is an independent one.
import { mkdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ensureModules } from './modules.mjs';
import { cacheDir, endChildrenWithUs, root, run } from './run.mjs';
import { hostNode } from './vscode-host/server.mjs';
import { setUpHost } from './vscode-host/set-up.mjs';

/** Everything `runOnHost` needs, and a build of the product; ends this process when that fails. */
export async function prepareHost() {
  endChildrenWithUs();
  if (!(await ensureModules()) || !(await setUpHost())) process.exit(1);
  if ((await run(process.execPath, ['esbuild.mjs'])) !== 0) process.exit(1);
}

/** `entry` below the root, `out` below the cache folder; the exit code. */
export async function runOnHost({ entry, out, args = [], external = [] }) {
  // Not at the top: on a bare machine it is installed by `prepareHost`.
  const { build } = await import('esbuild');
  const outfile = join(cacheDir, out);
  mkdirSync(dirname(outfile), { recursive: true });
  await build({
    entryPoints: [join(root, entry)],
    outfile,
    bundle: true,
    platform: 'node',
    format: 'cjs',
    target: 'node24',
    external: ['node:sqlite', ...external],
    logLevel: 'error',
    alias: { '@secretlint/profiler': './src/core/observe/secretlint-profiler.ts' },
  });
  return run(hostNode, ['--disable-warning=ExperimentalWarning', outfile, ...args]);
}

/** `NAME… --OPTION …`: names that exist, or all of them, and what follows. Ends this process at an unknown name. */
export function readNames(args, all, what) {
  const firstOption = args.findIndex((arg) => arg.startsWith('--'));
  const names = firstOption < 0 ? args : args.slice(0, firstOption);
  const unknown = names.filter((name) => !all.includes(name));
  if (unknown.length > 0) {
    console.error(`No such ${what}: ${unknown.join(', ')}. There are: ${all.join(', ')}`);
    process.exit(2);
  }
  return { names: names.length > 0 ? names : all, options: firstOption < 0 ? [] : args.slice(firstOption) };
}

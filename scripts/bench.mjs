// `npm run bench [-- NAME… [--OPTION …]]`: prints tables; only its growth gates can fail. Runs under the editor host's
// Node 24, whose `node:sqlite` is measured in the same process, interleaved with ours, for comparison.
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareHost, readNames, runOnHost } from './host-bundle.mjs';
import { packVsix } from './package.mjs';
import { root, runTool } from './run.mjs';

// `editor` drives a real VS Code; the others use only this machine's memory and disk.
const all = [
  ...readdirSync(join(root, 'test/bench'))
    .filter((name) => name.endsWith('.bench.ts'))
    .map((name) => name.replace('.bench.ts', '')),
  'editor',
];
const { names, options } = readNames(process.argv.slice(2), all, 'benchmark');
await prepareHost();
let failed = 0;
for (const name of names) {
  if ((await (name === 'editor' ? runEditor() : runPlain(name))) !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

function runPlain(name) {
  return runOnHost({ entry: `test/bench/${name}.bench.ts`, out: `bench/${name}.cjs`, args: options });
}

async function runEditor() {
  await packVsix({ isQuiet: true });
  const config = 'test/bench/editor/vitest.bench.config.ts';
  return runTool('vitest/vitest.mjs', ['run', '-c', config, '--disable-console-intercept']);
}

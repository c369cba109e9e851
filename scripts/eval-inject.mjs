// `npm run eval:inject -- [--tune] [--sde DIR] [--replay DIR [--strangers DIR]]`: what would be given back for a prompt, and
// whether it should have been. Always on generated histories; with paths also on real ones, of which nothing is stored.
import { prepareHost, runOnHost } from './host-bundle.mjs';

await prepareHost();
process.exitCode = await runOnHost({
  entry: 'test/eval/inject/main.ts',
  out: 'bench/eval-inject.cjs',
  args: process.argv.slice(2),
});

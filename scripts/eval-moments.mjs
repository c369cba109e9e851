// `npm run eval:moments -- [--folder DIR [--tell]]`: whether an error is known again that was fixed before. Always on labelled
// pairs of our own making; with a folder of transcripts also on real sessions, of which nothing is stored.
import { prepareHost, runOnHost } from './host-bundle.mjs';

await prepareHost();
process.exitCode = await runOnHost({
  entry: 'test/eval/moments/main.ts',
  out: 'bench/eval-moments.cjs',
  args: process.argv.slice(2),
});

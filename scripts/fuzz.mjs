// `npm run fuzz [-- MINUTES [TARGET…]]`: tries inputs with faults in them on what reads the bytes of others (the parser of
// transcripts, redaction, frames of the socket, pages of a log), for so long each. What fails is kept in test/fuzz/corpus
// and tried again by every `npm test`.
import { runTool } from './run.mjs';

const [minutes = '1', ...names] = process.argv.slice(2);
process.env.FUZZ_MS = String(Number(minutes) * 60_000);
process.env.FUZZ_TARGETS = names.join(',');
process.exitCode = await runTool('vitest/vitest.mjs', ['run', '--project', 'unit', 'test/fuzz']);

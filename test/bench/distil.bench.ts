/** What is made of a session when it falls idle: its summary without a model, beside reading the same bytes as JSON. */
import { sessionHead, sessionLines } from '../../src/core/store/session-lines';
import { quotesOf } from '../../src/core/store/summaries';
import { summarizeLocally } from '../../src/core/think/summarize';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { gate, machine, makeText, makeWords, ms, percentile, printTable, randomFrom, ratio, sizesOr, timeOf, withFolder } from './measure';
import { openBench } from './open';

const rounds = 15;

async function main(): Promise<void> {
  console.log(`# distil (${machine()})`);
  const table: string[][] = [];
  const grown: { size: number; time: number }[] = [];
  for (const size of sizesOr([0.25, 1, 4])) {
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      const text = makeSession(size * 1e6);
      await writeTranscript(bench.configDir, sessionId(1), text, '-work-shop');
      await bench.import({ isArchiving: false });
      const head = sessionHead(bench.driver, sessionId(1))!;
      const json = text.text().trimEnd();
      const parse: number[] = [];
      const read: number[] = [];
      const words: number[] = [];
      for (let round = 0; round < rounds; round++) {
        parse.push(timeOf(() => json.split('\n').forEach((line) => void JSON.parse(line))));
        let lines = sessionLines(bench.driver, head.no);
        read.push(timeOf(() => (lines = sessionLines(bench.driver, head.no))));
        words.push(timeOf(() => summarizeLocally(head, lines)));
      }
      const summary = summarizeLocally(head, sessionLines(bench.driver, head.no));
      const [ours, theirs] = [percentile(words, 0.5), percentile(parse, 0.5)];
      grown.push({ size: json.length, time: ours });
      table.push([
        (json.length / 1e6).toFixed(2), String(sessionLines(bench.driver, head.no).length), ms(percentile(read, 0.5)), ms(ours), ms(percentile(words, 0.99)), ms(theirs), ratio(ours, theirs),
        String(summary.rawTokens), String(summary.tokens), String(quotesOf(summary.body).length),
      ]);
      await bench.close();
    });
  }
  printTable('A summary without a model, ms', ['MB', 'rows', 'rows read p50', 'summary p50', 'p99', 'JSON.parse p50', 'summary : parse', 'tokens of the session', 'of the summary', 'lines named'], table);
  const [small] = grown;
  const big = grown.at(-1);
  if (small && big) gate('a summary', small, big, 1.3);
}

/** Prompts, edits, checks that fail and pass, answers that report: about as many bytes as asked for. */
function makeSession(bytes: number): Transcript {
  const random = randomFrom(11);
  const words = makeWords(3000);
  const made = new Transcript(sessionId(1), { cwd: '/work/shop' });
  let size = 0;
  for (let turn = 1; size < bytes; turn++) {
    const file = `/work/shop/src/${words[turn % words.length] ?? 'a'}.ts`;
    made.prompt(`Can you fix ${makeText(words, 12, random)}? ${makeText(words, 20, random)}`);
    for (let step = 0; step < 4; step++) {
      made.answer(`Let me look at ${makeText(words, 10, random)}.`);
      made.tool('Read', { file_path: file }, makeText(words, 400, random));
      made.tool('Bash', { command: 'npm test 2>&1 | tail -20' }, `${makeText(words, 200, random)}\nsrc/a.ts(3,1): error TS2304: ${makeText(words, 6, random)}\n1 failed`);
      made.tool('Edit', { file_path: file, old_string: makeText(words, 30, random), new_string: makeText(words, 30, random) }, 'The file has been updated.');
      made.tool('Bash', { command: 'npm test 2>&1 | tail -20' }, `${makeText(words, 100, random)}\nTests  12 passed (12)`);
    }
    made.answer(`## Summary\n\n${Array.from({ length: 8 }, () => `- Added ${makeText(words, 14, random)} to \`${file}\`. It is so because ${makeText(words, 10, random)}.`).join('\n')}`);
    size = made.text().length;
  }
  return made;
}

void main();

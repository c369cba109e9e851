/**
 * Time to summarise a session by rules and to update its part of the graph, compared with parsing the same bytes as
 * JSON; and time of the plots over all sessions.
 */
import { updateGraph } from '../../src/core/distil/graph/graph';
import { summarizeLocally } from '../../src/core/distil/summary/summarize';
import { createRedactor } from '../../src/core/observe/redact';
import type { Redacted } from '../../src/core/observe/redact';
import { sessionHead, sessionLines } from '../../src/core/store/tables/session-lines';
import { quotesOf } from '../../src/core/store/tables/summaries';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { writeHistory } from './history';
import {
  gate,
  machine,
  makeText,
  makeWords,
  ms,
  percentile,
  printTable,
  randomFrom,
  ratio,
  sizesOr,
  timeOf,
  withFolder,
} from './measure';
import { openBench } from './open';

const rounds = 15;
/** Without redaction, to measure the write alone. */
const unsealed = async (texts: readonly string[]) => texts as Redacted[];

async function main(): Promise<void> {
  console.log(`# distil (${machine()})`);
  const table: string[][] = [];
  const graphs: string[][] = [];
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
        (json.length / 1e6).toFixed(2),
        String(sessionLines(bench.driver, head.no).length),
        ms(percentile(read, 0.5)),
        ms(ours),
        ms(percentile(words, 0.99)),
        ms(theirs),
        ratio(ours, theirs),
        String(summary.rawTokens),
        String(summary.tokens),
        String(quotesOf(summary.body).length),
      ]);
      const redactor = createRedactor({ salt: 'bench' });
      const turns = new Set(sessionLines(bench.driver, head.no).map(({ turn }) => turn)).size;
      const plain: number[] = [];
      const sealed: number[] = [];
      for (let round = 0; round < rounds; round++) {
        for (const [times, seal] of [
          [plain, unsealed],
          [sealed, async (texts: readonly string[]) => (await redactor.redact(texts)).texts],
        ] as const) {
          const lines = sessionLines(bench.driver, head.no);
          const started = performance.now();
          await updateGraph({ driver: bench.driver, seal }, head, lines);
          times.push(performance.now() - started);
        }
      }
      const { n = 0 } = bench.driver.get<{ n: number }>('SELECT count(*) AS n FROM relations') ?? {};
      graphs.push([
        (json.length / 1e6).toFixed(2),
        String(turns),
        String(n),
        ms(percentile(plain, 0.5)),
        ms(percentile(sealed, 0.5)),
        ms(percentile(plain, 0.5) / turns),
        ms(percentile(sealed, 0.5) / turns),
      ]);
      await bench.close();
    });
  }
  printTable(
    "A session's part of the graph made anew, ms: alone, and with its names looked through for secrets",
    ['MB', 'turns', 'relations', 'graph p50', 'with redaction', 'a turn', 'with redaction'],
    graphs,
  );
  await measurePlots();
  printTable(
    'A summary without a model, ms',
    [
      'MB',
      'rows',
      'rows read p50',
      'summary p50',
      'p99',
      'JSON.parse p50',
      'summary : parse',
      'tokens of the session',
      'of the summary',
      'lines named',
    ],
    table,
  );
  const [small] = grown;
  const big = grown.at(-1);
  if (small && big) gate('a summary', small, big, 2);
}

/** Insights and the neighbourhood of a file over a whole history. */
async function measurePlots(): Promise<void> {
  const table: string[][] = [];
  for (const size of [10_000, 100_000]) {
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      writeHistory(bench.configDir, size);
      await bench.import({ isArchiving: false });
      const {
        first = 0,
        calls = 0,
        messages = 0,
      } = bench.driver.get<{ first: number; calls: number; messages: number }>(
        'SELECT min(at) AS first, (SELECT count(*) FROM observations) AS calls, count(*) AS messages FROM message_usage',
      ) ?? {};
      // A search fills the columns that insights count; a keeper does so at its start.
      await bench.memory.search({ text: 'a' });
      const began = performance.now();
      await bench.memory.insights({ days: 366 });
      const firstTime = performance.now() - began;
      const times: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        await bench.memory.insights({ days: 366 });
        times.push(performance.now() - started);
      }
      const ids = bench.driver.all<{ id: string }>('SELECT id FROM sessions ORDER BY no LIMIT 300').map(({ id }) => id);
      for (const id of ids) {
        const head = sessionHead(bench.driver, id)!;
        await updateGraph({ driver: bench.driver, seal: unsealed }, head, sessionLines(bench.driver, head.no));
      }
      const files = bench.driver
        .all<{ id: number }>("SELECT id FROM entities WHERE kind = 'file' ORDER BY id LIMIT 40")
        .map(({ id }) => id);
      const around: number[] = [];
      for (const entity of files) {
        const started = performance.now();
        await bench.memory.around({ entity });
        around.push(performance.now() - started);
      }
      table.push([
        String(calls),
        String(messages),
        new Date(first).getFullYear().toString(),
        ms(firstTime),
        ms(percentile(times, 0.5)),
        ms(percentile(times, 0.99)),
        String(ids.length),
        ms(percentile(around, 0.5)),
        ms(percentile(around, 0.99)),
      ]);
      await bench.close();
    });
  }
  printTable(
    'Plots of 366 days, and what is around a file, ms',
    ['calls', 'messages', 'since', 'insights first', 'then p50', 'p99', 'sessions in the graph', 'around p50', 'p99'],
    table,
  );
}

/** Prompts, edits, failing and passing checks, and reports: about as many bytes as requested. */
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
      made.tool(
        'Bash',
        { command: 'npm test 2>&1 | tail -20' },
        `${makeText(words, 200, random)}\nsrc/a.ts(3,1): error TS2304: ${makeText(words, 6, random)}\n1 failed`,
      );
      made.tool(
        'Edit',
        { file_path: file, old_string: makeText(words, 30, random), new_string: makeText(words, 30, random) },
        'The file has been updated.',
      );
      made.tool(
        'Bash',
        { command: 'npm test 2>&1 | tail -20' },
        `${makeText(words, 100, random)}\nTests  12 passed (12)`,
      );
    }
    made.answer(
      `## Summary\n\n${Array.from(
        { length: 8 },
        () => `- Added ${makeText(words, 14, random)} to \`${file}\`. It is so because ${makeText(words, 10, random)}.`,
      ).join('\n')}`,
    );
    size = made.text().length;
  }
  return made;
}

void main();

/**
 * What the audit log adds to a read: the same calls as a machine, which is written down, and as a window, which is not, in
 * turns. `--sizes 100000` for other sizes.
 */
import { sessionId } from '../fixtures/transcript-lines';
import { vocabulary, writeHistory } from './history';
import { machine, ms, percentile, printTable, randomFrom, ratio, sizesOr, withFolder } from './measure';
import { openBench } from './open';

const calls = 400;

async function main(): Promise<void> {
  console.log(`# audit (${machine()})`);
  const rows: string[][] = [];
  for (const size of sizesOr([10_000, 100_000]))
    await withFolder(async (folder) => rows.push(...(await measure(folder, size))));
  printTable(
    'A read that is written down, ms p50 / p95',
    ['tool calls', 'call', 'not written down', 'written down', 'p50 ratio'],
    rows,
  );
}

async function measure(folder: string, size: number): Promise<string[][]> {
  const bench = await openBench(folder);
  writeHistory(bench.configDir, size);
  await bench.import({ isArchiving: false });
  await bench.memory.setQueuePaused(true);
  const random = randomFrom(5);
  const word = () => vocabulary[Math.floor(300 * 100 ** random())] ?? '';
  const heads = { window: bench.memory.as('window'), mcp: bench.memory.as('mcp') };
  const questions: Record<string, (head: keyof typeof heads, of: string) => Promise<unknown>> = {
    search: (head, of) => heads[head].search({ text: of }),
    'get a session': (head) => heads[head].getSession(sessionId(1)),
  };
  const rows: string[][] = [];
  for (const [name, ask] of Object.entries(questions)) {
    const times = { window: [] as number[], mcp: [] as number[] };
    for (let n = 0; n < calls; n++) {
      const of = `${word()} ${word()}`;
      // The first of two equal questions pays for both, so they take turns.
      for (const head of n % 2 === 0 ? (['window', 'mcp'] as const) : (['mcp', 'window'] as const)) {
        const asked = performance.now();
        await ask(head, of);
        times[head].push(performance.now() - asked);
      }
    }
    const both = (values: number[]) => `${ms(percentile(values, 0.5))} / ${ms(percentile(values, 0.95))}`;
    rows.push([
      String(size),
      name,
      both(times.window),
      both(times.mcp),
      ratio(percentile(times.mcp, 0.5), percentile(times.window, 0.5)),
    ]);
  }
  await bench.close();
  return rows;
}

void main();

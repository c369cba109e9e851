/**
 * Cost of an embedding model: texts per second, share of a core, delay of a query behind a backlog, load time and
 * memory. The models have the shape of real ones and random weights, which do not change the time of a run. Needs the
 * built thread.
 */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { silentLog } from '../../src/core/lib/log';
import { examineFolder } from '../../src/core/meaning/model-folder';
import { EmbedThread } from '../../src/keeper/embed-thread';
import { makeBertModel, miniLm, twelveLayers } from '../fixtures/bert-model';
import type { BertShape } from '../fixtures/bert-model';
import { machine, ms, percentile, printTable, withFolder } from './measure';

const shapes: Readonly<Record<string, BertShape>> = {
  '6 layers (all-MiniLM-L6-v2)': miniLm,
  '12 layers, 250,037 tokens (multilingual-e5-small)': { ...twelveLayers, tokens: 250_037 },
};
const lengths = [16, 64, 256];
const words = Array.from({ length: 400 }, (_, index) => `w${index}`);
/** Two of the tokens are the model's own markers. */
const textOf = (tokens: number, seed: number) =>
  Array.from({ length: tokens - 2 }, (_, at) => words[(at * 7 + seed * 13) % words.length]).join(' ');

interface Measured {
  loadMs: number;
  againMs: number;
  addedMb: number;
  peakMb: number;
  leftMb: number;
  /** Per core second, because a machine may have other work. */
  rates: { tokens: number; perSecond: number; perCoreSecond: number; coreShare: number }[];
  coreShare: number;
  alone: number[];
  waits: number[];
}

const megabytes = () => process.memoryUsage().rss / 1e6;

/** Runs in a process of its own, so that the memory of one model does not add to the next. */
async function measure(folder: string): Promise<Measured> {
  const model = await examineFolder(folder, []);
  const thread = new EmbedThread({ workerFile: path.resolve('dist/embed.cjs'), model, log: silentLog });
  const before = megabytes();
  const loadMs = await timed(() => thread.load());
  const addedMb = megabytes() - before;
  await thread.embed([textOf(64, 0)], 'passage');
  const rates: Measured['rates'] = [];
  const started = { cpu: process.cpuUsage(), at: performance.now() };
  for (const tokens of lengths) {
    const count = Math.ceil(3000 / tokens) + 8;
    const texts = Array.from({ length: count }, (_, seed) => textOf(tokens, seed));
    const cpu = process.cpuUsage();
    const wall = await timed(() => thread.embed(texts, 'passage'));
    const { user, system } = process.cpuUsage(cpu);
    rates.push({
      tokens,
      perSecond: (1000 * count) / wall,
      perCoreSecond: (1e6 * count) / (user + system),
      coreShare: (user + system) / 1000 / wall,
    });
  }
  const spent = process.cpuUsage(started.cpu);
  const coreShare = (spent.user + spent.system) / 1000 / (performance.now() - started.at);
  const ask = (seed: number) => timed(() => thread.embed([textOf(16, seed)], 'query'));
  const alone: number[] = [];
  for (let seed = 0; seed < 20; seed++) alone.push(await ask(seed));
  const stop = new AbortController();
  const backlog = thread
    .embed(
      Array.from({ length: 500 }, (_, seed) => textOf(256, seed)),
      'passage',
      stop.signal,
    )
    .catch(() => {});
  const waits: number[] = [];
  for (let seed = 0; seed < 20; seed++) waits.push(await ask(seed));
  stop.abort();
  await backlog;
  const peakMb = process.resourceUsage().maxRSS / 1000 - before;
  await thread.close();
  const leftMb = megabytes() - before;
  const next = new EmbedThread({ workerFile: path.resolve('dist/embed.cjs'), model, log: silentLog });
  const againMs = await timed(() => next.load());
  await next.close();
  return { loadMs, againMs, addedMb, peakMb, leftMb, rates, coreShare, alone, waits };
}

async function timed(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return performance.now() - started;
}

function main(): void {
  console.log(`# embed (${machine()})`);
  const found = Object.entries(shapes).map(([name, shape]) =>
    withFolder((folder): [string, number, Measured] => {
      const bytes = makeBertModel(folder, shape, words);
      return [
        name,
        bytes,
        JSON.parse(execFileSync(process.execPath, [__filename, '--measure', folder], { encoding: 'utf8' })) as Measured,
      ];
    }),
  );
  printTable(
    'Texts a second, one thread',
    ['model', ...lengths.flatMap((tokens) => [`${tokens} tokens`, 'by core time', 'core share'])],
    found.map(([name, , { rates }]) => [
      name,
      ...rates.flatMap(({ perSecond, perCoreSecond, coreShare }) => [
        perSecond.toFixed(1),
        perCoreSecond.toFixed(1),
        `${coreShare.toFixed(2)}×`,
      ]),
    ]),
  );
  printTable(
    'A query of 16 tokens, ms',
    ['model', 'alone p50', 'behind a backlog of 256 tokens p50', 'worst of 20'],
    found.map(([name, , { alone, waits }]) => [
      name,
      ms(percentile(alone, 0.5)),
      ms(percentile(waits, 0.5)),
      ms(Math.max(...waits)),
    ]),
  );
  printTable(
    'Loading and memory',
    ['model', 'model file MB', 'first load ms', 'again ms', 'memory MB', 'peak MB', 'left after its end MB'],
    found.map(([name, bytes, { loadMs, againMs, addedMb, peakMb, leftMb }]) => [
      name,
      (bytes / 1e6).toFixed(0),
      ms(loadMs),
      ms(againMs),
      addedMb.toFixed(0),
      peakMb.toFixed(0),
      leftMb.toFixed(0),
    ]),
  );
  for (const [name, , { coreShare: share, waits }] of found) {
    // Above 1.1 a second thread must be running; the margin covers clock noise.
    report(share <= 1.1, `${name} takes at most one core (${share.toFixed(2)}×)`);
    console.log(`${name}: a query waited at most ${ms(Math.max(...waits))} ms`);
  }
}

function report(isHeld: boolean, what: string): void {
  console.log(`${isHeld ? 'held' : 'BROKEN'}: ${what}`);
  if (!isHeld) process.exitCode = 1;
}

if (process.argv[2] === '--measure') {
  void measure(process.argv[3] ?? '').then((measured) => console.log(JSON.stringify(measured)));
} else {
  main();
}

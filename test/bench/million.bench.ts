/**
 * A memory of 10,000, 100,000 and 1,000,000 tool calls: filled, opened, searched, read into, backed up and compacted, each
 * step in a process of its own with its peak of memory. By hand: the largest takes half an hour and 10 GB of disk.
 * `--sizes 10,100`: so many thousand. Needs the built keeper.
 */
import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs';
import path from 'node:path';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { openMemory } from '../../src/keeper/connect';
import type { MemoryClient } from '../../src/protocol/memory-api';
import { folderOfCalls } from './fill';
import { vocabulary, writeHistory } from './history';
import { gate, machine, ms, percentile, printTable, sizesOr } from './measure';

const importedCalls = 5_000;
const searches = 200;
/** Relative to linear growth. */
const maxGrowth = 1.5;

/** Seconds, milliseconds of searches, and the process's peak in MiB. */
interface Step {
  seconds: number;
  times?: number[];
  peak: number;
}

const steps: Record<string, (memory: MemoryClient, configDir: string) => Promise<Partial<Step>>> = {
  'opened, first search': async (memory) => {
    await memory.search({ text: queries[0]! });
    return {};
  },
  searched: async (memory) => {
    await memory.search({ text: queries[0]! });
    const times: number[] = [];
    for (const text of queries) {
      const started = performance.now();
      // oxlint-disable-next-line no-await-in-loop -- one search after the other, as a person does
      await memory.search({ text });
      times.push(performance.now() - started);
    }
    return { times };
  },
  [`${importedCalls} calls read`]: async (memory, configDir) => {
    await memory.configure({
      configDirs: [configDir],
      roots: [],
      exclude: [],
      source: 'bench',
      maxLineBytes: 16 << 20,
    });
    await memory.importNow();
    return {};
  },
  'backed up': async (memory) => {
    await memory.backUp('million');
    return {};
  },
  compacted: async (memory) => {
    const { items } = await memory.listSessions({ limit: 1 });
    await Promise.all(items.map(({ id }) => memory.forgetSession(id)));
    await memory.compact();
    return {};
  },
};

const queries = Array.from({ length: searches }, (_, at) =>
  [300 + 37 * at, 5_000 + 61 * at].map((rank) => vocabulary[rank % vocabulary.length]).join(' '),
);

async function main(): Promise<void> {
  const [, , name, dataDir, configDir] = process.argv;
  const step = name === undefined ? undefined : steps[name];
  if (step && dataDir !== undefined && configDir !== undefined) return measure(step, dataDir, configDir);
  console.log(`# million (${machine()})`);
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const rows: string[][] = [];
  let before: { calls: number; found: Map<string, Step> } | undefined;
  for (const calls of sizesOr([10, 100, 1000]).map((thousand) => thousand * 1000)) {
    const started = performance.now();
    const filled = folderOfCalls(engine, calls);
    const fillSeconds = (performance.now() - started) / 1000;
    // A copy, because the steps write into it.
    const folder = mkdtempSync(path.resolve('.cache/bench', 'million-'));
    try {
      const data = path.join(folder, 'data');
      const config = path.join(folder, 'config');
      cpSync(filled, data, { recursive: true });
      writeHistory(config, importedCalls);
      const found = new Map(Object.keys(steps).map((each) => [each, runStep(each, data, config)]));
      const megabytes = statSync(path.join(filled, 'memory.db')).size / 1e6;
      const size = `${calls.toLocaleString('en')} calls, ${megabytes.toFixed(0)} MB`;
      // Made by an earlier run, it was not filled now.
      if (fillSeconds > 1) rows.push([size, 'filled', fillSeconds.toFixed(0), '', '']);
      for (const [each, { seconds, times, peak }] of found) {
        const told = times ? `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.99))}` : '';
        rows.push([size, each, seconds.toFixed(1), told, String(peak)]);
        const was = before?.found.get(each);
        if (before && was)
          gate(each, { size: before.calls, time: was.seconds }, { size: calls, time: seconds }, maxGrowth);
      }
      before = { calls, found };
    } finally {
      rmSync(folder, { recursive: true, force: true });
    }
  }
  printTable('A large memory, each step in a process of its own', ['', '', 's', 'ms p50 / p99', 'peak MiB'], rows);
}

const runStep = (name: string, dataDir: string, configDir: string): Step =>
  JSON.parse(
    execFileSync(process.execPath, [...process.execArgv, __filename, name, dataDir, configDir], {
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    })
      .trim()
      .split('\n')
      .at(-1)!,
  ) as Step;

async function measure(step: (typeof steps)[string], dataDir: string, configDir: string): Promise<void> {
  const started = performance.now();
  const memory = await openMemory({
    dataDir,
    workerFile: path.resolve('dist/keeper.cjs'),
    version: 'bench',
    log: () => {},
  });
  const told = await step(memory, configDir);
  const seconds = (performance.now() - started) / 1000;
  await memory.close();
  const peak = Math.round(process.resourceUsage().maxRSS / 1024);
  console.log(JSON.stringify({ seconds, peak, ...told } satisfies Step));
}

void main();

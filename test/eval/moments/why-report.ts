/** Why lines stand as they do, asked about every line of planted repositories, and how long a single line takes. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { indexTask } from '../../../src/core/distil/graph/graph';
import { createNameKey } from '../../../src/core/lib/keyed-name';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import { sessionLines } from '../../../src/core/store/tables/session-lines';
import { sessionHead } from '../../../src/core/store/tables/session-lines';
import type { MemoryApi } from '../../../src/protocol/memory-api';
import { maxWhyLines } from '../../../src/protocol/why-limits';
import { ms, percentile, printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { chanceOf } from './why-code';
import { Planting } from './why-repository';
import type { AuthoredLine } from './why-repository';

interface WhyCounts {
  /** Lines of Claude's: answered with their turn, with another one, or not. */
  right: number;
  otherTurn: number;
  missed: number;
  /** Lines that a person copied from Claude's: said to be of the turn that wrote the words. */
  copied: number;
  /** Lines of a person's: said to be Claude's, or not. */
  mistaken: number;
  unknown: number;
}

const noCounts = (): WhyCounts => ({ right: 0, otherTurn: 0, missed: 0, copied: 0, mistaken: 0, unknown: 0 });

export interface PlantedMemory {
  memory: MemoryApi;
  driver: SqlDriver;
  configDir: string;
  import(change: { isArchiving?: boolean }): Promise<unknown>;
}

/** What is said of each line of a file: session and turn, or undefined. */
type Say = (name: string, lines: readonly AuthoredLine[]) => Promise<(string | undefined)[]>;

/** Plants a repository beside the memory's transcripts, and remembers its sessions. */
export async function plant(
  memory: PlantedMemory,
  seed: number,
  lines: number,
): Promise<{ planting: Planting; root: string }> {
  const root = path.join(path.dirname(memory.configDir), 'shop');
  const planting = new Planting(seed, root, Date.now()).grow(lines);
  for (const [name, file] of planting.files) {
    mkdirSync(path.dirname(path.join(root, name)), { recursive: true });
    writeFileSync(path.join(root, name), file.map(({ text }) => text).join('\n'));
  }
  const projects = path.join(memory.configDir, 'projects', '-shop');
  mkdirSync(projects, { recursive: true });
  for (const transcript of planting.transcripts)
    writeFileSync(path.join(projects, `${transcript.sessionId}.jsonl`), transcript.text());
  await memory.import({ isArchiving: false });
  await indexAll(memory);
  return { planting, root };
}

/** As the background work does for each session that rests. */
export async function indexAll({ driver }: Pick<PlantedMemory, 'driver'>): Promise<void> {
  const task = indexTask({
    driver,
    names: createNameKey('salt'),
    seal: async (texts) => texts as never,
    inScope: async () => undefined,
    changed: () => {},
  });
  for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions'))
    // oxlint-disable-next-line no-await-in-loop -- one after the other, as they are done
    await task({ subject: id } as never, new AbortController().signal);
}

export async function countLines(planting: Planting, say: Say, isCounted = (_: string) => true): Promise<WhyCounts> {
  const counts = noCounts();
  for (const [name, lines] of planting.files) {
    // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
    const said = await say(name, lines);
    for (const [at, { text, by, copyOf }] of lines.entries()) {
      if (text.trim() === '' || !isCounted(text)) continue;
      if (by === undefined) counts[said[at] === undefined ? 'unknown' : said[at] === copyOf ? 'copied' : 'mistaken']++;
      else counts[said[at] === by ? 'right' : said[at] === undefined ? 'missed' : 'otherTurn']++;
    }
  }
  return counts;
}

export const sayOf =
  (memory: MemoryApi, root: string): Say =>
  async (name, lines) => {
    const said: (string | undefined)[] = lines.map(() => undefined);
    const text = lines.map((line) => line.text).join('\n');
    for (let from = 0; from < lines.length; from += maxWhyLines) {
      // oxlint-disable-next-line no-await-in-loop -- one question at a time, as a person asks
      const { turns } = await memory.why({
        file: path.join(root, name),
        text,
        from,
        to: Math.min(from + maxWhyLines, lines.length) - 1,
        scope: { roots: [root] },
      });
      for (const { sessionId, turn, lines: own } of turns) for (const at of own) said[at] = `${sessionId} ${turn}`;
    }
    return said;
  };

/** The control: any edit of the project that has the line wrote it, the latest first, whatever stands around it. */
export function sayByWords({ driver }: Pick<PlantedMemory, 'driver'>): Say {
  const latest = new Map<string, string>();
  for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions ORDER BY created_at'))
    for (const line of sessionLines(driver, sessionHead(driver, id)!.no))
      if (line.kind === 'call')
        for (const { after } of line.diffs)
          for (const text of after.split('\n')) latest.set(text.trim(), `${id} ${line.turn}`);
  return async (_, lines) => lines.map(({ text }) => latest.get(text.trim()));
}

async function timesOf(
  { memory }: Pick<PlantedMemory, 'memory'>,
  planting: Planting,
  root: string,
  count: number,
): Promise<number[]> {
  const chance = chanceOf(7);
  const files = [...planting.files];
  const times: number[] = [];
  for (let asked = 0; asked < count; asked++) {
    const [name, lines] = files[Math.floor(chance() * files.length)]!;
    const line = Math.floor(chance() * lines.length);
    const started = performance.now();
    // oxlint-disable-next-line no-await-in-loop -- each for itself
    await memory.why({
      file: path.join(root, name),
      text: lines.map(({ text }) => text).join('\n'),
      from: line,
      to: line,
      scope: { roots: [root] },
    });
    times.push(performance.now() - started);
  }
  return times;
}

export const precisionOf = ({ right, otherTurn, mistaken }: WhyCounts): number =>
  right / (right + otherTurn + mistaken);
export const recallOf = ({ right, otherTurn, missed }: WhyCounts): number => right / (right + otherTurn + missed);

export async function reportWhy(seeds: readonly number[], lines: number): Promise<void> {
  const rows: string[][] = [];
  const percent = (value: number) => `${(100 * value).toFixed(1)} %`;
  const all: number[] = [];
  for (const seed of seeds) {
    // oxlint-disable-next-line no-await-in-loop -- a memory at a time
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      const { planting, root } = await plant(bench, seed, lines);
      const row = (name: string, counts: WhyCounts) => {
        const { right, otherTurn, missed, copied, mistaken, unknown } = counts;
        rows.push([
          name,
          `${right + otherTurn + missed}`,
          `${right}`,
          `${otherTurn}`,
          `${missed}`,
          `${mistaken + unknown + copied}`,
          `${copied}`,
          `${mistaken}`,
          percent(precisionOf(counts)),
          percent(recallOf(counts)),
        ]);
      };
      row(`seed ${seed}`, await countLines(planting, sayOf(bench.memory, root)));
      if (seed === seeds[0]) row('control: by words alone', await countLines(planting, sayByWords(bench)));
      await bench.close();
      // Opened anew, so that nothing is in memory and no work of the import goes on.
      const cold = await openBench(folder);
      all.push(...(await timesOf(cold, planting, root, 200)));
      await cold.close();
    });
  }
  printTable(
    `why is this here: planted repositories of ${lines} lines`,
    [
      'repository',
      "Claude's lines",
      'right',
      'another turn',
      'unknown',
      "a person's",
      'copies told as such',
      'said to be Claude’s',
      'precision',
      'recall',
    ],
    rows,
  );
  printTable(
    'why is this here: one line, cold',
    ['asked', 'median ms', '95 of 100', 'longest'],
    [[`${all.length}`, ms(percentile(all, 0.5)), ms(percentile(all, 0.95)), ms(Math.max(...all))]],
  );
}

/**
 * How fast a history is imported in one process without worker and socket, including redaction, with and without the
 * archive. `--folder DIR` takes a config folder (with `projects/` in it) instead of the generated histories.
 */
import { cpSync, readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentLog } from '../../src/core/lib/log';
import { createRedactor } from '../../src/core/observe/redact';
import { createRedactThread } from '../../src/keeper/redact-thread';
import { writeHistory } from './history';
import { gate, machine, printTable, withFolder } from './measure';
import { openBench } from './open';

const { values } = parseArgs({ options: { folder: { type: 'string' } } });

interface Source {
  name: string;
  /** Returns the number of bytes written. */
  write(configDir: string): number;
}

const sources: Source[] = values.folder
  ? [
      {
        name: 'the folder',
        write: (configDir) => copyHistory(path.join(values.folder ?? '', 'projects'), path.join(configDir, 'projects')),
      },
    ]
  : [2000, 20_000].map((calls) => ({
      name: `made up, ${calls} calls`,
      write: (configDir) => writeHistory(configDir, calls),
    }));

async function main(): Promise<void> {
  console.log(`# backfill (${machine()})`);
  const table: string[][] = [];
  const times: { size: number; time: number }[] = [];
  for (const source of sources) {
    for (const way of ['off', 'on', 'on, lines in a thread'] as const) {
      await withFolder(async (folder) => {
        const result = await importOnce(source, folder, way);
        if (way === 'on') times.push({ size: result.bytes, time: result.seconds });
        table.push(result.row);
      });
    }
  }
  printTable(
    'Back-fill, redaction and index included',
    ['source', 'archive', 'prompts + observations', 's', 'MB/s', 'rows/s', 'CPU s', 'memory.db', 'archive.db'],
    table,
  );
  const [small, big] = times;
  if (small && big) gate('back-fill', small, big, 1.8);
  if (!values.folder) await redactionAlone();
}

type Way = 'off' | 'on' | 'on, lines in a thread';

async function importOnce(source: Source, folder: string, way: Way) {
  const isArchiving = way !== 'off';
  const startLineThread = createRedactThread({ workerFile: path.resolve('dist/redact.cjs'), log: silentLog });
  const bench = await openBench(folder, way === 'on, lines in a thread' ? { startLineThread } : {});
  const bytes = source.write(bench.configDir);
  const cpu = process.cpuUsage();
  const started = performance.now();
  const { prompts, observations } = await bench.import({ isArchiving });
  const seconds = (performance.now() - started) / 1000;
  const used = process.cpuUsage(cpu);
  const { rows } = bench.driver.get<{ rows: number }>('SELECT count(*) AS rows FROM documents') ?? { rows: 0 };
  await bench.close();
  const sizeOf = (name: string) =>
    `${(statSync(path.join(bench.dataDir, name)).size / 1e6).toFixed(1)} MB ` +
    `(${(statSync(path.join(bench.dataDir, name)).size / bytes).toFixed(3)}×)`;
  return {
    bytes,
    seconds,
    row: [
      `${source.name}, ${(bytes / 1e6).toFixed(1)} MB`,
      way,
      `${prompts} + ${observations}`,
      seconds.toFixed(1),
      (bytes / 1e6 / seconds).toFixed(1),
      (rows / seconds).toFixed(0),
      ((used.user + used.system) / 1e6).toFixed(1),
      sizeOf('memory.db'),
      isArchiving ? sizeOf('archive.db') : '–',
    ],
  };
}

/** Copies a history; returns the bytes of its transcripts. */
function copyHistory(from: string, to: string): number {
  cpSync(from, to, { recursive: true, preserveTimestamps: true });
  return readdirSync(to, { recursive: true, encoding: 'utf8' }).reduce(
    (sum, name) => sum + (name.endsWith('.jsonl') ? statSync(path.join(to, name)).size : 0),
    0,
  );
}

async function redactionAlone(): Promise<void> {
  const redactor = createRedactor({ salt: 'bench' });
  const texts = Array.from({ length: 4000 }, (_, index) =>
    `line ${index}: const value = compute(${index}); // nothing secret in here\n`.repeat(15),
  );
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  await redactor.redact(texts);
  const started = performance.now();
  await redactor.redact(texts);
  console.log(`\nredaction alone: ${(bytes / 1e6 / ((performance.now() - started) / 1000)).toFixed(1)} MB/s`);
}

void main();

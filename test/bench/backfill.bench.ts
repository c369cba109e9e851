/** How fast a history becomes memory, in one process without worker and socket; redaction included. */
import { readdirSync, statSync } from 'node:fs';
import path from 'node:path';
import { createRedactor } from '../../src/core/observe/redact';
import { writeHistory } from './history';
import { gate, machine, printTable, withFolder } from './measure';
import { openBench } from './open';

async function main(): Promise<void> {
  console.log(`# backfill (${machine()})`);
  const table: string[][] = [];
  const times: { size: number; time: number }[] = [];
  for (const calls of [2000, 20_000]) {
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      const bytes = writeHistory(bench.configDir, calls);
      const cpu = process.cpuUsage();
      const started = performance.now();
      const { prompts, observations } = await bench.import();
      const seconds = (performance.now() - started) / 1000;
      const used = process.cpuUsage(cpu);
      const cpuSeconds = (used.user + used.system) / 1e6;
      const { rows } = bench.driver.get<{ rows: number }>('SELECT count(*) AS rows FROM documents') ?? { rows: 0 };
      const size = readdirSync(bench.dataDir).reduce((sum, name) => sum + statSync(path.join(bench.dataDir, name)).size, 0);
      await bench.close();
      times.push({ size: bytes, time: seconds });
      table.push([
        `${(bytes / 1e6).toFixed(1)} MB`, `${prompts} + ${observations}`, seconds.toFixed(1), (bytes / 1e6 / seconds).toFixed(1), (rows / seconds).toFixed(0), cpuSeconds.toFixed(1), `${(size / 1e6).toFixed(1)} MB (${(size / bytes).toFixed(2)}×)`,
      ]);
    });
  }
  printTable('Back-fill, redaction and index included', ['source', 'prompts + observations', 's', 'MB/s', 'rows/s', 'CPU s', 'database'], table);
  const [small, big] = times;
  if (small && big) gate('back-fill', small, big, 1.8);
  await redactionAlone();
}

async function redactionAlone(): Promise<void> {
  const redactor = createRedactor({ salt: 'bench' });
  const texts = Array.from({ length: 4000 }, (_, index) => `line ${index}: const value = compute(${index}); // nothing secret in here\n`.repeat(15));
  const bytes = texts.reduce((sum, text) => sum + text.length, 0);
  await redactor.redact(texts);
  const started = performance.now();
  await redactor.redact(texts);
  console.log(`\nredaction alone: ${(bytes / 1e6 / ((performance.now() - started) / 1000)).toFixed(1)} MB/s`);
}

void main();

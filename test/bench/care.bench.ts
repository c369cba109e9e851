/** Time of a backup, a restore and a repair, and the delay of requests during a backup. Needs the built keeper. */
import { statSync } from 'node:fs';
import path from 'node:path';
import { openMemory } from '../../src/keeper/connect';
import type { MemoryClient } from '../../src/protocol/memory-api';
import { writeHistory } from './history';
import { machine, ms, percentile, printTable, ratio, withFolder } from './measure';

const calls = 40_000;
const rounds = 3;

async function seconds(work: () => Promise<unknown>): Promise<number> {
  const started = performance.now();
  await work();
  return (performance.now() - started) / 1000;
}

/** Commits and asks in turn until `isOver`; returns the milliseconds of each. */
async function askUntil(
  memory: MemoryClient,
  isOver: () => boolean,
): Promise<{ commits: number[]; questions: number[] }> {
  const commits: number[] = [];
  const questions: number[] = [];
  for (let count = 0; !isOver() || count < 50; count++) {
    const started = performance.now();
    await memory.saveLearning({
      id: `learning-${count % 100}`,
      category: 'general',
      title: `number ${count} ${started}`,
      description: 'written while something else is going on',
    });
    const written = performance.now();
    await memory.listSessions({ limit: 20 });
    commits.push(written - started);
    questions.push(performance.now() - written);
  }
  return { commits, questions };
}

async function main(): Promise<void> {
  console.log(`# care (${machine()})`);
  await withFolder(async (folder) => {
    const config = path.join(folder, 'config');
    const dataDir = path.join(folder, 'data');
    writeHistory(config, calls);
    const memory = await openMemory({
      dataDir,
      workerFile: path.resolve('dist/keeper.cjs'),
      version: 'bench',
      log: () => {},
    });
    await memory.configure({ configDirs: [config], roots: [], exclude: [], source: 'bench', maxLineBytes: 16 << 20 });
    await memory.importNow();
    const quiet = { commits: [] as number[], questions: [] as number[] };
    const busy = { commits: [] as number[], questions: [] as number[] };
    const backups: number[] = [];
    let made = await memory.backUp('warm-up');
    for (let round = 0; round < rounds; round++) {
      let isOver = false;
      const before = performance.now();
      const calm = await askUntil(memory, () => performance.now() - before > 3000);
      const backUp = async () => {
        backups.push(await seconds(async () => (made = await memory.backUp(`round-${round}`))));
        isOver = true;
      };
      const backup = backUp();
      const loaded = await askUntil(memory, () => isOver);
      await backup;
      for (const name of ['commits', 'questions'] as const) {
        quiet[name].push(...calm[name]);
        busy[name].push(...loaded[name]);
      }
    }
    const database = statSync(path.join(dataDir, 'memory.db')).size;
    const row = (title: string, name: 'commits' | 'questions') => [
      title,
      ...[0.5, 0.99, 1].flatMap((part) => [percentile(quiet[name], part), percentile(busy[name], part)].map(ms)),
      ratio(percentile(busy[name], 0.5), percentile(quiet[name], 0.5)),
    ];
    printTable(
      `While a backup of ${Math.round(database / 1e6)} MB is made (${busy.commits.length} commits), ms`,
      ['', 'p50 quiet', 'p50 backup', 'p99 quiet', 'p99 backup', 'max quiet', 'max backup', 'p50 ratio'],
      [row('commit of one learning', 'commits'), row('a page of sessions', 'questions')],
    );
    const restore = await seconds(() => memory.restoreBackup({ requestId: 'bench-restore', name: made.name }));
    const undo = await seconds(() => memory.undoRestore('bench-undo'));
    const repair = await seconds(() => memory.repair('bench-repair'));
    printTable(
      'Seconds',
      ['', 's'],
      [
        ['backup: copied, checked, packed, read back', percentile(backups, 0.5).toFixed(1)],
        ['restore, until it answers', restore.toFixed(1)],
        ['undo of it', undo.toFixed(1)],
        ['repair of a whole file', repair.toFixed(1)],
      ],
    );
    console.log(
      `\npacked: ${(made.bytes / 1e6).toFixed(1)} of ${(made.plainBytes / 1e6).toFixed(1)} MB, ${ratio(made.bytes, made.plainBytes)}`,
    );
    await memory.close();
  });
}

void main();

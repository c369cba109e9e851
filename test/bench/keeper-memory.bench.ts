/**
 * Peak memory of a headless keeper with a large memory, minus that of a keeper with an empty one. Needs the built
 * keeper.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { openDatabase } from '../../src/core/store/open';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { openMemory } from '../../src/keeper/connect';
import { filledFolder } from './fill';
import { writeHistory } from './history';
import { machine, printTable, sizesOr, withFolder } from './measure';

const calls = 20_000;
const loadEngine = () => loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });

/** Runs in a process of its own: imports, searches, waits for the hot set, prints its peak in MiB. */
async function measureKeeper(dataDir: string, configDir: string): Promise<void> {
  const memory = await openMemory({
    dataDir,
    workerFile: path.resolve('dist/keeper.cjs'),
    version: 'bench',
    log: () => {},
  });
  await memory.configure({ configDirs: [configDir], roots: [], exclude: [], source: 'bench', maxLineBytes: 16 << 20 });
  await memory.importNow();
  let hits = 0;
  for (const text of ['bacodi', 'fugelo mane', 'pirase tivoxu zaba'])
    hits += (await memory.search({ text })).hits.length;
  await memory.suggest('ba');
  // Without hits, the keeper has not loaded anything and the measurement is useless.
  if (configDir !== '' && dataDir.includes('filled') && hits === 0) throw new Error('The searches found nothing.');
  await memory.close();
  sayPeak();
}

/** The store alone: reads every text of the database once. */
async function measureScan(dataDir: string): Promise<void> {
  const { driver, close } = openDatabase({ engine: await loadEngine(), dataDir, version: 'bench' });
  driver.get('SELECT sum(length(content) + length(input)) AS n FROM observations');
  close();
  sayPeak();
}

const sayPeak = () => console.log(Math.round(process.resourceUsage().maxRSS / 1024));

async function main(): Promise<void> {
  console.log(`# keeper memory (${machine()})`);
  const megabytes = sizesOr([500])[0] ?? 500;
  const filled = filledFolder(await loadEngine(), megabytes);
  withFolder((folder) => {
    const child = (...args: string[]) =>
      Number(
        execFileSync(process.execPath, [...process.execArgv, __filename, ...args], {
          encoding: 'utf8',
          maxBuffer: 1 << 20,
        }),
      );
    const config = path.join(folder, 'config');
    const none = path.join(folder, 'none');
    const empty = {
      scan: child('scan', path.join(folder, 'empty-scan')),
      keeper: child('keeper', path.join(folder, 'empty'), none),
    };
    writeHistory(config, calls);
    const rows: [string, number, number][] = [
      [`store alone, ${megabytes} MB opened and every text read`, child('scan', filled), empty.scan],
      [`keeper, ${megabytes} MB opened, searched, hot set filled`, child('keeper', filled, none), empty.keeper],
      [
        `keeper importing ${calls} tool calls at once`,
        child('keeper', path.join(folder, 'data'), config),
        empty.keeper,
      ],
    ];
    printTable(
      'Peak memory of a process',
      ['', 'MiB', 'of an empty one', 'more'],
      rows.map(([what, peak, without]) => [what, String(peak), String(without), String(peak - without)]),
    );
  });
}

const [, , what, dataDir = '', configDir = ''] = process.argv;
if (what === 'keeper') void measureKeeper(dataDir, configDir);
else if (what === 'scan') void measureScan(dataDir);
else void main();

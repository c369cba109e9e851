/** Peak memory of a headless keeper with a large history, less that of one without any. Needs the built keeper. */
import { execFileSync } from 'node:child_process';
import path from 'node:path';
import { openMemory } from '../../src/keeper/connect';
import { writeHistory } from './history';
import { machine, printTable, withFolder } from './measure';

const calls = 100_000;

/** Runs as a process of its own: imports, searches, waits for the hot set, says its peak in MiB. */
async function measure(dataDir: string, configDir: string): Promise<void> {
  const memory = await openMemory({ dataDir, workerFile: path.resolve('dist/keeper.cjs'), version: 'bench', log: () => {} });
  await memory.configure({ configDirs: [configDir], roots: [], exclude: [], source: 'bench', maxLineBytes: 16 << 20 });
  await memory.importNow();
  for (const text of ['bacodi', 'fugelo mane', 'pirase tivoxu zaba']) await memory.search({ text });
  await memory.suggest('ba');
  await memory.close();
  console.log(Math.round(process.resourceUsage().maxRSS / 1024));
}

function main(): void {
  console.log(`# keeper memory (${machine()})`);
  withFolder((folder) => {
    const child = (...args: string[]) => Number(execFileSync(process.execPath, [...process.execArgv, __filename, 'measure', ...args], { encoding: 'utf8', maxBuffer: 1 << 20 }));
    const config = path.join(folder, 'config');
    const empty = child(path.join(folder, 'empty'), path.join(folder, 'none'));
    writeHistory(config, calls);
    const filling = child(path.join(folder, 'data'), config);
    const full = child(path.join(folder, 'data'), config);
    printTable(`Peak memory of a headless keeper, ${calls} tool calls`, ['', 'MiB', 'less an empty one'], [
      ['empty', String(empty), ''],
      ['importing all of it', String(filling), String(filling - empty)],
      ['opened, searched, hot set filled', String(full), String(full - empty)],
    ]);
  });
}

if (process.argv[2] === 'measure') void measure(process.argv[3] ?? '', process.argv[4] ?? '');
else main();

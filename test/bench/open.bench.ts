/** Time until a large database answers, each time in a new process. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { indexText } from '../../src/core/index/tokenize';
import { openDatabase } from '../../src/core/store/open';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../src/core/store/tables/documents';
import { filledFolder } from './fill';
import { machine, ms, percentile, printTable, sizesOr } from './measure';

const rounds = 11;

async function main(): Promise<void> {
  const folder = process.argv[3];
  const engine = await loadEngine();
  if (process.argv[2] === 'measure' && folder !== undefined) return measure(engine, folder);
  console.log(`# open (${machine()})`);
  const table = sizesOr([10, 500]).map((megabytes) => {
    const filled = filledFolder(engine, megabytes);
    const times = Array.from(
      { length: rounds },
      () =>
        JSON.parse(
          execFileSync(process.execPath, [...process.execArgv, __filename, 'measure', filled], { encoding: 'utf8' }),
        ) as Times,
    );
    const column = (name: keyof Times) =>
      `${ms(
        percentile(
          times.map((each) => each[name]),
          0.5,
        ),
      )} / ${ms(Math.max(...times.map((each) => each[name])))}`;
    return [`${megabytes} MB`, column('opened'), column('answered')];
  });
  printTable(
    'Opening a database, ms p50 / longest of 11 processes',
    ['file', 'until open', 'until the newest row is read'],
    table,
  );
}

const loadEngine = () => loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
type Times = Record<'opened' | 'answered', number>;

function measure(engine: Awaited<ReturnType<typeof loadEngine>>, dataDir: string): void {
  const started = performance.now();
  const { driver, close } = openDatabase({ engine, dataDir, version: 'bench' });
  const opened = performance.now() - started;
  defineTokens(driver, indexText);
  driver.get('SELECT headline FROM observations ORDER BY id DESC LIMIT 1');
  const answered = performance.now() - started;
  close();
  console.log(JSON.stringify({ opened, answered } satisfies Times));
}

void main();

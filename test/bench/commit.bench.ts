/** Time of a commit as the file grows: our driver, node:sqlite and plain sql.js, interleaved in one process. */
import { closeSync, fsyncSync, openSync, readFileSync, renameSync, writeSync } from 'node:fs';
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { machine, ms, percentile, printTable, randomFrom, ratio, sizesOr, timeOf, withFolder } from './measure';

const schema =
  'CREATE TABLE rows (id INTEGER PRIMARY KEY, uid TEXT UNIQUE, body TEXT); CREATE INDEX by_body ON rows (substr(body, 1, 20));';
const settings =
  'PRAGMA page_size = 4096; PRAGMA locking_mode = EXCLUSIVE; PRAGMA journal_mode = WAL; PRAGMA ' +
  'synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA cache_size = -16000;';
const bodyBytes = 1000;
const commits = 400;
const exports = 8;
const random = randomFrom(1);
const body = () =>
  Array.from({ length: bodyBytes / 10 }, () => random().toString(36).slice(2, 12).padEnd(10, '0')).join('');
let next = 0;
const uid = () => `row-${++next}-${random()}`;

async function main(): Promise<void> {
  console.log(`# commit (${machine()})`);
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const table: string[][] = [];
  const medians: { megabytes: number; ours: number; theirs: number }[] = [];
  for (const megabytes of sizesOr([10, 100, 500])) {
    withFolder((folder) => {
      const ours = engine.openFile(path.join(folder, 'ours.db'), { isMasked: true });
      const theirs = new DatabaseSync(path.join(folder, 'theirs.db'));
      ours.exec(settings + schema);
      theirs.exec(settings + schema);
      const insert = theirs.prepare('INSERT INTO rows (uid, body) VALUES (?, ?)');
      const putOurs = (id: string, text: string) => ours.run('INSERT INTO rows (uid, body) VALUES (?, ?)', [id, text]);
      const fill = (put: (id: string, text: string) => void, begin: () => void, end: () => void) => {
        for (let done = 0; done < megabytes * 1000;) {
          begin();
          for (let count = 0; count < 1000; count++, done++) put(uid(), body());
          end();
        }
      };
      fill(
        putOurs,
        () => ours.exec('BEGIN'),
        () => ours.exec('COMMIT'),
      );
      fill(
        (id, text) => insert.run(id, text),
        () => theirs.exec('BEGIN'),
        () => theirs.exec('COMMIT'),
      );
      const times = { ours: [] as number[], theirs: [] as number[] };
      for (let count = 0; count < commits; count++) {
        // The order alternates, because both share the disk.
        const [id, text] = [uid(), body()];
        const run = {
          ours: () => times.ours.push(timeOf(() => putOurs(id, text))),
          theirs: () => times.theirs.push(timeOf(() => insert.run(id, text))),
        };
        for (const who of count % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const)) run[who]();
      }
      // Plain sql.js saves by writing the whole database.
      ours.checkpoint();
      const bytes = readFileSync(path.join(folder, 'ours.db'));
      const isSmall = megabytes <= 100;
      const whole = Array.from({ length: isSmall ? exports : 2 }, () =>
        timeOf(() => saveWhole(path.join(folder, 'plain.db'), bytes)),
      );
      ours.close();
      theirs.close();
      medians.push({ megabytes, ours: percentile(times.ours, 0.5), theirs: percentile(times.theirs, 0.5) });
      table.push([
        `${megabytes} MB`,
        `${ms(percentile(times.ours, 0.5))} / ${ms(percentile(times.ours, 0.99))}`,
        `${ms(percentile(times.theirs, 0.5))} / ${ms(percentile(times.theirs, 0.99))}`,
        `${ratio(percentile(times.ours, 0.5), percentile(times.theirs, 0.5))} / ` +
          ratio(percentile(times.ours, 0.99), percentile(times.theirs, 0.99)),
        ms(percentile(whole, 0.5)),
      ]);
    });
  }
  printTable(
    'Commit of one row, ms p50 / p99',
    [
      'file',
      'sql.js on the disk',
      'node:sqlite',
      'ratio p50 / p99',
      'writing the file whole (plain sql.js, without its export)',
    ],
    table,
  );
  const [small, big] = [medians[0], medians.at(-1)];
  if (small && big && small !== big) {
    const growth = { ours: big.ours / small.ours, theirs: big.theirs / small.theirs };
    console.log(
      `\nfrom ${small.megabytes} to ${big.megabytes} MB: ours ${growth.ours.toFixed(2)}×, node:sqlite ` +
        `${growth.theirs.toFixed(2)}×; ours / theirs ${ratio(growth.ours, growth.theirs)} (aim: at most ` +
        '2×)',
    );
  }
}

function saveWhole(file: string, bytes: Uint8Array): void {
  const handle = openSync(`${file}.tmp`, 'w');
  writeSync(handle, bytes);
  fsyncSync(handle);
  closeSync(handle);
  renameSync(`${file}.tmp`, file);
}

void main();

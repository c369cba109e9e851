/** What other programs may do to the live file while we own it. Each is tried; afterwards all our rows must exist. */
import { spawnSync } from 'node:child_process';
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { databaseName } from '../../../src/protocol/data-folder';
import { randomFrom } from '../random';
import { openDriver } from './drivers';
import { judgeName } from './judge';
import { findDamage, lastNumber, prepareWorkload, writeTransaction } from './workload';

interface Native {
  DatabaseSync: new (file: string) => { exec(sql: string): void; close(): void };
}

const statements: Readonly<Record<string, string>> = {
  reading: 'SELECT count(*) FROM tx;',
  writing: 'INSERT INTO tx (n, items, sum, edited) VALUES (999999, 0, 0, 0);',
  vacuum: 'VACUUM;',
  'another journal': 'PRAGMA journal_mode = DELETE;',
  'a checkpoint': 'PRAGMA wal_checkpoint(TRUNCATE);',
  'a new table': 'CREATE TABLE theirs (a);',
};

export interface ForeignReport {
  attempts: number;
  damage: string[];
}

/**
 * Runs every statement with every native SQLite of this machine, with committed rows of ours in the log and in the
 * file.
 */
export function letOthersIn(engine: SqliteEngine, seed: number, rounds = 1): ForeignReport {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-foreign-'));
  const file = path.join(folder, databaseName);
  const random = randomFrom(seed);
  const report: ForeignReport = { attempts: 0, damage: [] };
  try {
    let { driver, close } = openDriver('disk', engine, folder);
    prepareWorkload(driver);
    const commit = () => writeTransaction(driver, lastNumber(driver) + 1, random);
    commit();
    for (let round = 0; round < rounds; round++) {
      for (const [what, sql] of Object.entries(statements)) {
        for (const program of programs) {
          if (random.once(3)) driver.checkpoint();
          commit();
          report.attempts++;
          const answer = program(file, sql);
          if (!/not a database|malformed|encrypted/.test(answer))
            report.damage.push(`${what} was answered with “${answer}”`);
          commit();
          report.damage.push(...findDamage(driver, lastNumber(driver)).map((line) => `after ${what}: ${line}`));
        }
      }
      const last = lastNumber(driver);
      close();
      ({ driver, close } = openDriver('disk', engine, folder));
      prepareWorkload(driver);
      report.damage.push(...findDamage(driver, last).map((line) => `after the next start: ${line}`));
    }
    close();
    return report;
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

type Program = (file: string, sql: string) => string;
const native = (process as { getBuiltinModule?: (name: string) => unknown }).getBuiltinModule?.('node:sqlite') as
  | Native
  | undefined;
const shell: Program = (file, sql) => {
  const { stdout, stderr } = spawnSync('sqlite3', ['-batch', file, sql], { encoding: 'utf8' });
  return stdout + stderr;
};
const inside =
  ({ DatabaseSync }: Native): Program =>
  (file, sql) => {
    try {
      const database = new DatabaseSync(file);
      try {
        database.exec(sql);
        return 'done';
      } finally {
        database.close();
      }
    } catch (error) {
      return (error as Error).message;
    }
  };
const programs: readonly Program[] = [
  ...(native ? [inside(native)] : []),
  ...(judgeName === 'sqlite3' || !spawnSync('sqlite3', ['-version']).error ? [shell] : []),
];

/**
 * Deletes, moves or overwrites our files: commits must fail from then on instead of being lost. Returns what was
 * acknowledged afterwards.
 */
export function takeFilesAway(
  engine: SqliteEngine,
  how: 'unlink log' | 'unlink database' | 'move database' | 'copy over database',
): { error: string; saidSo: boolean } {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-foreign-'));
  const file = path.join(folder, databaseName);
  try {
    const { driver, close } = openDriver('disk', engine, folder);
    prepareWorkload(driver);
    const random = randomFrom(1);
    writeTransaction(driver, 1, random);
    driver.checkpoint();
    writeTransaction(driver, 2, random);
    const other = path.join(folder, 'other.db');
    nodeFs.writeFileSync(other, 'SQLite format 3\0'.padEnd(8192, '\0'));
    if (how === 'unlink log') nodeFs.unlinkSync(`${file}.vwal`);
    else if (how === 'unlink database') nodeFs.unlinkSync(file);
    else if (how === 'move database') nodeFs.renameSync(other, file);
    else nodeFs.copyFileSync(other, file);
    engine.files.isForeignDeleted = false;
    let error = '';
    try {
      writeTransaction(driver, 3, random);
    } catch (thrown) {
      error = (thrown as Error).message;
    }
    const saidSo = engine.files.isForeignDeleted;
    engine.files.isForeignDeleted = false;
    try {
      close();
    } catch {
      // The remaining files cannot be checkpointed.
    }
    return { error, saidSo };
  } finally {
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

/** A clock that jumps by years in both directions, for our code and for file times: nothing may depend on it. */
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import type { FileCalls } from '../../../src/core/store/sqlite/file-calls';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { randomFrom } from '../random';
import { openDriver } from './drivers';
import type { DriverKind } from './drivers';
import { findDamage, lastNumber, prepareWorkload, tendDatabase, writeTransaction } from './workload';

const year = 365 * 24 * 3_600_000;

export interface ClockReport {
  jumps: number;
  damage: string[];
}

/** Changes the system clock and the times of all files before every transaction and between the lives. */
export function jumpInTime(engine: SqliteEngine, kind: DriverKind, seed: number, lives = 4): ClockReport {
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-clock-'));
  const random = randomFrom(seed);
  const report: ClockReport = { jumps: 0, damage: [] };
  const realNow = Date.now;
  const started = realNow();
  let offset = 0;
  const jump = () => {
    offset = (random.below(80) - 40) * year;
    report.jumps++;
    for (const name of nodeFs.readdirSync(folder))
      nodeFs.utimesSync(path.join(folder, name), (started + offset) / 1000, (started - offset) / 1000);
  };
  const shifted = <T extends nodeFs.Stats>(stat: T): T =>
    Object.assign(stat, {
      mtimeMs: stat.mtimeMs + offset,
      ctimeMs: stat.ctimeMs - offset,
      atimeMs: stat.atimeMs + 2 * offset,
    });
  const calls: FileCalls = {
    ...nodeFs,
    statSync: ((target: string) => shifted(nodeFs.statSync(target))) as typeof nodeFs.statSync,
    fstatSync: ((handle: number) => shifted(nodeFs.fstatSync(handle))) as typeof nodeFs.fstatSync,
  };
  Date.now = () => started + offset;
  try {
    let last = 0;
    for (let life = 0; life < lives; life++) {
      jump();
      const { driver, close } = openDriver(kind, engine, folder, calls);
      if (last > 0)
        report.damage.push(...findDamage(driver, last).map((line) => `seed ${seed}, life ${life} on ${kind}: ${line}`));
      prepareWorkload(driver);
      for (let count = 0; count < 10; count++) {
        jump();
        writeTransaction(driver, lastNumber(driver) + 1, random);
        tendDatabase(driver, random);
      }
      last = lastNumber(driver);
      jump();
      close();
    }
    return report;
  } finally {
    Date.now = realNow;
    nodeFs.rmSync(folder, { recursive: true, force: true });
  }
}

/**
 * A disk that fails: every failure comes back as an error, nothing acknowledged is lost, and memory goes on afterwards.
 */
import nodeFs from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine } from '../../../../test/fakes/test-memory';
import type { SqlDriver } from './driver';
import type { FileCalls } from './file-calls';

const engine = await loadEngine();
let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-disk-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const failing = [
  'openSync',
  'closeSync',
  'readSync',
  'writeSync',
  'fsyncSync',
  'fdatasyncSync',
  'fstatSync',
  'statSync',
  'accessSync',
  'unlinkSync',
  'ftruncateSync',
] as const;
type Call = (typeof failing)[number];

/** A disk whose n-th call of a kind fails, once or from then on. */
class Disk {
  calls: Record<string, number> = {};
  plan: { call: Call; at: number; code: string; isLasting: boolean } | undefined;
  hasFailed = false;
  readonly fs: FileCalls = Object.fromEntries(
    failing.map((call) => [
      call,
      (...args: unknown[]) => {
        const count = (this.calls[call] = (this.calls[call] ?? 0) + 1);
        const { plan } = this;
        if (plan?.call === call && (plan.isLasting ? count >= plan.at : count === plan.at)) {
          this.hasFailed = true;
          // close(2) closes a handle even when it reports an error.
          if (call === 'closeSync') nodeFs.closeSync(args[0] as number);
          throw Object.assign(new Error(`${plan.code}: injected`), { code: plan.code });
        }
        return (nodeFs[call] as (...all: unknown[]) => unknown)(...args);
      },
    ]),
  ) as unknown as FileCalls;
}

function open(file: string, fs?: FileCalls): SqlDriver {
  const driver = engine.openFile(file, { isMasked: true, ...(fs && { fs }) });
  driver.exec('PRAGMA locking_mode = EXCLUSIVE;');
  driver.all('PRAGMA journal_mode = WAL');
  // With a small cache and an early checkpoint the main file is read and written within a few transactions.
  driver.exec(
    'PRAGMA synchronous = FULL; PRAGMA cache_size = 10; PRAGMA wal_autocheckpoint = 20; CREATE TABLE ' +
      'IF NOT EXISTS notes (id INTEGER PRIMARY KEY, text TEXT);',
  );
  return driver;
}

/** Writes transactions of a few rows each; returns the ids that were acknowledged. */
function work(driver: SqlDriver): { acknowledged: number[]; errors: unknown[] } {
  const acknowledged: number[] = [];
  const errors: unknown[] = [];
  for (let round = 0; round < 12; round++) {
    try {
      driver.transaction(() => {
        for (let row = 0; row < 3; row++)
          driver.run('INSERT INTO notes (id, text) VALUES (?, ?)', [round * 10 + row, 'n'.repeat(3000)]);
      });
      acknowledged.push(round * 10, round * 10 + 1, round * 10 + 2);
      if (round === 6) driver.checkpoint();
    } catch (error) {
      errors.push(error);
    }
  }
  return { acknowledged, errors };
}

const idsIn = (driver: SqlDriver): number[] =>
  driver.all<{ id: number }>('SELECT id FROM notes ORDER BY id').map(({ id }) => id);

/**
 * After one planned failure: errors while it lasts, then every acknowledged row is whole, both now and after opening
 * again.
 */
function tryFailure(name: string, plan: NonNullable<Disk['plan']>): boolean {
  const file = path.join(folder, `${name}.db`);
  const disk = new Disk();
  let driver = open(file, disk.fs);
  disk.calls = {};
  disk.plan = plan;
  const { acknowledged, errors } = work(driver);
  disk.plan = undefined;
  for (const error of errors) expect(error).toBeInstanceOf(Error);
  const whole = new Set(idsIn(driver));
  // A commit that reported an error may be there or not, but never in part.
  for (let round = 0; round < 12; round++)
    expect([0, 3]).toContain([0, 1, 2].filter((row) => whole.has(round * 10 + row)).length);
  expect(acknowledged.filter((id) => !whole.has(id))).toEqual([]);
  driver.run("INSERT INTO notes (id, text) VALUES (999, 'after')");
  expect(driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  driver.close();
  driver = open(file);
  const again = idsIn(driver);
  expect([...acknowledged, 999].filter((id) => !again.includes(id))).toEqual([]);
  expect(driver.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
  driver.close();
  return disk.hasFailed;
}

describe('a failing disk', () => {
  const counted: Record<string, number> = {};
  beforeEach(() => {
    const disk = new Disk();
    const driver = open(path.join(folder, 'count.db'), disk.fs);
    disk.calls = {};
    work(driver);
    Object.assign(counted, disk.calls);
    driver.close();
  });

  for (const call of ['writeSync', 'fdatasyncSync', 'readSync', 'fstatSync', 'ftruncateSync'] as const) {
    for (const code of ['ENOSPC', 'EIO', 'EACCES']) {
      it(`${code} from ${call}, once or lasting, is an error and no loss`, () => {
        const total = counted[call] ?? 0;
        const positions = [...new Set([1, 2, 3, Math.ceil(total / 3), Math.ceil(total / 2), total - 1, total])].filter(
          (at) => at > 0,
        );
        const hits = positions.flatMap((at) =>
          [false, true].map((isLasting) =>
            tryFailure(`${call}-${at}-${String(isLasting)}`, { call, at, code, isLasting }),
          ),
        );
        expect(hits.some(Boolean)).toBe(total > 0);
      });
    }
  }

  it('is asked to flush before a commit is acknowledged, every time', () => {
    const disk = new Disk();
    const driver = open(path.join(folder, 'flush.db'), disk.fs);
    for (let row = 0; row < 5; row++) {
      disk.calls = {};
      driver.run("INSERT INTO notes (text) VALUES ('x')");
      expect(disk.calls['writeSync']).toBeGreaterThan(0);
      expect(disk.calls['fdatasyncSync']).toBeGreaterThan(0);
    }
    driver.close();
  });

  it('a full disk is told as such', () => {
    const disk = new Disk();
    const driver = open(path.join(folder, 'full.db'), disk.fs);
    disk.calls = {};
    disk.plan = { call: 'writeSync', at: 1, code: 'ENOSPC', isLasting: true };
    expect(() => driver.run("INSERT INTO notes (text) VALUES ('x')")).toThrow(/full/);
    disk.plan = undefined;
    expect(idsIn(driver)).toEqual([]);
    driver.close();
  });

  it('a folder that may not be written is an error at opening, and no file of half a database', () => {
    const disk = new Disk();
    disk.plan = { call: 'openSync', at: 1, code: 'EACCES', isLasting: true };
    expect(() => open(path.join(folder, 'denied.db'), disk.fs)).toThrow(/unable to open/);
    expect(nodeFs.existsSync(path.join(folder, 'denied.db'))).toBe(false);
    disk.plan = undefined;
    const driver = open(path.join(folder, 'denied.db'), disk.fs);
    driver.run("INSERT INTO notes (text) VALUES ('x')");
    driver.close();
  });

  it('a file that cannot be opened for writing is not opened for reading instead, to fail at every write', () => {
    const file = path.join(folder, 'once.db');
    open(file).close();
    const disk = new Disk();
    let isFirst = true;
    const once = {
      ...disk.fs,
      openSync: ((...args: Parameters<typeof nodeFs.openSync>) => {
        if (isFirst && args[0] === file) {
          isFirst = false;
          throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
        }
        return nodeFs.openSync(...args);
      }) as typeof nodeFs.openSync,
    };
    expect(() => open(file, once)).toThrow(/unable to open/);
    const driver = open(file, once);
    driver.run("INSERT INTO notes (text) VALUES ('x')");
    driver.close();
  });

  it('a short write is followed by the rest', () => {
    const disk = new Disk();
    const short = {
      ...disk.fs,
      writeSync: ((handle: number, data: Uint8Array, offset: number, length: number, at: number) =>
        nodeFs.writeSync(handle, data, offset, Math.min(length, 1000), at)) as typeof nodeFs.writeSync,
    };
    const driver = open(path.join(folder, 'short.db'), short);
    expect(work(driver).errors).toEqual([]);
    driver.close();
    const again = open(path.join(folder, 'short.db'));
    expect(idsIn(again)).toHaveLength(36);
    expect(again.get('PRAGMA integrity_check')).toEqual({ integrity_check: 'ok' });
    again.close();
  });

  it.skipIf(process.platform === 'win32')(
    'a journal deleted by another program stops commits instead of losing them silently',
    () => {
      const file = path.join(folder, 'deleted.db');
      const driver = open(file);
      driver.run("INSERT INTO notes (text) VALUES ('safe')");
      nodeFs.unlinkSync(`${file}.vwal`);
      expect(() => driver.run("INSERT INTO notes (text) VALUES ('lost?')")).toThrow(/I\/O/);
      expect(engine.files.isForeignDeleted).toBe(true);
      engine.files.isForeignDeleted = false;
      driver.close();
    },
  );
});

/** A keeper that was suspended while another host took over: it acknowledges nothing afterwards and does no damage. */
import nodeFs from 'node:fs';
import { mkdtemp, readFile, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
// oxlint-disable-next-line no-restricted-imports -- the fence stands below the store
import { openDatabase } from '../core/store/open';
import { loadSqlite } from '../core/store/sqlite/sqlite';
import { claimFolder } from './claim';
import type { Claim } from './claim';
import { Fence, renewFiles } from './fence';

let dataDir: string;
let lost: ReturnType<typeof vi.fn<() => void>>;
let now = 0;
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'fence-'));
  lost = vi.fn<() => void>();
  now = 1_000_000;
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const engine = () =>
  loadSqlite({ wasm: nodeFs.readFileSync('node_modules/sql.js/dist/sql-wasm.wasm'), platform: process.platform });
const claimAs = (host: string) =>
  claimFolder({ dataDir, host, token: host.padEnd(8), now: () => Date.now() + 60_000, isLocal: true, watchMs: 0 });
const fenceOf = (claim: Claim) => new Fence(claim, { now: () => now, elapsed: () => now }, lost);
async function openFenced(fence: Fence) {
  return openDatabase({ engine: await engine(), dataDir, version: 'test', fs: fence.calls() });
}

describe('a keeper that slept', () => {
  it('fails the commit it wakes up in, and what is in the new files is what was acknowledged', async () => {
    const sleeper = fenceOf(await claimAs('one-b-c'));
    const first = await openFenced(sleeper);
    first.driver.exec('CREATE TABLE t (a)');
    first.driver.run('INSERT INTO t VALUES (1)');
    expect(() =>
      first.driver.transaction(() => {
        first.driver.run('INSERT INTO t VALUES (2)');
        // The keeper is suspended and its claim is deleted.
        now += 11_000;
        for (const name of nodeFs.readdirSync(dataDir))
          if (name.endsWith('.claim')) nodeFs.rmSync(path.join(dataDir, name));
      }),
    ).toThrow(/I\/O error|disk/i);
    expect(lost).toHaveBeenCalledOnce();
    expect(() => first.driver.run('INSERT INTO t VALUES (3)')).toThrow(/I\/O error|disk/i);
    const successor = await claimAs('two-b-c');
    await renewFiles(dataDir);
    const second = await openFenced(fenceOf(successor));
    expect(second.driver.all('SELECT a FROM t')).toEqual([{ a: 1 }]);
    second.driver.run('INSERT INTO t VALUES (4)');
    second.driver.checkpoint();
    // Closing must neither delete the new keeper's journal nor write into its file.
    expect(() => first.close()).not.toThrow();
    second.driver.run('INSERT INTO t VALUES (5)');
    expect(second.driver.all('SELECT a FROM t')).toEqual([{ a: 1 }, { a: 4 }, { a: 5 }]);
    expect(second.driver.get('PRAGMA integrity_check(t)')).toEqual({ integrity_check: 'ok' });
    second.close();
  });

  it('without a fence would go on writing: the control', async () => {
    const first = openDatabase({ engine: await engine(), dataDir, version: 'test' });
    first.driver.exec('CREATE TABLE t (a)');
    await claimAs('two-b-c');
    expect(() => first.driver.run('INSERT INTO t VALUES (1)')).not.toThrow();
    first.close();
  });

  it('writes into files without a name once its successor has renewed them', async () => {
    const first = await openFenced(fenceOf(await claimAs('one-b-c')));
    first.driver.exec('CREATE TABLE t (a)');
    const inode = () => nodeFs.statSync(path.join(dataDir, 'memory.db')).ino;
    const before = inode();
    await claimAs('two-b-c');
    await renewFiles(dataDir);
    expect(inode()).not.toBe(before);
    expect((await readdir(dataDir)).filter((name) => name.endsWith('.taken'))).toEqual([]);
    expect(() => first.driver.run('INSERT INTO t VALUES (1)')).toThrow(/I\/O error|disk/i);
  });
});

describe('a proof', () => {
  it('is asked of the disk before an answer when the last one is old, by either clock', async () => {
    const claim = await claimAs('one-b-c');
    const clocks = { wall: 0, running: 0 };
    const fence = new Fence(claim, { now: () => clocks.wall, elapsed: () => clocks.running }, lost);
    expect(fence.prove()).toBe(true);
    await rm(claim.file);
    expect(fence.proveWithin(1000)).toBe(true);
    // During suspension only the wall clock advances.
    clocks.wall += 5000;
    expect(fence.proveWithin(1000)).toBe(false);
    expect(lost).toHaveBeenCalledOnce();
    clocks.wall -= 5000;
    expect(fence.proveWithin(1000)).toBe(false);
  });

  it('that cannot be had now (too many open files) fails a write, but loses nothing', async () => {
    const claim = await claimAs('one-b-c');
    let isBusy = false;
    const fence = new Fence(claim, { now: () => now, elapsed: () => now }, lost, {
      ...nodeFs,
      openSync: (...args: Parameters<typeof nodeFs.openSync>) => {
        if (isBusy) throw Object.assign(new Error('EMFILE'), { code: 'EMFILE' });
        return nodeFs.openSync(...args);
      },
    });
    isBusy = true;
    expect(fence.prove()).toBe(false);
    isBusy = false;
    expect(fence.prove()).toBe(true);
    expect(lost).not.toHaveBeenCalled();
  });
});

it('renewing copies a database with its journal as they are', async () => {
  for (const [name, text] of [
    ['memory.db', 'pages'],
    ['memory.db.vwal', 'frames'],
    ['archive.db', 'blocks'],
    ['keeper.json', '{}'],
  ] as const)
    nodeFs.writeFileSync(path.join(dataDir, name), text);
  nodeFs.writeFileSync(path.join(dataDir, 'memory.db.taken'), 'half a copy of a keeper that died');
  await renewFiles(dataDir);
  expect(await readFile(path.join(dataDir, 'memory.db.vwal'), 'utf8')).toBe('frames');
  expect((await readdir(dataDir)).toSorted((a, b) => a.localeCompare(b))).toEqual([
    'archive.db',
    'keeper.json',
    'memory.db',
    'memory.db.vwal',
  ]);
});

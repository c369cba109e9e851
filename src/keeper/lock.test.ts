/** The lock of a folder: one holder at a time, free when the holder dies, and no other user can take it first. */
import { spawn } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { link, mkdtemp, readdir, rm, stat, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir, userInfo } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { takeLock } from './lock';
import { takeLockFile } from './lock-files';

let folder: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), `claude-mem-lock-${'long-name-'.repeat(12)}`));
});
afterEach(async () => {
  vi.restoreAllMocks();
  for (const child of children.splice(0)) child.kill('SIGKILL');
  await rm(folder, { recursive: true, force: true });
});

async function abstractName(): Promise<string> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const hash = createHash('sha256').update(`${userInfo().uid}:${dev}:${ino}`).digest('hex').slice(0, 40);
  return `claude-mem-vscode-${hash}`;
}
/** Another process that listens on an address. */
async function holder(address: string): Promise<ChildProcess> {
  const child = spawn(process.execPath, [
    '-e',
    `require('net').createServer(s => s.destroy()).listen(${JSON.stringify(address)}, () => console.log('on'))`,
  ]);
  children.push(child);
  await once(child.stdout, 'data');
  return child;
}

describe.skipIf(process.platform !== 'linux')('a lock', () => {
  it('has one holder, and another after it is released, however long the path is', async () => {
    const first = await takeLock(folder, 'linux');
    expect(first).toBeDefined();
    expect(await takeLock(folder, 'linux')).toBeUndefined();
    await first!.release();
    const second = await takeLock(folder, 'linux');
    expect(second).toBeDefined();
    expect(await takeLock(folder, 'linux')).toBeUndefined();
    await second!.release();
  });

  it('has one winner among many that try at once, again and again', async () => {
    for (let round = 0; round < 20; round++) {
      const outcomes = await Promise.all(Array.from({ length: 8 }, () => takeLockFile(folder, 'reach')));
      const held = outcomes.filter((each) => typeof each === 'object');
      expect(held.length).toBeLessThanOrEqual(1);
      for (const each of held) await each.release();
      const alone = await takeLockFile(folder, 'reach');
      expect(alone).toBeTypeOf('object');
      if (typeof alone === 'object') await alone.release();
    }
    expect((await readdir(folder)).length).toBe(1);
  });

  it('of a process that was killed is free', async () => {
    // A socket's own path must be short.
    const address = path.join(tmpdir(), `claude-mem-lock-${process.pid}.sock`);
    const child = await holder(address);
    await link(address, path.join(folder, 'keeper-lock-reach.7'));
    expect(await takeLockFile(folder, 'reach')).toBe('held');
    child.kill('SIGKILL');
    await once(child, 'exit');
    const taken = await takeLockFile(folder, 'reach');
    expect(taken).toBeTypeOf('object');
    expect(await readdir(folder)).toEqual(['keeper-lock-reach.8']);
    if (typeof taken === 'object') await taken.release();
    await rm(address, { force: true });
  });

  it('is respected while a keeper of an earlier version of ours holds the abstract socket', async () => {
    const child = await holder(`\0${await abstractName()}`);
    expect(await takeLock(folder, 'linux')).toBeUndefined();
    child.kill('SIGKILL');
    await once(child, 'exit');
    const lock = await takeLock(folder, 'linux');
    expect(lock).toBeDefined();
    // Keepers of earlier versions find it held.
    const server = net.createServer();
    server.listen(`\0${await abstractName()}`);
    const [error] = (await once(server, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('EADDRINUSE');
    await lock!.release();
  });

  it('is not kept from us by another user who took the abstract socket, unless a keeper has just been there', async () => {
    await holder(`\0${await abstractName()}`);
    // Every process belongs to somebody else now.
    const own = process.getuid!();
    vi.spyOn(process, 'getuid').mockReturnValue(own + 1);
    await writeFile(path.join(folder, 'keeper.json'), '{}');
    expect(await takeLock(folder, 'linux')).toBeUndefined();
    await rm(path.join(folder, 'keeper.json'));
    const lock = await takeLock(folder, 'linux');
    expect(lock).toBeDefined();
    expect(await takeLock(folder, 'linux')).toBeUndefined();
    await lock!.release();
  });
});

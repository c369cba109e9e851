/** How a head treats keepers that hang, die early, refuse or lie; with short timeouts. */
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { holdMessagesUntilTheEnd } from '../../test/fixtures/ends-at-once';
import { MemoryError } from '../protocol/errors';
import type { MemoryClient } from '../protocol/memory-api';
import { memoryMethods } from '../protocol/memory-api';
import { serve } from '../protocol/rpc';
import { protocolVersion } from '../protocol/version';
import { openMemory } from './connect';
import type { OpenOptions } from './connect';
import { makeEndpoint, removeEndpoint } from './endpoint';
import { welcome } from './handshake';
import { beat, writeKeeperFile } from './keeper-file';
import { takeLock } from './lock';

let dataDir: string;
const cleanUp: (() => unknown)[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'door-'));
});
afterEach(async () => {
  for (const clean of cleanUp.splice(0).toReversed()) await clean();
  // A worker that is being ended may still write into it.
  await rm(dataDir, { recursive: true, force: true, maxRetries: 20 });
});

/** A worker that runs `script` instead of a keeper. */
async function fakeWorker(script: string): Promise<string> {
  const file = path.join(dataDir, 'keeper.cjs');
  await writeFile(
    file,
    `const { parentPort, workerData } = require('node:worker_threads'); const { appendFileSync } = ` +
      `require('node:fs'); appendFileSync(workerData.dataDir + '/starts', 'x');\n${script}`,
  );
  return file;
}
const starts = async () => (await import('node:fs')).readFileSync(path.join(dataDir, 'starts'), 'utf8').length;

async function door(script: string, more: Partial<OpenOptions> = {}): Promise<MemoryClient> {
  const memory = await openMemory({
    dataDir,
    workerFile: await fakeWorker(script),
    version: 'test',
    log: () => {},
    timing: { lockedMs: 150, retryMs: 60, answerMs: 60, shortLifeMs: 10_000 },
    ...more,
  });
  cleanUp.push(() => memory.close());
  return memory;
}

interface FakeKeeper {
  sockets: Set<net.Socket>;
  accepted: () => number;
}

/** A keeper in this process; `onSocket` handles its connections. */
async function fakeKeeper(onSocket: (socket: net.Socket, token: string) => void): Promise<FakeKeeper> {
  const endpoint = await makeEndpoint(Math.random().toString(16).slice(2, 18).padEnd(16, '0'));
  const token = 'a token';
  const sockets = new Set<net.Socket>();
  let accepted = 0;
  const server = net.createServer((socket) => {
    accepted++;
    sockets.add(socket);
    socket.on('error', () => {});
    onSocket(socket, token);
  });
  await new Promise<void>((resolve) => server.listen(endpoint, resolve));
  await writeKeeperFile(dataDir, { endpoint, token, protocolVersion, pid: process.pid, host: 'h' });
  cleanUp.push(async () => {
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => server.close(resolve));
    await removeEndpoint(endpoint);
  });
  return { sockets, accepted: () => accepted };
}

/** A keeper that answers only `status`. */
const keeping =
  (status: () => Promise<unknown>, version = protocolVersion) =>
  (socket: net.Socket, token: string) =>
    welcome(socket, {
      token,
      protocolVersion: version,
      onTrusted: (connection) => serve(connection, { status } as never, memoryMethods as never),
      onYield: () => socket.destroy(),
    });

const holdLock = async () => {
  const lock = await takeLock(dataDir, process.platform);
  cleanUp.push(() => lock?.release());
};
const never = 'setInterval(() => {}, 1000);';

describe('a keeper that holds the lock', () => {
  it('and has no address is waited for, then said to be unreachable', async () => {
    await holdLock();
    const startedAt = performance.now();
    await expect(door(never)).rejects.toMatchObject({ code: 'locked', data: { reason: 'no_endpoint' } });
    expect(performance.now() - startedAt).toBeGreaterThan(140);
    await expect(starts()).rejects.toThrow();
  });

  it('and accepts without a word is given up after `answerMs`, and tried again', async () => {
    await holdLock();
    const keeper = await fakeKeeper(() => {});
    const timing = { lockedMs: 3000, answerMs: 60 };
    await expect(door(never, { timing })).rejects.toMatchObject({ code: 'locked', data: { reason: 'no_endpoint' } });
    expect(keeper.accepted()).toBeGreaterThan(1);
  });

  it('and is busy is waited for as long as its window says that it lives, and the person is told once', async () => {
    await holdLock();
    const beating = setInterval(() => void beat(dataDir), 20);
    cleanUp.push(() => clearInterval(beating));
    let isBusy = true;
    const keeper = await fakeKeeper((socket, token) => {
      if (!isBusy) keeping(() => Promise.resolve({ sessions: 7 }))(socket, token);
    });
    const told: string[] = [];
    const opened = door(never, {
      log: (level) => void told.push(level),
      timing: { lockedMs: 150, answerMs: 60, heartbeatMs: 20 },
    });
    // Long after `lockedMs` it is still waited for, by one connection after the other.
    await vi.waitFor(() => expect(keeper.accepted()).toBeGreaterThan(8));
    isBusy = false;
    expect(await (await opened).status()).toEqual({ sessions: 7 });
    expect(told.filter((level) => level === 'warn')).toHaveLength(1);
  });

  it('and hangs up on a guest is asked again at once, not after `answerMs`', async () => {
    await holdLock();
    let guests = 0;
    await fakeKeeper((socket, token) =>
      ++guests < 4 ? socket.destroy() : keeping(() => Promise.resolve({ sessions: 7 }))(socket, token),
    );
    const memory = await door(never, { timing: { lockedMs: 5000, answerMs: 60_000 } });
    expect(await memory.status()).toEqual({ sessions: 7 });
  });

  it('and does not know the token is an impostor, which is said when nobody else is there', async () => {
    await holdLock();
    const keeper = await fakeKeeper((socket) => keeping(() => Promise.resolve({}))(socket, 'another token'));
    await expect(door(never)).rejects.toMatchObject({ code: 'locked', data: { reason: 'impostor' } });
    expect(keeper.accepted()).toBeGreaterThan(0);
  });

  it('and is newer asks for a reload; an older one is asked to make room', async () => {
    await holdLock();
    await fakeKeeper(keeping(() => Promise.resolve({}), protocolVersion + 1));
    await expect(door(never)).rejects.toMatchObject({ code: 'too_new', data: { reason: 'newer_keeper' } });
    const older = await fakeKeeper(keeping(() => Promise.resolve({}), protocolVersion - 1));
    await expect(door(never)).rejects.toMatchObject({ code: 'locked', data: { reason: 'no_endpoint' } });
    expect(older.accepted()).toBeGreaterThan(0);
  });
});

describe('a call', () => {
  it('whose answer was lost is made again, once for each loss', async () => {
    let calls = 0;
    const keeper = await fakeKeeper((socket, token) =>
      keeping(async () => {
        if (++calls < 3) for (const each of keeper.sockets) each.destroy();
        return { calls };
      })(socket, token),
    );
    expect(await (await door(never)).status()).toEqual({ calls: 3 });
  });

  it('that fails for a reason of its own is not made again', async () => {
    let calls = 0;
    await fakeKeeper(
      keeping(async () => {
        calls++;
        throw new MemoryError('not_found', 'It is not there.');
      }),
    );
    const memory = await door(never);
    await expect(memory.status()).rejects.toMatchObject({ code: 'not_found' });
    expect(calls).toBe(1);
  });

  it('under way when memory is closed is cancelled', async () => {
    await fakeKeeper(keeping(() => new Promise(() => {})));
    const memory = await door(never);
    // The expectation is set up first, because closing rejects the call before it has ended itself.
    const call = expect(memory.status()).rejects.toMatchObject({
      code: expect.stringMatching(/busy|cancelled/) as string,
    });
    await memory.close();
    await call;
    await expect(memory.status()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

describe('a keeper thread of our own', () => {
  it('that fails says why, and lets go of the lock', async () => {
    await expect(
      door(
        "parentPort.postMessage({ kind: 'failed', code: 'too_new', message: 'newer', reason: 'r' }); " +
          'setTimeout(() => process.exit(0), 20);',
      ),
    ).rejects.toMatchObject({ code: 'too_new', data: { reason: 'r' } });
    const lock = await takeLock(dataDir, process.platform);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('that cannot be made lets go of the lock too', async () => {
    // Node takes neither a relative path nor, as a rule, another thread when the system has no more of them.
    await expect(door('', { workerFile: 'no-path.cjs' })).rejects.toThrow('path');
    const lock = await takeLock(dataDir, process.platform);
    expect(lock).toBeDefined();
    await lock?.release();
  });

  it('says that it is there while it opens, however long that takes', async () => {
    const timing = { lockedMs: 150, retryMs: 60, answerMs: 60, heartbeatMs: 20 };
    const opening = door(never, { timing });
    opening.catch(() => {});
    await expect.poll(starts).toBe(1);
    const told: string[] = [];
    let isGivenUp = false;
    const other = door(never, { timing, log: (level) => void told.push(level) });
    other.catch(() => (isGivenUp = true));
    await expect.poll(() => told).toContain('warn');
    const since = Date.now();
    // Long after `lockedMs` it is still waited for.
    await expect.poll(() => Date.now() - since).toBeGreaterThan(450);
    expect(isGivenUp).toBe(false);
    await fakeKeeper(keeping(() => Promise.resolve({ sessions: 7 })));
    expect(await (await other).status()).toEqual({ sessions: 7 });
  });

  it('that dies young is not followed at once by the next', async () => {
    const startedAt = performance.now();
    await expect(
      door("parentPort.postMessage({ kind: 'ready', generation: 1 }); process.exit(0);", {
        timing: { lockedMs: 400, retryMs: 150, answerMs: 50, shortLifeMs: 10_000 },
      }),
    ).rejects.toMatchObject({ code: 'locked' });
    const took = performance.now() - startedAt;
    expect(await starts()).toBeLessThanOrEqual(Math.ceil(took / 150) + 1);
  });

  it('that ends in the moment it is ready is not waited for', async () => {
    const held = holdMessagesUntilTheEnd();
    cleanUp.push(held.restore);
    await expect(door("parentPort.postMessage({ kind: 'ready', generation: 1 });")).rejects.toMatchObject({
      code: 'locked',
      data: { reason: 'no_endpoint' },
    });
    expect(held.seen()).toBeGreaterThan(0);
  });

  it('that lived long is followed at once: the control', async () => {
    await expect(
      door("parentPort.postMessage({ kind: 'ready', generation: 1 }); process.exit(0);", {
        timing: { lockedMs: 3000, retryMs: 10_000, answerMs: 50, shortLifeMs: 0 },
      }),
    ).rejects.toMatchObject({ code: 'locked' });
    expect(await starts()).toBeGreaterThan(1);
  });

  it('that crashes while it opens is an error, not a crash of the window', async () => {
    await expect(door("throw new Error('no such module');")).rejects.toMatchObject({
      code: 'internal',
      message: expect.stringContaining('no such module') as string,
    });
  });
});

describe('a keeper that proved itself and is busy with something long', () => {
  const wishes = { source: 'window', configDirs: [], roots: [], exclude: [], maxLineBytes: 1 };
  /**
   * A head that sent its settings to one keeper, lost it, and sends them to the next, which is busy as long as `busy`
   * takes.
   */
  async function handOver(busy: () => Promise<void>) {
    const serving = (number: number, configure: () => Promise<void>) => (socket: net.Socket, token: string) =>
      welcome(socket, {
        token,
        protocolVersion,
        onTrusted: (connection) =>
          serve(connection, { status: async () => ({ keeper: number }), configure } as never, memoryMethods as never),
        onYield: () => socket.destroy(),
      });
    const first = await fakeKeeper(serving(1, async () => {}));
    await holdLock();
    const memory = await door(never, { timing: { lockedMs: 150, retryMs: 60, answerMs: 60 } });
    await memory.configure(wishes);
    const second = await fakeKeeper(serving(2, busy));
    for (const socket of first.sockets) socket.destroy();
    return { memory, second };
  }

  it('is waited for, and not taken for one that hangs', async () => {
    const { memory, second } = await handOver(() => new Promise((resolve) => setTimeout(resolve, 300)));
    expect(await memory.status()).toEqual({ keeper: 2 });
    expect(second.accepted()).toBe(1);
  });

  it('does not keep a window from closing', async () => {
    let heard = 0;
    const { memory } = await handOver(() => {
      heard++;
      return new Promise(() => {});
    });
    await expect.poll(() => heard).toBe(1);
    await memory.close();
    await expect(memory.status()).rejects.toMatchObject({ code: 'cancelled' });
  });
});

it('a lost keeper is looked for until there is one, and what stands in the way is told', async () => {
  const told: (string | boolean)[] = [];
  const first = await fakeKeeper(keeping(() => Promise.resolve({ keeper: 1 })));
  const memory = await door(
    "parentPort.postMessage({ kind: 'failed', code: 'locked', message: 'full', reason: 'disk_full' " +
      '}); setTimeout(() => process.exit(0), 5);',
    {
      onConnection: ({ isConnected, error }) =>
        told.push(isConnected, ...(error ? [String(error.data?.['reason'])] : [])),
    },
  );
  expect(await memory.status()).toEqual({ keeper: 1 });
  await writeKeeperFile(dataDir, { endpoint: '/nowhere/at.all', token: 't', protocolVersion, pid: 1, host: 'h' });
  for (const socket of first.sockets) socket.destroy();
  await expect.poll(() => told).toContain('disk_full');
  await fakeKeeper(keeping(() => Promise.resolve({ keeper: 2 })));
  await expect.poll(() => told.at(-1)).toBe(true);
  expect(await memory.status()).toEqual({ keeper: 2 });
});

/** No process outlives its window, and leftovers of a killed one block nobody. */
import { spawn } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { readFile, readdir, rm } from 'node:fs/promises';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { heartbeatName } from '../../src/protocol/data-folder';
import { prepareDesk } from './windows';
import type { Desk } from './windows';

let desk: Desk;
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(() => desk.clear());

const endpointNow = async () =>
  (JSON.parse(await readFile(path.join(desk.dataDir, 'keeper.json'), 'utf8')) as { endpoint: string }).endpoint;
/** A zombie counts as ended. */
const isRunning = (pid: number) => {
  try {
    return !/^\d+ \(.*\) [ZX]/s.test(readFileSync(`/proc/${pid}/stat`, 'utf8'));
  } catch {
    return false;
  }
};

it('a killed keeper leaves a socket, which the next one takes away, and nothing else that stays', async () => {
  const first = await desk.open();
  await first.ask('put before-the-end');
  const left = await endpointNow();
  await first.kill();
  expect(existsSync(left)).toBe(true);
  const second = await desk.open();
  const endpoint = await endpointNow();
  expect(endpoint).not.toBe(left);
  await expect.poll(() => existsSync(left)).toBe(false);
  // Every keeper that lives for some seconds writes it, and the next one writes over it.
  await expect.poll(() => existsSync(path.join(desk.dataDir, heartbeatName))).toBe(true);
  second.process.stdin!.end();
  await second.exited;
  expect(existsSync(endpoint)).toBe(false);
  expect(
    (await readdir(desk.dataDir))
      .map((name) => name.replace(/^(keeper-lock-)[\da-f]{12}/, '$1x'))
      .toSorted((a, b) => a.localeCompare(b)),
  ).toEqual([
    'archive.db',
    'keeper-2.claim',
    // Nobody listens there any more: its number says which is the next.
    'keeper-lock-x.2',
    heartbeatName,
    'logs',
    'memory.db',
    'memory.json',
    'self-test.json',
  ]);
});

it.skipIf(process.platform === 'win32')(
  'a keeper whose socket was deleted gives way to one that is found',
  async () => {
    const first = await desk.open();
    await first.ask('put kept-one');
    await rm(await endpointNow());
    const second = await desk.open();
    expect(await second.ask('list')).toEqual(['kept-one']);
    expect(await first.ask('list')).toEqual(['kept-one']);
  },
);

it.skipIf(process.platform !== 'linux')(
  'a window whose parent is killed ends within a second, and its keeper with it',
  async () => {
    const parent = spawn(
      process.execPath,
      [
        '-e',
        `
    const child = require('node:child_process').spawn(
      process.execPath,
      ${JSON.stringify([path.join(desk.folder, 'window.cjs'), desk.dataDir, path.resolve('dist/keeper.cjs')])},
      { stdio: ['pipe', 'pipe', 'inherit'] },
    );
    console.log(child.pid);
    child.stdout.pipe(process.stdout);
  `,
      ],
      { stdio: ['ignore', 'pipe', 'inherit'] },
    );
    const lines = createInterface({ input: parent.stdout })[Symbol.asyncIterator]();
    const pid = Number((await lines.next()).value);
    for (let line = await lines.next(); !line.done && !line.value.includes('"ready":true');) line = await lines.next();
    expect(isRunning(pid)).toBe(true);
    parent.kill('SIGKILL');
    await expect.poll(() => isRunning(pid), { interval: 10 }).toBe(false);
    expect(await (await desk.open()).ask('list')).toEqual([]);
  },
);

/**
 * Several windows with one memory: no acknowledged write is lost or doubled, whichever process dies. Uses the built
 * keeper.
 */
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { describeHost } from '../../src/keeper/host';
import { protocolVersion } from '../../src/protocol/version';
import { prepareDesk } from './windows';
import type { Desk, Window } from './windows';

let desk: Desk;
beforeEach(async () => {
  desk = await prepareDesk();
});
afterEach(() => desk.clear());

const ids = (name: string, count: number) =>
  Array.from({ length: count }, (_, index) => `${name}-${String(index).padStart(6, '0')}`);
const listed = async (window: Window) =>
  ((await window.ask('list')) as string[]).toSorted((a, b) => a.localeCompare(b));

describe('two windows', () => {
  it('share one memory that one of them keeps', async () => {
    const first = await desk.open();
    const second = await desk.open();
    expect(await first.ask('keeper')).toBe(first.process.pid);
    expect(await second.ask('keeper')).toBe(first.process.pid);
    await second.ask('put from-second-1');
    expect(await listed(first)).toEqual(['from-second-1']);
  });

  it('opened at the same moment still have one keeper', async () => {
    const windows = await Promise.all([1, 2, 3, 4].map(() => desk.open()));
    const keepers = await Promise.all(windows.map((window) => window.ask('keeper')));
    expect(new Set(keepers).size).toBe(1);
  });

  it('hand over when the keeper closes', async () => {
    const first = await desk.open();
    const second = await desk.open();
    await first.ask('put before-the-end');
    first.process.stdin!.end();
    await first.exited;
    expect(await second.ask('keeper')).toBe(second.process.pid);
    expect(await listed(second)).toEqual(['before-the-end']);
  });
});

describe('kill -9', () => {
  it('of the keeper in the middle of writing loses and doubles nothing', async () => {
    let first = await desk.open();
    let second = await desk.open();
    const sent = new Set<string>();
    const acknowledged = new Set<string>();
    for (let round = 0; round < 6; round++) {
      const batch = ids(`round${round}`, 30);
      for (const id of batch) {
        sent.add(id);
        second.send(`put ${id}`);
      }
      // Killed when the first writes are acknowledged and the others are in progress.
      await second.reply(({ done }) => done === `put ${batch[3]}`);
      await first.kill();
      await second.reply(({ done }) => done === `put ${batch.at(-1)}`);
      for (const id of second.acknowledged) acknowledged.add(id);
      const successor = await desk.open();
      expect(await successor.ask('keeper')).toBe(second.process.pid);
      [first, second] = [second, successor];
    }
    const rows = await listed(second);
    expect(new Set(rows).size).toBe(rows.length);
    expect(acknowledged).toEqual(sent);
    expect(rows).toEqual([...sent].toSorted((a, b) => a.localeCompare(b)));
  });

  it('of every window leaves a memory that opens whole', async () => {
    const windows = await Promise.all([desk.open(), desk.open()]);
    for (const id of ids('last', 40)) windows[1].send(`put ${id}`);
    await windows[1].reply(({ done }) => done === 'put last-000010');
    const acknowledged = windows[1].acknowledged;
    await Promise.all(windows.map((window) => window.kill()));
    const rows = await listed(await desk.open());
    expect(rows).toEqual(expect.arrayContaining(acknowledged));
    expect(new Set(rows).size).toBe(rows.length);
  });
});

describe('the meeting point', () => {
  it('left behind by a dead keeper is no obstacle, nor is another temporary folder', async () => {
    const first = await desk.open();
    await first.ask('put survives-1');
    await first.kill();
    const elsewhere = await mkdtemp(path.join(tmpdir(), 'tmp-'));
    const second = await desk.open({ env: { TMPDIR: elsewhere, XDG_RUNTIME_DIR: elsewhere } });
    expect(await listed(await desk.open())).toEqual(['survives-1']);
    expect(await second.ask('keeper')).toBe(second.process.pid);
    await rm(elsewhere, { recursive: true, force: true });
  });

  it('that somebody else squats is not trusted, and no obstacle', async () => {
    // A private folder, so that only the proof of the token can reveal the false keeper.
    const folder = await mkdtemp(path.join(tmpdir(), 'squat-'));
    const endpoint = path.join(folder, 'x.sock');
    const heard: string[] = [];
    const impostor = net.createServer((socket) => {
      socket.on('error', () => {});
      socket.on('data', (data) => {
        heard.push(data.toString());
        const id = /"id":(\d+)/.exec(data.toString())?.[1] ?? '0';
        const body = `{"jsonrpc":"2.0","id":${id},"result":{"nonce":"n","proof":"no proof","protocolVersion":${protocolVersion}}}`;
        socket.write(`Content-Length: ${Buffer.byteLength(body)}\r\n\r\n${body}`);
      });
    });
    await new Promise<void>((resolve) => impostor.listen(endpoint, resolve));
    await mkdir(desk.dataDir, { recursive: true });
    const host = await describeHost();
    await writeFile(
      path.join(desk.dataDir, 'keeper.json'),
      JSON.stringify({ endpoint, token: 'secret-token', protocolVersion, pid: 1, host }),
      { mode: 0o600 },
    );
    const window = await desk.open();
    expect(await window.ask('keeper')).toBe(window.process.pid);
    expect(heard.join('')).toContain('hello');
    expect(heard.join('')).not.toContain('secret-token');
    await new Promise((resolve) => impostor.close(resolve));
    await rm(folder, { recursive: true, force: true });
  });

  it('is readable by nobody else', async () => {
    const window = await desk.open();
    const { stat } = await import('node:fs/promises');
    const file = path.join(desk.dataDir, 'keeper.json');
    const { endpoint } = JSON.parse(await readFile(file, 'utf8')) as { endpoint: string };
    expect((await stat(file)).mode & 0o077).toBe(0);
    expect((await stat(path.dirname(endpoint))).mode & 0o077).toBe(0);
    expect((await stat(path.join(desk.dataDir, 'memory.db'))).mode & 0o077).toBe(0);
    await window.kill();
  });

  it('of a keeper on another host is respected while it beats', async () => {
    await mkdir(desk.dataDir, { recursive: true });
    await writeFile(
      path.join(desk.dataDir, 'keeper.json'),
      JSON.stringify({
        endpoint: path.join(tmpdir(), 'nobody.sock'),
        token: 't',
        protocolVersion,
        pid: 1,
        host: 'another-host',
      }),
      { mode: 0o600 },
    );
    const window = desk.start();
    const { fatal, reason } = await window.reply((each) => each.fatal !== undefined);
    expect([fatal, reason]).toEqual(['locked', 'other_host']);
  });
});

/** A connection that breaks in the middle of a message leaves no timer that keeps a process alive. */
import { mkdtemp, rm } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, expect, it, vi } from 'vitest';
import { connectionOver } from './handshake';

afterEach(() => {
  vi.useRealTimers();
});

it('half a message and then the end leaves no timer behind', async () => {
  const folder = await mkdtemp(path.join(tmpdir(), 'half-'));
  const server = net.createServer((socket) => socket.end('Content-Length: 100\r\n\r\n{"jsonrpc":"2.0",'));
  await new Promise<void>((resolve) => server.listen(path.join(folder, 's'), resolve));
  vi.useFakeTimers({ toFake: ['setTimeout', 'setInterval'] });
  const socket = net.connect(path.join(folder, 's'));
  const connection = connectionOver(socket);
  connection.listen();
  await new Promise<void>((resolve) => connection.onClose(() => resolve()));
  expect(vi.getTimerCount()).toBe(0);
  connection.dispose();
  await new Promise((resolve) => server.close(resolve));
  await rm(folder, { recursive: true, force: true });
});

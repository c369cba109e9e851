/**
 * A lock owned by the kernel: it is released when its holder dies, in whatever way. A file with a time in it cannot
 * guarantee that.
 *
 * - Linux: an abstract socket, named by the folder's device and inode. It is visible in one network namespace, so a
 *   container and its host also need the heartbeat of keeper-file.ts.
 * - macOS: open with O_EXLOCK | O_NONBLOCK. Windows: open without sharing. Written from the documentation of libuv and
 *   the systems; tested on Linux only (docs/decisions/0001-one-keeper.md).
 */
import { createHash } from 'node:crypto';
import { close, constants, open } from 'node:fs';
import { stat } from 'node:fs/promises';
import net from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { lockName } from '../protocol/data-folder';

export interface Lock {
  release(): Promise<void>;
}

/** UV_FS_O_EXLOCK: libuv opens the file with share mode 0. */
const windowsExclusive = 0x1000_0000;
const darwinExclusive = 0x20;
const darwinNonBlocking = 0x4;
const heldCodes = new Set(['EAGAIN', 'EWOULDBLOCK', 'EBUSY', 'EACCES', 'EPERM']);

/**
 * The lock of a folder; undefined when another process holds it.
 * @param reach for tests: locks of different reach do not see each other, as in two containers
 */
export async function takeLock(folder: string, platform: NodeJS.Platform, reach = ''): Promise<Lock | undefined> {
  if (platform === 'linux') return takeAbstractSocket(folder, reach);
  const flags =
    constants.O_RDWR |
    constants.O_CREAT |
    (platform === 'win32' ? windowsExclusive : darwinExclusive | darwinNonBlocking);
  try {
    const handle = await promisify(open)(path.join(folder, lockName), flags, 0o600);
    return { release: () => promisify(close)(handle) };
  } catch (error) {
    if (heldCodes.has((error as NodeJS.ErrnoException).code ?? '')) return undefined;
    throw error;
  }
}

async function takeAbstractSocket(folder: string, reach: string): Promise<Lock | undefined> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const name = createHash('sha256').update(`${userInfo().uid}:${dev}:${ino}${reach}`).digest('hex').slice(0, 40);
  // The socket serves as a lock only, so connections are closed.
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: `\0claude-mem-vscode-${name}`, exclusive: true }, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

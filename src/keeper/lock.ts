/**
 * A lock owned by the kernel: it goes when its holder dies, however it dies. No file with a time in it can promise
 * that.
 *
 * - Linux: an abstract socket, named after the folder's device and inode. One network namespace sees it, so a container
 *   and its host need the heartbeat of keeper-file.ts as well.
 * - macOS: open with O_EXLOCK | O_NONBLOCK. Windows: open with no sharing. Written after libuv's and the systems' own
 *   documentation; exercised on Linux only (docs/decisions/0001-one-keeper.md).
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
 * The lock of a folder, or undefined when somebody else holds it.
 * @param reach For tests: locks of different reach do not see each other, as in two containers.
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
  // The lock is no meeting point: whoever connects is sent away.
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

/**
 * A lock owned by the kernel: it is released when its holder dies, in whatever way. A file with a time in it cannot
 * guarantee that.
 *
 * - Linux: a listening socket in the folder (lock-files.ts), and an abstract socket for keepers of earlier versions, named
 *   by the folder's device and inode. Both reach one network namespace, so a container and its host also need the
 *   heartbeat of keeper-file.ts.
 * - macOS: open with O_EXLOCK | O_NONBLOCK. Windows: open without sharing. Written from the documentation of libuv and
 *   the systems; tested on Linux only (docs/decisions/0001-one-keeper.md).
 */
import { createHash } from 'node:crypto';
import { close, constants, open } from 'node:fs';
import { readFile, readdir, readlink, stat } from 'node:fs/promises';
import net from 'node:net';
import { userInfo } from 'node:os';
import path from 'node:path';
import { promisify } from 'node:util';
import { keeperFileName, lockName } from '../protocol/data-folder';
import { trimEndOf } from '../protocol/text';
import { heartbeatMs } from './keeper-file';
import { takeLockFile } from './lock-files';

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
  if (platform === 'linux') return takeOnLinux(folder, reach);
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

/**
 * The lock file first: no other user can enter its folder. The abstract socket second, because keepers of earlier
 * versions know only that one. Its name is open to every user of the machine, so a socket that none of our processes
 * holds is no reason to wait.
 */
async function takeOnLinux(folder: string, reach: string): Promise<Lock | undefined> {
  const { dev, ino } = await stat(folder, { bigint: true });
  const hashOf = (text: string) => createHash('sha256').update(text).digest('hex').slice(0, 40);
  const network = await readlink('/proc/self/ns/net').catch(() => '');
  const file = await takeLockFile(folder, hashOf(network + reach).slice(0, 12));
  if (file === 'held') return undefined;
  const name = `claude-mem-vscode-${hashOf(`${userInfo().uid}:${dev}:${ino}${reach}`)}`;
  try {
    const socket = await takeAbstractSocket(name);
    if (file === 'unsupported') return socket;
    if (!socket && (await isOurs(name, folder))) {
      await file.release();
      return undefined;
    }
    return {
      async release() {
        await socket?.release();
        await file.release();
      },
    };
  } catch (error) {
    if (file !== 'unsupported') await file.release();
    throw error;
  }
}

function takeAbstractSocket(name: string): Promise<Lock | undefined> {
  // The socket serves as a lock only, so connections are closed.
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? resolve(undefined) : reject(error),
    );
    server.listen({ path: `\0${name}`, exclusive: true }, () => {
      server.unref();
      resolve({ release: () => new Promise((done) => server.close(() => done())) });
    });
  });
}

/**
 * True when a process of this user holds the abstract socket, or when a keeper whose process cannot be seen from here
 * touched its file a moment ago. Only this user can touch that file.
 */
async function isOurs(name: string, folder: string): Promise<boolean> {
  const found = await stat(path.join(folder, keeperFileName)).catch(() => undefined);
  if (found && Math.abs(Date.now() - found.mtimeMs) < 3 * heartbeatMs) return true;
  // The system fills a name up with zeros, which it shows as @, when its length was not given.
  const sockets = new Set(
    (await readFile('/proc/net/unix', 'utf8').catch(() => ''))
      .split('\n')
      .map((line) => line.trim().split(/\s+/))
      .flatMap(([, , , , , , inode, address]) =>
        trimEndOf(address ?? '', '@') === `@${name}` ? `socket:[${inode}]` : [],
      ),
  );
  const processes = (await readdir('/proc').catch(() => [])).filter((each) => /^\d+$/.test(each));
  for (const each of processes) {
    // Files of a process of another user cannot be listed.
    const handles = await readdir(`/proc/${each}/fd`).catch(() => []);
    for (const handle of handles) {
      const target = await readlink(`/proc/${each}/fd/${handle}`).catch(() => '');
      if (sockets.has(target) && (await isOwnProcess(each))) return true;
    }
  }
  return false;
}

/** A program that runs as root can list the files of every user. */
const isOwnProcess = async (id: string): Promise<boolean> =>
  (await stat(`/proc/${id}`).catch(() => undefined))?.uid === process.getuid?.();

/**
 * A lock that the kernel frees, in a folder that no other user may enter: a listening socket with a numbered name. It is
 * held while something listens there, so it is free when its holder dies in whatever way.
 *
 * The next holder takes the next number, by a hard link, which fails when the name exists. The highest name is never
 * deleted, and lower ones only by a holder of a higher one. So a contender that slept between looking and linking may
 * get an old number, but then it sees a higher one when it looks again.
 */
import { randomBytes } from 'node:crypto';
import { closeSync, constants, openSync } from 'node:fs';
import { link, readdir, rm, stat } from 'node:fs/promises';
import net from 'node:net';
import path from 'node:path';

interface HeldLock {
  release(): Promise<void>;
}

/** `unsupported`: sockets or hard links cannot be made in this folder. */
export type LockOutcome = HeldLock | 'held' | 'unsupported';

/** The system says so for file systems without sockets or hard links. */
const unsupportedCodes = new Set(['EOPNOTSUPP', 'ENOTSUP', 'EPERM', 'EINVAL', 'ENOSYS', 'EACCES', 'EMLINK']);
/** What a killed contender left is deleted after this time. */
const startingMs = 10_000;

/**
 * @param reach names who can see each other: the lock of one reach says nothing to another
 */
export async function takeLockFile(folder: string, reach: string): Promise<LockOutcome> {
  // A socket's path may have 108 bytes; through the open folder it is always short.
  const handle = openSync(folder, constants.O_RDONLY | constants.O_DIRECTORY);
  const at = (name: string) => `/proc/self/fd/${handle}/${name}`;
  const place: Place = { folder, reach, at };
  const draft = `keeper-lock-${reach}.${randomBytes(8).toString('hex')}.new`;
  let server: net.Server | undefined;
  let isHeld = false;
  try {
    server = await listen(at(draft));
    isHeld = await takeNext(place, draft);
    if (!isHeld) return 'held';
    return { release: () => release(server, handle) };
  } catch (error) {
    if (unsupportedCodes.has((error as NodeJS.ErrnoException).code ?? '')) return 'unsupported';
    throw error;
  } finally {
    await rm(path.join(folder, draft), { force: true });
    if (!isHeld) await release(server, handle);
  }
}

interface Place {
  folder: string;
  reach: string;
  at: (name: string) => string;
}

/** True when the next number is ours. */
async function takeNext(place: Place, draft: string): Promise<boolean> {
  const { folder, at } = place;
  const highest = Math.max(0, ...(await numbersIn(place)));
  if (highest > 0 && (await isListening(at(nameOf(place, highest))))) return false;
  const own = highest + 1;
  try {
    await link(path.join(folder, draft), path.join(folder, nameOf(place, own)));
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false;
    throw error;
  }
  const numbers = await numbersIn(place);
  if (numbers.some((number) => number > own)) {
    await rm(path.join(folder, nameOf(place, own)), { force: true });
    return false;
  }
  for (const number of numbers) if (number < own) await rm(path.join(folder, nameOf(place, number)), { force: true });
  await sweepDrafts(place, draft);
  return true;
}

const nameOf = ({ reach }: Place, number: number): string => `keeper-lock-${reach}.${number}`;

async function numbersIn({ folder, reach }: Place): Promise<number[]> {
  const prefix = `keeper-lock-${reach}.`;
  return (await readdir(folder))
    .filter((name) => name.startsWith(prefix))
    .map((name) => name.slice(prefix.length))
    .filter((rest) => /^\d{1,15}$/.test(rest))
    .map(Number);
}

async function sweepDrafts({ folder, reach }: Place, own: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (!name.startsWith(`keeper-lock-${reach}.`) || !name.endsWith('.new') || name === own) continue;
    const found = await stat(path.join(folder, name)).catch(() => undefined);
    if (found && Date.now() - found.mtimeMs > startingMs) await rm(path.join(folder, name), { force: true });
  }
}

/** False only when the kernel says that nobody listens any more. */
function isListening(address: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(address);
    socket.once('connect', () => {
      socket.destroy();
      resolve(true);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code !== 'ECONNREFUSED'));
  });
}

function listen(address: string): Promise<net.Server> {
  // The socket serves as a lock only, so connections are closed.
  const server = net.createServer((socket) => socket.destroy());
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen({ path: address, exclusive: true }, () => {
      server.unref();
      resolve(server);
    });
  });
}

async function release(server: net.Server | undefined, handle: number): Promise<void> {
  if (server?.listening) await new Promise<void>((done) => server.close(() => done()));
  closeSync(handle);
}

/**
 * The address of the keeper's socket: a pipe on Windows, elsewhere a socket in a folder that only this user may enter.
 */
import { chmod, lstat, mkdir, mkdtemp, readdir, rm, rmdir, stat } from 'node:fs/promises';
import net from 'node:net';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { MemoryError } from '../protocol/errors';

/** sun_path holds 104 bytes on macOS and 108 on Linux. */
const maxSocketPathLength = 100;
/** A younger socket that refuses connections may not be listening yet. */
const startingMs = 10_000;
const pipePrefix = '\\\\.\\pipe\\claude-mem-vscode-';
const folderName = () => `claude-mem-vscode-${process.getuid?.() ?? 0}`;
const runtimeFolders = () =>
  [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((each) => each !== undefined && each !== '');

/**
 * A new address.
 * @throws MemoryError `locked` when no folder can be made for it
 */
export async function makeEndpoint(
  name: string,
  candidates: readonly (string | undefined)[] = runtimeFolders(),
): Promise<string> {
  if (process.platform === 'win32') return `${pipePrefix}${name}`;
  // Another user may have created the folder with the usual name; then one with a random name is made.
  for (const make of [makeNamed, makeRandom]) {
    for (const candidate of candidates) {
      if (
        candidate === undefined ||
        Buffer.byteLength(path.join(candidate, `${folderName()}-xxxxxx`, `${name}.sock`)) > maxSocketPathLength
      )
        continue;
      const folder = await make(candidate).catch(() => undefined);
      if (folder !== undefined) return path.join(folder, `${name}.sock`);
    }
  }
  throw new MemoryError(
    'locked',
    'There is no folder for the socket of the memory: the temporary folder cannot be written, or its name is too ' +
      'long. Set TMPDIR to another folder, then start the editor again.',
    { reason: 'no_socket_folder' },
  );
}

async function makeNamed(candidate: string): Promise<string | undefined> {
  const folder = path.join(candidate, folderName());
  await mkdir(folder, { recursive: true, mode: 0o700 });
  return (await isPrivateFolder(folder, { mayMend: true })) ? folder : undefined;
}

const makeRandom = (candidate: string): Promise<string> => mkdtemp(path.join(candidate, `${folderName()}-`));

/** False when the file of a socket was deleted: programs that clean the temporary folder do. */
export const hasSocket = async (endpoint: string): Promise<boolean> =>
  process.platform === 'win32' || (await lstat(endpoint).catch(() => undefined))?.isSocket() === true;

/** True for a socket in a folder that no other user can write to. Pipes have rights of their own. */
export async function isTrustedEndpoint(endpoint: string): Promise<boolean> {
  return process.platform === 'win32'
    ? endpoint.startsWith(pipePrefix)
    : isPrivateFolder(path.dirname(endpoint)).catch(() => false);
}

/** True for a real folder of this user that others may not enter. Rights are corrected only in a folder we made. */
async function isPrivateFolder(folder: string, { mayMend = false } = {}): Promise<boolean> {
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) return false;
  if ((found.mode & 0o077) === 0) return true;
  if (mayMend) await chmod(folder, 0o700);
  return mayMend;
}

/** Deletes the socket. What a killed keeper leaves is deleted by the next one. */
export async function removeEndpoint(endpoint: string): Promise<void> {
  if (process.platform === 'win32' || endpoint === '') return;
  await rm(endpoint, { force: true });
  if (path.basename(path.dirname(endpoint)) !== folderName()) await rmdir(path.dirname(endpoint)).catch(() => {});
}

/**
 * Deletes sockets of killed keepers in the same folder, whatever memory they served: those that refuse connections.
 * `before` is the address of the last keeper on this host, which is known to be dead.
 */
export async function sweepSockets(endpoint: string, before: string | undefined, now: number): Promise<void> {
  if (process.platform === 'win32') return;
  if (before !== undefined && before !== endpoint && isOurs(before) && (await isTrustedEndpoint(before)))
    await removeEndpoint(before);
  const folder = path.dirname(endpoint);
  for (const name of await readdir(folder)) {
    const file = path.join(folder, name);
    if (file === endpoint || !isOurs(file)) continue;
    const found = await stat(file).catch(() => undefined);
    if (found?.isSocket() && now - found.mtimeMs > startingMs && (await isRefused(file)))
      await rm(file, { force: true });
  }
}

const isOurs = (file: string): boolean =>
  /^[\da-f]{16}\.sock$/.test(path.basename(file)) && path.basename(path.dirname(file)).startsWith(folderName());

function isRefused(file: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = net.connect(file);
    socket.once('connect', () => {
      socket.destroy();
      resolve(false);
    });
    socket.once('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'ECONNREFUSED'));
  });
}

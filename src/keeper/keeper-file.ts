/** `keeper.json` in the data folder: where the keeper answers, and the secret that both sides prove they know. */
import { createHash, createHmac, timingSafeEqual } from 'node:crypto';
import { chmod, lstat, mkdir, readFile, readlink, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import { hostname, tmpdir } from 'node:os';
import path from 'node:path';

export interface KeeperFile {
  endpoint: string;
  token: string;
  protocolVersion: number;
  pid: number;
  /** Machine, boot and network namespace: where the kernel lock means something. */
  host: string;
}

const fileName = 'keeper.json';
/** The keeper touches its file this often; one of another host that is older than three beats is dead. */
export const heartbeatMs = 3000;
const deadMs = 3 * heartbeatMs + 1000;
/** sun_path holds 104 bytes on macOS and 108 on Linux. */
const longestSocketPath = 100;

export async function readKeeperFile(dataDir: string): Promise<KeeperFile | undefined> {
  const file = path.join(dataDir, fileName);
  try {
    const found = await stat(file);
    // Another user's file could send us to another user's socket.
    if (process.getuid && found.uid !== process.getuid()) return undefined;
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<KeeperFile>;
    return typeof value.endpoint === 'string' && typeof value.token === 'string' ? (value as KeeperFile) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeKeeperFile(dataDir: string, content: KeeperFile): Promise<void> {
  const file = path.join(dataDir, fileName);
  const next = `${file}.${content.pid}.tmp`;
  await writeFile(next, JSON.stringify(content), { mode: 0o600 });
  await rename(next, file);
}

/** Says "still here" to other hosts. */
export async function touchKeeperFile(dataDir: string, now: Date): Promise<void> {
  await utimes(path.join(dataDir, fileName), now, now);
}

/** Only the keeper that wrote the file takes it away. */
export async function removeKeeperFile(dataDir: string, token: string): Promise<void> {
  if ((await readKeeperFile(dataDir))?.token === token) await rm(path.join(dataDir, fileName), { force: true });
}

/** True when a keeper on another host (or in another container) uses this folder now. */
export async function isHeldElsewhere(dataDir: string, host: string, now: number): Promise<boolean> {
  const known = await readKeeperFile(dataDir);
  if (!known || known.host === host) return false;
  try {
    return now - (await stat(path.join(dataDir, fileName))).mtimeMs < deadMs;
  } catch {
    return false;
  }
}

/** Names the machine as far as its kernel lock reaches. */
export async function describeHost(): Promise<string> {
  const read = (work: Promise<string>) => work.then((text) => text.trim(), () => '');
  const boot = await read(readFile('/proc/sys/kernel/random/boot_id', 'utf8'));
  const network = await read(readlink('/proc/self/ns/net'));
  return createHash('sha256').update([hostname(), boot, network].join('\n')).digest('hex').slice(0, 16);
}

/** A fresh place to listen: a pipe on Windows, elsewhere a socket in a folder of ours only. */
export async function makeEndpoint(name: string): Promise<string> {
  if (process.platform === 'win32') return `\\\\.\\pipe\\claude-mem-vscode-${name}`;
  const uid = process.getuid?.() ?? 0;
  const candidates = [process.env['XDG_RUNTIME_DIR'], tmpdir(), '/tmp'].filter((each) => each !== undefined);
  for (const candidate of candidates) {
    const folder = path.join(candidate, `claude-mem-vscode-${uid}`);
    const endpoint = path.join(folder, `${name}.sock`);
    if (Buffer.byteLength(endpoint) > longestSocketPath) continue;
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 });
      if (await isPrivateFolder(folder, { mayMend: true })) return endpoint;
    } catch {
      // Not writable: the next candidate.
    }
  }
  throw new Error('No folder for the memory socket: the temporary folder is not writable or its name is too long.');
}

/** True for a socket whose folder nobody else can put things into. Pipes have their own rights. */
export async function isTrustedEndpoint(endpoint: string): Promise<boolean> {
  return process.platform === 'win32' ? endpoint.startsWith('\\\\.\\pipe\\claude-mem-vscode-') : isPrivateFolder(path.dirname(endpoint)).catch(() => false);
}

/** A real folder of this user's that nobody else may enter. Only one of our own making is mended: others are looked at. */
async function isPrivateFolder(folder: string, { mayMend = false } = {}): Promise<boolean> {
  const found = await lstat(folder);
  if (!found.isDirectory() || (process.getuid && found.uid !== process.getuid())) return false;
  if ((found.mode & 0o077) === 0) return true;
  if (mayMend) await chmod(folder, 0o700);
  return mayMend;
}

/** What one side sends to show that it knows the token, without sending it. */
export function proveToken(token: string, side: 'keeper' | 'head', nonce: string): string {
  return createHmac('sha256', token).update(`${side}:${nonce}`).digest('hex');
}

export function isProof(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

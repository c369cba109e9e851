/** `keeper.json` in the data folder: the keeper's address, and the token that both sides prove they know. */
import { createHmac, timingSafeEqual } from 'node:crypto';
import { readFile, readdir, rename, rm, stat, utimes, writeFile } from 'node:fs/promises';
import path from 'node:path';
import { heartbeatName, keeperFileName } from '../protocol/data-folder';

export interface KeeperFile {
  endpoint: string;
  token: string;
  protocolVersion: number;
  pid: number;
  /** Machine, boot and network namespace within which the kernel's lock is visible. */
  host: string;
  /** Increases with every keeper of this folder. Absent in files of version 0.1.0. */
  generation?: number;
}

/** How often the keeper touches its file; claim.ts says after what time a keeper of another host counts as dead. */
export const heartbeatMs = 3000;

export async function readKeeperFile(dataDir: string): Promise<KeeperFile | undefined> {
  const file = path.join(dataDir, keeperFileName);
  try {
    const found = await stat(file);
    // A file of another user could name that user's socket.
    if (process.getuid && found.uid !== process.getuid()) return undefined;
    const value = JSON.parse(await readFile(file, 'utf8')) as Partial<KeeperFile>;
    return typeof value.endpoint === 'string' && typeof value.token === 'string' ? (value as KeeperFile) : undefined;
  } catch {
    return undefined;
  }
}

export async function writeKeeperFile(dataDir: string, content: KeeperFile): Promise<void> {
  const file = path.join(dataDir, keeperFileName);
  const next = `${file}.${content.pid}.tmp`;
  await writeFile(next, JSON.stringify(content), { mode: 0o600 });
  await rename(next, file);
}

/** Heartbeat for other hosts. */
export async function touchKeeperFile(dataDir: string, now: Date): Promise<void> {
  await utimes(path.join(dataDir, keeperFileName), now, now);
}

const heartbeatFile = (dataDir: string) => path.join(dataDir, heartbeatName);

/**
 * Says that the keeper of this process lives, from the thread that started it. A file of its own: the keeper's file is
 * touched by its own thread and tells other hosts that it works, not only that it lives.
 */
export async function beat(dataDir: string): Promise<void> {
  await writeFile(heartbeatFile(dataDir), '', { mode: 0o600 }).catch(() => {});
}

/** When a process last said so, in epoch milliseconds; 0 when none did. */
export async function readHeartbeat(dataDir: string): Promise<number> {
  return (await stat(heartbeatFile(dataDir)).catch(() => undefined))?.mtimeMs ?? 0;
}

/** Deletes drafts of a keeper that was killed while writing. Must be called while holding the lock. */
export async function sweepDrafts(dataDir: string): Promise<void> {
  for (const name of await readdir(dataDir))
    if (/^keeper\.json\.\d+\.tmp$/.test(name)) await rm(path.join(dataDir, name), { force: true });
}

/** Deletes the file, if it is still this keeper's. */
export async function removeKeeperFile(dataDir: string, token: string): Promise<void> {
  if ((await readKeeperFile(dataDir))?.token === token) await rm(path.join(dataDir, keeperFileName), { force: true });
}

/** Proof that one side knows the token, without sending the token. */
export function proveToken(token: string, side: 'keeper' | 'head', nonce: string): string {
  return createHmac('sha256', token).update(`${side}:${nonce}`).digest('hex');
}

export function isProof(given: string, expected: string): boolean {
  const left = Buffer.from(given);
  const right = Buffer.from(expected);
  return left.length === right.length && timingSafeEqual(left, right);
}

/** For a memory that no keeper can open: a head writes down what to do, and the next keeper does it first. */
import { existsSync } from 'node:fs';
import { open, readFile, readdir, rename } from 'node:fs/promises';
import path from 'node:path';
import type { BackupInfo, CareWish } from '../protocol/care';
import { backupFolder, wishFileName } from '../protocol/data-folder';
import { asMemoryError } from '../protocol/errors';

/** Writes the wish atomically. Only for a memory that cannot be opened; otherwise ask the keeper. */
export async function leaveWish(dataDir: string, wish: CareWish): Promise<void> {
  const file = path.join(dataDir, wishFileName);
  const next = `${file}.${process.pid}.tmp`;
  const handle = await open(next, 'w', 0o600);
  try {
    await handle.writeFile(JSON.stringify(wish));
    await handle.sync();
  } finally {
    await handle.close();
  }
  await rename(next, file);
}

/**
 * True for an error that a restore or repair can solve: damage, whatever SQLite calls it. A memory of a later version
 * may only be replaced by a backup, because a repair would lose what this version does not know.
 */
export function canBeMended(error: unknown, kind: CareWish['kind']): boolean {
  const { code, data } = asMemoryError(error);
  if (code === 'too_new') return kind !== 'repair' && data?.['reason'] !== 'newer_keeper';
  // A reason is one of the folder or the disk, which another file in the place of the memory does not change.
  return code === 'corrupt' || (code === 'internal' && data?.['reason'] === undefined);
}

/** True while a restore or repair is requested or running. */
export const isWishLeft = (dataDir: string): boolean => existsSync(path.join(dataDir, wishFileName));

/** Backups by their manifests, newest first. The keeper verifies one before it uses it. */
export async function readBackupList(dataDir: string): Promise<BackupInfo[]> {
  const folder = path.join(dataDir, backupFolder);
  const names = await readdir(folder).catch(() => []);
  const found = await Promise.all(
    names.filter((name) => name.endsWith('.json')).map((name) => readManifest(path.join(folder, name))),
  );
  return found.flatMap((each) => each ?? []).toSorted((one, other) => other.at - one.at);
}

async function readManifest(file: string): Promise<BackupInfo | undefined> {
  try {
    const { name, kind, at, bytes, plainBytes, schemaVersion, extensionVersion, counts } = JSON.parse(
      await readFile(file, 'utf8'),
    ) as BackupInfo;
    return { name, kind, at, bytes, plainBytes, schemaVersion, extensionVersion, counts };
  } catch {
    return undefined;
  }
}

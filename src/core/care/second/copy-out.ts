/**
 * Brings a second folder up to date: what is missing is copied and read back; what was removed here on purpose, or replaced
 * because something was erased in it, goes there too. What is only missing here stays. Runs in the thread.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { MemoryError } from '../../../protocol/errors';
import { flushFile, readJson, renameDurably, unfinished } from '../../lib/durable';
import { backupsOf, hashFile, listManifests, removeBackup, saveManifest, sweepFolder } from '../../store/backup/files';
import type { BackupManifest } from '../../store/backup/files';

export interface SecondDrops {
  /** Grows with each removal, so that one that comes during a copy is not taken for done. */
  no: number;
  /** All that are not here. */
  hasOthers: boolean;
  names: string[];
}

export interface CopyOutTask {
  dataDir: string;
  /** The folder a person chose. It must be there: on a disk that is not connected nothing may be made in its place. */
  folder: string;
  /** Of the folder in it that belongs to this memory. */
  name: string;
  /** False when the folder of this memory was made before, and is therefore only missing while its disk is away. */
  mayCreate: boolean;
  drops: Pick<SecondDrops, 'hasOthers' | 'names'>;
}

export interface CopyOutResult {
  copied: number;
  removed: number;
  /** Bytes that were written. */
  bytes: number;
}

/** @throws MemoryError `not_found` when the folder is not there, `corrupt` when a copy is not what was copied */
export function copyOut({ dataDir, folder, name, mayCreate, drops }: CopyOutTask): CopyOutResult {
  if (!isFolder(folder)) throw new MemoryError('not_found', 'The second backup folder is not there.');
  // Laid out as a data folder, so that the same functions read it.
  const target = path.join(folder, name);
  if (!mayCreate && !isFolder(target))
    throw new MemoryError('not_found', 'The second backup folder has lost what was in it.');
  nodeFs.mkdirSync(backupsOf(target), { recursive: true, mode: 0o700 });
  const wanted = listManifests(dataDir);
  const [newest, ...others] = wanted;
  let bytes = 0;
  let copied = 0;
  const bring = (manifest: BackupManifest) => {
    if (isThere(target, manifest)) return;
    bytes += copyBackup(dataDir, target, manifest);
    copied++;
  };
  let removed: number;
  try {
    // The newest comes first and the old ones go next, because a disk that is full has no room for both.
    if (newest) bring(newest);
  } finally {
    removed = removeOthers(target, wanted, drops);
  }
  for (const manifest of others) bring(manifest);
  sweepFolder(target);
  return { copied, removed, bytes };
}

const isFolder = (folder: string): boolean =>
  nodeFs.statSync(folder, { throwIfNoEntry: false })?.isDirectory() ?? false;

function isThere(target: string, { name, file, sha256, bytes }: BackupManifest): boolean {
  const known = readJson<BackupManifest>(path.join(backupsOf(target), `${name}.json`));
  const size = nodeFs.statSync(path.join(backupsOf(target), file), { throwIfNoEntry: false })?.size;
  return known?.file === file && known.sha256 === sha256 && size === bytes;
}

function copyBackup(dataDir: string, target: string, manifest: BackupManifest): number {
  const to = path.join(backupsOf(target), manifest.file);
  const next = to + unfinished;
  nodeFs.copyFileSync(path.join(backupsOf(dataDir), manifest.file), next);
  flushFile(next);
  if (hashFile(next) !== manifest.sha256) {
    nodeFs.rmSync(next, { force: true });
    throw new MemoryError('corrupt', 'The second copy of a backup is not what was copied.');
  }
  renameDurably(next, to);
  saveManifest(target, manifest);
  return manifest.bytes;
}

function removeOthers(
  target: string,
  wanted: readonly BackupManifest[],
  { hasOthers, names }: CopyOutTask['drops'],
): number {
  const files = new Map(wanted.map(({ name, file, sha256 }) => [name, `${file} ${sha256}`]));
  const isOld = ({ name, file, sha256 }: BackupManifest) => {
    const here = files.get(name);
    return here === undefined ? hasOthers || names.includes(name) : here !== `${file} ${sha256}`;
  };
  const old = listManifests(target).filter(isOld);
  for (const manifest of old) removeBackup(target, manifest);
  return old.length;
}

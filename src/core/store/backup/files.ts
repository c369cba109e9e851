/**
 * The folder of backups. A backup is a compressed database and a manifest that names it with its hashes. The manifest
 * is written last, so an unfinished backup is never listed; replacing the manifest replaces the backup.
 */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import path from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { constants, createGunzip, createGzip, gunzipSync, gzipSync } from 'node:zlib';
import type { BackupInfo } from '../../../protocol/care';
import { backupFolder } from '../../../protocol/data-folder';
import { MemoryError } from '../../../protocol/errors';
import {
  flushFile,
  readJson,
  removeDurably,
  renameDurably,
  sizeOfFile,
  unfinished,
  writeDurably,
} from '../../lib/durable';
import type { CopySource } from './plain-copy';

const manifestSuffix = '.json';

export interface BackupManifest extends BackupInfo {
  /** Name of the compressed file in the same folder. */
  file: string;
  packing: 'gzip' | 'none';
  /** SHA-256 of the compressed and of the plain file. */
  sha256: string;
  plainSha256: string;
  /** Rows by table, counted in the copy. */
  rows: Record<string, number>;
  /** Size and time of the live file when it was copied. */
  source?: CopySource;
}

export const backupsOf = (dataDir: string): string => path.join(dataDir, backupFolder);

/** `20261122T181255Z-scheduled`: sorts by time. A second backup of the same second gets a number. */
export function nameBackup(folder: string, at: number, kind: BackupInfo['kind']): string {
  const stem = `${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}-${kind.replace('_', '-')}`;
  for (let number = 1; ; number++) {
    const name = number === 1 ? stem : `${stem}-${number}`;
    if (!nodeFs.existsSync(path.join(folder, name + manifestSuffix))) return name;
  }
}

/** All whole backups, newest first. */
export function listManifests(dataDir: string): BackupManifest[] {
  const folder = backupsOf(dataDir);
  const names = nodeFs.existsSync(folder)
    ? nodeFs.readdirSync(folder).filter((name) => name.endsWith(manifestSuffix))
    : [];
  return names
    .flatMap((name) => {
      const manifest = readJson<BackupManifest>(path.join(folder, name));
      // In a folder that others write to, a manifest may say anything; it is deleted by its name.
      return manifest && manifest.name + manifestSuffix === name ? manifest : [];
    })
    .filter(
      (manifest) =>
        typeof manifest.file === 'string' &&
        path.basename(manifest.file) === manifest.file &&
        sizeOfFile(path.join(folder, manifest.file)) === manifest.bytes,
    )
    .toSorted((one, other) => other.at - one.at || other.name.localeCompare(one.name));
}

/** @throws MemoryError `not_found` */
export function findManifest(dataDir: string, name: string): BackupManifest {
  const found = listManifests(dataDir).find((each) => each.name === name);
  if (!found) throw new MemoryError('not_found', 'There is no such backup.', { name });
  return found;
}

export function infoOf({
  name,
  kind,
  at,
  bytes,
  plainBytes,
  schemaVersion,
  extensionVersion,
  counts,
}: BackupManifest): BackupInfo {
  return { name, kind, at, bytes, plainBytes, schemaVersion, extensionVersion, counts };
}

/** Writes or replaces a manifest, then deletes the file that the replaced manifest named. */
export function saveManifest(dataDir: string, manifest: BackupManifest): void {
  const folder = backupsOf(dataDir);
  const file = path.join(folder, manifest.name + manifestSuffix);
  const before = readJson<BackupManifest>(file)?.file;
  writeDurably(file, `${JSON.stringify(manifest, undefined, 2)}\n`);
  if (before !== undefined && before !== manifest.file) removeDurably(path.join(folder, path.basename(before)));
}

/** Deletes the manifest first: after a crash in between, the sweep finds a file without a manifest and deletes it. */
export function removeBackup(dataDir: string, { name, file }: Pick<BackupManifest, 'name' | 'file'>): void {
  removeDurably(path.join(backupsOf(dataDir), name + manifestSuffix));
  removeDurably(path.join(backupsOf(dataDir), file));
}

/** Deletes files that no manifest names, for example of an interrupted backup. Must not run while a backup is made. */
export function sweepFolder(dataDir: string): void {
  const folder = backupsOf(dataDir);
  if (!nodeFs.existsSync(folder)) return;
  const named = new Set(listManifests(dataDir).flatMap(({ name, file }) => [name + manifestSuffix, file]));
  for (const name of nodeFs.readdirSync(folder)) {
    const isOurs = name.endsWith(unfinished) || /^\d{8}T\d{6}Z-/.test(name);
    if (isOurs && !named.has(name)) nodeFs.rmSync(path.join(folder, name), { force: true });
  }
}

export interface Packed {
  bytes: number;
  plainBytes: number;
  sha256: string;
  plainSha256: string;
}

/** Compresses `from` into `to`, by way of a temporary name, and hashes both. */
export async function packFile(from: string, to: string, signal?: AbortSignal): Promise<Packed> {
  const plain = hashing();
  const packed = hashing();
  const next = to + unfinished;
  // Level 2 takes a third of the time of the default level for a tenth more bytes.
  await pipeline(
    nodeFs.createReadStream(from),
    plain.stream,
    createGzip({ level: constants.Z_BEST_SPEED + 1 }),
    packed.stream,
    nodeFs.createWriteStream(next, { mode: 0o600 }),
    ...withSignal(signal),
  );
  flushFile(next);
  renameDurably(next, to);
  return { bytes: packed.bytes(), plainBytes: plain.bytes(), sha256: packed.digest(), plainSha256: plain.digest() };
}

/** Decompresses a backup into `target`. @throws MemoryError `corrupt` when a hash differs from the manifest */
export async function unpackBackup(
  dataDir: string,
  manifest: BackupManifest,
  target: string,
  signal?: AbortSignal,
): Promise<void> {
  const packed = hashing();
  const plain = hashing();
  const from = nodeFs.createReadStream(path.join(backupsOf(dataDir), manifest.file));
  const to = nodeFs.createWriteStream(target, { mode: 0o600 });
  try {
    if (manifest.packing === 'gzip')
      await pipeline(from, packed.stream, createGunzip(), plain.stream, to, ...withSignal(signal));
    else await pipeline(from, packed.stream, plain.stream, to, ...withSignal(signal));
  } catch (error) {
    if (signal?.aborted) throw new MemoryError('cancelled', 'The operation was cancelled.');
    throw new MemoryError(
      'corrupt',
      `The backup cannot be unpacked: ${(error as NodeJS.ErrnoException).code ?? 'damaged'}.`,
      { name: manifest.name },
    );
  }
  if (packed.digest() !== manifest.sha256 || plain.digest() !== manifest.plainSha256)
    throw new MemoryError('corrupt', 'The backup is not what was written.', { name: manifest.name });
  flushFile(target);
}

/** The newest hourly backup of what a person wrote; undefined when there is none or it is damaged. */
export function readNewestWritten<T>(dataDir: string): T | undefined {
  for (const manifest of listManifests(dataDir)) {
    const content = manifest.kind === 'written' ? readWrittenBackup<T>(dataDir, manifest) : undefined;
    if (content !== undefined) return content;
  }
  return undefined;
}

export function readWrittenBackup<T>(dataDir: string, { file, sha256 }: BackupManifest): T | undefined {
  try {
    const packed = nodeFs.readFileSync(path.join(backupsOf(dataDir), file));
    return hashOf(packed) === sha256 ? (JSON.parse(gunzipSync(packed).toString('utf8')) as T) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Writes a small backup from memory. `file` names the compressed file; a new name keeps the replaced backup whole until
 * the manifest is written.
 */
export function saveWrittenBackup(
  dataDir: string,
  content: string,
  manifest: Omit<BackupManifest, 'file' | 'packing' | 'bytes' | 'plainBytes' | 'sha256' | 'plainSha256' | 'rows'>,
  file = `${manifest.name}.json.gz`,
): BackupManifest {
  const packed = gzipSync(content);
  writeDurably(path.join(backupsOf(dataDir), file), packed);
  const whole: BackupManifest = {
    ...manifest,
    file,
    packing: 'gzip',
    bytes: packed.length,
    plainBytes: Buffer.byteLength(content),
    sha256: hashOf(packed),
    plainSha256: hashOf(content),
    rows: {},
  };
  saveManifest(dataDir, whole);
  return whole;
}

export const hashOf = (content: string | Uint8Array): string => createHash('sha256').update(content).digest('hex');

/** SHA-256 of a file, read synchronously: for files copied while no other work runs. */
export function hashFile(file: string): string {
  const hash = createHash('sha256');
  const handle = nodeFs.openSync(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(4 << 20);
    for (let read = nodeFs.readSync(handle, buffer); read > 0; read = nodeFs.readSync(handle, buffer))
      hash.update(buffer.subarray(0, read));
  } finally {
    nodeFs.closeSync(handle);
  }
  return hash.digest('hex');
}

/** A stream that passes bytes on and counts and hashes them. */
function hashing() {
  const hash = createHash('sha256');
  let count = 0;
  let digest: string | undefined;
  const stream = new Transform({
    transform(chunk: Buffer, _, done) {
      hash.update(chunk);
      count += chunk.length;
      done(null, chunk);
    },
  });
  return { stream, bytes: () => count, digest: () => (digest ??= hash.digest('hex')) };
}

const withSignal = (signal: AbortSignal | undefined): [{ signal: AbortSignal }] | [] => (signal ? [{ signal }] : []);

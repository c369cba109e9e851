/** What stands beside the records of an export: which files it has, their checksums, and what their fields are. */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import { lstat, open, readdir, realpath } from 'node:fs/promises';
import path from 'node:path';
import * as z from 'zod/mini';
import { exportFormats, recordKinds } from '../../protocol/portable';
import type { ExportReport } from '../../protocol/portable';
import { isExportFolder, manifestName } from './names';
import { portableError } from './trouble';
import { reportOf } from './write-export';

/** Most bytes of a manifest that are read: an export has some twenty files, one of Markdown a file for each session. */
const maxManifest = 64 << 20;
const maxFiles = 1_000_000;
/** Exports in a folder that are looked at for one of the same call. */
const maxLookedAt = 20;
const hashChunk = 4 << 20;

const count = z.int().check(z.gte(0), z.lte(Number.MAX_SAFE_INTEGER));

const exportedFile = z.object({
  name: z.string().check(z.minLength(1), z.maxLength(300)),
  kind: z.exactOptional(z.enum(recordKinds)),
  records: count,
  bytes: count,
  sha256: z.string().check(z.regex(/^[0-9a-f]{64}$/)),
});
export type ExportedFile = z.output<typeof exportedFile>;

const manifest = z.object({
  format: z.literal('claude-mem-export'),
  version: z.literal(1),
  madeBy: z.string().check(z.maxLength(100)),
  at: z.number().check(z.gte(0), z.lte(8.64e15)),
  fileFormat: z.enum(exportFormats),
  what: z.enum(['everything', 'projects', 'sessions', 'learnings']),
  request: z.string().check(z.maxLength(200)),
  counts: z.partialRecord(z.enum(recordKinds), count),
  files: z.array(exportedFile).check(z.maxLength(maxFiles)),
});
export type Manifest = z.output<typeof manifest>;

const refuse = (message: string): never => {
  throw portableError('corrupt', message);
};

/** @throws MemoryError `not_found`, `too_new`, `corrupt` */
export async function readManifest(folder: string): Promise<Manifest> {
  const text = await readSmall(path.join(folder, manifestName));
  let found: unknown;
  try {
    found = JSON.parse(text);
  } catch {
    return refuse('The manifest of this export cannot be read. Copy the whole export again.');
  }
  const { format, version } = (found ?? {}) as { format?: unknown; version?: unknown };
  if (format !== 'claude-mem-export') return refuse('This folder is no export of a memory.');
  if (typeof version === 'number' && version > 1)
    throw portableError('too_new', 'This export was made by a newer version. Update the extension.');
  const read = z.safeParse(manifest, found);
  return read.success ? read.data : refuse('The manifest of this export is not what an export has.');
}

/** An export in this folder that was made for the same call. */
export async function findWritten(parent: string, request: string): Promise<ExportReport | undefined> {
  const names = await readdir(parent).catch(() => []);
  for (const name of names
    .filter((each) => isExportFolder(each))
    .toSorted()
    .toReversed()
    .slice(0, maxLookedAt)) {
    const folder = path.join(parent, name);
    // oxlint-disable-next-line no-await-in-loop -- the newest is the likeliest
    const found = await readManifest(folder).catch(() => undefined);
    if (found?.request === request) return reportOf(folder, found);
  }
  return undefined;
}

async function readSmall(file: string): Promise<string> {
  const info = await lstat(file).catch(() => undefined);
  if (!info) throw portableError('not_found', `There is no ${manifestName} in this folder: it is no finished export.`);
  if (!info.isFile() || info.size > maxManifest) return refuse('The manifest of this export is no plain file.');
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    return await handle.readFile('utf8');
  } finally {
    await handle.close();
  }
}

/**
 * Checks that each file of records is what the manifest says, byte by byte, before anything is read of it.
 *
 * @throws MemoryError `corrupt` naming the file, `cancelled`
 */
export async function checkFiles(
  folder: string,
  { files }: Manifest,
  onBytes: (bytes: number) => void,
  signal: AbortSignal,
): Promise<void> {
  const inside = await realpath(folder);
  const seen = new Set<string>();
  for (const { name, kind, bytes, sha256 } of files) {
    if (kind === undefined) continue;
    // Only names that an export has: no folder can be left by them.
    if (name !== `${kind}.jsonl` || seen.has(kind))
      refuse('The manifest of this export names files that it cannot have.');
    seen.add(kind);
    const file = path.join(folder, name);
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    const info = await lstat(file).catch(() => undefined);
    if (!info?.isFile()) refuse(`${name} is missing in this export. Copy the whole export again.`);
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    if (path.dirname(await realpath(file)) !== inside) refuse(`${name} lies outside of this export.`);
    if (info?.size !== bytes) refuse(`${name} is not as long as it was exported. Copy the whole export again.`);
    // oxlint-disable-next-line no-await-in-loop -- one file after the other
    if ((await hashOf(file, onBytes, signal)) !== sha256)
      refuse(`${name} was changed since it was exported. Nothing was imported.`);
  }
}

async function hashOf(file: string, onBytes: (bytes: number) => void, signal: AbortSignal): Promise<string> {
  const hash = createHash('sha256');
  const handle = await open(file, 'r');
  try {
    const buffer = Buffer.allocUnsafe(hashChunk);
    for (;;) {
      signal.throwIfAborted();
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const { bytesRead } = await handle.read(buffer, 0, hashChunk);
      if (bytesRead === 0) return hash.digest('hex');
      hash.update(buffer.subarray(0, bytesRead));
      onBytes(bytesRead);
    }
  } finally {
    await handle.close();
  }
}

/**
 * Looks for pieces of erased texts in every byte of the data folder: databases with their free pages, journals, index,
 * vectors, logs, briefs, and backups and blocks of the archive unpacked. Has marks of the pieces only, and no text.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { createGunzip } from 'node:zlib';
import {
  archiveName,
  asideSuffix,
  backupFolder,
  databaseName,
  giveFolder,
  hooksFolder,
  keysFileName,
  logFolder,
  maskedJournalSuffix,
  mcpLauncherName,
  modelsFolder,
  pageJournalSuffix,
  pluginFolder,
  redactionFileName,
  vectorsFilePattern,
  walSuffix,
} from '../../protocol/data-folder';
import type { ScannedExport, ScannedFiles, ScannedPart } from '../../protocol/erase';
import { MemoryError } from '../../protocol/errors';
import { ByteFinder, pieceLengths } from '../lib/byte-finder';
import type { ByteMarks } from '../lib/byte-finder';
import { eachBlock } from '../store/archive/blocks';
import { frozenFile } from '../store/sqlite/frozen-file';
import { isPlainFile } from '../store/sqlite/header';
import type { SqliteEngine } from '../store/sqlite/sqlite';

export interface ScanTask {
  dataDir: string;
  marks: ByteMarks;
  /** Folders that memory was exported to; those that are gone are passed over. */
  exports?: readonly string[];
  /** Looks at the memory and its journals alone. */
  isDatabaseOnly?: boolean;
}

export interface ScanResult {
  files: ScannedFiles[];
  leftOut: string[];
  /** Different pieces that were found anywhere. */
  found: number;
  /** Exports that are still where they were written. What is found in them does not count above: they are the person's. */
  exports?: ScannedExport[];
  /** True when there is a second backup folder and it could not be reached since the erasure. */
  isSecondUnreached?: true;
}

/** Not of the memory: downloaded models, our programs, a person's own words, keys. */
const leftOutNames: ReadonlySet<string> = new Set([
  modelsFolder,
  hooksFolder,
  pluginFolder,
  mcpLauncherName,
  redactionFileName,
  keysFileName,
]);
const journals = [walSuffix, maskedJournalSuffix, pageJournalSuffix, asideSuffix, '-wal', '-journal'];
const archivePattern = /^archive(?:\.\w+)?\.db$/;
const databasePattern = /^memory(?:\.[\w-]+)?\.db$/;

function partOf(name: string): ScannedPart {
  const [first = '', ...rest] = name.split(path.sep);
  if (first === backupFolder) return 'backup';
  if (first === logFolder) return 'log';
  if (first === giveFolder) return 'brief';
  if (rest.length > 0) return 'other';
  if (journals.some((suffix) => first.endsWith(suffix))) return 'journal';
  if (databasePattern.test(first)) return 'database';
  if (archivePattern.test(first)) return 'archive';
  return vectorsFilePattern.test(first) ? 'vectors' : 'other';
}

export async function scanFiles(
  engine: SqliteEngine,
  { dataDir, marks, exports = [], isDatabaseOnly = false }: ScanTask,
): Promise<ScanResult> {
  const finder = new ByteFinder(marks);
  const all = new Set<number>();
  const parts = new Map<ScannedPart, ScannedFiles>();
  const leftOut = new Set<string>();
  for (const name of namesIn(dataDir)) {
    const file = path.join(dataDir, name);
    if (nodeFs.lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) continue;
    const [first = ''] = name.split(path.sep);
    if (isDatabaseOnly && !first.startsWith(databaseName)) continue;
    if (leftOutNames.has(first)) {
      leftOut.add(first);
      continue;
    }
    const found = new Set<number>();
    // oxlint-disable-next-line no-await-in-loop -- one file after the other: this thread has nothing else to do
    const bytes = (await scanBytes(finder, file, found)) + (await scanPacked(engine, finder, file, found));
    for (const mark of found) all.add(mark);
    const part = partOf(name);
    const sum = parts.get(part) ?? { part, files: 0, bytes: 0, found: 0 };
    parts.set(part, { part, files: sum.files + 1, bytes: sum.bytes + bytes, found: sum.found + found.size });
  }
  const exported = await scanExports(finder, exports);
  return {
    files: [...parts.values()],
    leftOut: [...leftOut],
    found: all.size,
    ...(exported.length > 0 && { exports: exported }),
  };
}

/** What was found in two places. A piece that is in both counts for each. */
export function sumOf(one: ScanResult, other: ScanResult): ScanResult {
  const parts = new Map(one.files.map((each) => [each.part, each]));
  for (const { part, files, bytes, found } of other.files) {
    const known = parts.get(part) ?? { part, files: 0, bytes: 0, found: 0 };
    parts.set(part, { part, files: known.files + files, bytes: known.bytes + bytes, found: known.found + found });
  }
  return { ...one, files: [...parts.values()], found: one.found + other.found };
}

async function scanExports(finder: ByteFinder, folders: readonly string[]): Promise<ScannedExport[]> {
  const scanned: ScannedExport[] = [];
  for (const folder of folders) {
    if (!nodeFs.existsSync(folder)) continue;
    const found = new Set<number>();
    let bytes = 0;
    for (const name of namesIn(folder)) {
      const file = path.join(folder, name);
      if (nodeFs.lstatSync(file, { throwIfNoEntry: false })?.isFile() !== true) continue;
      // oxlint-disable-next-line no-await-in-loop -- one file after the other, as above
      bytes += await scanBytes(finder, file, found);
    }
    scanned.push({ folder, bytes, found: found.size });
  }
  return scanned;
}

const namesIn = (folder: string): string[] =>
  nodeFs.readdirSync(folder, { recursive: true, encoding: 'utf8' }).toSorted();

/** A piece may begin in one chunk and end in the next. */
const overlap = Math.max(...pieceLengths) - 1;

async function scanBytes(finder: ByteFinder, file: string, found: Set<number>): Promise<number> {
  // Gone since the list was read, as a journal after a checkpoint.
  if (!nodeFs.existsSync(file)) return 0;
  return scanStream(finder, nodeFs.createReadStream(file, { highWaterMark: 4 << 20 }), found);
}

async function scanStream(finder: ByteFinder, stream: AsyncIterable<Buffer>, found: Set<number>): Promise<number> {
  let bytes = 0;
  let tail = Buffer.alloc(0);
  for await (const chunk of stream) {
    const whole = Buffer.concat([tail, chunk]);
    finder.find(whole, found);
    bytes += chunk.length;
    tail = Buffer.from(whole.subarray(Math.max(0, whole.length - overlap)));
  }
  return bytes;
}

/** What a file has packed; 0 when it has nothing. @throws MemoryError `corrupt` when it cannot be unpacked */
async function scanPacked(engine: SqliteEngine, finder: ByteFinder, file: string, found: Set<number>): Promise<number> {
  if (file.endsWith('.gz'))
    return scanStream(finder, nodeFs.createReadStream(file).pipe(createGunzip({ chunkSize: 1 << 20 })), found);
  if (path.basename(file) !== archiveName) return 0;
  let bytes = 0;
  const archive = engine.openFile(file, { isMasked: !isPlainFile(file), fs: frozenFile(file) });
  try {
    eachBlock(archive, (block) => {
      if (!block) throw new MemoryError('corrupt', 'A part of the archive cannot be unpacked.');
      finder.find(block, found);
      bytes += block.length;
    });
  } finally {
    archive.close();
  }
  return bytes;
}

/**
 * The quantized vectors of a model in one file, which is faster to read at a start than the table. It is only a copy:
 * when anything in it is inconsistent, it is ignored and made anew. Records are appended, then the header that counts
 * them is written, so a kill in between leaves records that are not counted.
 */
import { createHash } from 'node:crypto';
import { constants } from 'node:fs';
import nodeFs from 'node:fs';
import { open } from 'node:fs/promises';
import type { FileHandle } from 'node:fs/promises';
import path from 'node:path';
import { crc32 } from 'node:zlib';
import { vectorsFileName, vectorsFilePattern } from '../../protocol/data-folder';
import type { PackedRow } from './scan';

/** Header of the file. */
export interface FlatHeader {
  model: string;
  dimension: number;
  count: number;
  /**
   * Id of the last record, and a mark of its row in the table: after a restore the same id may belong to another row.
   */
  lastId: number;
  mark: string;
  /** CRC-32 of all records. */
  crc: number;
}

export interface FlatRecord extends PackedRow {
  id: number;
  document: number;
  chunk: number;
}

const formatVersion = 1;
const headerBytes = 1024;
/** Id, document, chunk and scale, four bytes each. */
const prefixBytes = 16;
const chunkBytes = 4 << 20;

/** The file of a model in the data folder. */
export function flatFileOf(dataDir: string, model: string): string {
  const plain = model
    .toLowerCase()
    .replace(/[^a-z0-9.-]+/g, '-')
    .slice(0, 60);
  return path.join(
    dataDir,
    vectorsFileName(`${plain}-${createHash('sha256').update(model).digest('hex').slice(0, 8)}`),
  );
}

/**
 * Deletes the files of all models, or of all but one. They are made from private text, so erasing must delete them
 * first.
 */
export function removeFlatFiles(dataDir: string, except?: string): void {
  if (!nodeFs.existsSync(dataDir)) return;
  for (const name of nodeFs.readdirSync(dataDir))
    if (vectorsFilePattern.test(name) && path.join(dataDir, name) !== except)
      nodeFs.rmSync(path.join(dataDir, name), { force: true });
}

/** Bytes of all these files. */
export function sizeOfFlatFiles(dataDir: string): number {
  if (!nodeFs.existsSync(dataDir)) return 0;
  const names = nodeFs.readdirSync(dataDir).filter((name) => vectorsFilePattern.test(name));
  return names.reduce(
    (sum, name) => sum + (nodeFs.statSync(path.join(dataDir, name), { throwIfNoEntry: false })?.size ?? 0),
    0,
  );
}

/**
 * Reads a file whose header `isTrusted` accepts, record by record. Returns the header; undefined when the file is
 * missing or inconsistent, and then the visited records must be dropped.
 */
export async function readFlat(
  file: string,
  isTrusted: (header: FlatHeader) => boolean,
  visit: (record: FlatRecord) => void,
): Promise<FlatHeader | undefined> {
  const handle = await open(file, 'r').catch(() => undefined);
  if (!handle) return undefined;
  try {
    const header = await readHeader(handle);
    if (!header || !isTrusted(header)) return undefined;
    const recordBytes = bytesOfRecord(header.dimension);
    const buffer = Buffer.alloc(Math.max(1, Math.floor(chunkBytes / recordBytes)) * recordBytes);
    let crc = 0;
    let [left, at] = [header.count * recordBytes, headerBytes];
    while (left > 0) {
      const { bytesRead } = await handle.read(buffer, 0, Math.min(buffer.length, left), at);
      if (bytesRead === 0 || bytesRead % recordBytes !== 0) return undefined;
      crc = crc32(buffer.subarray(0, bytesRead), crc);
      for (let offset = 0; offset < bytesRead; offset += recordBytes)
        visit(recordAt(buffer, offset, recordBytes - prefixBytes));
      left -= bytesRead;
      at += bytesRead;
    }
    return crc === header.crc ? header : undefined;
  } catch {
    return undefined;
  } finally {
    await handle.close();
  }
}

/**
 * Appends records behind those that `before` counts (a new file without it), then writes the header that counts them.
 */
export async function appendFlat(
  file: string,
  before: FlatHeader | undefined,
  about: Omit<FlatHeader, 'count' | 'crc'>,
  records: Iterable<FlatRecord>,
): Promise<FlatHeader> {
  const flags = before ? constants.O_RDWR : constants.O_RDWR | constants.O_CREAT | constants.O_TRUNC;
  const handle = await open(file, flags, 0o600);
  try {
    const recordBytes = bytesOfRecord(about.dimension);
    const buffer = Buffer.alloc(Math.max(1, Math.floor(chunkBytes / recordBytes)) * recordBytes);
    let crc = before?.crc ?? 0;
    let count = before?.count ?? 0;
    let filled = 0;
    const flush = async () => {
      const bytes = buffer.subarray(0, filled);
      await handle.write(bytes, 0, filled, headerBytes + count * recordBytes);
      crc = crc32(bytes, crc);
      count += filled / recordBytes;
      filled = 0;
    };
    for (const record of records) {
      putRecord(buffer, filled, record);
      filled += recordBytes;
      if (filled === buffer.length) await flush();
    }
    if (filled > 0) await flush();
    // Records must be on disk before the header counts them.
    await handle.datasync();
    const header: FlatHeader = { ...about, count, crc };
    await handle.write(headerText(header), 0, headerBytes, 0);
    await handle.datasync();
    return header;
  } finally {
    await handle.close();
  }
}

const bytesOfRecord = (dimension: number): number => prefixBytes + Math.ceil(dimension / 16) * 16;

function headerText(header: FlatHeader): Buffer {
  const text = JSON.stringify({ format: formatVersion, ...header });
  return Buffer.from(`${crc32(text).toString(16).padStart(8, '0')} ${text}`.padEnd(headerBytes - 1) + '\n');
}

async function readHeader(handle: FileHandle): Promise<FlatHeader | undefined> {
  const buffer = Buffer.alloc(headerBytes);
  await handle.read(buffer, 0, headerBytes, 0);
  const line = buffer.toString('utf8').trimEnd();
  const text = line.slice(9);
  if (line.slice(0, 8) !== crc32(text).toString(16).padStart(8, '0')) return undefined;
  const header = JSON.parse(text) as FlatHeader & { format: number };
  return header.format === formatVersion ? header : undefined;
}

function recordAt(buffer: Buffer, offset: number, rowBytes: number): FlatRecord {
  return {
    id: buffer.readUInt32LE(offset),
    document: buffer.readUInt32LE(offset + 4),
    chunk: buffer.readUInt32LE(offset + 8),
    scale: buffer.readFloatLE(offset + 12),
    values: new Int8Array(buffer.buffer, buffer.byteOffset + offset + prefixBytes, rowBytes),
  };
}

function putRecord(buffer: Buffer, offset: number, { id, document, chunk, scale, values }: FlatRecord): void {
  buffer.writeUInt32LE(id, offset);
  buffer.writeUInt32LE(document, offset + 4);
  buffer.writeUInt32LE(chunk, offset + 8);
  buffer.writeFloatLE(scale, offset + 12);
  buffer.set(new Uint8Array(values.buffer, values.byteOffset, values.length), offset + prefixBytes);
}

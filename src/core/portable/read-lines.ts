/** Reads the records of an export line by line, in batches, so that a file is never in memory as a whole. */
import { constants } from 'node:fs';
import { open } from 'node:fs/promises';
import path from 'node:path';
import type { RecordKind } from '../../protocol/portable';
import type { ExportedFile } from './manifest';
import { manifestName } from './names';
import { recordSchemas } from './schemas';
import type { RecordOf } from './schemas';
import { portableError } from './trouble';

const chunkBytes = 256 * 1024;
/** Longer than any row can be, with its letters escaped. */
const maxLine = 8 << 20;
/** Redacted and stored at once: about 20 ms. */
const batchLetters = 96 * 1024;
const batchRecords = 200;

export interface Batch<Kind extends RecordKind = RecordKind> {
  kind: Kind;
  records: RecordOf<Kind>[];
  /** Of the lines. */
  bytes: number;
}

/** @throws MemoryError `corrupt` naming the file and the line that is no record */
export async function* readBatches<Kind extends RecordKind>(
  folder: string,
  { name, records: expected }: ExportedFile,
  kind: Kind,
): AsyncGenerator<Batch<Kind>, void> {
  let records: RecordOf<Kind>[] = [];
  let bytes = 0;
  let line = 0;
  for await (const { text, size } of linesOf(path.join(folder, name))) {
    line++;
    records.push(recordOf(kind, text, name, line));
    bytes += size;
    if (bytes < batchLetters && records.length < batchRecords) continue;
    yield { kind, records, bytes };
    records = [];
    bytes = 0;
  }
  if (records.length > 0) yield { kind, records, bytes };
  if (line !== expected) throw broken(`${name} has ${line} records and not ${expected}, as ${manifestName} says.`);
}

const broken = (message: string) => portableError('corrupt', message);

function recordOf<Kind extends RecordKind>(kind: Kind, text: string, name: string, line: number): RecordOf<Kind> {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw broken(`${name}, line ${line}, is no JSON.`);
  }
  const read = recordSchemas[kind].safeParse(value);
  if (read.success) return read.data as RecordOf<Kind>;
  // The place is named and not the value, which may be anything.
  throw broken(`${name}, line ${line}: ${read.error.issues[0]?.path.join('.') ?? ''} is not what this record has.`);
}

async function* linesOf(file: string): AsyncGenerator<{ text: string; size: number }, void> {
  const handle = await open(file, constants.O_RDONLY | (constants.O_NOFOLLOW ?? 0));
  try {
    let rest: Buffer = Buffer.alloc(0);
    for (;;) {
      const buffer = Buffer.allocUnsafe(chunkBytes);
      // oxlint-disable-next-line no-await-in-loop -- one part after the other
      const { bytesRead } = await handle.read(buffer, 0, chunkBytes);
      if (bytesRead === 0) break;
      const part = buffer.subarray(0, bytesRead);
      let from = 0;
      for (let end = part.indexOf(10); end >= 0; end = part.indexOf(10, from)) {
        const line = rest.length > 0 ? Buffer.concat([rest, part.subarray(from, end)]) : part.subarray(from, end);
        rest = Buffer.alloc(0);
        from = end + 1;
        if (line.length > 0) yield { text: line.toString('utf8'), size: line.length + 1 };
      }
      if (from < part.length) rest = Buffer.concat([rest, part.subarray(from)]);
      if (rest.length > maxLine) throw broken(`${path.basename(file)} has a line that is too long for a record.`);
    }
    if (rest.length > 0) yield { text: rest.toString('utf8'), size: rest.length };
  } finally {
    await handle.close();
  }
}

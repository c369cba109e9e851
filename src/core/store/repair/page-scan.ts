/**
 * Reads rows from the pages directly, even where the tree above them is damaged. A page says of what type it is; the
 * table is recognised by the shape of its rows. Deleted rows are not found: `secure_delete` has overwritten them.
 * @see https://www.sqlite.org/fileformat2.html#b_tree_pages
 */
import nodeFs from 'node:fs';
import type { SqlValue } from '../sqlite/driver';

const leafTable = 0x0d;
const leafIndex = 0x0a;
/** Inner pages of a table without row ids contain rows too. */
const innerIndex = 0x02;
const pageSize = 4096;
/** A larger number is damage, not a row id. */
const maxRowid = 2 ** 40;
/** Longest row that is read; a longer one is taken for damage. */
const maxBytes = 256 << 20;

export interface FoundRow {
  /** Undefined for tables without row ids. */
  rowid: number | undefined;
  values: SqlValue[];
}

/** Visits every row on every readable leaf page of a plain database file. */
export function scanPages(file: string, visit: (row: FoundRow) => void, { isKeyOnly = false } = {}): void {
  const handle = nodeFs.openSync(file, 'r');
  try {
    const pages = Math.floor(nodeFs.fstatSync(handle).size / pageSize);
    const readPage = (number: number): Buffer | undefined => {
      if (number < 1 || number > pages) return undefined;
      const page = Buffer.allocUnsafe(pageSize);
      return nodeFs.readSync(handle, page, 0, pageSize, (number - 1) * pageSize) === pageSize ? page : undefined;
    };
    for (let number = 1; number <= pages; number++) {
      const page = readPage(number);
      if (page) scanPage(page, number === 1 ? 100 : 0, readPage, isKeyOnly, visit);
    }
  } finally {
    nodeFs.closeSync(handle);
  }
}

/** Highest row id on any page: reading by row id ends there. */
export function farthestRowid(file: string): number {
  let farthest = 0;
  scanPages(file, ({ rowid = 0 }) => (farthest = Math.max(farthest, rowid)), { isKeyOnly: true });
  return Math.min(farthest, maxRowid);
}

function scanPage(
  page: Buffer,
  start: number,
  readPage: (number: number) => Buffer | undefined,
  isKeyOnly: boolean,
  visit: (row: FoundRow) => void,
): void {
  const type = page[start];
  if (type !== leafTable && type !== leafIndex && type !== innerIndex) return;
  const count = page.readUInt16BE(start + 3);
  const cells = start + (type === innerIndex ? 12 : 8);
  if (cells + 2 * count > pageSize) return;
  for (let index = 0; index < count; index++) {
    try {
      const at = page.readUInt16BE(cells + 2 * index) + (type === innerIndex ? 4 : 0);
      const row = readCell(page, at, type === leafTable, isKeyOnly, readPage);
      if (row) visit(row);
    } catch {
      // One damaged cell: other cells of the page may be whole.
    }
  }
}

function readCell(
  page: Buffer,
  at: number,
  isTable: boolean,
  isKeyOnly: boolean,
  readPage: (number: number) => Buffer | undefined,
): FoundRow | undefined {
  const length = readVarint(page, at);
  const rowid = isTable ? readVarint(page, length.end) : { value: undefined, end: length.end };
  if (isKeyOnly) return { rowid: rowid.value, values: [] };
  if (length.value < 2 || length.value > maxBytes) return undefined;
  const payload = readPayload(page, rowid.end, length.value, isTable, readPage);
  const values = payload && readRecord(payload);
  return values && { rowid: rowid.value, values };
}

/** A payload that does not fit on its page continues in a chain of overflow pages. */
function readPayload(
  page: Buffer,
  at: number,
  length: number,
  isTable: boolean,
  readPage: (number: number) => Buffer | undefined,
): Buffer | undefined {
  const most = isTable ? pageSize - 35 : Math.floor(((pageSize - 12) * 64) / 255) - 23;
  if (length <= most) return at + length <= pageSize ? page.subarray(at, at + length) : undefined;
  const least = Math.floor(((pageSize - 12) * 32) / 255) - 23;
  const wished = least + ((length - least) % (pageSize - 4));
  const local = wished <= most ? wished : least;
  if (at + local + 4 > pageSize) return undefined;
  const parts = [page.subarray(at, at + local)];
  let missing = length - local;
  for (let next = page.readUInt32BE(at + local); missing > 0;) {
    const overflow = readPage(next);
    if (!overflow) return undefined;
    parts.push(overflow.subarray(4, 4 + Math.min(missing, pageSize - 4)));
    missing -= pageSize - 4;
    next = overflow.readUInt32BE(0);
  }
  return Buffer.concat(parts);
}

/** @throws RangeError for a record that reaches beyond its bytes */
function readRecord(bytes: Buffer): SqlValue[] | undefined {
  const header = readVarint(bytes, 0);
  if (header.value > bytes.length) return undefined;
  const values: SqlValue[] = [];
  let at = header.value;
  for (let type = header.end; type < header.value;) {
    const serial = readVarint(bytes, type);
    const { value, size } = readValue(bytes, at, serial.value);
    values.push(value);
    at += size;
    type = serial.end;
  }
  return at === bytes.length ? values : undefined;
}

const integerSizes = [0, 1, 2, 3, 4, 6, 8] as const;

function readValue(bytes: Buffer, at: number, serial: number): { value: SqlValue; size: number } {
  if (serial === 0) return { value: null, size: 0 };
  if (serial === 8 || serial === 9) return { value: serial - 8, size: 0 };
  if (serial === 7) return { value: bytes.readDoubleBE(at), size: 8 };
  if (serial === 6) return { value: Number(bytes.readBigInt64BE(at)), size: 8 };
  if (serial < 7) {
    const size = integerSizes[serial] ?? 0;
    return { value: bytes.readIntBE(at, size), size };
  }
  if (serial < 12) throw new RangeError('no such type');
  const size = Math.floor((serial - 12) / 2);
  if (at + size > bytes.length) throw new RangeError('beyond the record');
  const content = bytes.subarray(at, at + size);
  return { value: serial % 2 === 1 ? content.toString('utf8') : Uint8Array.from(content), size };
}

/** @throws RangeError beyond the page */
function readVarint(bytes: Buffer, at: number): { value: number; end: number } {
  let value = 0;
  for (let index = 0; index < 9; index++) {
    const byte = bytes.readUInt8(at + index);
    if (index === 8) return { value: value * 256 + byte, end: at + 9 };
    value = value * 128 + (byte & 127);
    if (byte < 128) return { value, end: at + index + 1 };
  }
  return { value, end: at + 9 };
}

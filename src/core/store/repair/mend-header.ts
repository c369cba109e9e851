/**
 * The first page of a database describes the whole file. When it is lost, the first page of a new database with the
 * same schema replaces it.
 */
import nodeFs from 'node:fs';
import { isMaskedHeader, plainMagic } from '../sqlite/header';

const pageSize = 4096;
const headerBytes = 100;
const leafTable = 0x0d;
const innerTable = 0x05;
const rollbackFormat = 1;

/** Pages that contain the schema of a new database, by page number. */
export type Template = ReadonlyMap<number, Buffer>;

/**
 * Tables are created in the same order everywhere and their first pages stay at the beginning of the file, so the pages
 * of a new database fit.
 */
export function takeTemplate(file: string): Template {
  const bytes = nodeFs.readFileSync(file);
  const page = (number: number) => Buffer.from(bytes.subarray((number - 1) * pageSize, number * pageSize));
  const template = new Map([[1, page(1)]]);
  const visit = (number: number, start: number): void => {
    const here = template.get(number);
    if (here?.[start] !== innerTable) return;
    const count = here.readUInt16BE(start + 3);
    const children = Array.from({ length: count }, (_, index) =>
      here.readUInt32BE(here.readUInt16BE(start + 12 + 2 * index)),
    );
    for (const child of [...children, here.readUInt32BE(start + 8)]) {
      template.set(child, page(child));
      visit(child, 0);
    }
  };
  visit(1, headerBytes);
  return template;
}

/** Makes a damaged copy readable: whole pages, a plain header in rollback mode, the right size, no free list. */
export function mendHeader(file: string, template: Template): void {
  const pages = Math.floor(nodeFs.statSync(file).size / pageSize);
  nodeFs.truncateSync(file, pages * pageSize);
  if (pages === 0) return;
  const handle = nodeFs.openSync(file, 'r+');
  try {
    const first = Buffer.alloc(pageSize);
    nodeFs.readSync(handle, first, 0, pageSize, 0);
    const isKnown = first.toString('latin1', 0, plainMagic.length) === plainMagic || isMaskedHeader(first);
    const isSane =
      isKnown &&
      first.readUInt16BE(16) === pageSize &&
      first[21] === 64 &&
      first[22] === 32 &&
      first[23] === 32 &&
      first.readUInt32BE(56) === 1;
    if (!isSane) template.get(1)?.copy(first, 0, 0, headerBytes);
    first.write(plainMagic, 0, 'latin1');
    first.fill(rollbackFormat, 18, 20);
    first.writeUInt32BE(pages, 28);
    first.fill(0, 32, 40);
    // SQLite trusts the size in the header only when these two numbers are equal.
    first.copy(first, 92, 24, 28);
    nodeFs.writeSync(handle, first, 0, pageSize, 0);
    const type = first[headerBytes];
    if (type === leafTable || type === innerTable) return;
  } finally {
    nodeFs.closeSync(handle);
  }
  mendSchema(file, template);
}

/** Replaces damaged schema pages by those of a new database. */
export function mendSchema(file: string, template: Template): void {
  const handle = nodeFs.openSync(file, 'r+');
  try {
    const { size } = nodeFs.fstatSync(handle);
    for (const [number, page] of template) {
      const from = number === 1 ? headerBytes : 0;
      if (number * pageSize <= size)
        nodeFs.writeSync(handle, page, from, pageSize - from, (number - 1) * pageSize + from);
    }
  } finally {
    nodeFs.closeSync(handle);
  }
}

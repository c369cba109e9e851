/**
 * Names what is wrong with a database file before anything is written to it: SQLite's own messages blame the program
 * or the disk for many kinds of damage, and takes an emptied file for a new one.
 */
import nodeFs from 'node:fs';
import { walSuffix } from '../../../protocol/data-folder';
import { MemoryError } from '../../../protocol/errors';
import type { SqlDriver } from './driver';
import type { FileCalls } from './file-calls';
import { frozenFile } from './frozen-file';
import { isMaskedHeader, isPlainFile, plainMagic } from './header';
import { tablesUpTo } from './migrate';
import type { DatabaseSchema } from './migrate';
import { hasTable } from './schema-of';
import type { SqliteEngine } from './sqlite';
import { readWhole } from './whole-file';

/**
 * `emptied`: nothing is in it, though backups or the like say that there was. `truncated`: pages at its end are missing.
 * `foreign`: a database of another program. `header`, `schema`: what describes the file is damaged. `pages`: a page
 * that was read is.
 */
export type DamageReason = 'emptied' | 'truncated' | 'foreign' | 'header' | 'schema' | 'pages';

const sentences: Readonly<Record<DamageReason, string>> = {
  emptied: 'the file is empty or gone, although there was a memory here',
  truncated: 'the end of the file is missing',
  foreign: 'the file is a database of another program',
  header: 'the first bytes of the file are damaged',
  schema: 'the description of the tables is damaged',
  pages: 'a page of the file is damaged',
};

export const damaged = (reason: DamageReason, detail = ''): MemoryError =>
  new MemoryError(
    'corrupt',
    `The memory database cannot be opened: ${sentences[reason]}${detail === '' ? '' : ` (${detail})`}.`,
    { reason },
  );

const pageSize = 4096;
const headerBytes = 100;
/** Reserved and fixed bytes of the header: page size, reserved space, payload fractions. */
const fixedBytes: readonly (readonly [at: number, value: number])[] = [
  [16, pageSize >> 8],
  [17, pageSize & 255],
  [20, 0],
  [21, 64],
  [22, 32],
  [23, 32],
];
const maxFormat = 2;
const maxSchemaFormat = 4;
const utf8 = 1;
/** A number further ahead was not written by a later version of the extension. */
const maxNewerVersions = 1000;

/**
 * Reads the header as it stands in the file. While a log beside it has pages, the first page may be torn and come
 * back from the log, so nothing is said then.
 * @throws MemoryError `corrupt`
 */
export function refuseDamagedHeader(file: string, fs: FileCalls = nodeFs): void {
  if ((readWhole(fs, file + walSuffix, 1)?.length ?? 0) > 0) return;
  const head = readWhole(fs, file, headerBytes);
  if (!head || head.length < headerBytes) return;
  if (!isMaskedHeader(head) && head.toString('latin1', 0, plainMagic.length) !== plainMagic) throw damaged('header');
  const isFixed = fixedBytes.every(([at, value]) => head[at] === value);
  const formats = [head[18] ?? 0, head[19] ?? 0];
  const schemaFormat = head.readUInt32BE(44);
  const encoding = head.readUInt32BE(56);
  if (
    !isFixed ||
    formats.some((format) => format < 1 || format > maxFormat) ||
    schemaFormat > maxSchemaFormat ||
    encoding > utf8 ||
    head.readInt32BE(60) < 0
  )
    throw damaged('header');
  // SQLite trusts the size in the header only when these two counters are equal.
  const pages = head.readUInt32BE(24) === head.readUInt32BE(92) ? head.readUInt32BE(28) : 0;
  if (nodeFs.statSync(file).size < pages * pageSize) throw damaged('truncated');
}

/**
 * Compares the version a file says it has with its tables, before a migration would run on tables that exist.
 * @throws MemoryError `corrupt`
 */
export function refuseForeign(driver: SqlDriver, schema: DatabaseSchema, version: number): void {
  const names = new Set(
    driver.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => name),
  );
  if (names.size === 0) {
    if (version !== 0) throw damaged('schema');
    return;
  }
  const isOurs = tablesUpTo(schema, 1).some((name) => names.has(name));
  if (!isOurs) throw damaged('foreign');
  const newest = schema.migrations.at(-1)?.version ?? 0;
  if (version <= 0 || version > newest + maxNewerVersions) throw damaged('header');
  if (version <= newest && tablesUpTo(schema, version).some((name) => !names.has(name))) throw damaged('schema');
}

/** True for a plain database without our tables. It keeps its own header: it is only set aside. */
export function isForeignFile(engine: SqliteEngine, file: string): boolean {
  if (!isPlainFile(file)) return false;
  const driver = engine.openFile(file, { fs: frozenFile(file) });
  try {
    return !hasTable(driver, 'tombstones');
  } finally {
    driver.close();
  }
}

/** Reads the first page of each table, so that a file without its pages is named when it is opened. */
export function readFirstPages(driver: SqlDriver): void {
  for (const { name } of driver.all<{ name: string }>(
    "SELECT name FROM sqlite_master WHERE type = 'table' AND rootpage > 0",
  ))
    driver.get(`SELECT * FROM "${name.replaceAll('"', '""')}" LIMIT 1`);
}

/** Messages of SQLite that mean damage and not a disk that fails or is full. */
const damageSigns: readonly (readonly [RegExp, DamageReason])[] = [
  [/not a database|encrypted|unsupported file format|readonly database/, 'header'],
  [/malformed database schema|vtable constructor failed|invalid rootpage|syntax error/, 'schema'],
  [/already exists|duplicate column|has no column|no such (?:table|column|index|module|collation)/, 'schema'],
  [/malformed|corrupt/, 'pages'],
];

/** Undefined when the message speaks of something else. */
export function damageIn(message: string): MemoryError | undefined {
  const reason = damageSigns.find(([sign]) => sign.test(message))?.[1];
  return reason && damaged(reason, message);
}

/**
 * Opens a copy of a damaged database as the version it was written by: its tables, and the pages they begin on, are not
 * those of the present version.
 */
import nodeFs from 'node:fs';
import { pageJournalSuffix, walSuffix } from '../../../protocol/data-folder';
import { openCopy } from '../backup/aside';
import type { SqlDriver } from '../sqlite/driver';
import { isMaskedHeader, plainMagic } from '../sqlite/header';
import { memorySchema, schemaVersion, tablesUpTo } from '../sqlite/migrate';
import { keyedNames } from '../sqlite/migrations/0006-keyed-names';
import { PageJournal } from '../sqlite/page-journal';
import type { SqliteEngine } from '../sqlite/sqlite';
import { readWal } from '../sqlite/wal-frames';
import { mendHeader, mendSchema } from './mend-header';
import type { Template } from './mend-header';

export interface OpenedDamaged {
  /** Undefined when no schema can be read even after it was replaced. */
  driver: SqlDriver | undefined;
  /** The version whose tables it has. */
  version: number;
  /** True when the schema was lost and another took its place. */
  isSchemaLost: boolean;
}

const pageSize = 4096;
const headerBytes = 100;
const versionAt = 60;
/** A salvage makes these anew, so their absence says nothing. */
export const remadeTables: ReadonlySet<string> = new Set(['documents', 'sources', 'vector_embeddings', 'fulltext']);

/** Merges the file and its journals into one plain file. */
export function copyWhole(file: string, work: string, platform: NodeJS.Platform): void {
  // Of an emptied or missing file only its log may be left.
  if (nodeFs.existsSync(file)) nodeFs.copyFileSync(file, work);
  else nodeFs.writeFileSync(work, '');
  nodeFs.chmodSync(work, 0o600);
  for (const suffix of [walSuffix, pageJournalSuffix])
    if (nodeFs.existsSync(file + suffix)) nodeFs.copyFileSync(file + suffix, work + suffix);
  if (nodeFs.existsSync(work + pageJournalSuffix)) {
    new PageJournal(work, platform).close();
    return;
  }
  const wal = nodeFs.existsSync(work + walSuffix)
    ? readWal(nodeFs.readFileSync(work + walSuffix), pageSize)
    : undefined;
  if (!wal) return;
  const handle = nodeFs.openSync(work, 'r+');
  try {
    for (const [number, content] of wal.pages) nodeFs.writeSync(handle, content, 0, pageSize, (number - 1) * pageSize);
  } finally {
    nodeFs.closeSync(handle);
  }
}

/** @param templateOf pages of a new database of a version */
export function openDamaged(
  engine: SqliteEngine,
  work: string,
  templateOf: (version: number) => Template,
): OpenedDamaged {
  const stated = statedVersion(work);
  const pages = templateOf(stated ?? schemaVersion);
  mendHeader(work, pages);
  const whole = openReadable(engine, work, stated ?? 1);
  if (whole) return { ...whole, isSchemaLost: false };
  mendSchema(work, pages);
  const mended = openReadable(engine, work, 1);
  return { driver: mended?.driver, version: mended?.version ?? schemaVersion, isSchemaLost: true };
}

/** The version in the header; undefined when there is none that could be true. */
function statedVersion(work: string): number | undefined {
  const first = Buffer.alloc(headerBytes);
  const handle = nodeFs.openSync(work, 'r');
  try {
    nodeFs.readSync(handle, first, 0, headerBytes, 0);
  } finally {
    nodeFs.closeSync(handle);
  }
  if (first.toString('latin1', 0, plainMagic.length) !== plainMagic && !isMaskedHeader(first)) return undefined;
  const version = first.readInt32BE(versionAt);
  return version >= 1 && version <= schemaVersion ? version : undefined;
}

/** Undefined unless the schema can be read and names all tables of version `least`. */
function openReadable(
  engine: SqliteEngine,
  work: string,
  least: number,
): { driver: SqlDriver; version: number } | undefined {
  let driver: SqlDriver | undefined;
  try {
    driver = openCopy(engine, work);
    driver.exec('PRAGMA cell_size_check = ON; PRAGMA query_only = ON;');
    const version = versionOf(driver);
    if (version >= (least === keyedNames.version ? least - 1 : least)) return { driver, version };
  } catch {
    // The return value says that it failed.
  }
  driver?.close();
  return undefined;
}

/**
 * Which version wrote it. Versions 5 and 6 added no table, and the header may be damaged: whether names of rows are keyed
 * tells them apart. Taken for keyed, plain names would never be recognised, and every row would be read again.
 */
function versionOf(driver: SqlDriver): number {
  const version = versionByTables(driver);
  return version === keyedNames.version && hasPlainNames(driver) ? version - 1 : version;
}

const hasPlainNames = (driver: SqlDriver): boolean =>
  ['prompts', 'observations'].some((table) => {
    try {
      return driver.get(`SELECT 1 FROM ${table} WHERE uid NOT GLOB '[a-z]:${'?'.repeat(22)}' LIMIT 1`) !== undefined;
    } catch {
      // A page of it cannot be read; the other table tells.
      return false;
    }
  });

/** The latest version of which every table is there; 0 when there is none. */
function versionByTables(driver: SqlDriver): number {
  const known = new Set(
    driver.all<{ name: string }>("SELECT name FROM sqlite_master WHERE type = 'table'").map(({ name }) => name),
  );
  const isThere = (version: number) =>
    tablesUpTo(memorySchema, version).every((name) => known.has(name) || remadeTables.has(name));
  return memorySchema.migrations.findLast(({ version }) => isThere(version))?.version ?? 0;
}

/**
 * Databases kept beside the live one: the one that a restore replaced, a damaged one, and the one that will replace the
 * live database at the next start.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import {
  asideSuffix,
  beforeRestoreName,
  damagedDatabaseName,
  nextDatabaseName,
  pageJournalSuffix,
  walSuffix,
} from '../../../protocol/data-folder';
import { removeDurably, renameDurably, sizeOfFile } from '../../lib/durable';
import type { SqlDriver } from '../sqlite/driver';
import { isMaskedFile } from '../sqlite/header';
import { logSuffixes } from '../sqlite/page-journal';
import type { SqliteEngine } from '../sqlite/sqlite';

/** A journal must move with its database: SQLite would apply it to any other database of that name and destroy it. */
const companions = [walSuffix, pageJournalSuffix] as const;

/** Absolute paths of the copies that are kept for a person. */
export function listAside(dataDir: string): string[] {
  return [beforeRestoreName, damagedDatabaseName]
    .map((name) => path.join(dataDir, name))
    .filter((file) => nodeFs.existsSync(file));
}

/** Bytes of a database and its journals; 0 when there is none. */
export const sizeWithJournals = (file: string): number =>
  ['', ...companions].reduce((sum, suffix) => sum + sizeOfFile(file + suffix), 0);

/** Renames a database with its journals. After a crash in the middle, calling it again finishes the move. */
export function moveDatabase(from: string, to: string): void {
  if (nodeFs.existsSync(from)) renameDurably(from, to);
  for (const suffix of companions) if (nodeFs.existsSync(from + suffix)) renameDurably(from + suffix, to + suffix);
}

/**
 * Deletes logs that were set aside because they belonged to another database: forgotten text cannot be erased inside
 * them.
 */
export function removeLogsAside(dataDir: string): void {
  for (const name of nodeFs.readdirSync(dataDir))
    if (logSuffixes.some((suffix) => name.endsWith(suffix + asideSuffix))) removeDurably(path.join(dataDir, name));
}

/**
 * Deletes what a failed or killed restore or repair left behind. A whole `archive.next.db` stays, because the repair
 * continues from it. A `memory.next.db` that was a live database before (masked, or taken from aside) is not a copy, so
 * it moves back to its place.
 */
export function removeLeftovers(dataDir: string, isFromAside = false): void {
  const [next, before] = [path.join(dataDir, nextDatabaseName), path.join(dataDir, beforeRestoreName)] as const;
  if ((isFromAside || isMaskedFile(next)) && !nodeFs.existsSync(before)) moveDatabase(next, before);
  for (const name of nodeFs.readdirSync(dataDir))
    if (/^memory\.next\.db|^archive\.next\.db\.tmp/.test(name)) removeDurably(path.join(dataDir, name));
}

export function removeDatabase(file: string): void {
  // `-journal` and `-wal` belong to plain databases; they contain old pages.
  for (const suffix of ['', ...companions, '-journal', '-wal']) removeDurably(file + suffix);
}

/**
 * Opens a database that was live once, with its masked header and its log. The caller must be the only user of the
 * file.
 */
export function openAside(engine: SqliteEngine, file: string): SqlDriver {
  const driver = engine.openFile(file, { isMasked: true });
  try {
    driver.exec(
      'PRAGMA locking_mode = EXCLUSIVE; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;',
    );
    driver.all('SELECT 1 FROM sqlite_master LIMIT 1');
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

/** Opens a plain copy that this code made and that nothing else has open. */
export function openCopy(engine: SqliteEngine, file: string): SqlDriver {
  const driver = engine.openFile(file);
  try {
    // A journal file would contain the text that is being erased, so the journal is kept in memory.
    driver.all('PRAGMA journal_mode = MEMORY');
    driver.exec('PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;');
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

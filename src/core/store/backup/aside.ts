/** Databases beside the live one: the one a restore replaced, a damaged one, one that waits to take its place. */
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

/** Journals belong to their database: one that meets another database destroys it. */
const companions = [walSuffix, pageJournalSuffix] as const;

/** Copies kept for a person, whole paths. */
export function listAside(dataDir: string): string[] {
  return [beforeRestoreName, damagedDatabaseName]
    .map((name) => path.join(dataDir, name))
    .filter((file) => nodeFs.existsSync(file));
}

/** Bytes of a database and its journals; 0 when there is none. */
export const sizeWithJournals = (file: string): number =>
  ['', ...companions].reduce((sum, suffix) => sum + sizeOfFile(file + suffix), 0);

/** A database with its journals to another name. Cut short, it is finished by doing it again. */
export function moveDatabase(from: string, to: string): void {
  if (nodeFs.existsSync(from)) renameDurably(from, to);
  for (const suffix of companions) if (nodeFs.existsSync(from + suffix)) renameDurably(from + suffix, to + suffix);
}

/** Logs that were found beside another database than theirs. Nobody can erase in them. */
export function removeLogsAside(dataDir: string): void {
  for (const name of nodeFs.readdirSync(dataDir))
    if (logSuffixes.some((suffix) => name.endsWith(suffix + asideSuffix))) removeDurably(path.join(dataDir, name));
}

/**
 * What a failed or killed restore or repair left. A whole `archive.next.db` stays: that one is gone on from. A next
 * database that was live once, or comes from aside, is no copy of anything: it goes back to where it was.
 */
export function removeLeftovers(dataDir: string, isFromAside = false): void {
  const [next, before] = [path.join(dataDir, nextDatabaseName), path.join(dataDir, beforeRestoreName)] as const;
  if ((isFromAside || isMaskedFile(next)) && !nodeFs.existsSync(before)) moveDatabase(next, before);
  for (const name of nodeFs.readdirSync(dataDir))
    if (/^memory\.next\.db|^archive\.next\.db\.tmp/.test(name)) removeDurably(path.join(dataDir, name));
}

export function removeDatabase(file: string): void {
  // A plain one has a rollback journal, which holds old pages.
  for (const suffix of ['', ...companions, '-journal', '-wal']) removeDurably(file + suffix);
}

/** One that was live once: masked, with its log. Whoever calls has it alone. */
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

/** A plain one of our own making that nobody else has open. */
export function openCopy(engine: SqliteEngine, file: string): SqlDriver {
  const driver = engine.openFile(file);
  try {
    // The journal in memory: a file of it would hold what is being erased.
    driver.all('PRAGMA journal_mode = MEMORY');
    driver.exec('PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA foreign_keys = ON;');
    return driver;
  } catch (error) {
    driver.close();
    throw error;
  }
}

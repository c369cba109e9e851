/**
 * Opens the database of a data folder: self-test, settings, migrations. Falls back to the page journal where the disk
 * layer fails.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { asideSuffix, databaseName, pageJournalSuffix, selfTestName } from '../../protocol/data-folder';
import { MemoryError } from '../../protocol/errors';
import { sizeOfFile } from '../lib/durable';
import { backUpBefore } from './backup/before-migration';
import { wasThereBefore } from './backup/beside';
import { damageIn, damaged, readFirstPages, refuseDamagedHeader, refuseForeign } from './sqlite/damage';
import type { SqlDriver } from './sqlite/driver';
import type { FileCalls } from './sqlite/file-calls';
import { frozenFile } from './sqlite/frozen-file';
import { isPlainDatabase, isPlainFile, maskPlainFile } from './sqlite/header';
import { memorySchema, migrate, refuseNewer } from './sqlite/migrate';
import type { DatabaseSchema } from './sqlite/migrate';
import { newFileSettings } from './sqlite/new-file';
import { PageJournal, logSuffixes } from './sqlite/page-journal';
import { schemaVersionOf } from './sqlite/schema-of';
import { autoCheckpointPages } from './sqlite/sqlite';
import type { SqliteEngine } from './sqlite/sqlite';
import { isThere, readWhole } from './sqlite/whole-file';

export interface OpenedDatabase {
  driver: SqlDriver;
  /** Why the fallback is in use; undefined when it is not. */
  fallbackReason?: string;
  close: () => void;
}

export interface OpenDatabaseOptions {
  engine: SqliteEngine;
  dataDir: string;
  /** Version of the extension: the self-test runs once for each. */
  version: string;
  /** File name and migrations; memory.db when absent. */
  schema?: DatabaseSchema;
  /** Epoch milliseconds, for the name of a backup before a migration. */
  now?: number;
  /** For tests: file calls that fail. */
  fs?: FileCalls;
}

/**
 * @throws MemoryError `corrupt` for a file that is no database, `too_new` for one of a later version, `internal` for a
 * disk that fails.
 */
export function openDatabase(options: OpenDatabaseOptions): OpenedDatabase {
  return explained(() => {
    nodeFs.mkdirSync(options.dataDir, { recursive: true, mode: 0o700 });
    refuseReadOnly(path.join(options.dataDir, (options.schema ?? memorySchema).fileName));
    refuseEmptied(options);
    refuseBroken(options);
    const failure = trustedFailure(options);
    return failure === undefined ? openOnDisk(options) : openAsImage(options, failure);
  });
}

/** Opens the database page by page on its file. */
export function openOnDisk(options: OpenDatabaseOptions): OpenedDatabase {
  const { engine, dataDir, schema = memorySchema, fs = nodeFs } = options;
  const file = path.join(dataDir, schema.fileName);
  setLogsAside(fs, file);
  // An earlier start used the fallback: its journal has pages that are not in the file yet, and the header is plain.
  if (isThere(fs, file + pageJournalSuffix)) new PageJournal(file, engine.files.platform, fs).close();
  maskPlainFile(file, fs);
  const driver = prepared(options, () => engine.openFile(file, { isMasked: true, fs }));
  return { driver, close: () => driver.close() };
}

/** Opens the fallback: the database in memory, its changed pages in a journal. */
export function openAsImage(options: OpenDatabaseOptions, fallbackReason: string): OpenedDatabase {
  const { engine, dataDir, schema = memorySchema, fs = nodeFs } = options;
  const file = path.join(dataDir, schema.fileName);
  setLogsAside(fs, file);
  const journal = new PageJournal(file, engine.files.platform, fs);
  try {
    const driver = prepared(options, () => engine.openImage(file, journal), true);
    const close = () => {
      try {
        driver.close();
      } finally {
        journal.close();
      }
    };
    return { driver, fallbackReason, close };
  } catch (error) {
    journal.abandon();
    throw error;
  }
}

/**
 * A plain database beside our logs means that the file was replaced, for example by a backup after a crash. Applying
 * the logs would damage it and deleting them could lose data, so they are renamed.
 */
function setLogsAside(fs: FileCalls, file: string): void {
  if (isThere(fs, file + pageJournalSuffix)) return;
  const head = readWhole(fs, file, 24);
  if (head && head.length > 0 && !isPlainDatabase(head)) return;
  for (const suffix of logSuffixes)
    if (isThere(fs, file + suffix)) fs.renameSync(file + suffix, file + suffix + asideSuffix);
}

function prepared(
  { engine, dataDir, version, schema = memorySchema, now = 0 }: OpenDatabaseOptions,
  open: () => SqlDriver,
  isImage = false,
): SqlDriver {
  let opened: SqlDriver | undefined;
  try {
    const driver = open();
    opened = driver;
    driver.exec('PRAGMA locking_mode = EXCLUSIVE;');
    refuseForeign(driver, schema, schemaVersionOf(driver));
    refuseNewer(driver, schema);
    // An image has no file for a rollback journal, so the journal moves to memory before the first write.
    if (isImage) driver.all('PRAGMA journal_mode = MEMORY');
    // Setting them again would change an existing file.
    if (driver.get('SELECT 1 FROM sqlite_master LIMIT 1') === undefined) driver.exec(newFileSettings);
    if (!isImage) driver.all('PRAGMA journal_mode = WAL');
    driver.exec(
      'PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA ' +
        'secure_delete = ON; PRAGMA cache_size = -16000;',
    );
    driver.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages};`);
    // The archive is backed up by its mirror. A copy of it in the list of backups could be restored in place of the
    // memory.
    const isMemory = schema.fileName === databaseName;
    migrate(
      driver,
      schema,
      () =>
        isMemory && backUpBefore(driver, { engine, dataDir, file: path.join(dataDir, schema.fileName), version, now }),
    );
    readFirstPages(driver);
    return driver;
  } catch (error) {
    closeBroken(opened);
    throw error;
  }
}

/** SQLite opens a read-only file without an error and then fails at every write. */
function refuseReadOnly(file: string): void {
  try {
    nodeFs.accessSync(file, nodeFs.constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      throw new MemoryError('locked', `The memory file cannot be written (${code}).`, { reason: 'read_only' });
  }
}

/**
 * SQLite takes an empty file for a new database. Then everything that was forgotten would be read again, and what a
 * person wrote would be missing without a word.
 */
function refuseEmptied({ dataDir, schema = memorySchema }: OpenDatabaseOptions): void {
  if (schema.fileName !== databaseName) return;
  const file = path.join(dataDir, schema.fileName);
  if (sizeOfFile(file) > 0 || sizeOfFile(file + pageJournalSuffix) > 0) return;
  if (wasThereBefore(dataDir)) throw damaged('emptied');
}

/** Looks at the file before its header is masked and its logs are moved. */
function refuseBroken({ engine, dataDir, schema = memorySchema }: OpenDatabaseOptions): void {
  const file = path.join(dataDir, schema.fileName);
  if (sizeOfFile(file) === 0 || sizeOfFile(file + pageJournalSuffix) > 0) return;
  // The header of a foreign database must stay as it is, so it is read before ours takes its place.
  if (isPlainFile(file)) {
    const driver = engine.openFile(file, { fs: frozenFile(file) });
    try {
      refuseForeign(driver, schema, schemaVersionOf(driver));
    } finally {
      closeBroken(driver);
    }
  }
  refuseDamagedHeader(file);
}

/** Runs `open` and turns its errors into MemoryError. */
function explained<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof MemoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    // A full or forbidden disk is not a damaged file; the person must read another message.
    throw damageIn(reason) ?? new MemoryError('internal', `The memory database cannot be opened: ${reason}`);
  }
}

/**
 * Undefined when the disk layer is known to work in this folder, else why it does not. The result is remembered per
 * version.
 */
function trustedFailure({ engine, dataDir, version, fs }: OpenDatabaseOptions): string | undefined {
  const mark = path.join(dataDir, selfTestName);
  try {
    const known = JSON.parse(nodeFs.readFileSync(mark, 'utf8')) as { version: string; isOk: boolean };
    if (known.version === version && known.isOk) return undefined;
  } catch {
    // No mark yet, or an unreadable one: run the test now.
  }
  const failure = selfTest(engine, dataDir, fs);
  try {
    if (failure === undefined) nodeFs.writeFileSync(mark, JSON.stringify({ version, isOk: true }), { mode: 0o600 });
  } catch {
    // The disk is full: the test runs again at the next start.
  }
  return failure;
}

/** Proves that pages, fsync and unlink of this build reach this disk. Undefined when they do, else what failed. */
export function selfTest(engine: SqliteEngine, folder: string, fs?: FileCalls): string | undefined {
  const file = path.join(folder, 'self-test.db');
  const clean = () => {
    for (const suffix of ['', '-wal', '-journal']) nodeFs.rmSync(file + suffix, { force: true });
  };
  let first: SqlDriver | undefined;
  let second: SqlDriver | undefined;
  try {
    clean();
    const options = fs ? { fs } : {};
    first = engine.openFile(file, options);
    first.exec('PRAGMA locking_mode = EXCLUSIVE;');
    first.all('PRAGMA journal_mode = WAL');
    first.exec('PRAGMA synchronous = FULL; CREATE TABLE t (a);');
    const syncsBefore = engine.files.syncs;
    first.run('INSERT INTO t VALUES (42)');
    const isOnDisk = nodeFs.existsSync(`${file}-wal`) && nodeFs.statSync(`${file}-wal`).size > 4096;
    const isSynced = engine.files.syncs > syncsBefore;
    first.close();
    first = undefined;
    if (!isOnDisk) return 'written pages did not reach the disk';
    if (!isSynced) return 'a commit was not flushed to the disk';
    if (nodeFs.readFileSync(file).subarray(0, 15).toString('latin1') !== 'SQLite format 3')
      return 'the file on the disk is not a database';
    if (nodeFs.existsSync(`${file}-wal`)) return 'the journal was not removed';
    second = engine.openFile(file, options);
    const value = second.get<{ a: number }>('SELECT a FROM t')?.a;
    const check = second.get<{ integrity_check: string }>('PRAGMA integrity_check')?.integrity_check;
    second.close();
    second = undefined;
    return value === 42 && check === 'ok' ? undefined : 'what was written was not read back';
  } catch (error) {
    return error instanceof Error ? error.message : String(error);
  } finally {
    for (const each of [first, second]) closeBroken(each);
    clean();
  }
}

/** A database on a failing disk may fail to close as well; its file handles are closed all the same. */
function closeBroken(driver: SqlDriver | undefined): void {
  try {
    driver?.close();
  } catch {}
}

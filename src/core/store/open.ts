/**
 * Opens the database of a data folder: self-test, settings, migrations; the page journal where the disk layer fails.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { asideSuffix, databaseName, pageJournalSuffix, selfTestName } from '../../protocol/data-folder';
import { MemoryError } from '../../protocol/errors';
import { backUpBefore } from './backup/before-migration';
import type { FileCalls } from './sqlite/disk-files';
import type { SqlDriver } from './sqlite/driver';
import { isPlainDatabase, maskPlainFile } from './sqlite/header';
import { memorySchema, migrate, refuseNewer } from './sqlite/migrate';
import type { DatabaseSchema } from './sqlite/migrate';
import { PageJournal, logSuffixes } from './sqlite/page-journal';
import { autoCheckpointPages } from './sqlite/sqlite';
import type { SqliteEngine } from './sqlite/sqlite';
import { isThere, readWhole } from './sqlite/whole-file';

export interface OpenedDatabase {
  driver: SqlDriver;
  /** Why the fallback is in use, if it is. */
  fallbackReason?: string;
  close: () => void;
}

export interface OpenDatabaseOptions {
  engine: SqliteEngine;
  dataDir: string;
  /** Changes with every release, so that the self-test runs once for each. */
  version: string;
  /** Which file of the folder, and its tables; memory.db when absent. */
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
    const failure = trustedFailure(options);
    return failure === undefined ? openOnDisk(options) : openAsImage(options, failure);
  });
}

/** The database page by page on its file. */
export function openOnDisk(options: OpenDatabaseOptions): OpenedDatabase {
  const { engine, dataDir, schema = memorySchema, fs = nodeFs } = options;
  const file = path.join(dataDir, schema.fileName);
  setLogsAside(fs, file);
  // What the fallback left on a bad day: pages not yet in the file, and a plain header.
  if (isThere(fs, file + pageJournalSuffix)) new PageJournal(file, engine.files.platform, fs).close();
  maskPlainFile(file, fs);
  const driver = prepared(options, () => engine.openFile(file, { isMasked: true, fs }));
  return { driver, close: () => driver.close() };
}

/** The fallback: the database in memory, its changed pages in a journal. */
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
 * A plain database beside logs of ours: somebody put another file in the place of the one they belong to, say a backup
 * after a crash. To apply them would damage it, to delete them might lose something: they get another name.
 */
function setLogsAside(fs: FileCalls, file: string): void {
  if (isThere(fs, file + pageJournalSuffix)) return;
  const head = readWhole(fs, file, 24);
  if (head && head.length > 0 && !isPlainDatabase(head)) return;
  for (const suffix of logSuffixes)
    if (isThere(fs, file + suffix)) fs.renameSync(file + suffix, file + suffix + asideSuffix);
}

/** These work only before the first table. */
const newFileSettings = 'PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL;';

/** Settings of a database that is filled at once and flushed at the end, alone in its thread. */
export function prepareNewFile(driver: SqlDriver): void {
  driver.exec(newFileSettings);
  driver.all('PRAGMA journal_mode = MEMORY');
  driver.exec(
    'PRAGMA synchronous = OFF; PRAGMA temp_store = MEMORY; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000;',
  );
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
    refuseNewer(driver, schema);
    // An image has no files for a rollback journal, so this comes before anything is written.
    if (isImage) driver.all('PRAGMA journal_mode = MEMORY');
    // Writing them again would change the file.
    if (driver.get('SELECT 1 FROM sqlite_master LIMIT 1') === undefined) driver.exec(newFileSettings);
    if (!isImage) driver.all('PRAGMA journal_mode = WAL');
    driver.exec(
      'PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000;',
    );
    driver.exec(`PRAGMA wal_autocheckpoint = ${autoCheckpointPages};`);
    // Of the archive its mirror is the backup; a copy of it, listed among those of memory, could be restored in their
    // place.
    const isMemory = schema.fileName === databaseName;
    migrate(
      driver,
      schema,
      () =>
        isMemory && backUpBefore(driver, { engine, dataDir, file: path.join(dataDir, schema.fileName), version, now }),
    );
    return driver;
  } catch (error) {
    closeBroken(opened);
    throw error;
  }
}

/** SQLite would open it all the same and fail at every write. */
function refuseReadOnly(file: string): void {
  try {
    nodeFs.accessSync(file, nodeFs.constants.W_OK);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code !== 'ENOENT')
      throw new MemoryError('locked', `The memory file cannot be written (${code}).`, { reason: 'read_only' });
  }
}

/** Runs `open` and says what a failure means. */
function explained<T>(open: () => T): T {
  try {
    return open();
  } catch (error) {
    if (error instanceof MemoryError) throw error;
    const reason = error instanceof Error ? error.message : String(error);
    // A full or forbidden disk is not a damaged file, and the person is told something else.
    throw new MemoryError(
      /malformed|not a database|corrupt|encrypted/.test(reason) ? 'corrupt' : 'internal',
      `The memory database cannot be opened: ${reason}`,
    );
  }
}

/** Undefined when the disk layer is known to work here, else why not. Remembered per version. */
function trustedFailure({ engine, dataDir, version, fs }: OpenDatabaseOptions): string | undefined {
  const mark = path.join(dataDir, selfTestName);
  try {
    const known = JSON.parse(nodeFs.readFileSync(mark, 'utf8')) as { version: string; isOk: boolean };
    if (known.version === version && known.isOk) return undefined;
  } catch {
    // No mark yet, or a broken one: test now.
  }
  const failure = selfTest(engine, dataDir, fs);
  try {
    if (failure === undefined) nodeFs.writeFileSync(mark, JSON.stringify({ version, isOk: true }), { mode: 0o600 });
  } catch {
    // A full disk: the test runs again at the next start.
  }
  return failure;
}

/**
 * Proves that pages, fsync and unlink really reach this disk with this build. Undefined when they do, else what failed.
 */
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

/** A database on a disk that fails may fail to close as well; its handles go all the same. */
function closeBroken(driver: SqlDriver | undefined): void {
  try {
    driver?.close();
  } catch {}
}

/**
 * Makes a backup before a migration. No other process has the database open at that moment, so the file can be copied
 * as it is. The backup is not compressed, because the start must not wait and the backup is deleted in a week or two.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { MemoryError } from '../../../protocol/errors';
import { flushFile, sizeOfFile, unfinished } from '../../lib/durable';
import { checkDatabase } from '../sqlite/check';
import type { SqlDriver } from '../sqlite/driver';
import { schemaVersionOf } from '../sqlite/schema-of';
import type { SqliteEngine } from '../sqlite/sqlite';
import { counts } from '../tables/counts';
import type { Counts } from '../tables/counts';
import { openCopy } from './aside';
import { backupsOf, hashFile, nameBackup, saveManifest } from './files';
import type { BackupManifest } from './files';
import { makePlain, checkpointToFile } from './plain-copy';

/**
 * @throws MemoryError `corrupt` when the copy is damaged, `internal` when it cannot be written: the caller must not
 * migrate then
 */
export function backUpBefore(
  driver: SqlDriver,
  {
    engine,
    dataDir,
    file,
    version,
    now,
  }: { engine: SqliteEngine; dataDir: string; file: string; version: string; now: number },
): BackupManifest {
  const folder = backupsOf(dataDir);
  const name = nameBackup(folder, now, 'before_migration');
  const copy = path.join(folder, `${name}.db${unfinished}`);
  try {
    nodeFs.mkdirSync(folder, { recursive: true, mode: 0o700 });
    checkpointToFile(driver, file);
    nodeFs.copyFileSync(file, copy, nodeFs.constants.COPYFILE_FICLONE);
    nodeFs.chmodSync(copy, 0o600);
    makePlain(copy);
    flushFile(copy);
    const opened = openCopy(engine, copy);
    const { problems, rows } = checkDatabase(opened);
    const schemaVersion = schemaVersionOf(opened);
    const counted = countsOf(opened);
    opened.close();
    if (problems.length > 0)
      throw new MemoryError('corrupt', `The memory is damaged and is not brought up to date: ${problems[0]}`);
    const packed = `${name}.db`;
    const sha256 = hashFile(copy);
    nodeFs.renameSync(copy, path.join(folder, packed));
    const bytes = sizeOfFile(path.join(folder, packed));
    const manifest: BackupManifest = {
      name,
      kind: 'before_migration',
      at: now,
      bytes,
      plainBytes: bytes,
      sha256,
      plainSha256: sha256,
      file: packed,
      packing: 'none',
      schemaVersion,
      extensionVersion: version,
      counts: counted,
      rows,
    };
    saveManifest(dataDir, manifest);
    return manifest;
  } catch (error) {
    if (MemoryError.is(error)) throw error;
    throw new MemoryError(
      'internal',
      'The memory could not be backed up before its update ' +
        `(${(error as NodeJS.ErrnoException).code ?? 'unknown reason'}), so it was left as it is.`,
    );
  } finally {
    if (nodeFs.existsSync(copy)) nodeFs.rmSync(copy);
  }
}

/** An older schema may lack the tables that are counted; the backup is then listed without numbers. */
function countsOf(driver: SqlDriver): Omit<Counts, 'projects'> {
  try {
    const { sessions, prompts, observations, learnings } = counts(driver);
    return { sessions, prompts, observations, learnings };
  } catch {
    return { sessions: 0, prompts: 0, observations: 0, learnings: 0 };
  }
}

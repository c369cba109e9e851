/** Reads the live files of memory and archive from another thread, while checkpoints are held. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { archiveName, databaseName, walSuffix } from '../../protocol/data-folder';
import type { Clock } from '../lib/clock';
import { sizeOfFile } from '../lib/durable';
import type { Log } from '../lib/log';
import { checkpointToFile } from '../store/backup/plain-copy';
import type { SqlDriver } from '../store/sqlite/driver';
import { buriedOf } from '../store/tables/forget';
import type { ScanResult, ScanTask } from './scan-files';
import { changeCareState, readCareState } from './state';
import type { RunCareTask } from './tasks';

export interface LiveFilePorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  clock: Clock;
  log: Log;
  run: RunCareTask;
}

/**
 * A check of the live file is given up when the journal grows beyond this, because it cannot be checkpointed meanwhile.
 */
const maxJournalBytes = 512 << 20;

export const archiveFileOf = (dataDir: string): string => path.join(dataDir, archiveName);
const hasArchive = (dataDir: string) => nodeFs.existsSync(archiveFileOf(dataDir));

/** Runs `work` on the file while checkpoints are held. Its signal aborts when the journal grows too long. */
async function whileUnchanged<T>(
  driver: SqlDriver,
  file: string,
  signal: AbortSignal,
  work: (still: AbortSignal) => Promise<T>,
): Promise<T> {
  const release = driver.holdCheckpoints();
  const giveUp = new AbortController();
  const guard = setInterval(() => sizeOfFile(file + walSuffix) > maxJournalBytes && giveUp.abort(), 1000);
  try {
    return await work(AbortSignal.any([signal, giveUp.signal]));
  } finally {
    clearInterval(guard);
    release();
  }
}

/** Updates the copy of the archive beside the backups. Does nothing when the archive has not changed. */
export async function mirrorArchive(ports: LiveFilePorts, signal: AbortSignal): Promise<void> {
  const { driver, archive, dataDir, clock, log, run } = ports;
  if (archive?.kind !== 'disk' || !hasArchive(dataDir)) return;
  const file = archiveFileOf(dataDir);
  const source = checkpointToFile(archive, file);
  const { lastArchiveSource } = readCareState(dataDir);
  if (lastArchiveSource?.size === source.size && lastArchiveSource.mtimeMs === source.mtimeMs) return;
  const { files, blocks, damaged } = await whileUnchanged(archive, file, signal, (still) =>
    run('mirrorArchive', { dataDir, forgotten: buriedOf(driver) }, still),
  );
  changeCareState(dataDir, () => ({
    lastArchiveSource: source,
    ...(damaged > 0 && {
      lastCheck: { at: clock.now(), problems: [`${damaged} parts of the archive are damaged`] },
    }),
  }));
  log.info(`care: archive mirrored, ${files} files, ${blocks} blocks, ${damaged} damaged`);
}

/** Looks for pieces of erased texts in all files, the live ones as they stand on the disk. */
export async function scanLive(
  { driver, archive, dataDir, run }: LiveFilePorts,
  task: Omit<ScanTask, 'dataDir'>,
  signal: AbortSignal,
): Promise<ScanResult> {
  const work = (still: AbortSignal) => run('scanFiles', { dataDir, ...task }, still);
  if (driver.kind !== 'disk') return work(signal);
  const file = path.join(dataDir, databaseName);
  checkpointToFile(driver, file);
  if (archive?.kind !== 'disk' || !hasArchive(dataDir)) return whileUnchanged(driver, file, signal, work);
  const archiveFile = archiveFileOf(dataDir);
  checkpointToFile(archive, archiveFile);
  return whileUnchanged(driver, file, signal, (still) => whileUnchanged(archive, archiveFile, still, work));
}

/** Checks the whole memory and the archive and stores the problems found. */
export async function checkLive(ports: LiveFilePorts, signal: AbortSignal): Promise<void> {
  const { driver, archive, dataDir, clock, log, run } = ports;
  // Only a database on disk can be checked from another thread. With the fallback, backups are checked.
  if (driver.kind !== 'disk') return;
  const file = path.join(dataDir, databaseName);
  checkpointToFile(driver, file);
  const { problems } = await whileUnchanged(driver, file, signal, (still) => run('checkLive', { file }, still));
  if (archive?.kind === 'disk' && hasArchive(dataDir)) {
    const archiveFile = archiveFileOf(dataDir);
    checkpointToFile(archive, archiveFile);
    const checked = await whileUnchanged(archive, archiveFile, signal, (still) =>
      run('checkLive', { file: archiveFile, isArchive: true }, still),
    );
    problems.push(...checked.problems);
  }
  changeCareState(dataDir, () => ({ lastCheck: { at: clock.now(), problems } }));
  if (problems.length > 0) log.error(`care: the memory is damaged in ${problems.length} places`);
}

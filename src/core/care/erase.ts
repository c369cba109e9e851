/** Erases what was forgotten from everything except the live memory: backups, copies, the archive's mirror. */
import path from 'node:path';
import { beforeRestoreName, damagedDatabaseName, nextDatabaseName } from '../../protocol/data-folder';
import type { Log } from '../lib/log';
import { removeFlatFiles } from '../meaning/flat-file';
import { removeDatabase, removeLeftovers, removeLogsAside } from '../store/backup/aside';
import { addTombstones } from '../store/backup/beside';
import type { SqlDriver } from '../store/sqlite/driver';
import { buriedOf } from '../store/tables/forget';
import type { Tombstone } from '../store/tables/forget';
import { removeArchiveCopies } from './archive-tasks';
import { removeAllBackups } from './backups';
import { archiveFileOf } from './live-file';
import { changeCareState, noteDropped, readCareState } from './state';
import type { RunCareTask } from './tasks';

/** What to erase: some sessions and projects, the archive, or everything. */
export type Erasure = { kind: 'some'; tombstones: readonly Tombstone[] } | { kind: 'archive' } | { kind: 'everything' };

export interface ErasePorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  log: Log;
  run: RunCareTask;
}

/** Written before anything is erased, so that after a crash the next keeper finishes it. */
export function noteErasure(dataDir: string, what: Erasure): void {
  if (what.kind === 'some') addTombstones(dataDir, what.tombstones);
  changeCareState(dataDir, ({ unforgotten }) => {
    if (what.kind === 'some') return { unforgotten: [...unforgotten, ...what.tombstones] };
    return what.kind === 'archive' ? { mustEmptyArchive: true } : { mustDeleteAll: true };
  });
}

/** Erases in the backups what the memory has forgotten, including erasures that an earlier keeper did not finish. */
export async function eraseForgotten(ports: ErasePorts, signal: AbortSignal): Promise<void> {
  const { driver, dataDir, log, run } = ports;
  const { unforgotten, mustDeleteAll } = readCareState(dataDir);
  if (mustDeleteAll === true) eraseEverything(ports);
  if (unforgotten.length === 0) return;
  noteDropped(dataDir, 'others');
  removeLogsAside(dataDir);
  await run('forgetInMirror', { dataDir, forgotten: buriedOf(driver) }, signal);
  const { rewritten, removed } = await run('forgetInBackups', { dataDir, tombstones: unforgotten }, signal);
  const done = new Set(unforgotten.map((each) => JSON.stringify(each)));
  changeCareState(dataDir, (state) => ({
    unforgotten: state.unforgotten.filter((each) => !done.has(JSON.stringify(each))),
  }));
  log.info(`care: forgotten in ${rewritten} backups, ${removed} removed`);
}

/**
 * Deletes all copies of the archive. The live one is empty already, unless it could not be opened; then its file is
 * deleted too.
 */
export function eraseArchiveCopies({ archive, dataDir }: ErasePorts): void {
  removeArchiveCopies(dataDir);
  if (!archive) removeDatabase(archiveFileOf(dataDir));
  changeCareState(dataDir, () => ({ mustEmptyArchive: false }));
}

/** Deletes all backups and copies. */
export function eraseEverything(ports: ErasePorts): void {
  const { dataDir } = ports;
  removeAllBackups(dataDir);
  noteDropped(dataDir, 'others');
  eraseArchiveCopies(ports);
  removeLogsAside(dataDir);
  for (const name of [beforeRestoreName, damagedDatabaseName, nextDatabaseName])
    removeDatabase(path.join(dataDir, name));
  removeLeftovers(dataDir);
  removeFlatFiles(dataDir);
  changeCareState(dataDir, () => ({
    unforgotten: [],
    mustDeleteAll: false,
    lastFullAt: 0,
    lastWrittenAt: 0,
    lastWrittenHash: '',
    requests: {},
  }));
}

/** Copies set aside by a restore or repair, kept for some time. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { beforeRestoreName, damagedArchiveName, damagedDatabaseName } from '../../protocol/data-folder';
import { dayMs } from '../lib/clock';
import { removeDatabase, sizeWithJournals } from '../store/backup/aside';

const names = [beforeRestoreName, damagedDatabaseName, damagedArchiveName] as const;
const keptMs = 30 * dayMs;

/** Deletes copies older than 30 days. @param now epoch milliseconds */
export function removeOldCopies(dataDir: string, now: number): void {
  for (const name of names) {
    const file = path.join(dataDir, name);
    const stat = nodeFs.statSync(file, { throwIfNoEntry: false });
    // ctime is the time of the rename; mtime may be much older.
    if (stat && now - stat.ctimeMs > keptMs) removeDatabase(file);
  }
}

/** In bytes. */
export const sizeOfCopies = (dataDir: string): number =>
  names.reduce((sum, name) => sum + sizeWithJournals(path.join(dataDir, name)), 0);

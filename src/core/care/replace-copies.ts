/**
 * After texts were redacted anew, their copies still hold them as they were: a backup is made of what is there now, and
 * what was made before goes.
 */
import path from 'node:path';
import { damagedArchiveName } from '../../protocol/data-folder';
import { listAside, removeDatabase, removeLogsAside } from '../store/backup/aside';
import { listManifests, removeBackup } from '../store/backup/files';
import { mirrorOf } from './archive-tasks';
import { backUpWhole, backUpWritten } from './backups';
import type { BackupPorts } from './backups';
import { mirrorArchive } from './live-file';
import type { LiveFilePorts } from './live-file';
import { changeCareState, noteDropped } from './state';

/** Returns the number of backups that were removed. Nothing is removed when the new one cannot be made. */
export async function replaceCopies(ports: BackupPorts & LiveFilePorts, signal: AbortSignal): Promise<number> {
  const { dataDir } = ports;
  const before = listManifests(dataDir);
  const whole = await backUpWhole(ports, 'scheduled', signal);
  // Without the hash of the last one, what a person wrote is saved even when it is the same.
  changeCareState(dataDir, () => ({ lastWrittenHash: '' }));
  const written = backUpWritten(ports);
  const kept = new Set([whole?.name, written?.name]);
  const old = before.filter(({ name }) => !kept.has(name));
  for (const manifest of old) removeBackup(dataDir, manifest);
  noteDropped(dataDir, 'others');
  for (const file of [...listAside(dataDir), path.join(dataDir, damagedArchiveName), mirrorOf(dataDir)])
    removeDatabase(file);
  removeLogsAside(dataDir);
  // The mirror is made anew, although the archive may be what was mirrored last.
  changeCareState(dataDir, () => ({ lastArchiveSource: { size: 0, mtimeMs: 0 } }));
  await mirrorArchive(ports, signal);
  return old.length;
}

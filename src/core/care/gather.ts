/** Collects the facts for a diagnosis. */
import { createHash } from 'node:crypto';
import nodeFs from 'node:fs';
import { statfs } from 'node:fs/promises';
import path from 'node:path';
import { beforeRestoreName, databaseName } from '../../protocol/data-folder';
import type { MemoryStatus } from '../../protocol/status';
import type { SqlDriver } from '../store/sqlite/driver';
import { readHealth } from '../store/tables/health';
import type { OwnFacts } from './facts';

export async function gatherFacts(
  driver: SqlDriver,
  status: MemoryStatus,
  machine: string,
  meaning: OwnFacts['meaning'],
  { links, folders, now, passedOver }: Pick<OwnFacts, 'links' | 'folders' | 'passedOver'> & { now: number },
): Promise<Omit<OwnFacts, 'idleExcludes' | 'redaction'>> {
  const {
    dataDir,
    extensionVersion,
    schemaVersion,
    protocolVersion,
    keeperPid,
    sessions,
    learnings,
    lastCaptureAt,
    capture,
    warnings,
    sizes,
  } = status;
  return {
    extensionVersion,
    schemaVersion,
    protocolVersion,
    driver: status.driver,
    keeperPid,
    sessions,
    learnings,
    lastCaptureAt,
    capture,
    warnings,
    sizes,
    machine,
    meaning,
    redactions: status.ledger.redactions,
    restrictions: status.restrictions ?? [],
    archive: status.archive,
    links,
    folders,
    health: readHealth(driver, now),
    diskFree: await freeBytes(dataDir),
    isReadableByOthers: isReadableByOthers(path.join(dataDir, databaseName)),
    passedOver,
    hasUndo: nodeFs.existsSync(path.join(dataDir, beforeRestoreName)),
    folderHash: createHash('sha256').update(dataDir).digest('hex').slice(0, 8),
  };
}

/** Free bytes on the disk of a folder; undefined when unknown. */
export async function freeBytes(folder: string): Promise<number | undefined> {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    return undefined;
  }
}

/** Windows has no such permission bits and always reports all of them. */
function isReadableByOthers(file: string): boolean {
  if (path.sep === '\\') return false;
  return ((nodeFs.statSync(file, { throwIfNoEntry: false })?.mode ?? 0) & 0o077) !== 0;
}

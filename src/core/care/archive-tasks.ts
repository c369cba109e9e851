/** The archive's share of care: its mirror beside the backups, and a new one from what is left of a damaged one. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { SessionId } from '../../protocol/model';
import { flushFile, renameDurably, unfinished } from '../lib/durable';
import { archiveSchema, forgetArchived } from '../store/archive';
import { absorbArchive, openPlainArchive } from '../store/archive-copy';
import type { AbsorbReport } from '../store/archive-copy';
import { moveDatabase, openAside, removeDatabase } from '../store/aside';
import { backupsOf } from '../store/backup-files';
import { checkDatabase } from '../store/check';
import { maskPlainFile } from '../store/header';
import type { SqlDriver } from '../store/driver';
import { frozenFile } from '../store/frozen-file';
import type { SqliteEngine } from '../store/sqlite';

/** What a repair of the archive replaced. */
export const damagedArchiveName = 'archive.damaged.db';
const nextArchiveName = 'archive.next.db';

const liveOf = (dataDir: string): string => path.join(dataDir, archiveSchema.fileName);
export const mirrorOf = (dataDir: string): string => path.join(backupsOf(dataDir), archiveSchema.fileName);

/** Brings the mirror up to the live archive, which stays as it is meanwhile, and takes out what was forgotten. */
export function mirrorArchive(engine: SqliteEngine, { dataDir, forgotten }: { dataDir: string; forgotten: SessionId[] }, signal?: AbortSignal): AbsorbReport {
  nodeFs.mkdirSync(backupsOf(dataDir), { recursive: true, mode: 0o700 });
  const live = engine.openFile(liveOf(dataDir), { isMasked: true, fs: frozenFile(liveOf(dataDir)) });
  try {
    const mirror = openMirror(engine, mirrorOf(dataDir));
    try {
      const report = absorbArchive(live, mirror, signal);
      forgetArchived(mirror, forgotten);
      return report;
    } finally {
      mirror.close();
    }
  } finally {
    live.close();
    // Nobody can erase in a damaged file: once something is forgotten it goes.
    if (forgotten.length > 0) removeDatabase(path.join(dataDir, damagedArchiveName));
  }
}

/**
 * When the archive is damaged or gone: a new one from all of it that can be read and from the mirror. To be called while nobody
 * has it open. The damaged one is kept aside. Undefined when there was nothing to do.
 */
export function mendArchive(engine: SqliteEngine, { dataDir }: { dataDir: string }): AbsorbReport | undefined {
  finishMending(dataDir);
  const live = liveOf(dataDir);
  if (nodeFs.existsSync(live) ? isWhole(engine, live) : !nodeFs.existsSync(mirrorOf(dataDir))) return undefined;
  const next = path.join(dataDir, nextArchiveName);
  removeDatabase(next + unfinished);
  const report: AbsorbReport = { files: 0, blocks: 0, damaged: 0 };
  const into = openPlainArchive(engine, next + unfinished);
  try {
    for (const open of [() => openAside(engine, live), () => openMirror(engine, mirrorOf(dataDir))]) add(report, absorbFrom(open, into));
  } finally {
    into.close();
  }
  flushFile(next + unfinished);
  // From here on the new one is whole: a start that is cut short goes on from it.
  renameDurably(next + unfinished, next);
  finishMending(dataDir);
  return report;
}

function finishMending(dataDir: string): void {
  const next = path.join(dataDir, nextArchiveName);
  if (!nodeFs.existsSync(next)) return;
  const damaged = path.join(dataDir, damagedArchiveName);
  if (nodeFs.existsSync(liveOf(dataDir))) {
    removeDatabase(damaged);
    moveDatabase(liveOf(dataDir), damaged);
  }
  moveDatabase(next, liveOf(dataDir));
}

export function removeArchiveCopies(dataDir: string): void {
  for (const file of [mirrorOf(dataDir), path.join(dataDir, damagedArchiveName), path.join(dataDir, nextArchiveName)]) removeDatabase(file);
}

function isWhole(engine: SqliteEngine, file: string): boolean {
  let driver: SqlDriver | undefined;
  try {
    maskPlainFile(file);
    driver = openAside(engine, file);
    return checkDatabase(driver).problems.length === 0;
  } catch {
    return false;
  } finally {
    closeQuietly(driver);
  }
}

function absorbFrom(open: () => SqlDriver, into: SqlDriver): AbsorbReport {
  let from: SqlDriver | undefined;
  try {
    from = open();
    return absorbArchive(from, into);
  } catch {
    // Not there, or no database any more: the other one has to do.
    return { files: 0, blocks: 0, damaged: 1 };
  } finally {
    closeQuietly(from);
  }
}

/** A mirror that cannot be read is made anew from the live archive. */
function openMirror(engine: SqliteEngine, file: string): SqlDriver {
  try {
    return openPlainArchive(engine, file);
  } catch {
    removeDatabase(file);
    return openPlainArchive(engine, file);
  }
}

function add(into: AbsorbReport, from: AbsorbReport): void {
  into.files += from.files;
  into.blocks += from.blocks;
  into.damaged += from.damaged;
}

function closeQuietly(driver: SqlDriver | undefined): void {
  try {
    driver?.close();
  } catch {}
}

/** Care for the archive: its mirror beside the backups, and a new archive from a damaged one. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { damagedArchiveName, nextArchiveName } from '../../protocol/data-folder';
import { flushFile, renameDurably, unfinished } from '../lib/durable';
import { archiveSchema, forgetArchived } from '../store/archive/archive';
import type { Buried } from '../store/archive/archive';
import { countDamagedBlocks } from '../store/archive/blocks';
import { absorbArchive, openPlainArchive } from '../store/archive/copy';
import type { AbsorbReport } from '../store/archive/copy';
import { moveDatabase, openAside, removeDatabase } from '../store/backup/aside';
import { backupsOf } from '../store/backup/files';
import { checkDatabase } from '../store/sqlite/check';
import type { SqlDriver } from '../store/sqlite/driver';
import { frozenFile } from '../store/sqlite/frozen-file';
import { maskPlainFile } from '../store/sqlite/header';
import type { SqliteEngine } from '../store/sqlite/sqlite';

const liveOf = (dataDir: string): string => path.join(dataDir, archiveSchema.fileName);
export const mirrorOf = (dataDir: string): string => path.join(backupsOf(dataDir), archiveSchema.fileName);

/**
 * Copies what is new in the live archive to the mirror, and erases forgotten sessions from the mirror. The live archive
 * must not change meanwhile.
 */
export function mirrorArchive(
  engine: SqliteEngine,
  { dataDir, forgotten }: MirrorTask,
  signal?: AbortSignal,
): AbsorbReport {
  nodeFs.mkdirSync(backupsOf(dataDir), { recursive: true, mode: 0o700 });
  const live = engine.openFile(liveOf(dataDir), { isMasked: true, fs: frozenFile(liveOf(dataDir)) });
  try {
    return changeMirror(engine, dataDir, (mirror) => {
      const report = absorbArchive(live, mirror, { signal });
      forgetArchived(mirror, forgotten);
      return report;
    });
  } finally {
    live.close();
  }
}

export interface MirrorTask {
  dataDir: string;
  forgotten: Buried;
}

/** Erases forgotten sessions from the mirror, even when there is no live archive to copy from. */
export function forgetInMirror(engine: SqliteEngine, { dataDir, forgotten }: MirrorTask): void {
  // Text cannot be erased inside a damaged file, so the file is deleted once something is forgotten.
  removeDatabase(path.join(dataDir, damagedArchiveName));
  if (nodeFs.existsSync(mirrorOf(dataDir)))
    changeMirror(engine, dataDir, (mirror) => forgetArchived(mirror, forgotten));
}

/** A damaged mirror is replaced: its content is unknown, and the live archive has everything. */
function changeMirror<T>(engine: SqliteEngine, dataDir: string, work: (mirror: SqlDriver) => T): T {
  const file = mirrorOf(dataDir);
  const once = (): T => {
    const mirror = openPlainArchive(engine, file);
    try {
      return work(mirror);
    } finally {
      closeQuietly(mirror);
    }
  };
  try {
    return once();
  } catch (error) {
    if (!isDamage(error)) throw error;
    removeDatabase(file);
    return once();
  }
}

/** True for damage of the file; false for a full disk or a mirror of a newer version. */
const isDamage = (error: unknown): boolean =>
  /malformed|not a database|corrupt/i.test(error instanceof Error ? error.message : String(error));

/**
 * When the archive is damaged or missing: makes a new one from its readable parts and the mirror. Nobody may have it
 * open. The damaged one is kept aside. Undefined when nothing was wrong.
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
    const mirror = tryOpen(() =>
      nodeFs.existsSync(mirrorOf(dataDir)) ? openPlainArchive(engine, mirrorOf(dataDir)) : undefined,
    );
    const damaged = tryOpen(() => (nodeFs.existsSync(live) ? openAside(engine, live) : undefined));
    try {
      if (damaged)
        add(
          report,
          attempt(() => absorbArchive(damaged, into, { spare: mirror })),
        );
      if (mirror)
        add(
          report,
          attempt(() => absorbArchive(mirror, into)),
        );
    } finally {
      for (const each of [damaged, mirror]) closeQuietly(each);
    }
  } finally {
    into.close();
  }
  flushFile(next + unfinished);
  // From here on the new archive is complete; an interrupted start continues from it.
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
  for (const file of [mirrorOf(dataDir), path.join(dataDir, damagedArchiveName), path.join(dataDir, nextArchiveName)])
    removeDatabase(file);
}

function isWhole(engine: SqliteEngine, file: string): boolean {
  let driver: SqlDriver | undefined;
  try {
    maskPlainFile(file);
    driver = openAside(engine, file);
    return checkDatabase(driver).problems.length === 0 && countDamagedBlocks(driver) === 0;
  } catch {
    return false;
  } finally {
    closeQuietly(driver);
  }
}

/** Undefined when the file is missing or not a database; the other source is used alone then. */
function tryOpen(open: () => SqlDriver | undefined): SqlDriver | undefined {
  try {
    return open();
  } catch {
    return undefined;
  }
}

function attempt(absorb: () => AbsorbReport): AbsorbReport {
  try {
    return absorb();
  } catch {
    return { files: 0, blocks: 0, damaged: 1 };
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

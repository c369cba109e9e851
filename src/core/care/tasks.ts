/** Long tasks on copies: they run in a thread of their own and never write the live file. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { MemoryError } from '../../protocol/errors';
import type { OwnPattern } from '../../protocol/redaction';
import { indexText } from '../index/tokenize';
import { removeDurably, renameDurably, unfinished } from '../lib/durable';
import type { OtherMemory } from '../portable/portable';
import { countDamagedBlocks } from '../store/archive/blocks';
import type { AbsorbReport } from '../store/archive/copy';
import { listAside, openAside, openCopy, removeDatabase } from '../store/backup/aside';
import {
  backupsOf,
  findManifest,
  listManifests,
  packFile,
  readWrittenBackup,
  removeBackup,
  saveManifest,
  saveWrittenBackup,
  unpackBackup,
} from '../store/backup/files';
import type { BackupManifest } from '../store/backup/files';
import { dropForgotten } from '../store/backup/written';
import type { Written } from '../store/backup/written';
import { salvage } from '../store/repair/salvage';
import type { SalvageReport } from '../store/repair/salvage';
import { checkDatabase } from '../store/sqlite/check';
import type { CheckResult } from '../store/sqlite/check';
import type { SqlDriver } from '../store/sqlite/driver';
import { frozenFile } from '../store/sqlite/frozen-file';
import { isPlainFile } from '../store/sqlite/header';
import { schemaVersion } from '../store/sqlite/migrate';
import { schemaVersionOf } from '../store/sqlite/schema-of';
import type { SqliteEngine } from '../store/sqlite/sqlite';
import { counts } from '../store/tables/counts';
import { defineTokens } from '../store/tables/documents';
import { forgetAgain, notYetForgotten } from '../store/tables/forget';
import type { Tombstone } from '../store/tables/forget';
import { emptyVectors } from '../store/tables/vectors';
import { forgetInMirror, mendArchive, mirrorArchive } from './archive-tasks';
import type { MirrorTask } from './archive-tasks';
import { exportOther } from './export-other';
import { judgePatterns } from './judge-patterns';
import type { Verdict } from './judge-patterns';
import { scanFiles } from './scan-files';
import type { ScanResult, ScanTask } from './scan-files';
import { copyOut } from './second/copy-out';
import type { CopyOutResult, CopyOutTask } from './second/copy-out';

/** What is known about a backup before its copy is checked and compressed. */
type BackupDraft = Pick<BackupManifest, 'name' | 'kind' | 'at' | 'extensionVersion' | 'counts' | 'source'>;

export interface CareTasks {
  /**
   * Checks a plain copy, compresses it, reads it back and lists it. Undefined when it equals the backup with the hash
   * `sameAs`.
   */
  finishBackup: {
    task: { dataDir: string; copy: string; draft: BackupDraft; sameAs?: string };
    result: BackupManifest | undefined;
  };
  /** Erases what the memory forgot in every backup and in files set aside. */
  forgetInBackups: {
    task: { dataDir: string; tombstones: Tombstone[] };
    result: { rewritten: number; removed: number };
  };
  /** Checks a whole database file, which must not change meanwhile. */
  checkLive: { task: { file: string; isArchive?: boolean }; result: CheckResult };
  /** Decompresses a backup to `target` and checks it. */
  unpack: { task: { dataDir: string; name: string; target: string }; result: void };
  /** Copies all readable rows of a damaged database to a new one at `target`. */
  salvage: { task: { dataDir: string; file: string; target: string; now: number }; result: SalvageReport };
  /** Updates the mirror of the archive and erases what was forgotten. */
  mirrorArchive: { task: MirrorTask; result: AbsorbReport };
  /** Only erases in the mirror. */
  forgetInMirror: { task: MirrorTask; result: void };
  /** Judges patterns of a person's own rules, which may take seconds for each. */
  judgePatterns: { task: { patterns: OwnPattern[] }; result: Verdict[] };
  /** Looks for pieces of erased texts in every byte of the data folder. The live files must not change meanwhile. */
  scanFiles: { task: ScanTask; result: ScanResult };
  /** Another memory as an export; answers the folder of it. */
  exportOther: { task: OtherMemory; result: string };
  /** Makes a second backup folder the same as the first. */
  copyOut: { task: CopyOutTask; result: CopyOutResult };
  /** Makes a new archive when it is damaged or missing, before it is opened. Undefined when nothing was wrong. */
  mendArchive: { task: { dataDir: string }; result: AbsorbReport | undefined };
}
export type CareTaskName = keyof CareTasks;

/** Runs a task in the thread. */
export type RunCareTask = <Name extends CareTaskName>(
  name: Name,
  task: CareTasks[Name]['task'],
  signal?: AbortSignal,
) => Promise<CareTasks[Name]['result']>;

/** Runs tasks without a thread; used in the thread and in tests. */
export function createCareTasks(engine: SqliteEngine): RunCareTask {
  const tasks: {
    [Name in CareTaskName]: (task: CareTasks[Name]['task'], signal?: AbortSignal) => Promise<CareTasks[Name]['result']>;
  } = {
    finishBackup: (task, signal) => finishBackup(engine, task, signal),
    forgetInBackups: (task, signal) => forgetInBackups(engine, task, signal),
    checkLive: async ({ file, isArchive = false }) =>
      withDriver(
        () => engine.openFile(file, { isMasked: !isPlainFile(file), fs: frozenFile(file) }),
        (driver) => {
          const result = checkDatabase(driver);
          const damaged = isArchive && result.problems.length === 0 ? countDamagedBlocks(driver) : 0;
          return damaged === 0 ? result : { ...result, problems: [`${damaged} blocks of the archive are damaged`] };
        },
      ),
    unpack: (task, signal) => unpack(engine, task, signal),
    mirrorArchive: async (task, signal) => mirrorArchive(engine, task, signal),
    forgetInMirror: async (task) => forgetInMirror(engine, task),
    scanFiles: (task) => scanFiles(engine, task),
    copyOut: async (task) => copyOut(task),
    mendArchive: async (task) => mendArchive(engine, task),
    judgePatterns: ({ patterns }) => judgePatterns(patterns),
    exportOther: (task, signal) => exportOther(engine, task, signal),
    salvage: async ({ dataDir, file, target, now }) => salvage(engine, { dataDir, file, target, now, indexText }),
  };
  return (name, task, signal) => tasks[name](task, signal);
}

async function finishBackup(
  engine: SqliteEngine,
  { dataDir, copy, draft, sameAs }: CareTasks['finishBackup']['task'],
  signal?: AbortSignal,
): Promise<BackupManifest | undefined> {
  try {
    const { check, version, counted } = withDriver(() => openCopy(engine, copy), checkAndEmpty);
    if (check.problems.length > 0)
      throw new MemoryError('corrupt', `The copy is damaged: ${check.problems[0]}`, { problems: check.problems });
    if (
      counted.prompts !== draft.counts.prompts ||
      counted.sessions !== draft.counts.sessions ||
      counted.learnings !== draft.counts.learnings
    )
      throw new MemoryError('corrupt', 'The copy does not hold what was copied.');
    const file = `${draft.name}.db.gz`;
    const packed = await packFile(copy, path.join(backupsOf(dataDir), file), signal);
    if (packed.plainSha256 === sameAs) {
      removeDurably(path.join(backupsOf(dataDir), file));
      return undefined;
    }
    const manifest: BackupManifest = {
      ...draft,
      ...packed,
      schemaVersion: version,
      file,
      packing: 'gzip',
      rows: check.rows,
    };
    // Read back from disk: a backup that cannot be decompressed is useless.
    await unpackBackup(dataDir, manifest, copy, signal);
    saveManifest(dataDir, manifest);
    return manifest;
  } finally {
    nodeFs.rmSync(copy, { force: true });
  }
}

/**
 * Vectors can be computed again from the texts, so they are removed to save space. They are checked like the rest
 * before.
 */
function checkAndEmpty(copy: SqlDriver): { check: CheckResult; version: number; counted: ReturnType<typeof counts> } {
  const whole = checkDatabase(copy);
  const check = whole.problems.length === 0 && emptyVectors(copy) ? checkDatabase(copy) : whole;
  return { check, version: schemaVersionOf(copy), counted: counts(copy) };
}

async function unpack(
  engine: SqliteEngine,
  { dataDir, name, target }: CareTasks['unpack']['task'],
  signal?: AbortSignal,
): Promise<void> {
  const manifest = findManifest(dataDir, name);
  if (manifest.schemaVersion > schemaVersion)
    throw new MemoryError('too_new', 'This backup was written by a newer version. Update the extension.', { name });
  const next = target + unfinished;
  try {
    await unpackBackup(dataDir, manifest, next, signal);
    const { problems, rows } = withDriver(() => openCopy(engine, next), checkDatabase);
    const differs = Object.entries(manifest.rows).find(([table, count]) => rows[table] !== count);
    if (problems.length > 0 || differs)
      throw new MemoryError(
        'corrupt',
        `The backup is damaged: ${problems[0] ?? `rows of ${differs?.[0]} are missing`}`,
        { name },
      );
    renameDurably(next, target);
  } finally {
    nodeFs.rmSync(next, { force: true });
  }
}

/**
 * Decompresses each backup, erases in it, checks it, compresses it under a new name and replaces its manifest. An
 * interrupted run is repeated. A backup that cannot be opened is deleted, because its content is unknown.
 */
async function forgetInBackups(
  engine: SqliteEngine,
  { dataDir, tombstones }: CareTasks['forgetInBackups']['task'],
  signal?: AbortSignal,
): Promise<{ rewritten: number; removed: number }> {
  const done = { rewritten: 0, removed: 0 };
  for (const manifest of listManifests(dataDir)) {
    if (manifest.kind === 'written') {
      if (forgetInWritten(dataDir, manifest, tombstones)) done.rewritten++;
      continue;
    }
    try {
      if (await eraseInBackup(engine, dataDir, manifest, tombstones, signal)) done.rewritten++;
    } catch (error) {
      if (signal?.aborted || !MemoryError.is(error, 'corrupt')) throw error;
      removeBackup(dataDir, manifest);
      done.removed++;
    }
  }
  done.removed += eraseAside(engine, dataDir, tombstones);
  return done;
}

/** Only marks and found learnings belong to a session. False when none was of a forgotten one. */
function forgetInWritten(dataDir: string, manifest: BackupManifest, tombstones: readonly Tombstone[]): boolean {
  const written = readWrittenBackup<Written>(dataDir, manifest);
  const left = written && dropForgotten(written, tombstones);
  if (!left) return false;
  const { name, kind, at, schemaVersion: version, extensionVersion, counts: counted } = manifest;
  saveWrittenBackup(
    dataDir,
    JSON.stringify(left),
    { name, kind, at, schemaVersion: version, extensionVersion, counts: counted },
    nextRound(manifest, 'json'),
  );
  return true;
}

/** A number for each rewrite, so that the old file stays complete until the new manifest exists. */
const nextRound = ({ name, file }: BackupManifest, extension: 'db' | 'json'): string =>
  `${name}.r${Number(/\.r(\d+)\.\w+\.gz$/.exec(file)?.[1] ?? 0) + 1}.${extension}.gz`;

async function eraseInBackup(
  engine: SqliteEngine,
  dataDir: string,
  manifest: BackupManifest,
  tombstones: readonly Tombstone[],
  signal?: AbortSignal,
): Promise<boolean> {
  const copy = path.join(backupsOf(dataDir), `${manifest.name}.db${unfinished}`);
  try {
    await unpackBackup(dataDir, manifest, copy, signal);
    const after = withDriver(
      () => openCopy(engine, copy),
      (driver) => {
        if (!forgetMissing(driver, tombstones)) return undefined;
        return { ...checkDatabase(driver), counts: counts(driver) };
      },
    );
    if (!after) return false;
    if (after.problems.length > 0) throw new MemoryError('corrupt', 'The backup is damaged.', { name: manifest.name });
    const { sessions, prompts, observations, learnings } = after.counts;
    const file = nextRound(manifest, 'db');
    const packed = await packFile(copy, path.join(backupsOf(dataDir), file), signal);
    const { source: _, ...rest } = manifest;
    saveManifest(dataDir, {
      ...rest,
      ...packed,
      file,
      packing: 'gzip',
      rows: after.rows,
      counts: { sessions, prompts, observations, learnings },
    });
    return true;
  } finally {
    nodeFs.rmSync(copy, { force: true });
  }
}

/** False when this database has forgotten all of it already. */
function forgetMissing(driver: SqlDriver, tombstones: readonly Tombstone[]): boolean {
  defineTokens(driver, indexText);
  const missing = notYetForgotten(driver, tombstones);
  if (missing.length > 0) forgetAgain(driver, missing);
  return missing.length > 0;
}

/** Erases in copies that a restore set aside; a damaged one is deleted. */
function eraseAside(engine: SqliteEngine, dataDir: string, tombstones: readonly Tombstone[]): number {
  let removed = 0;
  for (const aside of listAside(dataDir)) {
    try {
      withDriver(
        () => openAside(engine, aside),
        (driver) => forgetMissing(driver, tombstones),
      );
    } catch {
      removeDatabase(aside);
      removed++;
    }
  }
  return removed;
}

function withDriver<T>(open: () => SqlDriver, work: (driver: SqlDriver) => T): T {
  let driver: SqlDriver | undefined;
  try {
    driver = open();
    return work(driver);
  } catch (error) {
    // sql.js throws plain errors and strings; a file that is not a database counts as damaged.
    if (MemoryError.is(error)) throw error;
    throw new MemoryError('corrupt', error instanceof Error ? error.message : String(error));
  } finally {
    try {
      driver?.close();
    } catch {
      // A damaged file may fail to close; the result stays valid.
    }
  }
}

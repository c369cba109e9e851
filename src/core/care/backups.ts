/** Makes backups and deletes old ones. The caller must run one task at a time. */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { BackupKind } from '../../protocol/care';
import { databaseName } from '../../protocol/data-folder';
import type { Clock } from '../lib/clock';
import { unfinished } from '../lib/durable';
import { backupsOf, hashOf, listManifests, nameBackup, removeBackup, saveWrittenBackup } from '../store/backup/files';
import type { BackupManifest } from '../store/backup/files';
import { copyLive, checkpointToFile } from '../store/backup/plain-copy';
import { isUntouched, readWritten } from '../store/backup/written';
import type { SqlDriver } from '../store/sqlite/driver';
import { schemaVersion } from '../store/sqlite/migrate';
import { counts } from '../store/tables/counts';
import { prune } from './kept-backups';
import { changeCareState, noteDropped, readCareState } from './state';
import type { RunCareTask } from './tasks';

export interface BackupPorts {
  driver: SqlDriver;
  dataDir: string;
  clock: Clock;
  /** Version of the extension. */
  version: string;
  run: RunCareTask;
}

/** A complete backup; returns the newest one when nothing has changed since. */
export async function backUpWhole(
  ports: BackupPorts,
  kind: Exclude<BackupKind, 'written'>,
  signal?: AbortSignal,
): Promise<BackupManifest | undefined> {
  const { driver, dataDir, clock, version, run } = ports;
  const file = path.join(dataDir, databaseName);
  const newest = listManifests(dataDir).find((each) => each.kind !== 'written');
  const source = checkpointToFile(driver, file);
  const { lastSource } = readCareState(dataDir);
  if (newest && lastSource?.size === source.size && lastSource.mtimeMs === source.mtimeMs) {
    changeCareState(dataDir, () => ({ lastFullAt: clock.now() }));
    return newest;
  }
  const folder = backupsOf(dataDir);
  nodeFs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  const at = clock.now();
  const name = nameBackup(folder, at, kind);
  const copy = path.join(folder, `${name}.db${unfinished}`);
  const { sessions, prompts, observations, learnings } = counts(driver);
  try {
    const copied = await copyLive(driver, file, copy, { ...(signal && { signal }) });
    const draft = {
      name,
      kind,
      at,
      extensionVersion: version,
      counts: { sessions, prompts, observations, learnings },
      source: copied,
    };
    const made = await run(
      'finishBackup',
      { dataDir, copy, draft, ...(newest && { sameAs: newest.plainSha256 }) },
      signal,
    );
    changeCareState(dataDir, () => ({
      lastFailure: undefined,
      failures: 0,
      lastFullAt: at,
      lastSource: copied,
      lastCheck: { at, problems: [] },
    }));
    return made ?? newest;
  } finally {
    nodeFs.rmSync(copy, { force: true });
  }
}

/** A backup of what a person wrote, forgot and set, as JSON. Undefined when it is unchanged or empty. */
export function backUpWritten(ports: BackupPorts): BackupManifest | undefined {
  const { driver, dataDir, clock } = ports;
  const written = readWritten(driver);
  // The same content gives the same text, so its hash shows whether anything changed.
  const content = JSON.stringify(written);
  const at = clock.now();
  const hash = hashOf(content);
  const isSame = readCareState(dataDir).lastWrittenHash === hash;
  const made = isSame || isUntouched(written) ? undefined : saveWritten(ports, content, at);
  // Noted after writing, so that a failed backup is made again.
  changeCareState(dataDir, () => ({ lastWrittenAt: at, lastWrittenHash: hash }));
  return made;
}

function saveWritten({ driver, dataDir, version }: BackupPorts, content: string, at: number): BackupManifest {
  const { sessions, prompts, observations, learnings } = counts(driver);
  const folder = backupsOf(dataDir);
  nodeFs.mkdirSync(folder, { recursive: true, mode: 0o700 });
  return saveWrittenBackup(dataDir, content, {
    name: nameBackup(folder, at, 'written'),
    kind: 'written',
    at,
    schemaVersion,
    extensionVersion: version,
    counts: { sessions, prompts, observations, learnings },
  });
}

/** @param cap highest total size of all backups in bytes */
export function pruneBackups(dataDir: string, now: number, cap: number): string[] {
  const all = listManifests(dataDir);
  const names = new Set(prune(all, now, cap));
  for (const manifest of all) if (names.has(manifest.name)) removeBackup(dataDir, manifest);
  noteDropped(dataDir, [...names]);
  return [...names];
}

export function removeAllBackups(dataDir: string): void {
  nodeFs.rmSync(backupsOf(dataDir), { recursive: true, force: true });
}

/**
 * A small file beside the memory with what must outlive it: which sessions and projects are forgotten, how far the memory
 * had got, and its salt. When the memory is lost, emptied or replaced by an older file, what was forgotten stays
 * forgotten; when its salt is lost to damage, rows are still recognised by names that were keyed with it.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import {
  archiveName,
  backupFolder,
  beforeRestoreName,
  besideFileName,
  careFileName,
} from '../../../protocol/data-folder';
import { readJson, sizeOfFile, writeDurably } from '../../lib/durable';
import type { Row, SqlDriver } from '../sqlite/driver';
import { markPlainRoots } from '../tables/buried-roots';
import { getConfiguration, saltKey } from '../tables/configuration';
import { forgetAgain, notYetForgotten } from '../tables/forget';
import type { Tombstone } from '../tables/forget';

export interface Beside {
  /** Sum of the ids given out, which never falls; 0 when unknown. */
  idsGiven: number;
  tombstones: Tombstone[];
  /** Empty when unknown. */
  salt: string;
}

const fileOf = (dataDir: string) => path.join(dataDir, besideFileName);

export function readBeside(dataDir: string): Beside {
  const found = readJson<Partial<Beside>>(fileOf(dataDir));
  return {
    idsGiven: Number.isSafeInteger(found?.idsGiven) ? (found?.idsGiven ?? 0) : 0,
    tombstones: Array.isArray(found?.tombstones) ? found.tombstones.filter(isTombstone) : [],
    salt: typeof found?.salt === 'string' ? found.salt : '',
  };
}

const isTombstone = (value: unknown): value is Tombstone => {
  const { kind, target, at } = (value ?? {}) as Partial<Tombstone>;
  return (
    (kind === 'session' || kind === 'project' || kind === 'everything') &&
    typeof target === 'string' &&
    typeof at === 'number'
  );
};

function changeBeside(dataDir: string, change: (beside: Beside) => Partial<Beside>): void {
  const before = readBeside(dataDir);
  const next = { ...before, ...change(before) };
  if (JSON.stringify(next) !== JSON.stringify(before) || !nodeFs.existsSync(fileOf(dataDir)))
    writeDurably(fileOf(dataDir), JSON.stringify(next));
}

/** Written before anything is erased: a memory that is lost in between forgets all the same. */
export const addTombstones = (dataDir: string, added: readonly Tombstone[]): void =>
  changeBeside(dataDir, ({ tombstones }) => ({ tombstones: [...tombstones, ...added] }));

/** The database was replaced on purpose: how far the former one had got says nothing about it. */
export function startAnew(dataDir: string): void {
  if (nodeFs.existsSync(fileOf(dataDir))) changeBeside(dataDir, () => ({ idsGiven: 0 }));
}

/** Brings the file to what the memory knows. Call it after forgetting, after a backup and at the end. */
export function noteBeside(driver: SqlDriver, dataDir: string): void {
  const tombstones = driver.all<Tombstone & Row>('SELECT kind, target, at FROM tombstones ORDER BY kind, target');
  changeBeside(dataDir, ({ idsGiven, salt }) => ({
    tombstones,
    idsGiven: Math.max(idsGiven, givenBy(driver)),
    salt: getConfiguration<string>(driver, saltKey) ?? salt,
  }));
}

/**
 * Forgets in the memory what the file says is forgotten. Returns true when the memory is older than the file, as after
 * a copy of it was put back by hand.
 */
export function catchUp(driver: SqlDriver, dataDir: string): { forgotten: number; isOlder: boolean } {
  const { tombstones, idsGiven } = readBeside(dataDir);
  markPlainRoots(driver);
  const missing = notYetForgotten(driver, tombstones);
  const isOlder = idsGiven > givenBy(driver);
  if (missing.length > 0) forgetAgain(driver, missing);
  // The next start compares with this file and not with the one that is gone.
  if (isOlder) startAnew(dataDir);
  noteBeside(driver, dataDir);
  return { forgotten: missing.length, isOlder };
}

const givenBy = (driver: SqlDriver): number =>
  driver.get<{ n: number | null }>('SELECT sum(seq) AS n FROM sqlite_sequence')?.n ?? 0;

/** True when something beside an empty or missing database says that there was a memory with content. */
export function wasThereBefore(dataDir: string): boolean {
  const { tombstones, idsGiven } = readBeside(dataDir);
  return (
    tombstones.length > 0 ||
    idsGiven > 0 ||
    sizeOfFile(path.join(dataDir, archiveName)) > 0 ||
    sizeOfFile(path.join(dataDir, beforeRestoreName)) > 0 ||
    nodeFs.existsSync(path.join(dataDir, careFileName)) ||
    hasFiles(path.join(dataDir, backupFolder))
  );
}

const hasFiles = (folder: string): boolean => nodeFs.existsSync(folder) && nodeFs.readdirSync(folder).length > 0;

/**
 * A restore, its undo or a repair, done by the next keeper under the lock and before it opens the memory. A marker file
 * says what to do; after every step an interrupted start can continue.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import type { CareKind, CareOutcome, CareWish } from '../../protocol/care';
import {
  beforeRestoreName,
  damagedDatabaseName,
  databaseName,
  erasedFileName,
  nextDatabaseName,
  pageJournalSuffix,
  wishFileName,
} from '../../protocol/data-folder';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { indexText } from '../index/tokenize';
import type { Clock } from '../lib/clock';
import { readJson, removeDurably, sizeOfFile, writeDurably } from '../lib/durable';
import type { Log } from '../lib/log';
import { moveDatabase, openAside, openCopy, removeDatabase, removeLeftovers } from '../store/backup/aside';
import { startAnew, wasThereBefore } from '../store/backup/beside';
import { mergeWritten, readWritten } from '../store/backup/written';
import type { Written } from '../store/backup/written';
import { isForeignFile } from '../store/sqlite/damage';
import type { SqlDriver } from '../store/sqlite/driver';
import { maskPlainFile } from '../store/sqlite/header';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { PageJournal } from '../store/sqlite/page-journal';
import type { SqliteEngine } from '../store/sqlite/sqlite';
import { readLedger } from '../store/tables/calls';
import { getConfiguration, saltKey } from '../store/tables/configuration';
import { defineTokens } from '../store/tables/documents';
import { dropPaidTasks } from '../store/tables/tasks';
import { noteOutcome, outcomeOf } from './state';
import type { RunCareTask } from './tasks';

export interface Wish extends CareWish {
  /**
   * `prepared`: the new file is complete and checked. `merging`: it is being written to. `swapping`: files are being
   * renamed.
   */
  phase?: 'prepared' | 'merging' | 'swapping';
  /** Number of starts with this wish: one that kills the keeper must not be tried for ever. */
  attempts?: number;
  /** Parts of the outcome that are known already. */
  found?: Pick<CareOutcome, 'learningsKept' | 'rowsSaved' | 'damagedPages'>;
}

export interface NextOpenPorts {
  dataDir: string;
  engine: SqliteEngine;
  run: RunCareTask;
  clock: Clock;
  log: Log;
  /** For tests: called before each step. */
  onStep?: (step: string) => void;
}

const maxAttempts = 3;

export function readWish(dataDir: string): Wish | undefined {
  const wish = readJson<Wish>(path.join(dataDir, wishFileName));
  return typeof wish?.requestId === 'string' && ['restore', 'undo_restore', 'repair'].includes(wish.kind)
    ? wish
    : undefined;
}

export function writeWish(dataDir: string, wish: Wish): void {
  writeDurably(path.join(dataDir, wishFileName), JSON.stringify(wish));
}

/**
 * Does what the marker file says, if there is one. When that fails, the memory stays as it was and the outcome says
 * why.
 * @throws when files can be renamed neither forward nor back: the memory must not be opened then, and the next start
 * tries again
 */
export async function performWish(ports: NextOpenPorts): Promise<CareOutcome | undefined> {
  const { dataDir, clock, log } = ports;
  const wish = readWish(dataDir);
  if (!wish) {
    tidy(ports);
    return undefined;
  }
  const known = outcomeOf(dataDir, wish.requestId);
  if (known) {
    endWish(ports, wish.kind);
    return known;
  }
  let outcome: CareOutcome;
  const facts = { requestId: wish.requestId, kind: wish.kind, at: clock.now() };
  try {
    outcome = { ...facts, isDone: true, ...(await fulfil(wish, ports)) };
  } catch (error) {
    const { code, message } = asMemoryError(error);
    log.error(`care: ${wish.kind} failed: ${code}`);
    swapBack(dataDir, wish.kind);
    outcome = { ...facts, isDone: false, reason: message, learningsKept: 0 };
  }
  const told = noteOutcome(dataDir, outcome);
  endWish(ports, wish.kind);
  return told;
}

function endWish(ports: NextOpenPorts, kind: CareKind): void {
  removeDurably(path.join(ports.dataDir, wishFileName));
  tidy(ports, kind);
}

/** Deletes what a failed or killed restore or repair left, which later erasures would not reach. */
function tidy({ dataDir, log }: NextOpenPorts, kind?: CareKind): void {
  try {
    removeLeftovers(dataDir, kind === 'undo_restore');
  } catch (error) {
    log.warn(`care: leftovers stay: ${asMemoryError(error).code}`);
  }
}

/** Renaming failed half-way and there is no live database: the former one is moved back. */
function swapBack(dataDir: string, kind: CareKind): void {
  const { live, next, former } = placesOf(dataDir, kind);
  const isHalfWay = readWish(dataDir)?.phase === 'swapping' && nodeFs.existsSync(next) && !nodeFs.existsSync(live);
  if (isHalfWay) moveDatabase(former, live);
}

async function fulfil(wish: Wish, ports: NextOpenPorts): Promise<NonNullable<Wish['found']>> {
  const { dataDir, onStep = () => {} } = ports;
  let state = { ...wish, attempts: (wish.attempts ?? 0) + 1 };
  // Only renames are left, and they are repeated until they succeed.
  if (state.phase !== 'swapping' && state.attempts > maxAttempts)
    throw new MemoryError('internal', 'It was tried several times and never came to an end.');
  // An interrupted merge leaves a broken file, because copies have no journal on disk. It is made again from the
  // backup.
  if (state.phase === 'merging' && state.kind === 'restore') delete state.phase;
  writeWish(dataDir, state);
  if (state.phase === undefined) {
    onStep('prepare');
    state = { ...state, found: await prepare(state, ports), phase: 'prepared' };
    writeWish(dataDir, state);
  }
  if (state.phase !== 'swapping') {
    state = { ...state, phase: 'merging' };
    writeWish(dataDir, state);
    onStep('merge');
    const learningsKept = state.kind === 'repair' ? (state.found?.learningsKept ?? 0) : merge(state, ports);
    onStep('check');
    await refuseDamaged(ports);
    onStep('make room');
    removeDatabase(placesOf(dataDir, state.kind).former);
    state = { ...state, found: { ...state.found, learningsKept }, phase: 'swapping' };
    writeWish(dataDir, state);
  }
  swap(dataDir, state.kind, onStep);
  return state.found ?? { learningsKept: 0 };
}

/** Absolute paths. `former`: the new place of the live database. */
const placesOf = (dataDir: string, kind: CareKind) => ({
  live: path.join(dataDir, databaseName),
  next: path.join(dataDir, nextDatabaseName),
  former: path.join(dataDir, kind === 'repair' ? damagedDatabaseName : beforeRestoreName),
});

/** Last check before the file becomes the memory. @throws MemoryError `corrupt` */
async function refuseDamaged({ dataDir, run }: NextOpenPorts): Promise<void> {
  const { problems } = await run('checkLive', { file: path.join(dataDir, nextDatabaseName) });
  if (problems.length > 0)
    throw new MemoryError('corrupt', `What was to take the place of the memory is damaged: ${problems[0]}`);
}

/** Prepares the next database at its place. */
async function prepare(
  { kind, name, from }: Wish,
  { dataDir, run, clock }: NextOpenPorts,
): Promise<NonNullable<Wish['found']>> {
  const next = path.join(dataDir, nextDatabaseName);
  if (kind === 'restore') {
    await run('unpack', { dataDir: from ?? dataDir, name: name ?? '', target: next });
    return { learningsKept: 0 };
  }
  if (kind === 'undo_restore') {
    const before = path.join(dataDir, beforeRestoreName);
    // Moved already by a start that was interrupted here.
    if (!nodeFs.existsSync(before) && !nodeFs.existsSync(next))
      throw new MemoryError('not_found', 'There is no restore to undo.');
    moveDatabase(before, next);
    return { learningsKept: 0 };
  }
  const file = path.join(dataDir, databaseName);
  if (!nodeFs.existsSync(file) && !wasThereBefore(dataDir))
    throw new MemoryError('not_found', 'There is no memory to repair.');
  await run('mendArchive', { dataDir });
  const { rows, gaps, fromBackup } = await run('salvage', { dataDir, file, target: next, now: clock.now() });
  return { learningsKept: fromBackup, rowsSaved: rows, damagedPages: gaps };
}

/** Copies what a person wrote to the new file. Returns the number of learnings copied. */
function merge({ kind, isExact, from }: Wish, { dataDir, engine, log }: NextOpenPorts): number {
  const live = readLive(engine, path.join(dataDir, databaseName));
  const written = live?.written;
  if (!written) log.warn('care: the former memory cannot be read; nothing is taken over from it');
  const next = path.join(dataDir, nextDatabaseName);
  if (!nodeFs.existsSync(next)) throw new MemoryError('internal', 'The prepared database is gone.');
  const target = kind === 'undo_restore' ? openAside(engine, next) : openCopy(engine, next);
  try {
    defineTokens(target, indexText);
    if (from !== undefined && live && hasErasedRows(dataDir) && getConfiguration(target, saltKey) !== live.salt)
      throw new MemoryError(
        'invalid_input',
        'It is of another memory, and something was erased in this one, which would be read again. Import it instead.',
      );
    // An older schema may lack tables for what the person wrote since.
    migrate(target, memorySchema);
    // Paid tasks may have been paid since the backup. Local tasks are found again by themselves.
    dropPaidTasks(target);
    if (!written) return 0;
    return mergeWritten(target, written, isExact === true ? 'wishes' : 'incoming').learnings;
  } finally {
    target.close();
  }
}

/** Erased rows are known by names that are keyed with the salt of a memory: in another one nobody knows them. */
const hasErasedRows = (dataDir: string): boolean => sizeOfFile(path.join(dataDir, erasedFileName)) > 0;

/**
 * Opens the live database, which checkpoints its journal, and reads what a person wrote. Undefined when it is damaged
 * or missing.
 */
function readLive(engine: SqliteEngine, file: string): { written: Written; salt: string | undefined } | undefined {
  if (!nodeFs.existsSync(file)) return undefined;
  let driver: SqlDriver | undefined;
  try {
    // The fallback driver may have left pages that are not in the file, and a plain header.
    if (nodeFs.existsSync(file + pageJournalSuffix)) new PageJournal(file, engine.files.platform).close();
    if (nodeFs.statSync(file).size === 0 || isForeignFile(engine, file)) return undefined;
    maskPlainFile(file);
    driver = openAside(engine, file);
    return {
      written: { ...readWritten(driver), ledger: readLedger(driver) },
      salt: getConfiguration<string>(driver, saltKey),
    };
  } catch {
    return undefined;
  } finally {
    try {
      driver?.close();
    } catch {
      // Damaged: it is set aside unread.
    }
  }
}

/** Old journals are moved before the new file comes, because SQLite would apply them to it and destroy it. */
function swap(dataDir: string, kind: CareKind, onStep: (step: string) => void): void {
  const { live, next, former } = placesOf(dataDir, kind);
  if (nodeFs.existsSync(next)) {
    onStep('put aside');
    moveDatabase(live, former);
  }
  onStep('take its place');
  moveDatabase(next, live);
  // What the former memory had reached says nothing about the one in its place.
  startAnew(dataDir);
  onStep('done');
}

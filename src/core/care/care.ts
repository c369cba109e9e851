/**
 * Keeps memory safe: backups on a schedule, restore, repair, bounds and diagnosis. Everything long is done elsewhere or
 * in turn.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { careMethods, defaultCareSettings } from '../../protocol/care';
import type { CareApi, CareOutcome, CareSettings, Diagnosis, RestoreRequest, SizesByPart } from '../../protocol/care';
import {
  beforeRestoreName,
  damagedDatabaseName,
  databaseName,
  nextDatabaseName,
  walSuffix,
} from '../../protocol/data-folder';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import type { MemoryStatus } from '../../protocol/memory-api';
import type { Clock } from '../lib/clock';
import { sizeOfFile } from '../lib/durable';
import type { Log } from '../lib/log';
import { removeFlatFiles } from '../meaning/flat-file';
import { archiveSchema } from '../store/archive/archive';
import { removeDatabase, removeLeftovers, removeLogsAside } from '../store/backup/aside';
import { findManifest, infoOf, listManifests, readWrittenBackup, sweepFolder } from '../store/backup/files';
import { settle } from '../store/backup/plain-copy';
import { mergeWritten } from '../store/backup/written';
import type { Written } from '../store/backup/written';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import { rebuildIndex } from '../store/tables/documents';
import { expireSessions, isBeyond, recallExpired } from '../store/tables/expire';
import { buriedOf, sweepOut } from '../store/tables/forget';
import type { Tombstone } from '../store/tables/forget';
import { removeArchiveCopies } from './archive-tasks';
import { backUpWhole, backUpWritten, pruneBackups, removeAllBackups } from './backups';
import type { BackupPorts } from './backups';
import { diagnose } from './diagnose';
import type { OwnFacts } from './facts';
import { day } from './ladder';
import { writeWish } from './next-open';
import type { Wish } from './next-open';
import { removeOldCopies } from './old-copies';
import { whatIsDue } from './schedule';
import { sizesOf } from './sizes';
import { changeCareState, noteOutcome, outcomeOf, readCareState } from './state';
import type { RunCareTask } from './tasks';

export interface CarePorts {
  driver: SqlDriver;
  /** Undefined when it could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  clock: Clock;
  log: Log;
  version: string;
  /** Long work on copies. Without it nothing is backed up. */
  run: RunCareTask | undefined;
  /** Ends this keeper; the next one finds the marker and does what it says. */
  reopen: (() => void) | undefined;
  /** True while transcripts are being imported: not the time for a copy. */
  isBusy(): boolean;
  /** Runs `work` while nothing is being read, and tells everybody that everything changed. */
  alone(work: () => void): Promise<void>;
  /** What the diagnosis wants to know of the others. */
  facts(): Promise<OwnFacts>;
}

export interface Care extends CareApi {
  /** Begins to look after things, once a minute. */
  start(): void;
  /** Gives up what can be given up and waits for the rest. */
  close(): Promise<void>;
  /** Looks once at what is due, and does it. */
  beat(): Promise<void>;
  configure(settings: CareSettings): void;
  sizes(): SizesByPart;
  /** What the status must say of it. */
  warnings(): MemoryStatus['warnings'];
  /** To be called before the memory forgets: from then on the backups will, too, whatever happens. */
  willForget(tombstones: readonly Tombstone[]): void;
  /** The memory has forgotten: now the backups. */
  didForget(): void;
  willDeleteAll(): void;
  /** To be called before the archive is emptied: from then on it will be, whatever happens. */
  willDeleteArchive(): void;
  /** It was to be emptied, and perhaps was not. */
  mustEmptyArchive(): boolean;
  /** The archive is empty: now its copies. */
  didDeleteArchive(): Promise<void>;
  /** Removes all backups and copies. */
  didDeleteAll(): Promise<void>;
}

const beatMs = 60_000;
/** A check of the live file is given up when the journal, which cannot be folded meanwhile, grows beyond this. */
const maxJournalBytes = 512 << 20;

/**
 * Runs `work` on the file while checkpoints are held off; its signal goes off when the journal grows too long
 * meanwhile.
 */
async function whileUnchanged<T>(
  driver: SqlDriver,
  file: string,
  signal: AbortSignal,
  work: (still: AbortSignal) => Promise<T>,
): Promise<T> {
  const release = driver.holdCheckpoints();
  const giveUp = new AbortController();
  const guard = setInterval(() => sizeOfFile(file + walSuffix) > maxJournalBytes && giveUp.abort(), 1000);
  try {
    return await work(AbortSignal.any([signal, giveUp.signal]));
  } finally {
    clearInterval(guard);
    release();
  }
}

export function createCare(ports: CarePorts): Care {
  const { driver, dataDir, clock, log } = ports;
  let tail: Promise<unknown> = Promise.resolve();
  let stop = new AbortController();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;
  /** Forgettings under way in the memory itself. */
  let forgetting = 0;
  const asked = new Map<string, Promise<CareOutcome>>();
  const limits = () => getConfiguration<CareSettings>(driver, 'care.settings') ?? defaultCareSettings;
  const run: RunCareTask = (name, task, signal) => {
    if (!ports.run) throw new MemoryError('internal', 'Backups cannot be made here.');
    return ports.run(name, task, signal);
  };
  const archiveFile = path.join(dataDir, archiveSchema.fileName);
  const hasArchive = () => nodeFs.existsSync(archiveFile);
  const backupPorts: BackupPorts = { driver, dataDir, clock, version: ports.version, run };

  /** One after the other: a copy, a check and an erasing would each disturb the others. */
  const inTurn = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const mine = tail.then(async () => {
      if (isClosed) throw new MemoryError('cancelled', 'Memory was closed.');
      return work(stop.signal);
    });
    tail = mine.catch(() => {});
    return mine;
  };

  /**
   * A wish of a person that ends in another keeper. The one who asks hears from that one: the call is repeated there.
   */
  const byNextKeeper = (wish: Wish, prepare?: (signal: AbortSignal) => Promise<void>): Promise<CareOutcome> => {
    const known = outcomeOf(dataDir, wish.requestId);
    if (known) return Promise.resolve(known);
    const waiting = asked.get(wish.requestId);
    if (waiting) return waiting;
    const { reopen } = ports;
    if (!reopen) return Promise.reject(new MemoryError('internal', 'This memory cannot be opened anew.'));
    const mine = inTurn(async (signal) => {
      await prepare?.(signal);
      writeWish(dataDir, { ...wish, ...(prepare && { phase: 'prepared' }) });
      log.info(`care: ${wish.kind} is left to the next keeper`);
      setImmediate(reopen);
    }).then(() => new Promise<never>(() => {}));
    asked.set(wish.requestId, mine);
    mine.catch(() => asked.delete(wish.requestId));
    return mine;
  };

  const restoreWritten = async ({ requestId, name, isExact = false }: RestoreRequest): Promise<CareOutcome> => {
    const known = outcomeOf(dataDir, requestId);
    if (known) return known;
    const written = readWrittenBackup<Written>(dataDir, findManifest(dataDir, name));
    if (!written) throw new MemoryError('corrupt', 'The backup is not what was written.', { name });
    let learningsKept = 0;
    await ports.alone(() => {
      learningsKept = mergeWritten(driver, written, isExact ? 'incoming' : 'present').learnings;
    });
    return noteOutcome(dataDir, { requestId, kind: 'restore', at: clock.now(), isDone: true, learningsKept });
  };

  const forgetInBackups = async (signal: AbortSignal): Promise<void> => {
    const { unforgotten, mustDeleteAll } = readCareState(dataDir);
    if (mustDeleteAll === true) removeEverything();
    if (unforgotten.length === 0) return;
    removeLogsAside(dataDir);
    await run('forgetInMirror', { dataDir, forgotten: buriedOf(driver) }, signal);
    const { rewritten, removed } = await run('forgetInBackups', { dataDir, tombstones: unforgotten }, signal);
    const done = new Set(unforgotten.map((each) => JSON.stringify(each)));
    changeCareState(dataDir, (state) => ({
      unforgotten: state.unforgotten.filter((each) => !done.has(JSON.stringify(each))),
    }));
    log.info(`care: forgotten in ${rewritten} backups, ${removed} removed`);
  };

  /** The live one is empty already, unless it could not be opened. */
  const removeArchive = () => {
    removeArchiveCopies(dataDir);
    if (!ports.archive) removeDatabase(archiveFile);
    changeCareState(dataDir, () => ({ mustEmptyArchive: false }));
  };

  const removeEverything = () => {
    removeAllBackups(dataDir);
    removeArchive();
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
  };

  const mirrorArchive = async (signal: AbortSignal): Promise<void> => {
    const { archive } = ports;
    if (archive?.kind !== 'disk' || !hasArchive()) return;
    const source = settle(archive, archiveFile);
    const { lastArchiveSource } = readCareState(dataDir);
    if (lastArchiveSource?.size === source.size && lastArchiveSource.mtimeMs === source.mtimeMs) return;
    const { files, blocks, damaged } = await whileUnchanged(archive, archiveFile, signal, (still) =>
      run('mirrorArchive', { dataDir, forgotten: buriedOf(driver) }, still),
    );
    changeCareState(dataDir, () => ({
      lastArchiveSource: source,
      ...(damaged > 0 && { lastCheck: { at: clock.now(), problems: [`${damaged} parts of the archive are damaged`] } }),
    }));
    log.info(`care: archive mirrored, ${files} files, ${blocks} blocks, ${damaged} damaged`);
  };

  const checkLive = async (signal: AbortSignal): Promise<void> => {
    // The fallback has no file to look at from outside; its backups are checked.
    if (driver.kind !== 'disk') return;
    const file = path.join(dataDir, databaseName);
    settle(driver, file);
    const { problems } = await whileUnchanged(driver, file, signal, (still) => run('checkLive', { file }, still));
    if (ports.archive?.kind === 'disk' && hasArchive()) {
      settle(ports.archive, archiveFile);
      const archive = await whileUnchanged(ports.archive, archiveFile, signal, (still) =>
        run('checkLive', { file: archiveFile, isArchive: true }, still),
      );
      problems.push(...archive.problems);
    }
    changeCareState(dataDir, () => ({ lastCheck: { at: clock.now(), problems } }));
    if (problems.length > 0) log.error(`care: the memory is damaged in ${problems.length} places`);
  };

  const keepBounds = async (signal: AbortSignal): Promise<void> => {
    const { retentionDays, retentionMaxBytes } = limits();
    if (retentionDays === 0 && retentionMaxBytes === 0) return;
    const now = clock.now();
    const bounds = { before: retentionDays > 0 ? now - retentionDays * day : 0, maxBytes: retentionMaxBytes };
    if (!isBeyond(driver, bounds, now)) return;
    let erased = 0;
    await ports.alone(() => {
      erased = expireSessions(driver, bounds, now, () => !signal.aborted);
    });
    if (erased > 0) log.info(`care: ${erased} sessions left to keep the bounds`);
  };

  const attempt = async (what: string, work: () => Promise<unknown>): Promise<void> => {
    try {
      await work();
    } catch (error) {
      const { code, message, data } = asMemoryError(error);
      if (code === 'cancelled' || isClosed) return;
      const problems = data?.['problems'];
      // A copy is what the live file was: its damage is the live file's.
      if (code === 'corrupt' && Array.isArray(problems))
        changeCareState(dataDir, () => ({ lastCheck: { at: clock.now(), problems: problems.map(String) } }));
      log.warn(`care: ${what}: ${code}`);
      // Too much was written meanwhile: at the next beat.
      if (code !== 'busy')
        changeCareState(dataDir, () => ({
          lastFailure: {
            at: clock.now(),
            reason: `${what}: ${(error as NodeJS.ErrnoException).code ?? (code === 'internal' ? code : message)}`,
          },
        }));
    }
  };

  const beat = (): Promise<void> =>
    inTurn(async (signal) => {
      // A copy taken before the memory forgot, but listed after its backups did, would be missed.
      if (forgetting > 0 || driver.kind === 'memory') return;
      await attempt('forgetting in backups', () => forgetInBackups(signal));
      if (ports.isBusy()) return;
      const due = whatIsDue(readCareState(dataDir), clock.now());
      if (due.written) await attempt('backup of learnings', async () => backUpWritten(backupPorts));
      if (due.whole && !ports.isBusy()) {
        await attempt('backup', async () => {
          const made = await backUpWhole(backupPorts, 'scheduled', signal);
          log.info(`care: backup of ${made?.plainBytes ?? 0} bytes, ${made?.bytes ?? 0} packed`);
        });
      }
      if (due.whole && !ports.isBusy()) await attempt('archive', () => mirrorArchive(signal));
      if (due.check && !due.whole) await attempt('check', () => checkLive(signal));
      if (due.bounds) {
        changeCareState(dataDir, () => ({ lastBoundsAt: clock.now() }));
        await attempt('bounds', () => keepBounds(signal));
      }
      pruneBackups(dataDir, clock.now(), limits().backupMaxBytes);
      removeOldCopies(dataDir, clock.now());
    }).catch((error: unknown) => {
      if (!isClosed) log.error(`care: ${asMemoryError(error).code}`);
    });

  return {
    beat,
    start() {
      void inTurn(async () => sweepFolder(dataDir)).catch(() => {});
      const { unforgotten, mustDeleteAll } = readCareState(dataDir);
      // Cut short by a kill: what a person wanted gone does not wait.
      if (unforgotten.length > 0 || mustDeleteAll === true) void beat();
      timer = setInterval(() => void beat(), beatMs);
      timer.unref();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      stop.abort();
      await tail;
    },
    configure(settings) {
      const before = limits();
      setConfiguration(driver, 'care.settings', settings, clock.now());
      const isLooser = (now: number, then: number) => then > 0 && (now === 0 || now > then);
      if (
        isLooser(settings.retentionDays, before.retentionDays) ||
        isLooser(settings.retentionMaxBytes, before.retentionMaxBytes)
      )
        recallExpired(driver);
      if (settings.retentionDays !== before.retentionDays || settings.retentionMaxBytes !== before.retentionMaxBytes)
        changeCareState(dataDir, () => ({ lastBoundsAt: 0 }));
    },
    sizes: () => sizesOf(dataDir),
    warnings() {
      const { lastCheck, outcomes } = readCareState(dataDir);
      const last = outcomes.at(-1);
      return [
        ...(lastCheck && lastCheck.problems.length > 0
          ? [
              {
                code: 'damaged',
                message: `The memory file is damaged in ${lastCheck.problems.length} places. It can be repaired, or a backup restored.`,
              },
            ]
          : []),
        ...(last?.isDone === false && clock.now() - last.at < day
          ? [{ code: 'not_restored', message: `The last restore or repair was not done: ${last.reason}` }]
          : []),
      ];
    },
    willForget(tombstones) {
      changeCareState(dataDir, ({ unforgotten }) => ({ unforgotten: [...unforgotten, ...tombstones] }));
      forgetting++;
    },
    didForget() {
      forgetting--;
      void beat();
    },
    willDeleteArchive: () => void changeCareState(dataDir, () => ({ mustEmptyArchive: true })),
    mustEmptyArchive: () => readCareState(dataDir).mustEmptyArchive === true,
    didDeleteArchive: () => inTurn(async () => removeArchive()),
    willDeleteAll: () => void changeCareState(dataDir, () => ({ mustDeleteAll: true })),
    async didDeleteAll() {
      stop.abort();
      stop = new AbortController();
      await inTurn(async () => removeEverything());
    },
    listBackups: async () => listManifests(dataDir).map(infoOf),
    backUp: (requestId) =>
      inTurn(async (signal) => {
        const made = readCareState(dataDir).requests[requestId];
        const known = listManifests(dataDir).find(({ name }) => name === made);
        if (known) return infoOf(known);
        const manifest = await backUpWhole(backupPorts, 'manual', signal);
        if (!manifest) throw new MemoryError('internal', 'There is nothing to back up.');
        await mirrorArchive(signal);
        changeCareState(dataDir, ({ requests }) => ({
          requests: Object.fromEntries([...Object.entries(requests).slice(-9), [requestId, manifest.name]]),
        }));
        pruneBackups(dataDir, clock.now(), limits().backupMaxBytes);
        return infoOf(manifest);
      }),
    async restoreBackup(request) {
      const { requestId, name, isExact = false } = request;
      const known = outcomeOf(dataDir, requestId);
      if (known) return known;
      if (findManifest(dataDir, name).kind === 'written') return restoreWritten(request);
      return byNextKeeper({ requestId, kind: 'restore', name, isExact }, (signal) =>
        run('unpack', { dataDir, name, target: path.join(dataDir, nextDatabaseName) }, signal),
      );
    },
    async undoRestore(requestId) {
      if (!outcomeOf(dataDir, requestId) && !nodeFs.existsSync(path.join(dataDir, beforeRestoreName)))
        throw new MemoryError('not_found', 'There is no restore to undo.');
      return byNextKeeper({ requestId, kind: 'undo_restore' });
    },
    repair: (requestId) => byNextKeeper({ requestId, kind: 'repair' }),
    rebuildIndex: () => ports.alone(() => rebuildIndex(driver)),
    async compact() {
      const bytesBefore = driver.sizeBytes();
      await ports.alone(() => sweepOut(driver));
      return { bytesBefore, bytesAfter: driver.sizeBytes() };
    },
    async diagnose(): Promise<Diagnosis> {
      return diagnose(await ports.facts(), readCareState(dataDir), listManifests(dataDir), clock.now());
    },
  };
}

/** Only what a head may ask. */
export function careApi(care: Care): CareApi {
  return Object.fromEntries(careMethods.map((name) => [name, care[name]])) as unknown as CareApi;
}

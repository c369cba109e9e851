import nodeFs from 'node:fs';
import path from 'node:path';
/**
 * Keeps the memory safe: scheduled backups, restore, repair, limits. Long tasks run in another thread, one after the
 * other.
 */
import { isDeepStrictEqual } from 'node:util';
import { defaultCareSettings } from '../../protocol/care';
import type { CareOutcome, SizesByPart } from '../../protocol/care';
import { dataClasses } from '../../protocol/classes';
import { beforeRestoreName, nextDatabaseName } from '../../protocol/data-folder';
import { MemoryError, asMemoryError } from '../../protocol/errors';
import { careQuestions } from '../../protocol/questions/care';
import type { CareApi, CareSettings, RestoreRequest } from '../../protocol/questions/care';
import type { MemoryStatus } from '../../protocol/status';
import type { Clock } from '../lib/clock';
import { dayMs } from '../lib/clock';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import { noteBeside } from '../store/backup/beside';
import { findManifest, infoOf, listManifests, readWrittenBackup, sweepFolder } from '../store/backup/files';
import { mergeWritten } from '../store/backup/written';
import type { Written } from '../store/backup/written';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import { rebuildIndex } from '../store/tables/documents';
import { expireSessions, isBeyond, recallExpired } from '../store/tables/expire';
import { sweepOut } from '../store/tables/forget';
import { AlarmWatch } from './alarm-watch';
import { backUpWhole, backUpWritten, pruneBackups } from './backups';
import type { BackupPorts } from './backups';
import { eraseArchiveCopies, eraseEverything, eraseForgotten, noteErasure } from './erase';
import type { Erasure } from './erase';
import { checkLive, mirrorArchive, scanLive } from './live-file';
import { writeWish } from './next-open';
import type { Wish } from './next-open';
import { removeOldCopies } from './old-copies';
import { replaceCopies } from './replace-copies';
import { sumOf } from './scan-files';
import type { ScanResult, ScanTask } from './scan-files';
import { whatIsDue } from './schedule';
import { SecondFolder } from './second/second-folder';
import { sizesOf } from './sizes';
import { changeCareState, noteOutcome, outcomeOf, readCareState } from './state';
import type { RunCareTask } from './tasks';

export interface CarePorts {
  driver: SqlDriver;
  /** Undefined when the archive could not be opened. */
  archive: SqlDriver | undefined;
  dataDir: string;
  clock: Clock;
  log: Log;
  version: string;
  /** Name of this computer, for folders outside of it. */
  machineName: string;
  /** Runs long tasks on copies; without it there are no backups. */
  run: RunCareTask | undefined;
  /** Ends this keeper; the next one does what the marker file says. */
  reopen: (() => void) | undefined;
  /** True during an import, when no copy should be made. */
  isBusy(): boolean;
  /** True while lines should be read as they come: not paused, and nothing is imported. */
  isFollowing(): boolean;
  /** Called when there is something else to tell a person. */
  onAlarms(): void;
  /** Runs `work` while nothing is read, and reports that everything changed. */
  alone(work: () => void | Promise<void>): Promise<void>;
}

/** The requests about care, except the diagnosis, which needs facts of other parts. */
export type CareAnswers = Omit<CareApi, 'diagnose'>;

export interface Care extends CareAnswers {
  /** Starts checking once a minute. */
  start(): void;
  /** Cancels what can be cancelled and waits for the rest. */
  close(): Promise<void>;
  /** Does what is due now. */
  beat(): Promise<void>;
  configure(settings: CareSettings): void;
  sizes(): SizesByPart;
  /** Warnings for the status. */
  warnings(): MemoryStatus['warnings'];
  /**
   * Runs `work`, which erases in the live memory, and then erases the same in backups and copies. The erasure is
   * written down first, so that after a crash the next keeper finishes it. When the promise resolves, it is gone from
   * all of them.
   */
  erasing(what: Erasure, work: () => Promise<void>): Promise<void>;
  /**
   * Makes a backup and removes all others, with the copies that were put aside and the mirror of the archive: they hold
   * texts as they were. Returns how many backups were removed.
   */
  replaceCopies(signal: AbortSignal): Promise<number>;
  /** Looks for pieces of erased texts in every file. Undefined where there are no files, or no thread to do it. */
  scanFiles(task: Omit<ScanTask, 'dataDir'>, signal: AbortSignal): Promise<ScanResult | undefined>;
  /** How many days entries of the audit log stay. */
  auditDays(): number;
  /** True while something forgotten may still stand in a backup. */
  isForgetting(): boolean;
  /** Runs `work`, which takes tombstones away, and notes beside the memory which are left. */
  recalling(work: () => Promise<void>): Promise<void>;
  /** True when emptying the archive was begun and may not have finished; `erasing` it again finishes it. */
  mustEmptyArchive(): boolean;
}

const beatMs = 60_000;
export function createCare(ports: CarePorts): Care {
  const { driver, dataDir, clock, log } = ports;
  let tail: Promise<unknown> = Promise.resolve();
  let stop = new AbortController();
  let timer: ReturnType<typeof setInterval> | undefined;
  let isClosed = false;
  /** Number of forget calls running in the memory. */
  let forgetting = 0;
  const asked = new Map<string, Promise<CareOutcome>>();
  // Those of an earlier version know less.
  const limits = (): CareSettings => ({
    ...defaultCareSettings,
    ...getConfiguration<Partial<CareSettings>>(driver, 'care.settings'),
  });
  const run: RunCareTask = (name, task, signal) => {
    if (!ports.run) throw new MemoryError('internal', 'Backups cannot be made here.');
    return ports.run(name, task, signal);
  };
  const backupPorts: BackupPorts = { driver, dataDir, clock, version: ports.version, run };
  const files = { driver, archive: ports.archive, dataDir, clock, log, run };
  const second = new SecondFolder({
    dataDir,
    clock,
    log,
    run,
    folder: () => (ports.run && driver.kind !== 'memory' ? (limits().secondFolder ?? '') : ''),
    machineName: ports.machineName,
  });
  const alarms = new AlarmWatch({
    driver,
    dataDir,
    clock,
    isFollowing: () => ports.isFollowing(),
    onChange: () => ports.onAlarms(),
  });

  /** One after the other, because a copy, a check and an erasure would disturb each other. */
  const inTurn = <T>(work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    const mine = tail.then(async () => {
      if (isClosed) throw new MemoryError('cancelled', 'Memory was closed.');
      return work(stop.signal);
    });
    tail = mine.catch(() => {});
    return mine;
  };

  /** A restore, undo or repair that the next keeper does. The head repeats the call there and gets the result. */
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

  const restoreWritten = async ({
    requestId,
    name,
    isExact = false,
    from = dataDir,
  }: RestoreRequest): Promise<CareOutcome> => {
    const known = outcomeOf(dataDir, requestId);
    if (known) return known;
    const written = readWrittenBackup<Written>(from, findManifest(from, name));
    if (!written) throw new MemoryError('corrupt', 'The backup is not what was written.', { name });
    let learningsKept = 0;
    await ports.alone(() => {
      learningsKept = mergeWritten(driver, written, isExact ? 'incoming' : 'present').learnings;
    });
    return noteOutcome(dataDir, { requestId, kind: 'restore', at: clock.now(), isDone: true, learningsKept });
  };

  const keepBounds = async (signal: AbortSignal): Promise<void> => {
    const { retentionDays, retentionMaxBytes, classDays = {} } = limits();
    const kept = dataClasses.flatMap((each) => (classDays[each] ? [{ class: each, days: classDays[each] }] : []));
    if (retentionDays === 0 && retentionMaxBytes === 0 && kept.length === 0) return;
    const now = clock.now();
    const bounds = {
      before: retentionDays > 0 ? now - retentionDays * dayMs : 0,
      maxBytes: retentionMaxBytes,
      classes: kept.map(({ class: of, days }) => ({ class: of, before: now - days * dayMs })),
    };
    if (!(await isBeyond(driver, bounds, now))) return;
    let erased = 0;
    // After a limit was loosened nothing more is deleted, because the file of the session would not be read again.
    const areInForce = () => {
      const { retentionDays: days, retentionMaxBytes: bytes, classDays: byClass = {} } = limits();
      return days === retentionDays && bytes === retentionMaxBytes && isDeepStrictEqual(byClass, classDays);
    };
    await ports.alone(async () => {
      erased = await expireSessions(driver, bounds, now, () => !signal.aborted && areInForce());
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
      // The copy was damaged, so the live file is damaged too.
      if (code === 'corrupt' && Array.isArray(problems))
        changeCareState(dataDir, () => ({ lastCheck: { at: clock.now(), problems: problems.map(String) } }));
      log.warn(`care: ${what}: ${code === 'internal' ? traceOf(error) : code}`);
      // `busy`: too much was written meanwhile; the next beat tries again.
      if (code !== 'busy')
        changeCareState(dataDir, ({ failures = 0 }) => ({
          ...(what === 'backup' && { failures: failures + 1 }),
          lastFailure: {
            at: clock.now(),
            reason: `${what}: ${(error as NodeJS.ErrnoException).code ?? (code === 'internal' ? code : message)}`,
          },
        }));
    }
  };

  const tellUnlessClosed = (error: unknown): void => {
    if (!isClosed) log.error(`care: ${traceOf(error)}`);
  };
  const copyOutSoon = (isAsked = false): void =>
    void second
      .sync(isAsked)
      .then(() => (isClosed ? undefined : alarms.look()))
      .catch(tellUnlessClosed);

  const scanAll = async (task: Omit<ScanTask, 'dataDir'>, cancel: AbortSignal): Promise<ScanResult> => {
    const exports = task.isDatabaseOnly === true ? [] : (readCareState(dataDir).exports ?? []);
    const own = await inTurn((signal) => scanLive(files, { ...task, exports }, AbortSignal.any([signal, cancel])));
    if (task.isDatabaseOnly === true || !second.isChosen) return own;
    // Not in turn: nothing else of care waits for another disk.
    const there = await second.scan(task.marks, cancel);
    return there ? sumOf(own, there) : { ...own, isSecondUnreached: true };
  };

  const beat = (): Promise<void> =>
    inTurn(async (signal) => {
      // A copy made before the memory forgot, but listed after the backups did, would keep the forgotten text.
      if (forgetting > 0 || driver.kind === 'memory') return;
      await attempt('forgetting in backups', () => eraseForgotten(files, signal));
      if (ports.isBusy()) return;
      const due = whatIsDue(readCareState(dataDir), clock.now());
      if (due.written || due.whole) noteBeside(driver, dataDir);
      if (due.written) await attempt('backup of learnings', async () => backUpWritten(backupPorts));
      if (due.whole && !ports.isBusy()) {
        await attempt('backup', async () => {
          const made = await backUpWhole(backupPorts, 'scheduled', signal);
          log.info(`care: backup of ${made?.plainBytes ?? 0} bytes, ${made?.bytes ?? 0} packed`);
        });
      }
      if (due.whole && !ports.isBusy()) await attempt('archive', () => mirrorArchive(files, signal));
      if (due.check && !due.whole) await attempt('check', () => checkLive(files, signal));
      if (due.bounds) {
        changeCareState(dataDir, () => ({ lastBoundsAt: clock.now() }));
        await attempt('bounds', () => keepBounds(signal));
      }
      pruneBackups(dataDir, clock.now(), limits().backupMaxBytes);
      removeOldCopies(dataDir, clock.now());
      // Not waited for: its disk may not answer.
      copyOutSoon();
    })
      .then(() => alarms.look())
      .catch(tellUnlessClosed);

  return {
    beat,
    start() {
      void inTurn(async () => sweepFolder(dataDir)).catch(() => {});
      const { unforgotten, mustDeleteAll } = readCareState(dataDir);
      // A kill interrupted an erasure: it continues at once.
      if (unforgotten.length > 0 || mustDeleteAll === true) void beat();
      timer = setInterval(() => void beat(), beatMs);
      timer.unref();
    },
    async close() {
      isClosed = true;
      clearInterval(timer);
      stop.abort();
      second.close();
      await tail;
    },
    configure(settings) {
      const before = limits();
      setConfiguration(driver, 'care.settings', settings, clock.now());
      if ((settings.secondFolder ?? '') === '') changeCareState(dataDir, () => ({ second: undefined }));
      const isLooser = (now: number, then: number) => then > 0 && (now === 0 || now > then);
      const [daysNow, daysThen] = [settings.classDays ?? {}, before.classDays ?? {}];
      if (
        dataClasses.some((each) => isLooser(daysNow[each] ?? 0, daysThen[each] ?? 0)) ||
        isLooser(settings.retentionDays, before.retentionDays) ||
        isLooser(settings.retentionMaxBytes, before.retentionMaxBytes)
      )
        recallExpired(driver);
      if (
        settings.retentionDays !== before.retentionDays ||
        settings.retentionMaxBytes !== before.retentionMaxBytes ||
        !isDeepStrictEqual(daysNow, daysThen)
      )
        changeCareState(dataDir, () => ({ lastBoundsAt: 0 }));
    },
    auditDays: () => limits().auditDays ?? 400,
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
        ...(last?.isDone === false && clock.now() - last.at < dayMs
          ? [{ code: 'not_restored', message: `The last restore or repair was not done: ${last.reason}` }]
          : []),
        ...alarms.current,
      ];
    },
    async recalling(work) {
      await work();
      noteBeside(driver, dataDir);
    },
    async erasing(what, work) {
      noteErasure(dataDir, what);
      if (what.kind === 'some') {
        forgetting++;
        try {
          await work();
          noteBeside(driver, dataDir);
        } finally {
          forgetting--;
        }
        if (!ports.run || driver.kind === 'memory') return;
        // Another forgetting may be under way: its own turn follows, and the last one finds nothing left to do.
        await inTurn((signal) => eraseForgotten(files, signal));
        await second.syncSoon();
        return;
      }
      await work();
      if (what.kind === 'everything') {
        noteBeside(driver, dataDir);
        stop.abort();
        stop = new AbortController();
      }
      await inTurn(async () => (what.kind === 'archive' ? eraseArchiveCopies(files) : eraseEverything(files)));
      await second.syncSoon();
    },
    async replaceCopies(cancel) {
      if (!ports.run || driver.kind === 'memory') return 0;
      const count = await inTurn((signal) =>
        replaceCopies({ ...backupPorts, ...files }, AbortSignal.any([signal, cancel])),
      );
      await second.syncSoon();
      return count;
    },
    scanFiles(task, cancel) {
      if (!ports.run || driver.kind === 'memory') return Promise.resolve(undefined);
      return scanAll(task, cancel);
    },
    isForgetting() {
      const { unforgotten, mustDeleteAll, mustEmptyArchive } = readCareState(dataDir);
      return unforgotten.length > 0 || mustDeleteAll === true || mustEmptyArchive === true;
    },
    mustEmptyArchive: () => readCareState(dataDir).mustEmptyArchive === true,
    listBackups: async () => listManifests(dataDir).map(infoOf),
    backUp: (requestId) =>
      inTurn(async (signal) => {
        const made = readCareState(dataDir).requests[requestId];
        const known = listManifests(dataDir).find(({ name }) => name === made);
        if (known) return infoOf(known);
        const manifest = await backUpWhole(backupPorts, 'manual', signal);
        noteBeside(driver, dataDir);
        if (!manifest) throw new MemoryError('internal', 'There is nothing to back up.');
        await mirrorArchive(files, signal);
        changeCareState(dataDir, ({ requests }) => ({
          requests: Object.fromEntries([...Object.entries(requests).slice(-9), [requestId, manifest.name]]),
        }));
        pruneBackups(dataDir, clock.now(), limits().backupMaxBytes);
        copyOutSoon(true);
        return infoOf(manifest);
      }),
    async restoreBackup(request) {
      const { requestId, name, isExact = false, from = dataDir } = request;
      const known = outcomeOf(dataDir, requestId);
      if (known) return known;
      if (findManifest(from, name).kind === 'written') return restoreWritten(request);
      return byNextKeeper({ requestId, kind: 'restore', name, isExact, ...(request.from && { from }) }, (signal) =>
        run('unpack', { dataDir: from, name, target: path.join(dataDir, nextDatabaseName) }, signal),
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
  };
}

/** The part of care that heads may use. */
export function careAnswers(care: Care): CareAnswers {
  const { diagnose: _, ...asked } = careQuestions;
  return Object.fromEntries(
    Object.keys(asked).map((name) => [name, care[name as keyof CareAnswers]]),
  ) as unknown as CareAnswers;
}

/**
 * Keeps memory up with the transcripts: back-fill first (this workspace's projects, then newest first), live from then
 * on. One file at a time, so a pause or a cancel takes effect between two batches, and the store is never written by
 * two.
 */
import { basename, resolve } from 'node:path';
import type { SessionId } from '../../protocol/model';
import type { CaptureSettings } from '../../protocol/questions/capture';
import type { CaptureState } from '../../protocol/status';
import type { Clock } from '../lib/clock';
import type { Log } from '../lib/log';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, listConfigurations, setConfiguration } from '../store/tables/configuration';
import { forgetExclusions, knownSources, markGone } from '../store/tables/sources';
import type { SourceFile } from '../transcript/discover';
import { ProjectFinder } from '../transcript/project';
import { excludes } from './exclude';
import { ingestFile } from './ingest';
import { orderSources } from './order';
import { TranscriptWatch } from './watch';

export interface ImporterPorts {
  driver: SqlDriver;
  /** Asked anew for every file: it can be turned off and on. */
  archive: () => SqlDriver | undefined;
  /** Told when the excludes have changed. */
  onExcludes(): void;
  redactor: Redactor;
  clock: Clock;
  log: Log;
  /** Told after rows of a session were written, or its transcript went or came back. */
  onRows(sessionId: SessionId): void;
  onState(state: CaptureState): void;
}

const glanceMs = 500;
const sweepMs = 4000;
/** A file that could not be read is tried again after this long, or when it changes. */
const againMs = 60_000;
const idle: CaptureState = { phase: 'idle', filesTotal: 0, filesDone: 0, bytesTotal: 0, bytesDone: 0, current: '' };

/** A pass that was interrupted has left its cursor at the last batch. */
type Outcome = 'done' | 'interrupted';

export class Importer {
  readonly #ports: ImporterPorts;
  readonly #watch: TranscriptWatch;
  #projects = new ProjectFinder();
  /** What each head wishes, the newest last: one window or command line must not take a folder from another. */
  readonly #wishes = new Map<string, CaptureSettings>();
  #settings: Omit<CaptureSettings, 'source' | 'exclude'> = { configDirs: [], roots: [], maxLineBytes: 16 << 20 };
  #isExcluded: (root: string, cwd: string) => boolean = () => false;
  #state: CaptureState = idle;
  #isPaused: boolean;
  /** Set by a cancel: only what grew later is read until somebody asks for the rest. */
  #cancelledAt: number | undefined;
  #isClosed = false;
  #lastSweepAt = 0;
  #hasSwept = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The run under way: a second caller waits for the same one. */
  #running: Promise<Outcome> | undefined;
  /** Work that must be alone, under way or waiting for its turn. */
  #suspension: Promise<void> | undefined;
  #abort = new AbortController();
  /** How often capture was paused: tells a waiting import that it happened meanwhile. */
  #pauses = 0;
  /** Files that could not be read, until they change or some time has passed. */
  readonly #failed = new Map<string, { at: number; mtime: number; reason: string }>();
  lastCaptureAt: number | null = null;

  constructor(ports: ImporterPorts) {
    this.#ports = ports;
    this.#isPaused = getConfiguration<boolean>(ports.driver, 'capture.isPaused') ?? false;
    this.#watch = new TranscriptWatch({
      configDirs: () => this.#settings.configDirs,
      known: () => knownSources(ports.driver),
      now: () => ports.clock.now(),
    });
    if (this.#isPaused) this.#state = { ...idle, phase: 'paused' };
  }

  get state(): CaptureState {
    return this.#state;
  }

  configure(settings: CaptureSettings): void {
    const { driver, clock } = this.#ports;
    this.#wishes.delete(settings.source);
    this.#wishes.set(settings.source, settings);
    const wishes = [...this.#wishes.values()].toReversed();
    this.#settings = {
      configDirs: [...new Set(wishes.flatMap(({ configDirs }) => configDirs.map((dir) => resolve(dir))))],
      roots: [...new Set(wishes.flatMap(({ roots }) => roots))],
      maxLineBytes: settings.maxLineBytes,
    };
    const key = `exclude:${settings.source}`;
    const before = JSON.stringify([...listConfigurations<string[]>(driver, 'exclude:')]);
    setConfiguration(driver, key, settings.exclude, clock.now());
    const all = listConfigurations<string[]>(driver, 'exclude:');
    // What was passed over for a rule that is gone must be read after all.
    if (JSON.stringify([...all]) !== before) {
      forgetExclusions(driver);
      this.#ports.onExcludes();
    }
    this.#isExcluded = excludes([...all.values()].flat());
    this.#lastSweepAt = 0;
  }

  /** Starts following. Errors are told as a state and tried again at the next beat. */
  start(): void {
    const beat = async () => {
      try {
        await this.#beat();
      } catch (error) {
        const { message } = asError(error);
        this.#ports.log.error(`capture: ${message}`);
        if (!this.#isClosed) this.#tell({ ...idle, phase: 'error', reason: message });
      }
      if (!this.#isClosed) this.#timer = setTimeout(() => void beat(), glanceMs);
    };
    void beat();
  }

  /**
   * Reads all there is now, also while capture is paused: it was asked for. Resolves when it is searchable; false when
   * it was cancelled or paused on the way, or when some file could not be read.
   */
  async importNow(signal?: AbortSignal): Promise<boolean> {
    this.#cancelledAt = undefined;
    const pauses = this.#pauses;
    const stop = () => this.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        // A beat may be looking at recent files only: what is asked for is everything.
        for (let busy = this.#busy(); busy; busy = this.#busy()) await busy.catch(() => {});
        if (signal?.aborted || this.#cancelledAt !== undefined || this.#pauses !== pauses || this.#isClosed)
          return false;
        // Forgetting interrupts too, and then there is still everything to read.
        if ((await this.#run(true)) === 'done') return this.#failed.size === 0;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  cancel(): void {
    this.#cancelledAt = this.#ports.clock.now();
    this.#interrupt();
    this.#tell({ ...this.#state, ...this.#rest(), current: '' });
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    setConfiguration(this.#ports.driver, 'capture.isPaused', isPaused, this.#ports.clock.now());
    if (isPaused) {
      this.#pauses++;
      this.#interrupt();
    } else {
      // Going on means all of it: an import that was cancelled before is taken up again.
      this.#cancelledAt = undefined;
      this.#lastSweepAt = 0;
    }
    this.#tell({ ...this.#state, ...this.#rest(), current: '' });
  }

  /** Runs `work` while nothing is being read: the file under way stops at its next batch and goes on afterwards. */
  async suspend(work: () => Promise<void>): Promise<void> {
    const before = this.#suspension;
    const mine = (async () => {
      await before?.catch(() => {});
      this.#interrupt();
      await this.#running?.catch(() => {});
      await work();
    })();
    // Set before anything is awaited: from here on no new run begins, else an import and this could take turns for
    // ever.
    this.#suspension = mine;
    try {
      await mine;
    } finally {
      if (this.#suspension === mine) this.#suspension = undefined;
      this.#lastSweepAt = 0;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#interrupt();
    await this.#suspension?.catch(() => {});
    await this.#running?.catch(() => {});
  }

  async #beat(): Promise<void> {
    if (this.#isPaused || this.#suspension) return;
    const isDue = this.#ports.clock.now() - this.#lastSweepAt >= sweepMs;
    await this.#run(isDue);
  }

  #busy(): Promise<unknown> | undefined {
    return this.#suspension ?? this.#running;
  }

  #run(isSweep: boolean): Promise<Outcome> {
    this.#running ??= this.#pass(isSweep).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #pass(isSweep: boolean): Promise<Outcome> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      if (!isSweep) {
        const { changed, hasNewFile } = await this.#watch.glance();
        await this.#follow(changed, signal);
        if (!hasNewFile) return 'done';
      }
      this.#lastSweepAt = this.#ports.clock.now();
      if (this.#cancelledAt === undefined && !this.#hasSwept) this.#tell({ ...idle, phase: 'scanning' }, signal);
      const { changed, gone } = await this.#watch.sweep(signal);
      this.#hasSwept = true;
      if (gone.length > 0) for (const sessionId of markGone(this.#ports.driver, gone)) this.#ports.onRows(sessionId);
      for (const path of this.#failed.keys())
        if (!changed.some((source) => source.path === path)) this.#failed.delete(path);
      await this.#backfill(changed, signal);
      return signal.aborted ? 'interrupted' : 'done';
    } catch (error) {
      if (!signal.aborted) throw error;
      return 'interrupted';
    }
  }

  async #backfill(changed: SourceFile[], signal: AbortSignal): Promise<void> {
    const cancelledAt = this.#cancelledAt;
    const queue = orderSources(
      cancelledAt === undefined ? changed : changed.filter(({ mtime }) => mtime > cancelledAt),
      this.#settings.roots,
    );
    if (cancelledAt !== undefined) return this.#follow(queue, signal);
    const bytesTotal = queue.reduce((sum, { size }) => sum + size, 0);
    const progress: CaptureState = {
      phase: 'importing',
      filesTotal: queue.length,
      filesDone: 0,
      bytesTotal,
      bytesDone: 0,
      current: '',
    };
    // A grown file or two is live capture, not an import to announce.
    const isShown = bytesTotal > 1 << 20 || queue.length > 3;
    for (const source of queue) {
      if (isShown) this.#tell({ ...progress, current: basename(source.path) }, signal);
      await this.#ingest(source, signal);
      progress.filesDone++;
      progress.bytesDone += source.size;
      // A long back-fill must not delay what is being written right now.
      if (progress.filesDone % 8 === 0) await this.#follow((await this.#watch.glance()).changed, signal);
    }
    this.#tell(
      {
        ...idle,
        filesTotal: queue.length,
        filesDone: queue.length,
        bytesTotal,
        bytesDone: bytesTotal,
        ...this.#rest(),
      },
      signal,
    );
  }

  /** What capture is when nothing is being read. */
  #rest(): Pick<CaptureState, 'phase' | 'reason'> {
    if (this.#isPaused) return { phase: 'paused' };
    if (this.#cancelledAt !== undefined) return { phase: 'cancelled' };
    const [first] = this.#failed.values();
    return first ? { phase: 'error', reason: `${this.#failed.size} × ${first.reason}` } : { phase: 'idle' };
  }

  async #follow(changed: readonly SourceFile[], signal: AbortSignal): Promise<void> {
    for (const source of changed) await this.#ingest(source, signal);
  }

  async #ingest(source: SourceFile, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { driver, archive, redactor, clock, log } = this.#ports;
    const failed = this.#failed.get(source.path);
    if (failed && failed.mtime === source.mtime && clock.now() - failed.at < againMs) return;
    this.#failed.delete(source.path);
    try {
      const report = await ingestFile(
        source,
        {
          driver,
          archive: archive(),
          redactor,
          projects: this.#projects,
          isExcluded: this.#isExcluded,
          maxLineBytes: this.#settings.maxLineBytes,
        },
        signal,
      );
      if (!report.hasNews) return;
      this.lastCaptureAt = clock.now();
      this.#ports.onRows(report.sessionId);
    } catch (error) {
      if (signal.aborted) throw error;
      const { code, message } = asError(error);
      // A full or broken disk is no fault of the file.
      if (/disk|database/i.test(message) && code === undefined) throw error;
      // One file that cannot be read stands in nobody's way; it is tried again later.
      log.warn(`capture: ${code ?? message} at ${basename(source.path)}`);
      if (code !== 'ENOENT')
        this.#failed.set(source.path, { at: clock.now(), mtime: source.mtime, reason: code ?? message });
    }
  }

  #interrupt(): void {
    this.#abort.abort();
  }

  /** What a pass has to say counts only while nobody has interrupted it. */
  #tell(state: CaptureState, signal?: AbortSignal): void {
    if (signal?.aborted || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#ports.onState(state);
  }
}

/** sql.js throws strings. */
function asError(error: unknown): NodeJS.ErrnoException {
  return error instanceof Error ? error : new Error(String(error));
}

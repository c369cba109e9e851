/**
 * Keeps memory up with the transcripts: back-fill first (this workspace's projects, then newest first), live from then on.
 * One file at a time, so a pause or a cancel takes effect between two batches, and the store is never written by two.
 */
import path from 'node:path';
import type { CaptureSettings, CaptureState } from '../../protocol/memory-api';
import type { SessionId } from '../../protocol/model';
import type { Clock } from '../lib/clock';
import type { Log } from '../lib/log';
import type { Redactor } from '../observe/redact';
import type { SqlDriver } from '../store/driver';
import { getConfiguration, listConfigurations, setConfiguration } from '../store/configuration';
import { forgetExclusions, knownSources, markGone } from '../store/sources';
import type { SourceFile } from '../transcript/discover';
import { ProjectFinder, normalizeFolder } from '../transcript/project';
import { ingestFile } from './ingest';
import { excludes } from './exclude';
import { TranscriptWatch } from './watch';

export interface ImporterPorts {
  driver: SqlDriver;
  redactor: Redactor;
  clock: Clock;
  log: Log;
  /** Told after rows of a session were written. */
  onRows(sessionId: SessionId): void;
  onState(state: CaptureState): void;
}

const glanceMs = 500;
const sweepMs = 4000;
/** A file that could not be read is tried again after this long, or when it changes. */
const againMs = 60_000;
const idle: CaptureState = { phase: 'idle', filesTotal: 0, filesDone: 0, bytesTotal: 0, bytesDone: 0, current: '' };

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
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The run under way: a second caller waits for the same one. */
  #running: Promise<void> | undefined;
  #abort = new AbortController();
  /** Files that could not be read, until they change or some time has passed. */
  readonly #failed = new Map<string, { at: number; mtime: number; reason: string }>();
  lastCaptureAt: number | null = null;

  constructor(ports: ImporterPorts) {
    this.#ports = ports;
    this.#isPaused = getConfiguration<boolean>(ports.driver, 'capture.isPaused') ?? false;
    this.#watch = new TranscriptWatch({ configDirs: () => this.#settings.configDirs, known: () => knownSources(ports.driver), now: () => ports.clock.now() });
    if (this.#isPaused) this.#state = { ...idle, phase: 'paused' };
  }

  get state(): CaptureState {
    return this.#state;
  }

  configure(settings: CaptureSettings): void {
    const { driver, clock } = this.#ports;
    this.#wishes.delete(settings.source);
    this.#wishes.set(settings.source, settings);
    const wishes = [...this.#wishes.values()].reverse();
    this.#settings = {
      configDirs: [...new Set(wishes.flatMap(({ configDirs }) => configDirs.map((dir) => path.resolve(dir))))],
      roots: [...new Set(wishes.flatMap(({ roots }) => roots))],
      maxLineBytes: settings.maxLineBytes,
    };
    const key = `exclude:${settings.source}`;
    const before = JSON.stringify([...listConfigurations<string[]>(driver, 'exclude:')]);
    setConfiguration(driver, key, settings.exclude, clock.now());
    const all = listConfigurations<string[]>(driver, 'exclude:');
    // What was passed over for a rule that is gone must be read after all.
    if (JSON.stringify([...all]) !== before) forgetExclusions(driver);
    this.#isExcluded = excludes([...all.values()].flat());
    this.#lastSweepAt = 0;
  }

  /** Starts following. Errors are told as a state and tried again at the next beat. */
  start(): void {
    const beat = async () => {
      try {
        await this.#beat();
      } catch (error) {
        this.#ports.log.error(`capture: ${error instanceof Error ? error.message : String(error)}`);
        if (!this.#isClosed) this.#tell({ ...idle, phase: 'error', reason: error instanceof Error ? error.message : String(error) });
      }
      if (!this.#isClosed) this.#timer = setTimeout(() => void beat(), glanceMs);
    };
    void beat();
  }

  /** Reads all there is now. Resolves when it is searchable; false when it was cancelled or paused on the way. */
  async importNow(signal?: AbortSignal): Promise<boolean> {
    signal?.throwIfAborted();
    this.#cancelledAt = undefined;
    const stop = () => this.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      // A beat may be looking at recent files only: what is asked for is everything.
      while (this.#running) await this.#running.catch(() => {});
      await this.#run(true);
    } finally {
      signal?.removeEventListener('abort', stop);
    }
    return this.#cancelledAt === undefined && !this.#isPaused;
  }

  cancel(): void {
    this.#cancelledAt = this.#ports.clock.now();
    this.#interrupt();
    if (this.#state.phase !== 'paused') this.#tell({ ...this.#state, phase: 'cancelled', current: '' });
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    setConfiguration(this.#ports.driver, 'capture.isPaused', isPaused, this.#ports.clock.now());
    if (isPaused) this.#interrupt();
    else this.#lastSweepAt = 0;
    this.#tell({ ...this.#state, phase: isPaused ? 'paused' : 'idle', current: '' });
  }

  /** Runs `work` while nothing is being read: the file under way stops at its next batch and goes on afterwards. */
  async suspend(work: () => Promise<void>): Promise<void> {
    // A caller that waited for the same run may start the next one first.
    while (this.#running) {
      this.#interrupt();
      await this.#running.catch(() => {});
    }
    this.#running = work();
    try {
      await this.#running;
    } finally {
      this.#running = undefined;
      this.#lastSweepAt = 0;
    }
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    clearTimeout(this.#timer);
    this.#interrupt();
    await this.#running?.catch(() => {});
  }

  async #beat(): Promise<void> {
    if (this.#isPaused) return;
    const isDue = this.#ports.clock.now() - this.#lastSweepAt >= sweepMs;
    await this.#run(isDue);
  }

  #run(isSweep: boolean): Promise<void> {
    this.#running ??= this.#pass(isSweep).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #pass(isSweep: boolean): Promise<void> {
    this.#abort = new AbortController();
    const { signal } = this.#abort;
    try {
      if (!isSweep) {
        const { changed, hasNewFile } = await this.#watch.glance();
        await this.#follow(changed, signal);
        if (!hasNewFile) return;
      }
      this.#lastSweepAt = this.#ports.clock.now();
      const isFirst = this.#cancelledAt === undefined && (this.#state.phase === 'error' || this.#state.filesTotal === 0);
      if (isFirst) this.#tell({ ...idle, phase: 'scanning' });
      const { changed, gone } = await this.#watch.sweep(signal);
      if (gone.length > 0) markGone(this.#ports.driver, gone);
      await this.#backfill(changed, signal);
    } catch (error) {
      // Interrupted by a pause, a cancel or the end: the cursor stands at the last batch.
      if (!signal.aborted) throw error;
    }
  }

  async #backfill(changed: SourceFile[], signal: AbortSignal): Promise<void> {
    const cancelledAt = this.#cancelledAt;
    const queue = this.#order(cancelledAt === undefined ? changed : changed.filter(({ mtime }) => mtime > cancelledAt));
    if (cancelledAt !== undefined) return this.#follow(queue, signal);
    const bytesTotal = queue.reduce((sum, { size }) => sum + size, 0);
    const progress: CaptureState = { phase: 'importing', filesTotal: queue.length, filesDone: 0, bytesTotal, bytesDone: 0, current: '' };
    // A grown file or two is live capture, not an import to announce.
    const isShown = bytesTotal > 1 << 20 || queue.length > 3;
    for (const source of queue) {
      if (isShown) this.#tell({ ...progress, current: path.basename(source.path) });
      await this.#ingest(source, signal);
      progress.filesDone++;
      progress.bytesDone += source.size;
      // A long back-fill must not delay what is being written right now.
      if (progress.filesDone % 8 === 0) await this.#follow((await this.#watch.glance()).changed, signal);
    }
    const done: CaptureState = { ...idle, filesTotal: Math.max(1, queue.length), filesDone: queue.length, bytesTotal, bytesDone: bytesTotal };
    const [first] = this.#failed.values();
    this.#tell(first ? { ...done, phase: 'error', filesDone: queue.length - this.#failed.size, reason: `${this.#failed.size} × ${first.reason}` } : done);
  }

  async #follow(changed: readonly SourceFile[], signal: AbortSignal): Promise<void> {
    for (const source of changed) await this.#ingest(source, signal);
  }

  async #ingest(source: SourceFile, signal: AbortSignal): Promise<void> {
    signal.throwIfAborted();
    const { driver, redactor, clock, log } = this.#ports;
    const failed = this.#failed.get(source.path);
    if (failed && failed.mtime === source.mtime && clock.now() - failed.at < againMs) return;
    this.#failed.delete(source.path);
    try {
      const report = await ingestFile(source, { driver, redactor, projects: this.#projects, isExcluded: this.#isExcluded, maxLineBytes: this.#settings.maxLineBytes }, signal);
      if (!report.hasNewRows) return;
      this.lastCaptureAt = clock.now();
      this.#ports.onRows(report.sessionId);
    } catch (error) {
      if (signal.aborted) throw error;
      // One file that cannot be read stands in nobody's way; it is tried again later.
      const { code, message } = error as NodeJS.ErrnoException;
      log.warn(`capture: ${code ?? message} at ${path.basename(source.path)}`);
      if (code !== 'ENOENT') this.#failed.set(source.path, { at: clock.now(), mtime: source.mtime, reason: code ?? message });
    }
  }

  /** Open workspaces first, then newest; a session's sub-agents right after it. */
  #order(changed: readonly SourceFile[]): SourceFile[] {
    const slugs = new Set(this.#settings.roots.map((root) => normalizeFolder(root).replace(/[^a-zA-Z0-9]/g, '-').toLowerCase()));
    const isHere = (source: SourceFile) => source.path.split(/[/\\]/).some((part) => slugs.has(part.toLowerCase()));
    const newest = new Map<string, number>();
    for (const { sessionId, mtime } of changed) newest.set(sessionId, Math.max(newest.get(sessionId) ?? 0, mtime));
    // Sub-agent files beside their parents do not tell whose they are: they wait until all parents are there.
    const group = (source: SourceFile) => (source.sessionId === '' ? 2 : isHere(source) ? 0 : 1);
    const rank = new Map(changed.map((source) => [source, { group: group(source), at: newest.get(source.sessionId) ?? 0, kind: source.kind === 'main' ? 0 : 1 }]));
    return [...changed].sort((a, b) => {
      const left = rank.get(a)!;
      const right = rank.get(b)!;
      return left.group - right.group || right.at - left.at || a.sessionId.localeCompare(b.sessionId) || left.kind - right.kind || a.path.localeCompare(b.path);
    });
  }

  #interrupt(): void {
    this.#abort.abort();
  }

  #tell(state: CaptureState): void {
    if (JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#ports.onState(state);
  }
}

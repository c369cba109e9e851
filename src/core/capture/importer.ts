/**
 * Reads transcripts into the memory: first all of them (projects of this workspace first, then newest first), then
 * whatever grows. Reads one file at a time, so that pause and cancel take effect between two batches and only one
 * reading writes to the store.
 */
import { basename } from 'node:path';
import type { CaptureSettings } from '../../protocol/questions/capture';
import type { CaptureState } from '../../protocol/status';
import { asError, traceOf } from '../lib/log';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import { knownSources, markGone } from '../store/tables/sources';
import type { ConfigFolder } from '../transcript/config-folder';
import type { LinkCounts, SourceFile } from '../transcript/discover';
import { ProjectFinder } from '../transcript/project';
import { FileReader } from './file-reader';
import type { FileReaderPorts } from './file-reader';
import { MovedProjects } from './moved-projects';
import { NoteSweep } from './note-sweep';
import { orderSources } from './order';
import { SealedProjects } from './sealed-projects';
import { TranscriptWatch } from './watch';
import { Wishes } from './wishes';
import type { WishesPorts } from './wishes';

export interface ImporterPorts extends FileReaderPorts, WishesPorts {
  /** Called when other projects than before are shown as one. */
  onJoins: () => void;
  /** Called when notes came, changed or went. */
  onNotes: () => void;
  /** Called when a config folder has gone, or is there again. */
  onFolders: () => void;
  onState(state: CaptureState): void;
}

const glanceMs = 500;
const sweepMs = 4000;
/** From this size on, starting another thread for the lines is worth its time and memory. */
const bulkBytes = 2 << 20;
const idle: CaptureState = { phase: 'idle', filesTotal: 0, filesDone: 0, bytesTotal: 0, bytesDone: 0, current: '' };

/** `interrupted`: the cursor stays at the last batch, so the next pass continues there. */
type Outcome = 'done' | 'interrupted';

export class Importer {
  readonly #ports: ImporterPorts;
  readonly #watch: TranscriptWatch;
  readonly #moved: MovedProjects;
  readonly #notes: NoteSweep;
  readonly #wishes: Wishes;
  readonly #reader: FileReader;
  #state: CaptureState = idle;
  #isPaused: boolean;
  /** Time of a cancel: only files that grew later are read, until an import is requested. */
  #cancelledAt: number | undefined;
  #isClosed = false;
  #lastSweepAt = 0;
  #hasSwept = false;
  #timer: ReturnType<typeof setTimeout> | undefined;
  /** The running pass; a second caller waits for it. */
  #running: Promise<Outcome> | undefined;
  /** The running work that excludes reading, or that waits for its turn. */
  #suspension: Promise<void> | undefined;
  #abort = new AbortController();
  /** Number of pauses so far: a waiting import compares it to notice a pause. */
  #pauses = 0;
  /** Links found in the config folders at the last sweep. */
  links: LinkCounts = { followed: 0, passedOver: 0 };
  /** The config folders as the last sweep found them. */
  folders: readonly ConfigFolder[] = [];

  constructor(ports: ImporterPorts) {
    this.#ports = ports;
    const finder = new ProjectFinder();
    this.#wishes = new Wishes(ports);
    this.#reader = new FileReader(ports, new SealedProjects(finder, ports.redactor), this.#wishes);
    this.#notes = new NoteSweep({ ...ports, home: ports.surroundings.home }, finder);
    this.#isPaused = getConfiguration<boolean>(ports.driver, 'capture.isPaused') ?? false;
    this.#watch = new TranscriptWatch({
      configDirs: () => this.#wishes.configDirs,
      known: () => knownSources(ports.driver),
      now: () => ports.clock.now(),
    });
    this.#moved = new MovedProjects(ports);
    if (this.#isPaused) this.#state = { ...idle, phase: 'paused' };
  }

  /** Absolute; those of every head. */
  get configDirs(): readonly string[] {
    return this.#wishes.configDirs;
  }

  /** Whether a person excluded this folder. */
  isExcluded(root: string, cwd: string): boolean {
    return this.#wishes.isExcluded(root, cwd);
  }

  get state(): CaptureState {
    return this.#state;
  }

  get lastCaptureAt(): number | null {
    return this.#reader.lastCaptureAt;
  }

  configure(settings: CaptureSettings): void {
    this.#wishes.take(settings);
    this.#lastSweepAt = 0;
  }

  /** Starts following the transcripts. Errors are reported as a state, and the next round tries again. */
  start(): void {
    const beat = async () => {
      try {
        await this.#beat();
      } catch (error) {
        const { message } = asError(error);
        this.#ports.log.error(`capture: ${traceOf(error)}`);
        if (!this.#isClosed) this.#tell({ ...idle, phase: 'error', reason: message });
      }
      if (!this.#isClosed) this.#timer = setTimeout(() => void beat(), glanceMs);
    };
    void beat();
  }

  /**
   * Reads all transcripts, even while capture is paused, because a person requested it. Resolves when they are
   * searchable. False when the import was cancelled or paused, or a file could not be read.
   */
  async importNow(signal?: AbortSignal): Promise<boolean> {
    this.#cancelledAt = undefined;
    const pauses = this.#pauses;
    const stop = () => this.cancel();
    signal?.addEventListener('abort', stop, { once: true });
    try {
      for (;;) {
        // A running round may look at recent files only, so the import waits for its end and then reads everything.
        for (let busy = this.#busy(); busy; busy = this.#busy()) await busy.catch(() => {});
        if (signal?.aborted || this.#cancelledAt !== undefined || this.#pauses !== pauses || this.#isClosed)
          return false;
        // Forgetting interrupts a pass too; then the import starts another one.
        if ((await this.#run(true, true)) === 'done') return !this.#reader.hasFailures;
      }
    } finally {
      signal?.removeEventListener('abort', stop);
    }
  }

  /** The number of files read for this import, also those that following had read before it was asked for. */
  takeFilesRead(): number {
    return this.#reader.takeFilesRead();
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
      // Resuming also continues an import that was cancelled.
      this.#cancelledAt = undefined;
      this.#lastSweepAt = 0;
    }
    this.#tell({ ...this.#state, ...this.#rest(), current: '' });
  }

  /** Runs `work` while nothing is read: the present file stops at its next batch and continues afterwards. */
  async suspend(work: () => Promise<void>): Promise<void> {
    const before = this.#suspension;
    const mine = (async () => {
      await before?.catch(() => {});
      this.#interrupt();
      await this.#running?.catch(() => {});
      await work();
    })();
    // Set before the first await, so that no new pass begins. Otherwise an import and this call could interrupt each
    // other for ever.
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

  /** @param isAsked a person asked for it */
  #run(isSweep: boolean, isAsked = false): Promise<Outcome> {
    this.#running ??= this.#pass(isSweep, isAsked).finally(() => {
      this.#running = undefined;
    });
    return this.#running;
  }

  async #pass(isSweep: boolean, isAsked: boolean): Promise<Outcome> {
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
      const { changed, gone, links, folders } = await this.#watch.sweep(signal);
      this.links = links;
      const had = JSON.stringify(this.folders);
      this.folders = folders;
      if (JSON.stringify(folders) !== had) this.#ports.onFolders();
      this.#hasSwept = true;
      if (gone.length > 0) for (const sessionId of markGone(this.#ports.driver, gone)) this.#ports.onRows(sessionId);
      this.#reader.keepFailuresOf(changed);
      await this.#backfill(changed, signal);
      if (!signal.aborted) {
        const { configDirs, trustedRoots, isExcluded } = this.#wishes;
        const opened = trustedRoots.filter((root) => !isExcluded(root, root));
        await this.#moved.look(isAsked, opened, signal);
        await this.#notes.look({ configDirs, opened, isExcluded }, isAsked, signal);
      }
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
      this.#wishes.roots,
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
    // A few files that grew are live capture; their progress is not shown as an import.
    const isShown = bytesTotal > 1 << 20 || queue.length > 3;
    const isBulk = bytesTotal > bulkBytes;
    try {
      for (const [index, source] of queue.entries()) {
        if (isShown) this.#tell({ ...progress, current: basename(source.path) }, signal);
        const reading = this.#reader.read(source, signal, isBulk);
        const next = queue[index + 1];
        if (isBulk && next) this.#reader.ahead(next, signal);
        await reading;
        progress.filesDone++;
        progress.bytesDone += source.size;
        // A long back-fill must not delay what is being written now.
        if (progress.filesDone % 8 === 0) await this.#follow((await this.#watch.glance()).changed, signal);
      }
    } finally {
      await this.#reader.dropAhead();
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

  /** The state of capture while nothing is read. */
  #rest(): Pick<CaptureState, 'phase' | 'reason'> {
    if (this.#isPaused) return { phase: 'paused' };
    if (this.#cancelledAt !== undefined) return { phase: 'cancelled' };
    const reason = this.#reader.trouble;
    return reason === undefined ? { phase: 'idle' } : { phase: 'error', reason };
  }

  async #follow(changed: readonly SourceFile[], signal: AbortSignal): Promise<void> {
    for (const source of changed) await this.#reader.read(source, signal);
  }

  #interrupt(): void {
    this.#abort.abort();
  }

  /** Reports a state, unless the pass that reports it was interrupted. */
  #tell(state: CaptureState, signal?: AbortSignal): void {
    if (signal?.aborted || JSON.stringify(state) === JSON.stringify(this.#state)) return;
    this.#state = state;
    this.#ports.onState(state);
  }
}

/** The keeper that this process runs for its head and for all others, in a thread. */
import path from 'node:path';
import { Worker } from 'node:worker_threads';
import { MemoryError } from '../protocol/errors';
import type { ErrorCode } from '../protocol/errors';
import { prepareFolder } from './folder';
import { beat } from './keeper-file';
import { takeLock } from './lock';
import { reopeningCode } from './worker-messages';
import type { WorkerCommand, WorkerInput, WorkerMessage } from './worker-messages';

export interface OwnKeeperOptions {
  /** Folder of the database; created when missing. */
  dataDir: string;
  /** Absolute path of the built `keeper.cjs`. */
  workerFile: string;
  /** Version of the extension, shown in status and handshake. */
  version: string;
  log: (level: 'debug' | 'info' | 'warn' | 'error', message: string) => void;
  /** For tests: see `WorkerInput`. */
  host?: string;
}

/** In milliseconds. */
export interface OwnKeeperTiming {
  /** Time between two attempts after a keeper was lost. */
  retryMs: number;
  /** When our keeper ends sooner than this, the next one would probably end for the same reason. */
  shortLifeMs: number;
  /** How often this process says that the keeper it runs lives. */
  heartbeatMs: number;
}

/** A back-fill allocates only short-lived objects; a larger nursery would keep that memory. */
const resourceLimits = { maxYoungGenerationSizeMb: 24 } as const;

export class OwnKeeper {
  readonly #options: OwnKeeperOptions;
  readonly #timing: OwnKeeperTiming;
  #thread: Worker | undefined;
  /**
   * No new keeper is started before this time after one of ours died early; otherwise they would start and die in a
   * loop.
   */
  #restUntil = 0;

  constructor(options: OwnKeeperOptions, timing: OwnKeeperTiming) {
    this.#options = options;
    this.#timing = timing;
  }

  get isResting(): boolean {
    return Date.now() < this.#restUntil;
  }

  /** The running thread; another object for each keeper. */
  get thread(): Worker | undefined {
    return this.#thread;
  }

  /**
   * Takes the lock and starts a keeper thread; true when it serves. The lock is taken in this thread: when a keeper
   * dies all heads try at once, and those that come too late should not load a database engine for nothing.
   */
  async become(): Promise<boolean> {
    const { dataDir, host } = this.#options;
    await prepareFolder(dataDir);
    const lock = await takeLock(dataDir, process.platform, host);
    if (!lock) return false;
    return this.#startKeeper(() => lock.release().catch(() => {}));
  }

  /** @param onExit called once, when the thread has ended and closed all files, or could not be made */
  async #startKeeper(onExit: () => Promise<void>): Promise<boolean> {
    const { dataDir, workerFile, version, log, host } = this.#options;
    const workerData: WorkerInput = {
      dataDir,
      version,
      wasmFile: path.join(path.dirname(workerFile), 'sql-wasm.wasm'),
      ...(host !== undefined && { host }),
    };
    // From this thread, and from now on: while it opens a large memory, or is busy, the keeper cannot say that it is there.
    const heartbeat = setInterval(() => void beat(dataDir), this.#timing.heartbeatMs);
    heartbeat.unref();
    let worker: Worker;
    try {
      const options = { workerData, name: 'claude-mem-keeper', execArgv: [], stdout: false, resourceLimits };
      worker = new Worker(workerFile, options);
    } catch (error) {
      // The system allows no more threads.
      clearInterval(heartbeat);
      await onExit();
      throw error;
    }
    let endedWith: number | undefined;
    const ended = new Promise<void>((resolve) => {
      worker.once('exit', (code) => {
        endedWith = code;
        clearInterval(heartbeat);
        void onExit();
        resolve();
      });
    });
    const outcome = await new Promise<WorkerMessage>((resolve) => {
      worker.on('message', (message: WorkerMessage) => {
        if (message.kind === 'log') log(message.level, message.message);
        // The newer head goes first; this one only looks for it.
        else if (message.kind === 'yielding') this.#rest();
        else resolve(message);
      });
      worker.once('error', (error) => resolve({ kind: 'failed', code: 'internal', message: error.message }));
      worker.once('exit', () => resolve({ kind: 'lost' }));
    });
    if (outcome.kind === 'failed') {
      // The thread must have closed its files before another keeper may try.
      await ended;
      throw new MemoryError(outcome.code as ErrorCode, outcome.message, {
        ...(outcome.reason && { reason: outcome.reason }),
      });
    }
    if (outcome.kind !== 'ready') return false;
    // It can end in the same turn in which it was ready: a dead thread that is kept would be waited for without end.
    if (endedWith !== undefined) {
      if (endedWith !== reopeningCode && this.#timing.shortLifeMs > 0) this.#rest();
      return false;
    }
    this.#thread = worker;
    const startedAt = Date.now();
    worker.once('exit', (code) => {
      if (code !== reopeningCode && Date.now() - startedAt < this.#timing.shortLifeMs) this.#rest();
      if (this.#thread === worker) this.#thread = undefined;
    });
    // An error of the keeper must not crash its window; the closed socket starts the search for the next one.
    worker.on('error', (error) => log('error', `keeper: ${error.message}`));
    log('info', `keeper: this window owns the memory, as number ${outcome.generation}`);
    return true;
  }

  #rest(): void {
    this.#restUntil = Date.now() + this.#timing.retryMs;
  }

  /** Ends the keeper of this process, if there is one, and waits until it has let go of every file. */
  async end(): Promise<void> {
    const thread = this.#thread;
    if (!thread) return;
    const exited = new Promise((resolve) => thread.once('exit', resolve));
    thread.postMessage('close' satisfies WorkerCommand);
    await exited;
  }
}

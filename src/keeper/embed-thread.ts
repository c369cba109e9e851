/**
 * The embedding model for the keeper: a thread that exists while it is needed. It embeds one text at a time, so that a
 * query waits for at most one; after some idle minutes it ends and frees its memory.
 */
import { Worker } from 'node:worker_threads';
import type { Log } from '../core/lib/log';
import type { RunningEmbedder } from '../core/meaning/choice';
import type { UsableModel } from '../core/meaning/model-folder';
import { MemoryError } from '../protocol/errors';
import type { EmbedAnswer, EmbedInput, EmbedRequest } from './embed-messages';

export interface EmbedThreadOptions {
  /** Absolute path of the built `embed.cjs`; the runtime is in the same folder. */
  workerFile: string;
  model: UsableModel;
  log: Log;
  /** Called once, when the model can no longer be used. */
  onLost?: (reason: string) => void;
  timing?: Partial<EmbedTiming>;
}

/** In milliseconds. */
export interface EmbedTiming {
  /** The thread ends after this time without a text. */
  idleMs: number;
  /** Waits before each restart after a crash; after the last one the model is given up. */
  backOffMs: readonly number[];
}

const defaultTiming: EmbedTiming = { idleMs: 5 * 60_000, backOffMs: [500, 2000, 8000] };
/** The vocabulary of a multilingual model is large; WebAssembly memory does not count. Texts are short-lived. */
const resourceLimits = { maxOldGenerationSizeMb: 1024, maxYoungGenerationSizeMb: 16 } as const;

type Kind = 'query' | 'passage';

interface Job {
  kind: Kind;
  texts: readonly string[];
  vectors: Float32Array[];
  resolve: (vectors: Float32Array[]) => void;
  reject: (error: MemoryError) => void;
  isOver: boolean;
}

/** The thread ended during a call. */
class ThreadGone extends Error {}

export class EmbedThread implements RunningEmbedder {
  readonly id: string;
  readonly dimension: number;
  readonly maxTokens: number;
  readonly #timing: EmbedTiming;
  #jobs: Job[] = [];
  #live: Promise<Worker> | undefined;
  #worker: Worker | undefined;
  #isWorking = false;
  #crashes = 0;
  #requests = 0;
  /** Why no more texts are accepted. */
  #over: MemoryError | undefined;
  #idleTimer: ReturnType<typeof setTimeout> | undefined;

  constructor(readonly options: EmbedThreadOptions) {
    const { id, dimension, maxTokens } = options.model;
    this.id = id;
    this.dimension = dimension;
    this.maxTokens = maxTokens;
    this.#timing = { ...defaultTiming, ...options.timing };
  }

  /** True while the thread holds the model in memory. */
  get isLoaded(): boolean {
    return this.#worker !== undefined;
  }

  async load(): Promise<void> {
    try {
      await this.#alive();
    } catch (error) {
      throw error instanceof ThreadGone ? gone('model_crashed', error.message) : error;
    }
    this.#rest();
  }

  embed(texts: readonly string[], kind: Kind, signal?: AbortSignal): Promise<Float32Array[]> {
    if (this.#over) return Promise.reject(this.#over);
    if (signal?.aborted) return Promise.reject(cancelled());
    if (texts.length === 0) return Promise.resolve([]);
    return new Promise((resolve, reject) => {
      const job: Job = { kind, texts, vectors: [], resolve, reject, isOver: false };
      const cancel = () => this.#finish(job, cancelled());
      signal?.addEventListener('abort', cancel, { once: true });
      const settled =
        <T>(settle: (value: T) => void) =>
        (value: T) => {
          signal?.removeEventListener('abort', cancel);
          settle(value);
        };
      Object.assign(job, { resolve: settled(resolve), reject: settled(reject) });
      this.#jobs.push(job);
      void this.#work();
    });
  }

  async close(): Promise<void> {
    this.#stop(gone('model_gone', 'Another model is used now, or none.'));
    await this.#retire();
  }

  /** Runs while there are jobs, including those added meanwhile. */
  async #work(): Promise<void> {
    if (this.#isWorking) return;
    this.#isWorking = true;
    clearTimeout(this.#idleTimer);
    for (let job = this.#next(); job; job = this.#next()) await this.#advance(job);
    this.#isWorking = false;
    this.#rest();
  }

  /** Queries first; otherwise in the order of arrival. */
  #next(): Job | undefined {
    return this.#jobs.find(({ kind }) => kind === 'query') ?? this.#jobs[0];
  }

  /** Embeds the next text of a job. After a crash the job continues there. */
  async #advance(job: Job): Promise<void> {
    try {
      const text = this.options.model.prefixes[job.kind] + (job.texts[job.vectors.length] ?? '');
      const vector = await this.#run(await this.#alive(), text);
      this.#crashes = 0;
      job.vectors.push(vector);
      if (job.vectors.length === job.texts.length) this.#finish(job);
    } catch (error) {
      if (error instanceof ThreadGone) await this.#recover(error);
      else if (MemoryError.is(error, 'no_model')) this.#lose(error);
      else this.#finish(job, new MemoryError('internal', error instanceof Error ? error.message : String(error)));
    }
  }

  #finish(job: Job, error?: MemoryError): void {
    if (job.isOver) return;
    job.isOver = true;
    this.#jobs = this.#jobs.filter((each) => each !== job);
    if (error) job.reject(error);
    else job.resolve(job.vectors);
  }

  async #recover(error: ThreadGone): Promise<void> {
    if (this.#over) return;
    const wait = this.#timing.backOffMs[this.#crashes++];
    this.options.log.warn(`meaning: the thread of the model ended, ${this.#crashes} times in a row`);
    if (wait === undefined) this.#lose(gone('model_crashed', error.message));
    else await new Promise((resolve) => setTimeout(resolve, wait).unref());
  }

  #lose(error: MemoryError): void {
    if (this.#over) return;
    this.#stop(error);
    void this.#retire();
    this.options.onLost?.(String(error.data?.['reason']));
  }

  #stop(error: MemoryError): void {
    this.#over ??= error;
    clearTimeout(this.#idleTimer);
    for (const job of this.#jobs) this.#finish(job, error);
  }

  #rest(): void {
    if (this.#isWorking) return;
    // Neither the thread nor the wait for its end keeps the process alive.
    this.#worker?.unref();
    clearTimeout(this.#idleTimer);
    this.#idleTimer = setTimeout(() => void this.#retire(), this.#timing.idleMs);
    this.#idleTimer.unref();
  }

  /** Cleared first, so that a new job starts a new thread. */
  async #retire(): Promise<void> {
    const worker = this.#worker;
    this.#worker = undefined;
    this.#live = undefined;
    await worker?.terminate();
  }

  /** The thread with its model loaded; starts one when there is none. */
  #alive(): Promise<Worker> {
    if (this.#over) return Promise.reject(this.#over);
    this.#live ??= this.#spawn();
    return this.#live;
  }

  #spawn(): Promise<Worker> {
    const { workerFile, model } = this.options;
    const workerData: EmbedInput = { folder: model.folder, dtype: model.dtype, maxTokens: model.maxTokens };
    const worker = new Worker(workerFile, {
      workerData,
      name: 'claude-mem-embed',
      execArgv: [],
      stdout: false,
      resourceLimits,
    });
    this.#worker = worker;
    const forget = () => {
      if (this.#worker !== worker) return;
      this.#worker = undefined;
      this.#live = undefined;
    };
    worker.once('exit', forget);
    return new Promise<Worker>((resolve, reject) => {
      worker.once('message', (answer: EmbedAnswer) => {
        const problem = judgeLoad(answer, model.dimension);
        if (problem) reject(problem);
        else resolve(worker);
        if (problem) void worker.terminate();
        else if (answer.kind === 'loaded') this.options.log.info(`meaning: the model was loaded in ${answer.ms} ms`);
      });
      worker.once('error', (error) => {
        forget();
        reject(new ThreadGone(error.message));
      });
      worker.once('exit', () => reject(new ThreadGone('The thread of the model ended.')));
    });
  }

  #run(worker: Worker, text: string): Promise<Float32Array> {
    // It can end in the same turn in which its model was loaded; its end is not told again.
    if (this.#worker !== worker) return Promise.reject(new ThreadGone('The thread of the model ended.'));
    const id = ++this.#requests;
    worker.ref();
    return new Promise((resolve, reject) => {
      const listen = (answer: EmbedAnswer) => {
        if (!('id' in answer) || answer.id !== id) return;
        leave();
        if (answer.kind === 'vector') resolve(answer.vector);
        else reject(new Error(answer.message));
      };
      const crash = (error?: unknown) => {
        leave();
        reject(new ThreadGone(error instanceof Error ? error.message : 'The thread of the model ended.'));
      };
      const leave = () => {
        worker.off('message', listen);
        worker.off('error', crash);
        worker.off('exit', crash);
      };
      worker.on('message', listen);
      worker.on('error', crash);
      worker.on('exit', crash);
      worker.postMessage({ id, text } satisfies EmbedRequest);
    });
  }
}

function judgeLoad(answer: EmbedAnswer, dimension: number): MemoryError | undefined {
  if (answer.kind === 'unusable') return gone('model_unusable', answer.message);
  if (answer.kind !== 'loaded') return gone('model_unusable', 'The model answered before it was asked.');
  return answer.dimension === dimension
    ? undefined
    : gone('model_unusable', `The model gives ${answer.dimension} numbers, its configuration says ${dimension}.`);
}

const gone = (reason: string, message: string) => new MemoryError('no_model', message, { reason });
const cancelled = () => new MemoryError('cancelled', 'The operation was cancelled.');

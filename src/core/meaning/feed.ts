/**
 * Embeds texts in the background: what people wrote before tool output, newest first, new rows before old ones. It has
 * no stored queue: the table tells which vectors are missing. One batch runs at a time.
 */
import { createHmac } from 'node:crypto';
import { MemoryError } from '../../protocol/errors';
import type { MeaningQueue, PauseReason } from '../../protocol/meaning-queue';
import { orAborted } from '../lib/abort';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import { breathe } from '../lib/turns';
import type { Turn } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentKinds } from '../store/tables/documents';
import {
  countEmbedded,
  deleteVectors,
  documentsWithoutVectors,
  knownVector,
  lastDocument,
  modelsWithVectors,
  putVectors,
  textForMeaning,
} from '../store/tables/vectors';
import type { EmbeddedDocument, VectorRow, WaitingDocument } from '../store/tables/vectors';
import { chunksOf } from './chunks';
import type { Embedder } from './embedder';

/** State of the machine, e.g. running on battery; undefined when embedding may run. */
export interface Machine {
  whyWait(): 'load' | 'battery' | undefined;
}

export interface FeedPorts {
  driver: SqlDriver;
  now: () => number;
  elapsed: () => number;
  log: Log;
  /** Key for the hashes of texts. */
  salt: string;
  machine: Machine | undefined;
  isPausedByUser(): boolean;
  isImporting(): boolean;
  turn: Turn;
  onProgress(): void;
  /** Called when few or no texts wait any more. */
  onFed(): void;
}

/** Texts per batch: small, so that a pause or a search waits only briefly. */
const batchTexts = 16;
const batchDocuments = 64;
/** Ids examined before other requests are answered. */
const surveyStep = 5000;
/** Vectors of an old model deleted per transaction. */
const deleteStep = 500;
/** Time until the machine is checked again when it was busy. */
const lookAgainMs = 5000;
/** Number of last batches from which the speed is computed. */
const speedBatches = 10;

/** A text that every model can read. */
const plainWord = 'ready';

interface Batch {
  ids: number[];
  documents: { document: number; hashes: string[] }[];
  /** Vectors by hash. */
  known: Map<string, Float32Array>;
  /** Texts by hash. */
  unknown: Map<string, string>;
}

export class Feed {
  /** Ids of documents without a vector, the next one last: what people wrote, and tool output. */
  readonly #waiting: { words: number[]; tools: number[] } = { words: [], tools: [] };
  #surveyed = 0;
  #done = 0;
  #running: Promise<void> | undefined;
  #isAskedAgain = false;
  #stop = new AbortController();
  #timer: ReturnType<typeof setTimeout> | undefined;
  #hasFailed = false;
  readonly #waiters: (() => void)[] = [];
  readonly #speeds: { texts: number; ms: number }[] = [];

  constructor(
    readonly ports: FeedPorts,
    readonly embedder: Embedder,
  ) {
    this.#done = countEmbedded(ports.driver, embedder.id);
  }

  get queue(): MeaningQueue {
    const why = this.#whyPaused();
    const ms = this.#speeds.reduce((sum, each) => sum + each.ms, 0);
    const texts = this.#speeds.reduce((sum, each) => sum + each.texts, 0);
    return {
      waiting: this.#waiting.words.length + this.#waiting.tools.length,
      done: this.#done,
      perSecond: this.#running && !why && ms > 0 ? Math.round((texts / ms) * 10_000) / 10 : 0,
      isPaused: why !== undefined,
      ...(why && { whyPaused: why }),
    };
  }

  /** True when enough of what people wrote has vectors for searching by them. */
  get isMostlyDone(): boolean {
    return this.#surveyed > 0 && this.#waiting.words.length * 4 <= this.#done;
  }

  /** Rows were added; with `isReset` rows were deleted and the list of missing vectors is made anew. */
  invalidate(isReset: boolean): void {
    this.#hasFailed = false;
    if (isReset) {
      this.#surveyed = 0;
      this.#waiting.words = [];
      this.#waiting.tools = [];
      this.#done = countEmbedded(this.ports.driver, this.embedder.id);
    }
    void this.wake();
  }

  /** Embeds until no text waits or a reason to pause appears. */
  wake(): Promise<void> {
    this.#isAskedAgain = true;
    clearTimeout(this.#timer);
    this.#running ??= this.#run().finally(() => {
      this.#running = undefined;
      this.ports.onProgress();
      // Called again while this run was ending.
      if (this.#isAskedAgain && !this.#stop.signal.aborted) void this.wake();
    });
    return this.#running;
  }

  /** Resolves when there is no reason to pause, or on close. Other users of the model wait for the same reasons. */
  untilFree(): Promise<void> {
    if (this.#stop.signal.aborted || this.#whyPaused() === undefined) return Promise.resolve();
    return new Promise((resolve) => {
      this.#waiters.push(resolve);
      void this.wake();
    });
  }

  async close(): Promise<void> {
    this.#stop.abort();
    clearTimeout(this.#timer);
    this.#letGo();
    await this.#running;
  }

  async #run(): Promise<void> {
    try {
      while (this.#isAskedAgain && !this.#stop.signal.aborted) {
        this.#isAskedAgain = false;
        // An import adds old rows in any order, so which are the newest is known only at its end.
        if (!this.ports.isImporting()) await this.#survey();
        while (!this.#stop.signal.aborted && (await this.#feedBatch())) await this.ports.turn();
        if (this.#whyPaused() === undefined) await this.#finish();
      }
    } catch (error) {
      // A full disk must not end the thread. New rows or the next start try again.
      this.#hasFailed = true;
      this.ports.log.error(`meaning: ${traceOf(error)}`);
    }
    if (this.#whyPaused() === undefined) this.#letGo();
    else if (!this.#stop.signal.aborted) this.#lookAgain();
  }

  #letGo(): void {
    for (const resolve of this.#waiters.splice(0)) resolve();
  }

  #whyPaused(): PauseReason | undefined {
    if (this.ports.isPausedByUser()) return 'user';
    if (this.#hasFailed) return 'model';
    if (this.ports.isImporting()) return 'importing';
    return this.ports.machine?.whyWait();
  }

  #lookAgain(): void {
    const why = this.#whyPaused();
    // Paused by a person, or the model failed: both call `wake` when it may continue.
    if (why === 'user' || why === 'model') return;
    this.#timer = setTimeout(() => void this.wake(), lookAgainMs);
    this.#timer.unref();
  }

  /** Adds ids of documents that were written since the last survey. */
  async #survey(): Promise<void> {
    const { driver } = this.ports;
    const last = lastDocument(driver);
    const found: WaitingDocument[] = [];
    let from = this.#surveyed;
    while (from < last && !this.#stop.signal.aborted) {
      const before = this.#surveyed;
      found.push(...documentsWithoutVectors(driver, this.embedder.id, from, Math.min(last, from + surveyStep)));
      from += surveyStep;
      if (from < last) await breathe();
      // Reset meanwhile: start from the beginning.
      if (this.#surveyed < before) {
        from = 0;
        found.length = 0;
      }
    }
    this.#surveyed = last;
    found.sort((a, b) => a.at - b.at || a.id - b.id);
    for (const { id, kind } of found)
      (kind === documentKinds.observation ? this.#waiting.tools : this.#waiting.words).push(id);
  }

  /** Embeds one batch; false when no text waits or there is a reason to pause. */
  async #feedBatch(): Promise<boolean> {
    if (this.#whyPaused() !== undefined) return false;
    // Rows may have been added during the last batch; new rows go first.
    if (this.#isAskedAgain) {
      this.#isAskedAgain = false;
      await this.#survey();
    }
    const batch = this.#nextBatch();
    if (batch.ids.length === 0) return false;
    const started = this.ports.elapsed();
    try {
      await this.#embedAll(batch);
    } catch (error) {
      // The texts go to the end of the queue, because another model may be chosen next.
      this.#waiting.tools.unshift(...batch.ids);
      if (this.#stop.signal.aborted) return false;
      this.#hasFailed = true;
      this.ports.log.warn(`meaning: a batch was not embedded: ${error instanceof Error ? error.name : 'unknown'}`);
      return false;
    }
    if (this.#stop.signal.aborted) return false;
    const documents = batch.documents.map(({ document, hashes: own }): EmbeddedDocument => ({
      document,
      rows: own.map((hash, chunk) => rowOf(document, chunk, hash, batch.known.get(hash))),
    }));
    putVectors(this.ports.driver, this.embedder.id, this.embedder.dimension, documents, this.ports.now());
    this.#done += documents.length;
    this.#speeds.push({ texts: documents.length, ms: this.ports.elapsed() - started });
    if (this.#speeds.length > speedBatches) this.#speeds.shift();
    this.ports.onProgress();
    return true;
  }

  /**
   * Adds vectors for the unknown texts. When a batch fails, each text is embedded by itself; one that the model cannot
   * read stays without a vector, so that it does not block the others.
   * @throws the embedder's error, when the model failed and not a text
   */
  async #embedAll({ known, unknown }: Batch): Promise<void> {
    if (unknown.size === 0) return;
    try {
      const vectors = await this.#embed([...unknown.values()]);
      [...unknown.keys()].forEach((hash, index) => known.set(hash, vectors[index]!));
    } catch (error) {
      if (!this.#mayBeText(error)) throw error;
      await this.#embedEach({ known, unknown });
    }
  }

  async #embedEach({ known, unknown }: Pick<Batch, 'known' | 'unknown'>): Promise<void> {
    let unread = 0;
    let last: unknown;
    for (const [hash, piece] of unknown) {
      try {
        const [vector] = await this.#embed([piece]);
        known.set(hash, vector!);
      } catch (error) {
        if (!this.#mayBeText(error)) throw error;
        last = error;
        unread++;
      }
    }
    // The model read none of the texts: a plain word shows whether the texts or the model are at fault.
    if (unread === unknown.size) await this.#embed([plainWord]);
    if (unread > 0)
      this.ports.log.warn(
        `meaning: the model cannot read ${unread} of ${unknown.size} texts: ${last instanceof Error ? last.name : 'unknown'}`,
      );
  }

  #embed(texts: readonly string[]): Promise<Float32Array[]> {
    return orAborted(this.embedder.embed(texts, 'passage', this.#stop.signal), this.#stop.signal);
  }

  /** True when a text may have caused the error: not cancelled, and the model is there. */
  #mayBeText(error: unknown): boolean {
    return !this.#stop.signal.aborted && !MemoryError.is(error, 'no_model') && !MemoryError.is(error, 'cancelled');
  }

  #nextBatch(): Batch {
    const { driver } = this.ports;
    const ids: number[] = [];
    const documents: { document: number; hashes: string[] }[] = [];
    const known = new Map<string, Float32Array>();
    const unknown = new Map<string, string>();
    while (unknown.size < batchTexts && ids.length < batchDocuments) {
      const document = this.#waiting.words.pop() ?? this.#waiting.tools.pop();
      if (document === undefined) break;
      const text = textForMeaning(driver, document);
      if (text === undefined) continue;
      ids.push(document);
      const pieces = chunksOf(text).map(
        (piece) => [createHmac('sha256', this.ports.salt).update(piece).digest('hex').slice(0, 32), piece] as const,
      );
      documents.push({ document, hashes: pieces.map(([hash]) => hash) });
      for (const [hash, piece] of pieces) {
        if (known.has(hash) || unknown.has(hash)) continue;
        const vector = knownVector(driver, this.embedder.id, hash);
        if (vector) known.set(hash, vector);
        else unknown.set(hash, piece);
      }
    }
    return { ids, documents, known, unknown };
  }

  /** All texts are embedded: vectors of other models are deleted. */
  async #finish(): Promise<void> {
    const { driver } = this.ports;
    if (this.#waiting.words.length + this.#waiting.tools.length > 0) return;
    for (const model of modelsWithVectors(driver)) {
      if (model === this.embedder.id) continue;
      while (!this.#stop.signal.aborted && deleteVectors(driver, model, deleteStep) > 0) await breathe();
    }
    if (!this.#stop.signal.aborted) this.ports.onFed();
  }
}

/** A piece without a vector has an empty hash, like a text that is too short. */
const rowOf = (document: number, chunk: number, hash: string, vector: Float32Array | undefined): VectorRow =>
  vector ? { document, chunk, hash, vector } : { document, chunk, hash: '', vector: new Float32Array(0) };

/**
 * The road of meaning for the rest of the memory: embedders come and go, vectors are added, and the measured weight
 * says how much they count.
 */
import type { Calibration, MeaningFacts, MeaningQueue } from '../../protocol/meaning-queue';
import type { FullText } from '../index/full-text';
import { abortAfter, orAborted } from '../lib/abort';
import type { Clock } from '../lib/clock';
import type { CommitHistory } from '../lib/git';
import { traceOf } from '../lib/log';
import type { Log } from '../lib/log';
import type { Turn } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { getConfiguration, setConfiguration } from '../store/tables/configuration';
import type { DocumentKind } from '../store/tables/documents';
import { calibrationKey } from '../store/tables/forget';
import { vectorsOfRow } from '../store/tables/vectors';
import { askHistory } from './ask-history';
import { trialRule, tryWeight } from './calibrate';
import type { Embedder } from './embedder';
import { Feed } from './feed';
import type { Machine } from './feed';
import { flatFileOf, removeFlatFiles } from './flat-file';
import { gatherQuestions } from './questions';
import { VectorIndex } from './vector-index';
import type { NearChunk } from './vector-index';

export interface RoadPorts {
  driver: SqlDriver;
  index: FullText;
  clock: Clock;
  log: Log;
  dataDir: string;
  elapsed: () => number;
  salt: string;
  machine: Machine | undefined;
  commits: CommitHistory | undefined;
  isImporting(): boolean;
  turn: Turn;
}

/** State of one model. */
interface Work {
  embedder: Embedder;
  vectors: VectorIndex;
  feed: Feed;
  stop: AbortController;
  loading: Promise<void>;
}

const pausedKey = 'meaning.isPaused';
/** A search waits at most this long for the vector of its question, then uses words alone. */
const patienceMs = 1500;
/** Pieces to ask for: one session may have many. */
const nearest = 200;
/** A trial is repeated when the number of texts has grown or shrunk by this factor. */
const farFactor = 1.5;

export class MeaningRoad {
  /** Called when the queue or the weight changed. */
  onProgress: () => void = () => {};
  #work: Work | undefined;
  #isPaused: boolean;
  #calibration: Calibration | undefined;
  #calibrating: Promise<void> | undefined;
  #isClosed = false;

  constructor(readonly ports: RoadPorts) {
    this.#isPaused = getConfiguration<boolean>(ports.driver, pausedKey) ?? false;
    this.#calibration = lastTrial(ports.driver);
  }

  /** Sets the embedder to use from now on; undefined for none. Work of the former one ends. */
  setEmbedder(embedder: Embedder | undefined): void {
    const former = this.#work;
    this.#work = undefined;
    if (former) void this.#end(former);
    if (embedder && !this.#isClosed) this.#begin(embedder);
    this.onProgress();
  }

  setPaused(isPaused: boolean): void {
    this.#isPaused = isPaused;
    setConfiguration(this.ports.driver, pausedKey, isPaused, this.ports.clock.now());
    void this.#work?.feed.wake();
    this.onProgress();
  }

  /** Undefined without a model. */
  get queue(): MeaningQueue | undefined {
    return this.#work?.feed.queue;
  }

  get facts(): MeaningFacts | undefined {
    if (!this.#work) return undefined;
    const { id } = this.#work.embedder;
    return {
      model: id,
      queue: this.#work.feed.queue,
      weight: this.weight,
      ...(this.#calibration?.model === id && { calibration: this.#calibration }),
    };
  }

  /**
   * The weight of meaning in a search: 0 unless the model is loaded, has embedded most texts, and helped in the trial.
   */
  get weight(): number {
    const work = this.#work;
    if (!work || !work.vectors.isLoaded || !work.feed.isMostlyDone || this.#calibration?.model !== work.embedder.id)
      return 0;
    return this.#calibration.weight;
  }

  /** Rows were added; with `isReset` rows were deleted or moved. */
  invalidate(isReset: boolean): void {
    // Everything may have been deleted, including the result of the trial.
    if (isReset) this.#calibration = lastTrial(this.ports.driver);
    this.#work?.vectors.invalidate(isReset);
    this.#work?.feed.invalidate(isReset);
  }

  /**
   * Must be called before anything is erased. The copy of the vectors is deleted first, so that a kill in between
   * leaves nothing of the erased text.
   */
  dropCopies(): void {
    this.#work?.vectors.invalidate(true);
    removeFlatFiles(this.ports.dataDir);
  }

  /**
   * The vector of a question; undefined when it cannot be computed in time, for any reason.
   * @throws AbortError when `signal` aborts
   */
  async embedQuestion(text: string, signal?: AbortSignal): Promise<Float32Array | undefined> {
    const work = this.#work;
    if (!work?.vectors.isLoaded) return undefined;
    const patience = abortAfter(patienceMs, work.stop.signal, ...(signal ? [signal] : []));
    try {
      // The search must not wait for an embedder that ignores the signal.
      const [vector] = await orAborted(work.embedder.embed([text], 'query', patience), patience);
      // The model changed meanwhile: its vectors cannot be compared with this one.
      return work === this.#work ? vector : undefined;
    } catch {
      signal?.throwIfAborted();
      return undefined;
    }
  }

  /**
   * The pieces nearest to a vector, best first; undefined when there are no vectors. `isAllowed` gets a document's id,
   * `visit` every piece with its cosine.
   */
  nearest(
    vector: Float32Array,
    isAllowed?: (document: number) => boolean,
    visit?: (document: number, similarity: number) => void,
  ): NearChunk[] | undefined {
    const vectors = this.#work?.vectors;
    return vectors?.isLoaded && vector.length === vectors.options.dimension
      ? vectors.nearest(vector, nearest, isAllowed, visit)
      : undefined;
  }

  hasVectorOf(kind: DocumentKind, row: number): boolean {
    const work = this.#work;
    return (
      work !== undefined &&
      work.vectors.isLoaded &&
      vectorsOfRow(this.ports.driver, work.embedder.id, kind, row).length > 0
    );
  }

  /** The pieces nearest to a row, or to the mean of a session; undefined when it has no vector. */
  like(kind: DocumentKind, row: number, isAllowed?: (document: number) => boolean): NearChunk[] | undefined {
    const work = this.#work;
    if (!work?.vectors.isLoaded) return undefined;
    const own = vectorsOfRow(this.ports.driver, work.embedder.id, kind, row);
    return own.length === 0 ? undefined : this.nearest(meanOf(own), isAllowed);
  }

  async close(): Promise<void> {
    this.#isClosed = true;
    const work = this.#work;
    this.#work = undefined;
    if (!work) return;
    const { isLoaded } = work.vectors;
    await this.#end(work);
    if (isLoaded) await work.vectors.save(true).catch(() => {});
  }

  /** For tests: resolves when all work is done. */
  async whenEmbedded(): Promise<void> {
    await this.#work?.loading;
    await this.#work?.feed.wake();
    while (this.#calibrating) {
      await this.#calibrating;
      await this.#work?.feed.wake();
    }
  }

  #begin(embedder: Embedder): void {
    const { driver, dataDir, clock, elapsed, log, salt, machine } = this.ports;
    const stop = new AbortController();
    const vectors = new VectorIndex({
      driver,
      model: embedder.id,
      dimension: embedder.dimension,
      dataDir,
      file: flatFileOf(dataDir, embedder.id),
    });
    const feed = new Feed(
      {
        driver,
        now: () => clock.now(),
        elapsed,
        log,
        salt,
        machine,
        isPausedByUser: () => this.#isPaused,
        isImporting: () => this.ports.isImporting(),
        turn: this.ports.turn,
        onProgress: () => {
          vectors.takeIn();
          this.onProgress();
        },
        onFed: () => this.#whenFed(),
      },
      embedder,
    );
    const loading = vectors.load(stop.signal).then(
      () => feed.wake(),
      (error: unknown) => log.error(`meaning: vectors cannot be read: ${traceOf(error)}`),
    );
    this.#work = { embedder, vectors, feed, stop, loading };
  }

  async #end(work: Work): Promise<void> {
    work.stop.abort();
    await Promise.allSettled([work.feed.close(), work.loading, this.#calibrating]);
  }

  /** No text waits: time to save the copy, and for a trial when one is due. */
  #whenFed(): void {
    const work = this.#work;
    if (!work) return;
    work.vectors
      .save()
      .catch((error: unknown) =>
        this.ports.log.warn(
          `meaning: the vector file was not written: ${(error as NodeJS.ErrnoException).code ?? 'unknown'}`,
        ),
      );
    const last = this.#calibration?.model === work.embedder.id ? this.#calibration : undefined;
    const { done } = work.feed.queue;
    if (this.#calibrating || done === 0 || (last && !isFar(done, last.documents))) return;
    this.#calibrating = this.#tryOut(work);
  }

  async #tryOut(work: Work): Promise<void> {
    let isOver = true;
    try {
      isOver = await this.#calibrate(work);
    } catch (error) {
      if (!work.stop.signal.aborted)
        this.ports.log.warn(`meaning: the trial was given up: ${error instanceof Error ? error.name : 'unknown'}`);
    }
    this.#calibrating = undefined;
    if (!isOver) void work.feed.wake();
  }

  /** False when rows were deleted meanwhile: the result is dropped. */
  async #calibrate(work: Work): Promise<boolean> {
    const { driver, clock } = this.ports;
    const documents = work.feed.queue.done;
    const questions = await gatherQuestions(driver, this.ports.commits, work.stop.signal);
    const trials = await askHistory(
      {
        index: this.ports.index,
        vectors: work.vectors,
        embedder: work.embedder,
        now: () => clock.now(),
        nearest,
        untilFree: () => work.feed.untilFree(),
        turn: this.ports.turn,
        signal: work.stop.signal,
      },
      questions,
    );
    const verdict = await tryWeight(trials, this.ports.turn);
    if (work.stop.signal.aborted) return true;
    if (isFar(work.feed.queue.done, documents)) return false;
    this.#calibration = { model: work.embedder.id, at: clock.now(), documents, rule: trialRule, ...verdict };
    setConfiguration(driver, calibrationKey, this.#calibration, clock.now());
    this.ports.log.info(`meaning: ${this.#calibration.pairs} questions tried, weight ${this.#calibration.weight}`);
    this.onProgress();
    return true;
  }
}

/** The last trial, if it was judged as it is today. */
function lastTrial(driver: SqlDriver): Calibration | undefined {
  const last = getConfiguration<Calibration>(driver, calibrationKey);
  return last?.rule === trialRule ? last : undefined;
}

const isFar = (now: number, then: number): boolean => now >= Math.max(1, then) * farFactor || now * farFactor <= then;

function meanOf(vectors: readonly Float32Array[]): Float32Array {
  const sum = new Float32Array(vectors[0]?.length ?? 0);
  for (const vector of vectors) for (let at = 0; at < sum.length; at++) sum[at] = (sum[at] ?? 0) + (vector[at] ?? 0);
  const length = Math.sqrt(sum.reduce((total, value) => total + value * value, 0));
  return length === 0 ? sum : sum.map((value) => value / length);
}

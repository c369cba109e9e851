/**
 * All vectors of one model, ready for search: quantized vectors in memory find candidates, exact vectors from the table
 * order the best of them. Vectors that the table no longer has are never returned.
 */
import nodeFs from 'node:fs';
import { breathe } from '../lib/turns';
import type { SqlDriver } from '../store/sqlite/driver';
import { eachVectorId, nextVectors, vectorsById, vectorsUpTo } from '../store/tables/vectors';
import { appendFlat, readFlat, removeFlatFiles } from './flat-file';
import type { FlatHeader, FlatRecord } from './flat-file';
import { Scan, packRow } from './scan';
import type { Near } from './scan';

export interface NearChunk {
  document: number;
  chunk: number;
  /** Cosine. */
  similarity: number;
}

export interface VectorIndexOptions {
  driver: SqlDriver;
  model: string;
  dimension: number;
  dataDir: string;
  /** The copy on disk; without it every start reads the table. */
  file?: string;
}

/** Number of candidates that are ordered by their exact vectors. */
const rescored = 32;
/** Rows read from the table before other requests are answered: about 7 ms. */
const atOnce = 250;
/** With fewer new rows the copy is not written. */
const worthSaving = 500;

export class VectorIndex {
  #scan: Scan;
  #ids = new Uint32Array(1024);
  #documents = new Uint32Array(1024);
  #chunks = new Uint16Array(1024);
  #last = 0;
  #isReset = false;
  #isLoaded = false;
  #saved: FlatHeader | undefined;
  #saving: Promise<void> | undefined;
  #taking: Promise<void> | undefined;
  #stop: AbortSignal | undefined;
  /** Incremented when a write in progress has become invalid. */
  #epoch = 0;

  constructor(readonly options: VectorIndexOptions) {
    this.#scan = new Scan(options.dimension);
  }

  /** Number of vectors that can be found. */
  get size(): number {
    return this.#scan.size - this.#scan.dead;
  }

  /** False while vectors are still being read. */
  get isLoaded(): boolean {
    return this.#isLoaded;
  }

  /** Reads all vectors, letting other requests run in between. */
  async load(signal?: AbortSignal): Promise<void> {
    this.#stop = signal;
    await this.#loadFlat();
    while (this.#take(atOnce) === atOnce) {
      await breathe();
      if (signal?.aborted) return;
    }
    this.#isLoaded = true;
  }

  /** Reads new vectors, letting other requests run in between, until `load`'s signal aborts. */
  takeIn(): void {
    // An error here occurs again in a search, which reports it.
    this.#taking ??= breathe()
      .then(() => this.#takeAll(this.#stop))
      .catch(() => {})
      .finally(() => (this.#taking = undefined));
  }

  async #takeAll(stop?: AbortSignal): Promise<void> {
    for (;;) {
      if (!this.#isLoaded || stop?.aborted || this.#take(atOnce) < atOnce) return;
      await breathe();
    }
  }

  /** Rows were added; with `isReset` rows may have been deleted. */
  invalidate(isReset: boolean): void {
    if (!isReset) return;
    this.#isReset = true;
    this.#dropFlat();
  }

  /**
   * The `most` nearest pieces, best first. Of many rows just added, only the first are included. `isAllowed` gets a
   * document's id; `visit` every piece, allowed or not, with its cosine as exact as the quantization allows.
   */
  nearest(
    vector: Float32Array,
    most: number,
    isAllowed?: (document: number) => boolean,
    visit?: (document: number, similarity: number) => void,
  ): NearChunk[] {
    this.#dropGone();
    if (this.#isLoaded && this.#take(atOnce) === atOnce) this.takeIn();
    const test = isAllowed && ((at: number) => isAllowed(this.#documents[at] ?? 0));
    let each = visit && ((at: number, similarity: number) => visit(this.#documents[at] ?? 0, similarity));
    for (;;) {
      const found = this.#scan.nearest(vector, Math.max(most, rescored), test, each);
      each = undefined;
      const exact = vectorsById(
        this.options.driver,
        found.slice(0, rescored).map(({ at }) => this.#ids[at] ?? 0),
      );
      // These rows were replaced and their vectors deleted: search again without them, because they took the place of
      // others.
      const gone = found.slice(0, rescored).filter(({ at }) => !exact.has(this.#ids[at] ?? 0));
      if (gone.length === 0) return this.#inOrder(found, exact, vector).slice(0, most);
      for (const { at } of gone) this.#kill(at);
    }
  }

  /** Entries below the best keep the cosine of the quantized vectors, exact to about 0.01. */
  #inOrder(found: readonly Near[], exact: ReadonlyMap<number, Float32Array>, vector: Float32Array): NearChunk[] {
    return found
      .map(({ at, similarity }) => ({ at, similarity: dot(exact.get(this.#ids[at] ?? 0), vector) ?? similarity }))
      .sort((a, b) => b.similarity - a.similarity || a.at - b.at)
      .map(({ at, similarity }) => ({ document: this.#documents[at] ?? 0, chunk: this.#chunks[at] ?? 0, similarity }));
  }

  /** Writes new rows to the copy on disk, when they are many or `isLast`. */
  save(isLast = false): Promise<void> {
    this.#saving ??= this.#save(isLast).finally(() => (this.#saving = undefined));
    return this.#saving;
  }

  async #save(isLast: boolean): Promise<void> {
    const { file, driver, model, dimension, dataDir } = this.options;
    if (file === undefined || !this.#isLoaded) return;
    this.#dropGone();
    const epoch = this.#epoch;
    await this.#taking;
    await this.#takeAll();
    // Rows were deleted meanwhile; the next save writes what is left.
    if (epoch !== this.#epoch) return;
    const stat = nodeFs.statSync(file, { throwIfNoEntry: false });
    // The file was deleted or rows were: write it from the beginning.
    const before = stat && this.#scan.dead === 0 ? this.#saved : undefined;
    const fresh = this.#scan.size - (before?.count ?? 0);
    if (fresh === 0 || (fresh < worthSaving && !(isLast && before === undefined && this.size > 0))) return;
    if (this.#scan.dead > 0) await this.#compact();
    this.#saved = undefined;
    const { mark } = vectorsUpTo(driver, model, this.#last);
    removeFlatFiles(dataDir, file);
    const header = await appendFlat(
      file,
      before,
      { model, dimension, lastId: this.#last, mark },
      this.#records(before?.count ?? 0, this.#scan.size),
    );
    if (epoch === this.#epoch) this.#saved = header;
    else this.#dropFlat();
  }

  *#records(from: number, to: number): Generator<FlatRecord> {
    for (let at = from; at < to; at++)
      yield {
        id: this.#ids[at] ?? 0,
        document: this.#documents[at] ?? 0,
        chunk: this.#chunks[at] ?? 0,
        ...this.#scan.row(at),
      };
  }

  /** Removes killed rows. */
  async #compact(): Promise<void> {
    const old = { scan: this.#scan, ids: this.#ids, documents: this.#documents, chunks: this.#chunks };
    this.#empty();
    for (let at = 0; at < old.scan.size; at++) {
      if (old.scan.isDead(at)) continue;
      const { values, scale } = old.scan.row(at);
      this.#add({ id: old.ids[at] ?? 0, document: old.documents[at] ?? 0, chunk: old.chunks[at] ?? 0, values, scale });
    }
  }

  async #loadFlat(): Promise<void> {
    const { file, driver, model, dimension } = this.options;
    if (file === undefined) return;
    const isOurs = (header: FlatHeader) => {
      if (header.model !== model || header.dimension !== dimension) return false;
      const { count, mark } = vectorsUpTo(driver, model, header.lastId);
      // The table has fewer: rows were replaced since and are removed below.
      isStale = count < header.count;
      return mark === header.mark && count <= header.count;
    };
    let isStale = false;
    const epoch = this.#epoch;
    const header = await readFlat(file, isOurs, (record) => this.#add(record));
    if (header && epoch === this.#epoch) {
      this.#saved = header;
      this.#isReset ||= isStale;
      return;
    }
    this.#empty();
    this.#dropFlat();
  }

  #dropGone(): void {
    if (!this.#isReset) return;
    this.#isReset = false;
    const there = new Set<number>();
    eachVectorId(this.options.driver, this.options.model, (id) => void there.add(id));
    for (let at = 0; at < this.#scan.size; at++) if (!there.has(this.#ids[at] ?? 0)) this.#kill(at);
  }

  /** Reads rows that the table has added; returns how many. */
  #take(most: number): number {
    const rows = nextVectors(this.options.driver, this.options.model, this.#last, most);
    for (const { vector, ...row } of rows) this.#add({ ...row, ...packRow(vector, this.#scan.rowBytes) });
    return rows.length;
  }

  #add({ id, document, chunk, values, scale }: FlatRecord): void {
    const at = this.#scan.add({ values, scale });
    if (at >= this.#ids.length) this.#widen();
    this.#ids[at] = id;
    this.#documents[at] = document;
    this.#chunks[at] = chunk;
    this.#last = id;
  }

  #kill(at: number): void {
    this.#scan.kill(at);
    // The copy on disk contains the row.
    if (this.#saved || this.#saving) this.#dropFlat();
  }

  #empty(): void {
    this.#scan = new Scan(this.options.dimension);
    this.#last = 0;
  }

  #dropFlat(): void {
    this.#epoch++;
    this.#saved = undefined;
    if (this.options.file !== undefined) nodeFs.rmSync(this.options.file, { force: true });
  }

  #widen(): void {
    const wider = <A extends Uint32Array<ArrayBuffer> | Uint16Array<ArrayBuffer>>(from: A): A => {
      const to = new (from.constructor as new (length: number) => A)(from.length * 2);
      to.set(from);
      return to;
    };
    this.#ids = wider(this.#ids);
    this.#documents = wider(this.#documents);
    this.#chunks = wider(this.#chunks);
  }
}

function dot(one: Float32Array | undefined, other: Float32Array): number | undefined {
  if (!one) return undefined;
  let sum = 0;
  for (let index = 0; index < one.length; index++) sum += (one[index] ?? 0) * (other[index] ?? 0);
  return sum;
}

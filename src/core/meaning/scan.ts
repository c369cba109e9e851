/**
 * Quantized vectors in one WebAssembly memory, and their products with a query. Brute force: at a million rows it takes
 * as long as reading them once, and no index structure must be built or repaired.
 */
import { Best } from '../index/best';
import { kernelBytes, relaxedKernelBytes } from './kernel-bytes';

export interface Near {
  /** Place of the row. */
  at: number;
  /** Cosine, as exact as the quantization allows. */
  similarity: number;
}

/** One quantized row: (`values` - 64) × `scale` is the vector. */
export interface PackedRow {
  values: Int8Array;
  scale: number;
}

type Run = (
  query: number,
  rows: number,
  count: number,
  dimension: number,
  shift: number,
  scales: number,
  out: number,
) => void;

interface Kernel {
  module: WebAssembly.Module;
  /**
   * Largest value of a query. With 16 bits, more than 11 could overflow the sums, and would be finer than the rows
   * anyway.
   */
  finest: number;
  makeQuery(buffer: ArrayBuffer, length: number): Int8Array | Int16Array;
}

/**
 * Rows per block, followed by their scales. The products of one block stay in the processor's cache until they are
 * read.
 */
const blockRows = 4096;
const pageBytes = 65_536;
/** Rows store -64 to 63 as 0 to 127, because the newer instruction takes one unsigned operand. */
const shift = 64;

const kernels: Kernel[] = [];
const kernelFor = (isPlain: boolean): Kernel => kernels[isPlain ? 1 : 0] ?? makeKernels()[isPlain ? 1 : 0]!;

/** The faster kernel first; where the runtime does not support it, the plain one twice. */
function makeKernels(): readonly Kernel[] {
  const plain: Kernel = {
    module: compile(kernelBytes),
    finest: 2047,
    makeQuery: (buffer, length) => new Int16Array(buffer, 0, length),
  };
  kernels.splice(0, 2, plain, plain);
  try {
    kernels[0] = {
      module: compile(relaxedKernelBytes),
      finest: 127,
      makeQuery: (buffer, length) => new Int8Array(buffer, 0, length),
    };
  } catch {
    // V8 before 11.4.
  }
  return kernels;
}

const compile = (base64: string): WebAssembly.Module => new WebAssembly.Module(Buffer.from(base64, 'base64'));

export class Scan {
  /** Public for the benchmark, which measures how fast all of it can be read. */
  readonly memory = new WebAssembly.Memory({ initial: 1, maximum: pageBytes });
  readonly #kernel: Kernel;
  readonly #run: Run;
  /** Bytes per row: the dimension, padded with zeros. */
  readonly rowBytes: number;
  readonly #blockBytes: number;
  readonly #outAt: number;
  readonly #firstBlock: number;
  #bytes = new Uint8Array(0);
  #isDead = new Uint8Array(blockRows);
  #size = 0;
  #dead = 0;

  /** `isPlain`: uses instructions that every runtime knows, for tests. */
  constructor(
    readonly dimension: number,
    isPlain = false,
  ) {
    this.#kernel = kernelFor(isPlain);
    this.#run = new WebAssembly.Instance(this.#kernel.module, { scan: { memory: this.memory } }).exports['scan'] as Run;
    this.rowBytes = Math.ceil(dimension / 16) * 16;
    this.#blockBytes = blockRows * (this.rowBytes + 4);
    this.#outAt = Math.ceil((this.rowBytes * 2) / 64) * 64;
    this.#firstBlock = this.#outAt + blockRows * 4;
    this.#reserve(0);
  }

  /** Number of rows, including killed ones. */
  get size(): number {
    return this.#size;
  }

  get dead(): number {
    return this.#dead;
  }

  /** Adds a row; returns its place. @throws RangeError when there is no more memory */
  add({ values, scale }: PackedRow): number {
    const at = this.#size;
    this.#reserve(at);
    this.#bytes.set(new Uint8Array(values.buffer, values.byteOffset, values.length), this.#rowAt(at));
    new Float32Array(this.memory.buffer, this.#scalesAt(at), 1)[0] = scale;
    this.#size++;
    return at;
  }

  row(at: number): PackedRow {
    const scale = new Float32Array(this.memory.buffer, this.#scalesAt(at), 1)[0] ?? 0;
    return { values: new Int8Array(this.memory.buffer, this.#rowAt(at), this.rowBytes), scale };
  }

  /** The row is not found any more; its place stays occupied. */
  kill(at: number): void {
    if (this.#isDead[at] === 1) return;
    this.#isDead[at] = 1;
    this.#dead++;
    // Forgotten text must not stay in memory either.
    this.#bytes.fill(0, this.#rowAt(at), this.#rowAt(at) + this.rowBytes);
  }

  isDead(at: number): boolean {
    return this.#isDead[at] === 1;
  }

  /**
   * The `most` rows nearest to a vector of length 1, best first. `visit` gets every row, allowed or not, with its cosine.
   */
  nearest(
    vector: Float32Array,
    most: number,
    isAllowed?: (at: number) => boolean,
    visit?: (at: number, similarity: number) => void,
  ): Near[] {
    const { unit, sum } = this.#setQuery(vector);
    const best = new Best(most);
    for (let first = 0; first < this.#size; first += blockRows) {
      const rows = Math.min(blockRows, this.#size - first);
      // Four rows at a time: places behind the last row contain zeros.
      this.#run(
        0,
        this.#rowAt(first),
        Math.ceil(rows / 4) * 4,
        this.rowBytes,
        shift * sum,
        this.#scalesAt(first),
        this.#outAt,
      );
      const products = new Float32Array(this.memory.buffer, this.#outAt, rows);
      if (visit)
        for (let index = 0; index < rows; index++)
          if (this.#isDead[first + index] === 0) visit(first + index, products[index]! * unit);
      let { least } = best;
      for (let index = 0; index < rows; index++) {
        const product = products[index] as number;
        if (product <= least) continue;
        const at = first + index;
        if (this.#isDead[at] === 1 || (isAllowed && !isAllowed(at))) continue;
        best.offer(at, product);
        ({ least } = best);
      }
    }
    return best.ranked().map(({ key, score }) => ({ at: key, similarity: score * unit }));
  }

  /** Writes the query for the kernel; returns the value of one unit and the sum of all. */
  #setQuery(vector: Float32Array): { unit: number; sum: number } {
    const { finest } = this.#kernel;
    const largest = largestOf(vector);
    const query = this.#kernel.makeQuery(this.memory.buffer, this.rowBytes);
    query.fill(0);
    const unit = largest / finest || 1;
    let sum = 0;
    for (let index = 0; index < this.dimension; index++) {
      query[index] = Math.round((vector[index] ?? 0) / unit);
      sum += query[index] ?? 0;
    }
    return { unit, sum };
  }

  #rowAt(at: number): number {
    return this.#firstBlock + Math.floor(at / blockRows) * this.#blockBytes + (at % blockRows) * this.rowBytes;
  }

  #scalesAt(at: number): number {
    return (
      this.#firstBlock +
      Math.floor(at / blockRows) * this.#blockBytes +
      blockRows * this.rowBytes +
      (at % blockRows) * 4
    );
  }

  /** Grows the memory to contain this place. */
  #reserve(at: number): void {
    const needed = this.#firstBlock + (Math.floor(at / blockRows) + 1) * this.#blockBytes;
    const missing = needed - this.memory.buffer.byteLength;
    if (missing > 0) this.memory.grow(Math.ceil(missing / pageBytes));
    if (this.#bytes.buffer !== this.memory.buffer) this.#bytes = new Uint8Array(this.memory.buffer);
    if (at < this.#isDead.length) return;
    const wider = new Uint8Array(this.#isDead.length * 2);
    wider.set(this.#isDead);
    this.#isDead = wider;
  }
}

/** Quantizes a vector. The padding stays zero, as it is in the query. */
export function packRow(vector: Float32Array, rowBytes: number): PackedRow {
  const scale = largestOf(vector) / (shift - 1) || 1;
  const values = new Int8Array(rowBytes);
  for (let index = 0; index < vector.length; index++) values[index] = shift + Math.round((vector[index] ?? 0) / scale);
  return { values, scale };
}

function largestOf(vector: Float32Array): number {
  let largest = 0;
  for (const value of vector) largest = Math.max(largest, Math.abs(value));
  return largest;
}

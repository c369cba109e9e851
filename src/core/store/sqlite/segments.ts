/**
 * Reads words straight out of the full-text index: the segments FTS4 keeps in `fulltext_segdir` and
 * `fulltext_segments`. Asking FTS4 itself costs about a microsecond a row on the way out of WebAssembly; a doclist is
 * one blob for a whole word.
 *
 * The format is SQLite's, fixed since FTS3 (comment at the head of its fts3.c). A segment is a b-tree over its words. A
 * leaf is: height 0, then words, each as the length it shares with the one before, the rest, and its doclist. A node
 * above is: height, block of its leftmost child, then for each further child the shortest text that parts it from the
 * one before.
 */
import type { SqlDriver } from './driver';

interface Segment {
  firstLeaf: number;
  lastLeaf: number;
  /** The leaf itself when the segment has no blocks. */
  root: Uint8Array;
  top: InnerNode | undefined;
}

interface InnerNode {
  height: number;
  firstChild: number;
  keys: readonly Uint8Array[];
}

/** Inner nodes are read again and again and cached; leaves are large doclists and are not. */
const maxNodes = 2000;

export class Segments {
  #segments: Segment[] | undefined;
  #changes = -1;
  readonly #nodes = new Map<number, InnerNode>();

  constructor(readonly driver: SqlDriver) {}

  /**
   * Drops the cache when anything was written since, including merges in idle time; true when it did. Must be called
   * before each use.
   */
  refresh(): boolean {
    const changes = countChanges(this.driver);
    if (changes === this.#changes) return false;
    this.#changes = changes;
    this.#segments = undefined;
    this.#nodes.clear();
    return true;
  }

  /** Doclists of a word, one for each segment that has it. */
  doclists(word: string): Uint8Array[] {
    const target = utf8.encode(word);
    const found: Uint8Array[] = [];
    for (const segment of this.#all()) {
      const leaf = this.#leafFor(segment, target);
      if (!leaf) continue;
      eachWord(leaf.bytes, (known, doclist) => {
        const order = compare(known, target);
        if (order === 0) found.push(doclist);
        return order < 0;
      });
    }
    return found;
  }

  /**
   * Doclists of all words with this prefix, about `maxBytes` of them, newest segments first, and the number of words.
   */
  doclistsOfPrefix(prefix: string, maxBytes: number): { doclists: Uint8Array[]; words: number } {
    const target = utf8.encode(prefix);
    const doclists: Uint8Array[] = [];
    let words = 0;
    let left = maxBytes;
    for (const segment of this.#all()) {
      for (let leaf = this.#leafFor(segment, target); leaf;) {
        const isOver = !eachWord(leaf.bytes, (known, doclist) => {
          const order = compare(known.subarray(0, target.length), target);
          if (order === 0) {
            doclists.push(doclist);
            left -= doclist.length;
            words++;
          }
          return order <= 0 && left > 0;
        });
        leaf = isOver || leaf.block === 0 || leaf.block >= segment.lastLeaf ? undefined : this.#leaf(leaf.block + 1);
      }
    }
    return { doclists, words };
  }

  #all(): Segment[] {
    this.#segments ??= this.driver
      .all<{ first: number; last: number; root: Uint8Array }>(
        'SELECT start_block AS first, leaves_end_block AS last, root FROM fulltext_segdir ORDER BY level, idx',
      )
      .map(({ first, last, root }) => ({
        firstLeaf: first,
        lastLeaf: last,
        root,
        top: first === 0 || root.length === 0 ? undefined : parseInner(root),
      }));
    return this.#segments;
  }

  /** The leaf that would hold a word, with its block; block 0 is the root. */
  #leafFor(segment: Segment, target: Uint8Array): { block: number; bytes: Uint8Array } | undefined {
    if (!segment.top) return segment.root.length === 0 ? undefined : { block: 0, bytes: segment.root };
    let node: InnerNode | undefined = segment.top;
    while (node && node.height > 1) node = this.#node(childFor(node, target));
    return node && this.#leaf(childFor(node, target));
  }

  #leaf(block: number): { block: number; bytes: Uint8Array } | undefined {
    const bytes = this.#block(block);
    return bytes && { block, bytes };
  }

  #node(block: number): InnerNode | undefined {
    const known = this.#nodes.get(block);
    if (known) return known;
    const bytes = this.#block(block);
    if (!bytes) return undefined;
    const node = parseInner(bytes);
    if (this.#nodes.size < maxNodes) this.#nodes.set(block, node);
    return node;
  }

  #block(block: number): Uint8Array | undefined {
    return this.driver.get<{ block: Uint8Array }>('SELECT block FROM fulltext_segments WHERE blockid = ?', [block])
      ?.block;
  }
}

/** Counts all rows this connection has written. */
const countChanges = (driver: SqlDriver): number => driver.get<{ n: number }>('SELECT total_changes() AS n')?.n ?? 0;

const utf8 = new TextEncoder();

/**
 * Visits the words of a leaf in order until `visit` returns false; true when it visited all. The buffer of the word is
 * reused.
 */
function eachWord(leaf: Uint8Array, visit: (word: Uint8Array, doclist: Uint8Array) => boolean): boolean {
  let word = new Uint8Array(64);
  let [, at] = readVarint(leaf, 0);
  let isFirst = true;
  while (at < leaf.length) {
    let shared = 0;
    if (!isFirst) [shared, at] = readVarint(leaf, at);
    isFirst = false;
    let length: number;
    [length, at] = readVarint(leaf, at);
    if (shared + length > word.length) {
      const longer = new Uint8Array(2 * (shared + length));
      longer.set(word);
      word = longer;
    }
    word.set(leaf.subarray(at, at + length), shared);
    at += length;
    let size: number;
    [size, at] = readVarint(leaf, at);
    if (!visit(word.subarray(0, shared + length), leaf.subarray(at, at + size))) return false;
    at += size;
  }
  return true;
}

/** The child of an inner node that would contain a word: the one before the first larger key. */
function childFor({ firstChild, keys }: InnerNode, target: Uint8Array): number {
  let low = 0;
  let high = keys.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (compare(target, keys[middle]!) < 0) high = middle;
    else low = middle + 1;
  }
  return firstChild + low;
}

function parseInner(node: Uint8Array): InnerNode {
  let [height, at] = readVarint(node, 0);
  let firstChild: number;
  [firstChild, at] = readVarint(node, at);
  const keys: Uint8Array[] = [];
  while (at < node.length) {
    let shared = 0;
    if (keys.length > 0) [shared, at] = readVarint(node, at);
    let length: number;
    [length, at] = readVarint(node, at);
    const key = new Uint8Array(shared + length);
    if (shared > 0) key.set(keys.at(-1)!.subarray(0, shared));
    key.set(node.subarray(at, at + length), shared);
    at += length;
    keys.push(key);
  }
  return { height, firstChild, keys };
}

function compare(a: Uint8Array, b: Uint8Array): number {
  const length = Math.min(a.length, b.length);
  for (let index = 0; index < length; index++) {
    const difference = (a[index] ?? 0) - (b[index] ?? 0);
    if (difference !== 0) return difference;
  }
  return a.length - b.length;
}

/**
 * Reads SQLite's variable-length number: seven bits a byte, the lowest first. Returns the number and the offset behind
 * it.
 */
function readVarint(bytes: Uint8Array, at: number): [number, number] {
  let value = 0;
  let factor = 1;
  for (let index = at; index < bytes.length; index++) {
    const byte = bytes[index] ?? 0;
    value += (byte & 127) * factor;
    if (byte < 128) return [value, index + 1];
    factor *= 128;
  }
  return [value, bytes.length];
}

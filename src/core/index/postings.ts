/**
 * The doclists of a word, decoded: in which documents it stands, how often, and where the places are written.
 *
 * A doclist is: number of the document (as the difference to the one before), places (each as the difference plus 2), 0; all
 * as variable-length numbers. A document without places is one that was taken out after an older segment was written.
 */
import type { Segments } from '../store/segments';

export interface Postings {
  /** Documents by id; ascending within each segment, not over all of them. */
  readonly documents: Int32Array;
  /** How often the word stands in each. */
  readonly counts: Uint16Array;
  /** Where the places of each begin: an index into `parts` and a byte in it. */
  readonly parts: readonly Uint8Array[];
  readonly partOf: Uint16Array;
  readonly from: Int32Array;
  /** Where ascending runs of documents begin. */
  readonly runs: readonly number[];
}

const mostCounted = 0xff_ff;

/** A word, as it stands in the index. Undefined when it stands nowhere. */
export function readPostings(segments: Segments, word: string): Postings | undefined {
  const doclists = segments.doclists(word);
  return doclists.length === 0 ? undefined : decode(doclists);
}

/** All words that begin so, taken as one: counts are summed up, places are those of one of them. */
export function readPrefix(segments: Segments, prefix: string, mostBytes: number): Postings | undefined {
  const { doclists, words } = segments.doclistsOfPrefix(prefix, mostBytes);
  if (doclists.length === 0) return undefined;
  const postings = decode(doclists);
  return words === 1 ? postings : mergeEqual(postings);
}

/** Several words taken as one. */
export function joinPostings(all: readonly Postings[]): Postings {
  return mergeEqual(decode(all.flatMap(({ parts }) => parts)));
}

/** The index of a document in the postings, or -1. */
export function findDocument({ documents, runs }: Postings, document: number): number {
  for (let run = 0; run < runs.length; run++) {
    let low = runs[run]!;
    let high = (runs[run + 1] ?? documents.length) - 1;
    while (low <= high) {
      const middle = (low + high) >> 1;
      const there = documents[middle]!;
      if (there === document) return middle;
      if (there < document) low = middle + 1;
      else high = middle - 1;
    }
  }
  return -1;
}

/** Places of the word in the document at `index` of the postings: ordinal numbers of words in it, ascending. */
export function placesAt(postings: Postings, index: number, most: number): number[] {
  const bytes = postings.parts[postings.partOf[index] ?? 0];
  const places: number[] = [];
  if (!bytes) return places;
  let at = postings.from[index] ?? 0;
  let place = 0;
  while (places.length < most) {
    let byte = bytes[at++] ?? 0;
    if (byte === 0) return places;
    let delta = byte & 127;
    for (let shift = 7; byte >= 128; shift += 7) {
      byte = bytes[at++] ?? 0;
      delta |= (byte & 127) << shift;
    }
    place += delta - 2;
    places.push(place);
  }
  return places;
}

function decode(doclists: readonly Uint8Array[]): Postings {
  let size = 0;
  // A document takes three bytes at least.
  for (const bytes of doclists) size += Math.ceil(bytes.length / 2);
  const documents = new Int32Array(size);
  const counts = new Uint16Array(size);
  const from = new Int32Array(size);
  const partOf = new Uint16Array(size);
  const gone = new Set<number>();
  let length = 0;
  doclists.forEach((bytes, part) => {
    let at = 0;
    let document = 0;
    while (at < bytes.length) {
      let byte = bytes[at++]!;
      let delta = byte & 127;
      for (let factor = 128; byte >= 128; factor *= 128) {
        byte = bytes[at++]!;
        delta += (byte & 127) * factor;
      }
      document += delta;
      const start = at;
      let count = 0;
      // The last byte of a number is the only one below 128, and 0 stands for the end alone.
      while ((byte = bytes[at++]!) !== 0) if (byte < 128) count++;
      if (count === 0) {
        gone.add(document);
        continue;
      }
      documents[length] = document;
      counts[length] = count > mostCounted ? mostCounted : count;
      from[length] = start;
      partOf[length] = part;
      length++;
    }
  });
  if (gone.size > 0) length = dropGone(documents, counts, from, partOf, length, gone);
  const runs: number[] = [];
  for (let index = 0; index < length; index++) if (index === 0 || partOf[index] !== partOf[index - 1]) runs.push(index);
  return { runs, documents: documents.subarray(0, length), counts: counts.subarray(0, length), parts: doclists, partOf: partOf.subarray(0, length), from: from.subarray(0, length) };
}

/** Ids of documents are never used again: what was taken out anywhere is out everywhere. */
function dropGone(documents: Int32Array, counts: Uint16Array, from: Int32Array, partOf: Uint16Array, length: number, gone: ReadonlySet<number>): number {
  let to = 0;
  for (let index = 0; index < length; index++) {
    if (gone.has(documents[index]!)) continue;
    documents[to] = documents[index]!;
    counts[to] = counts[index]!;
    from[to] = from[index]!;
    partOf[to] = partOf[index]!;
    to++;
  }
  return to;
}

/** One entry a document. */
function mergeEqual({ documents, counts, parts, partOf, from }: Postings): Postings {
  const entries = documents.length;
  // Numbers sort many times faster than a comparison called back: document and index in one, exact up to 2 ** 53.
  const order = new Float64Array(entries);
  for (let index = 0; index < entries; index++) order[index] = documents[index]! * entries + index;
  order.sort();
  const into = { documents: new Int32Array(order.length), counts: new Uint16Array(order.length), partOf: new Uint16Array(order.length), from: new Int32Array(order.length) };
  let length = 0;
  for (const both of order) {
    const index = both % entries;
    const document = documents[index]!;
    if (length > 0 && into.documents[length - 1] === document) {
      into.counts[length - 1] = Math.min(mostCounted, into.counts[length - 1]! + counts[index]!);
      continue;
    }
    into.documents[length] = document;
    into.counts[length] = counts[index]!;
    into.partOf[length] = partOf[index]!;
    into.from[length] = from[index]!;
    length++;
  }
  return { runs: [0], documents: into.documents.subarray(0, length), counts: into.counts.subarray(0, length), parts, partOf: into.partOf.subarray(0, length), from: into.from.subarray(0, length) };
}

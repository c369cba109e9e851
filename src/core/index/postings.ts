/**
 * Decodes the doclists of a word: which documents contain it, how often, and where the positions are.
 *
 * A doclist is: document number (as the difference from the one before), positions (each as the difference plus 2), 0;
 * all as varints. A document without positions was deleted after an older segment was written.
 */
import type { Segments } from '../store/sqlite/segments';
import { headWords } from './weigh';

export interface Postings {
  /** Document ids, ascending within each segment only. */
  readonly documents: Int32Array;
  /** How often each document contains the word. */
  readonly counts: Uint16Array;
  /** 1 when the word is among the first words of the document (its head). */
  readonly isHead: Uint8Array;
  /** Where the positions of each document begin: an index into `parts` and an offset in it. */
  readonly parts: readonly Uint8Array[];
  readonly partOf: Uint32Array;
  readonly from: Int32Array;
  /** Indexes at which ascending runs of documents begin. */
  readonly runs: readonly number[];
}

const maxCounted = 0xff_ff;

/** The postings of a term as the index stores it; undefined when no document contains it. */
export function readPostings(segments: Segments, word: string): Postings | undefined {
  const doclists = segments.doclists(word);
  return doclists.length === 0 ? undefined : decode(doclists);
}

/**
 * The postings of all words with this prefix as if they were one: counts are added, positions are those of one of the
 * words.
 */
export function readPrefix(segments: Segments, prefix: string, maxBytes: number): Postings | undefined {
  const { doclists, words } = segments.doclistsOfPrefix(prefix, maxBytes);
  if (doclists.length === 0) return undefined;
  const postings = decode(doclists);
  return words === 1 ? postings : mergeEqual(postings);
}

/** Merges the postings of several words. */
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

/** Ordinal numbers of the word in the document at `index`, ascending. */
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

/** The parts of an identifier are indexed between it and the next word. */
const maxBetween = 10;
const maxPlacesInRow = 2000;

/** Documents that contain the words one after the other, with at most the parts of identifiers between them. */
export function documentsInRow(words: readonly (Postings | undefined)[]): number[] {
  const all = words.flatMap((word) => word ?? []);
  const [first, ...others] = all;
  if (!first || all.length < words.length) return [];
  return [...first.documents].filter((document, index) => {
    const indexes = others.map((postings) => findDocument(postings, document));
    if (indexes.includes(-1)) return false;
    const places = others.map((postings, at) => placesAt(postings, indexes[at]!, maxPlacesInRow));
    return placesAt(first, index, maxPlacesInRow).some((start) => {
      let last = start;
      return places.every((list) => {
        const next = list.find((place) => place > last);
        const isNear = next !== undefined && next - last <= maxBetween;
        last = next ?? last;
        return isNear;
      });
    });
  });
}

/**
 * A buffer for decoding; results are copied out in the right size. Allocating the worst case each time took longer than
 * the decoding.
 */
let room = makeRoom(1 << 14);

type Room = ReturnType<typeof makeRoom>;

function makeRoom(size: number) {
  return {
    documents: new Int32Array(size),
    counts: new Uint16Array(size),
    isHead: new Uint8Array(size),
    from: new Int32Array(size),
    partOf: new Uint32Array(size),
  };
}

function decode(doclists: readonly Uint8Array[]): Postings {
  let size = 0;
  // A document takes at least two bytes.
  for (const bytes of doclists) size += Math.ceil(bytes.length / 2);
  if (size > room.documents.length) room = makeRoom(2 * size);
  const gone = new Set<number>();
  const runs: number[] = [];
  let length = 0;
  for (const [part, bytes] of doclists.entries()) {
    const end = decodeOne(bytes, part, room, length, gone);
    if (end > length) runs.push(length);
    length = end;
  }
  if (gone.size > 0) return withoutGone(doclists, room, length, gone);
  const { documents, counts, isHead, from, partOf } = room;
  return {
    runs,
    parts: doclists,
    documents: documents.slice(0, length),
    counts: counts.slice(0, length),
    isHead: isHead.slice(0, length),
    partOf: partOf.slice(0, length),
    from: from.slice(0, length),
  };
}

/**
 * Decodes one doclist into the buffer from `length` on; returns the new length. Uses local variables only, because this
 * loop runs over every entry of every search.
 */
function decodeOne(bytes: Uint8Array, part: number, into: Room, length: number, gone: Set<number>): number {
  const { documents, counts, isHead, from, partOf } = into;
  const size = bytes.length;
  let to = length;
  let at = 0;
  let document = 0;
  while (at < size) {
    let byte = bytes[at++]!;
    let delta = byte & 127;
    for (let factor = 128; byte >= 128; factor *= 128) {
      byte = bytes[at++]!;
      delta += (byte & 127) * factor;
    }
    document += delta;
    const start = at;
    let count = 0;
    // Only the last byte of a varint is below 128, and only the end marker is 0.
    while ((byte = bytes[at++]!) !== 0) if (byte < 128) count++;
    if (count === 0) {
      gone.add(document);
      continue;
    }
    documents[to] = document;
    counts[to] = count > maxCounted ? maxCounted : count;
    // The first position is stored plus 2, in one byte when it is small.
    isHead[to] = bytes[start]! < headWords + 2 ? 1 : 0;
    from[to] = start;
    partOf[to] = part;
    to++;
  }
  return to;
}

/** Document ids are never reused, so a document deleted in any segment is deleted in all. */
function withoutGone(
  parts: readonly Uint8Array[],
  { documents, counts, isHead, from, partOf }: Room,
  length: number,
  gone: ReadonlySet<number>,
): Postings {
  const kept = Int32Array.from({ length }, (_, index) => index).filter((index) => !gone.has(documents[index]!));
  const runs: number[] = [];
  kept.forEach((index, to) => {
    if (to === 0 || partOf[index] !== partOf[kept[to - 1]!]) runs.push(to);
  });
  return {
    runs,
    parts,
    documents: kept.map((index) => documents[index]!),
    counts: Uint16Array.from(kept, (index) => counts[index]!),
    isHead: Uint8Array.from(kept, (index) => isHead[index]!),
    partOf: Uint32Array.from(kept, (index) => partOf[index]!),
    from: kept.map((index) => from[index]!),
  };
}

/**
 * Merges entries of the same document by counting into an array over all ids: sorting took a second for a million
 * entries.
 */
function mergeEqual({ documents, counts, isHead, parts, partOf, from }: Postings): Postings {
  let last = 0;
  for (const document of documents) if (document > last) last = document;
  // Index of the first entry of each document, plus 1.
  const entries = new Int32Array(last + 1);
  let length = 0;
  for (let index = 0; index < documents.length; index++) {
    const document = documents[index]!;
    if (entries[document] === 0) {
      entries[document] = index + 1;
      length++;
    }
  }
  const into = makeRoom(length);
  const at = new Int32Array(last + 1);
  let next = 0;
  for (let document = 0; document <= last; document++) {
    const index = entries[document]! - 1;
    if (index < 0) continue;
    at[document] = next;
    into.documents[next] = document;
    into.partOf[next] = partOf[index]!;
    into.from[next] = from[index]!;
    next++;
  }
  for (let index = 0; index < documents.length; index++) {
    const place = at[documents[index]!]!;
    into.counts[place] = Math.min(maxCounted, into.counts[place]! + counts[index]!);
    into.isHead[place]! |= isHead[index]!;
  }
  return { ...into, parts, runs: length === 0 ? [] : [0] };
}

/**
 * Scores documents: BM25 over whole doclists into one array, then a bonus for the best documents when words of the
 * query are near each other. The arrays are reused between searches; each search clears only what the last one changed.
 */
import { Best } from './best';
import type { DocumentColumns } from './columns';
import type { DocumentTest } from './filter';
import type { Postings } from './postings';
import { findDocument, placesAt } from './postings';
import { inverseFrequency } from './weigh';

export interface ScoredTerm {
  /** As in the index; a prefix ends with `*`. */
  text: string;
  postings: Postings;
  /** Number of the query's word: an identifier and its parts count as one word. */
  word: number;
}

export interface GroupedPlaces {
  /** Groups in the order of their first match. */
  groups: readonly number[];
  /** The matches of group `index` are `places[starts[index]]` up to before `places[starts[index + 1]]`. */
  places: Int32Array;
  starts: readonly number[];
}

/** The matches of one group; none when it has no match. */
export function matchesOf({ groups, places, starts }: GroupedPlaces, group: number): Int32Array {
  const index = groups.indexOf(group);
  return index < 0 ? places.subarray(0, 0) : places.subarray(starts[index], starts[index + 1]);
}

/** Weight of a word in a document: higher when it is in the head. */
function weightAt(columns: DocumentColumns, { isHead }: Postings, at: number, index: number): number {
  return (isHead[index] === 1 ? columns.headWeights : columns.restWeights)[columns.sorts[at]!]!;
}

/** BM25 of one word in one document, times the weight of the kind of text. */
export function scoreIn(columns: DocumentColumns, { postings }: ScoredTerm, at: number, index: number): number {
  const frequency = postings.counts[index]!;
  const { saturation, lengthWeight } = columns.ranking;
  const norm = saturation * (1 - lengthWeight + (lengthWeight * columns.lengths[at]!) / columns.averageLength);
  return (
    (weightAt(columns, postings, at, index) *
      inverseFrequency(postings.documents.length, columns.size) *
      (saturation + 1) *
      frequency) /
    (frequency + norm)
  );
}

/** Number of best documents that get the bonus for near words. */
const maxLookedAt = 200;
const maxPlaces = 64;

export class Scores {
  /** Score by place in the columns; 0 for documents that do not match. */
  values = new Float32Array(0);
  /** Words of the query in each document, one bit each; words beyond the 31st share the last bit. */
  words = new Int32Array(0);
  /** Places with a score. */
  touched = new Int32Array(0);
  count = 0;

  /** Scores every document that contains a term and passes the test. */
  fill(columns: DocumentColumns, terms: readonly ScoredTerm[], isAllowed: DocumentTest | undefined): void {
    this.#begin(columns.size);
    const { places, lengths, sorts } = columns;
    // Weights by sort of text: at 2 × sort, and for its head at 2 × sort + 1.
    const weights = Float64Array.from(
      { length: 2 * columns.headWeights.length },
      (_, index) => (index % 2 === 1 ? columns.headWeights : columns.restWeights)[index >> 1]!,
    );
    const { values, words, touched } = this;
    const { saturation, lengthWeight } = columns.ranking;
    const base = saturation * (1 - lengthWeight);
    const perWord = (saturation * lengthWeight) / columns.averageLength;
    let count = 0;
    for (const { postings, word } of terms) {
      const { documents, counts, isHead } = postings;
      const weight = inverseFrequency(documents.length, columns.size) * (saturation + 1);
      const bit = 1 << Math.min(word, 31);
      for (let index = 0; index < documents.length; index++) {
        const at = places[documents[index]!]! - 1;
        if (!(at >= 0)) continue;
        if (words[at] === 0) {
          if (isAllowed && !isAllowed(at)) continue;
          touched[count++] = at;
        }
        const frequency = counts[index]!;
        values[at]! +=
          (weights[2 * sorts[at]! + isHead[index]!]! * weight * frequency) /
          (frequency + base + perWord * lengths[at]!);
        words[at]! |= bit;
      }
    }
    this.count = count;
  }

  /** Sets scores computed elsewhere, for a query without words. */
  set(size: number, places: readonly number[], scoreOf: (at: number) => number): void {
    this.#begin(size);
    for (const at of places) {
      this.values[at] = scoreOf(at);
      this.words[at] = 1;
      this.touched[this.count++] = at;
    }
  }

  /** Matching places grouped by session or learning, for each group that is kept, in the order of their first match. */
  byGroup(columns: DocumentColumns, isKept: (group: number) => boolean): GroupedPlaces {
    const { touched, count } = this;
    const groupOf = columns.groups;
    const sizes = new Int32Array(columns.groupCount);
    for (let index = 0; index < count; index++) sizes[groupOf[touched[index]!]!]!++;
    const next = new Int32Array(columns.groupCount).fill(-1);
    const groups: number[] = [];
    const starts: number[] = [0];
    let end = 0;
    for (let index = 0; index < count; index++) {
      const group = groupOf[touched[index]!]!;
      if (next[group] !== -1) continue;
      if (!isKept(group)) {
        next[group] = -2;
        continue;
      }
      next[group] = end;
      groups.push(group);
      starts.push((end += sizes[group]!));
    }
    const places = new Int32Array(end);
    for (let index = 0; index < count; index++) {
      const at = touched[index]!;
      const group = groupOf[at]!;
      if (next[group]! >= 0) places[next[group]!++] = at;
    }
    return { groups, places, starts };
  }

  /** Number of sessions and learnings with a score. */
  countGroups(columns: DocumentColumns): number {
    const { groups } = columns;
    const seen = new Uint8Array(columns.groupCount);
    let count = 0;
    for (let index = 0; index < this.count; index++) {
      const group = groups[this.touched[index]!]!;
      count += 1 - seen[group]!;
      seen[group] = 1;
    }
    return count;
  }

  /** Removes documents that fail a test. */
  keep(test: DocumentTest): void {
    let to = 0;
    for (let index = 0; index < this.count; index++) {
      const at = this.touched[index]!;
      if (test(at)) this.touched[to++] = at;
      else this.#wipe(at);
    }
    this.count = to;
  }

  /** Raises documents in which neighbouring words of the query are near each other. */
  liftNear(columns: DocumentColumns, terms: readonly ScoredTerm[]): void {
    const { saturation, lengthWeight, nearWeight, nearWords } = columns.ranking;
    if (terms.length < 2 || nearWeight === 0) return;
    const best = new Best(maxLookedAt);
    for (let index = 0; index < this.count; index++)
      best.offer(this.touched[index]!, this.values[this.touched[index]!]!);
    const looked = best.sorted();
    const indexes = terms.map(({ postings }) =>
      Int32Array.from(looked, (at) => findDocument(postings, columns.id(at))),
    );
    const weights = terms.map(({ postings }) => inverseFrequency(postings.documents.length, columns.size));
    const base = saturation * (1 - lengthWeight);
    const perWord = (saturation * lengthWeight) / columns.averageLength;
    looked.forEach((at, row) => {
      const known: (number[] | undefined)[] = [];
      const placesOf = (term: number) => {
        const index = indexes[term]![row]!;
        return index < 0 ? undefined : (known[term] ??= placesAt(terms[term]!.postings, index, maxPlaces));
      };
      const weightIn = (term: number) => weightAt(columns, terms[term]!.postings, at, indexes[term]![row]!);
      let lift = 0;
      for (let first = 0; first + 1 < terms.length; first++) {
        for (let second = first + 1; second <= first + 2 && second < terms.length; second++) {
          const a = placesOf(first);
          const b = a && placesOf(second);
          if (!a || !b) continue;
          const pairs = countNear(a, b, nearWords);
          if (pairs > 0)
            lift +=
              (Math.min(weightIn(first), weightIn(second)) *
                2 *
                Math.min(weights[first]!, weights[second]!) *
                pairs *
                (saturation + 1)) /
              (pairs + base + perWord * columns.lengths[at]!);
        }
      }
      // `lift` uses the weight of the text the words are in, so a pair in printed output counts as little as single
      // words there.
      this.values[at]! += nearWeight * lift;
    });
  }

  #begin(size: number): void {
    if (this.values.length < size) {
      const capacity = 2 * size;
      this.values = new Float32Array(capacity);
      this.words = new Int32Array(capacity);
      this.touched = new Int32Array(capacity);
    } else {
      for (let index = 0; index < this.count; index++) this.#wipe(this.touched[index]!);
    }
    this.count = 0;
  }

  #wipe(at: number): void {
    this.values[at] = 0;
    this.words[at] = 0;
  }
}

/** How many positions of one list have a near one in the other, each used once. Both lists ascend. */
function countNear(a: readonly number[], b: readonly number[], nearWords: number): number {
  let pairs = 0;
  for (let i = 0, j = 0; i < a.length && j < b.length;) {
    const gap = b[j]! - a[i]!;
    if (gap !== 0 && Math.abs(gap) <= nearWords) {
      pairs++;
      i++;
      j++;
    } else if (gap < 0) j++;
    else i++;
  }
  return pairs;
}

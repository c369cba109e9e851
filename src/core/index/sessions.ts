/** Combines scores of documents into scores of groups: a session, by its best documents, or a learning. */
import { orderTime } from '../lib/plausible';
import { Best } from './best';
import type { DocumentColumns } from './columns';
import type { Scores } from './score';
import { lengthFactor } from './signals';
import { countedPlaces } from './weigh';
import type { RankWeights } from './weigh';

export interface RankedGroup {
  group: number;
  score: number;
  /** Place of the best document. */
  best: number;
  /** `orderTime` of the newest match; when not sorted by time, of the best one. */
  newest: number;
}

/** Each group has two lists of its best scores, talk and work, descending. */
const perGroup = 2 * countedPlaces;

export class Groups {
  #slots = new Float32Array(0);
  #best = new Int32Array(0);
  #bestScore = new Float32Array(0);
  #newest = new Float64Array(0);
  /** Words that documents of the group contain, as bits like in Scores. */
  #words = new Int32Array(0);
  /** 1 when one document contains all words. */
  #isTogether = new Uint8Array(0);
  #touched: number[] = [];
  #now = 0;

  get count(): number {
    return this.#touched.length;
  }

  /** `all`: the bits of all words. `isTimed`: the newest match of each group is needed. */
  fill(columns: DocumentColumns, scores: Scores, all: number, isTimed: boolean, now: number): void {
    this.#now = now;
    this.#begin(columns.groupCount);
    const { groups, sorts, times } = columns;
    const offsets = Int32Array.from(columns.isWork, (isWork) => (isWork ? countedPlaces : 0));
    const { touched, values, words, count } = scores;
    // Local variables are faster: this loop runs over every match.
    const slots = this.#slots;
    const best = this.#best;
    const bestScore = this.#bestScore;
    const newest = this.#newest;
    const found = this.#words;
    const isTogether = this.#isTogether;
    for (let index = 0; index < count; index++) {
      const at = touched[index]!;
      const group = groups[at]!;
      const score = values[at]!;
      if (found[group] === 0) this.#touched.push(group);
      found[group]! |= words[at]!;
      if (isTimed) {
        const time = orderTime(times[at]!, now);
        if (time > newest[group]!) newest[group] = time;
      }
      if ((words[at]! & all) === all) isTogether[group] = 1;
      if (score > bestScore[group]!) {
        bestScore[group] = score;
        best[group] = at;
      }
      insert(slots, group * perGroup + offsets[sorts[at]!]!, score);
    }
  }

  /** Number of groups in which one document has all words, and in which all documents together have them. */
  countWith(all: number): { together: number; apart: number } {
    let together = 0;
    let apart = 0;
    for (const group of this.#touched) {
      together += this.#isTogether[group]!;
      if (this.hasAll(group, all)) apart++;
    }
    return { together, apart };
  }

  /** Bits of the words of the query that the group has. */
  wordsOf(group: number): number {
    return this.#words[group]!;
  }

  isTogether(group: number): boolean {
    return this.#isTogether[group] === 1;
  }

  hasAll(group: number, all: number): boolean {
    return (this.#words[group]! & all) === all;
  }

  /** The best groups that pass, by score or by newest match; of equal ones the newer first. */
  rank(
    columns: DocumentColumns,
    most: number,
    order: 'best' | 'newest' = 'best',
    isKept: (group: number) => boolean = () => true,
  ): RankedGroup[] {
    const best = new Best(most);
    for (const group of this.#touched)
      if (isKept(group)) best.offer(group, order === 'best' ? this.#scoreOf(group, columns) : this.#newest[group]!);
    const ranked = best.sorted().map((group) => ({
      group,
      score: this.#scoreOf(group, columns),
      best: this.#best[group]!,
      newest: this.#newest[group]! || orderTime(columns.time(this.#best[group]!), this.#now),
    }));
    return order === 'best'
      ? ranked.sort((a, b) => b.score - a.score || b.newest - a.newest)
      : ranked.sort((a, b) => b.newest - a.newest);
  }

  #scoreOf(group: number, columns: DocumentColumns): number {
    const { ranking, lengthsOfSessions } = columns;
    return this.#sumOf(group, ranking) * lengthFactor(lengthsOfSessions.shareOf(group), ranking.session);
  }

  #sumOf(group: number, { saidDecay, workDecay }: RankWeights): number {
    const from = group * perGroup;
    let score = 0;
    let said = 1;
    let work = 1;
    for (let index = 0; index < countedPlaces; index++) {
      score += said * this.#slots[from + index]! + work * this.#slots[from + countedPlaces + index]!;
      said *= saidDecay;
      work *= workDecay;
    }
    return score;
  }

  #begin(size: number): void {
    if (this.#best.length < size) {
      const capacity = 2 * size;
      this.#slots = new Float32Array(capacity * perGroup);
      this.#best = new Int32Array(capacity);
      this.#bestScore = new Float32Array(capacity);
      this.#newest = new Float64Array(capacity);
      this.#words = new Int32Array(capacity);
      this.#isTogether = new Uint8Array(capacity);
    } else {
      for (const group of this.#touched) {
        this.#slots.fill(0, group * perGroup, (group + 1) * perGroup);
        this.#bestScore[group] = 0;
        this.#newest[group] = 0;
        this.#words[group] = 0;
        this.#isTogether[group] = 0;
      }
    }
    this.#touched = [];
  }
}

/** Inserts into a short descending list. */
function insert(slots: Float32Array, from: number, score: number): void {
  let at = from + countedPlaces - 1;
  if (score <= slots[at]!) return;
  while (at > from && slots[at - 1]! < score) {
    slots[at] = slots[at - 1]!;
    at--;
  }
  slots[at] = score;
}

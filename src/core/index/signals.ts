/** What is known of a session that matches besides the scores of its places. */
import type { HitReasons } from '../../protocol/search-hit';
import { codeShare } from './code-words';
import type { DocumentColumns } from './columns';
import type { GroupedPlaces, ScoredTerm } from './score';
import { shortestLength } from './session-weights';
import type { SessionWeights } from './session-weights';
import { inverseFrequency } from './weigh';

export type Signals = NonNullable<HitReasons['signals']>;

/** Factor of the length alone; all sessions that match are cut by it. `share`: of the average session's words. */
export const lengthFactor = (share: number, { length }: SessionWeights): number =>
  Math.max(shortestLength, share) ** length;

/** A power of two. */
const slots = 256;

export class SignalReader {
  readonly #idf = new Map<number, number>();
  /** Sums of sets of words: the bits of a set, 0 for none yet, and its weight. */
  readonly #slotBits = new Int32Array(slots);
  readonly #slotWeights = new Float64Array(slots);
  /** Where each group is among the matches. */
  #indexes: Map<number, number> | undefined;
  readonly #total: number;
  readonly #codeShare: number;

  /** `plain`: the question without filters. */
  constructor(
    readonly columns: DocumentColumns,
    /** By place: the words of the question in it, one bit each. */
    readonly words: Int32Array,
    terms: readonly ScoredTerm[],
    plain: string,
  ) {
    for (const { word, postings } of terms) {
      const bit = Math.min(word, 31);
      const idf = inverseFrequency(postings.documents.length, columns.size);
      this.#idf.set(bit, Math.max(this.#idf.get(bit) ?? 0, idf));
    }
    this.#total = this.#weightOf(-1);
    this.#codeShare = codeShare(plain);
  }

  /** Signals of a session, each with the factor that its score is multiplied by. `bits`: the words that it has. */
  read(group: number, bits: number, matches: GroupedPlaces): Signals {
    const { session: weights } = this.columns.ranking;
    const share = this.columns.lengthsOfSessions.shareOf(group);
    // Most questions have no code in them, and this looks at every match.
    const together = this.#codeShare > 0 ? this.#mostTogether(group, matches) : 0;
    const of = (name: 'coverage' | 'together', value: number) => ({
      name,
      value,
      factor: Math.exp(weights[name] * value),
    });
    return [
      { name: 'length', value: share, factor: lengthFactor(share, weights) },
      of('coverage', this.#total > 0 ? this.#weightOf(bits) / this.#total : 0),
      of('together', this.#total > 0 ? (this.#codeShare * together) / this.#total : 0),
    ];
  }

  /** The weight of the words in the place that has most of them. */
  #mostTogether(group: number, { groups, places, starts }: GroupedPlaces): number {
    this.#indexes ??= new Map(groups.map((each, index) => [each, index]));
    const index = this.#indexes.get(group)!;
    const { words } = this;
    let most = 0;
    let last = 0;
    for (let at = starts[index]!; at < starts[index + 1]!; at++) {
      const bits = words[places[at]!]!;
      // Neighbours have the same words more often than not.
      if (bits === last) continue;
      last = bits;
      const weight = this.#weightOf(bits);
      if (weight > most) most = weight;
    }
    return most;
  }

  /** Places share few sets of words, so each is summed once and kept where its bits lead. */
  #weightOf(bits: number): number {
    const slot = (bits ^ (bits >>> 7) ^ (bits >>> 16) ^ (bits >>> 25)) & (slots - 1);
    if (this.#slotBits[slot] === bits) return this.#slotWeights[slot]!;
    let weight = 0;
    for (const [bit, idf] of this.#idf) if (bits & (1 << bit)) weight += idf;
    this.#slotBits[slot] = bits;
    this.#slotWeights[slot] = weight;
    return weight;
  }
}

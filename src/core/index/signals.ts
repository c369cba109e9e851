/** What is known of a session that matches besides the scores of its places. */
import type { HitReasons } from '../../protocol/search-hit';
import { codeShare } from './code-words';
import type { DocumentColumns } from './columns';
import { matchesOf } from './score';
import type { GroupedPlaces, ScoredTerm } from './score';
import { shortestLength } from './session-weights';
import type { SessionWeights } from './session-weights';
import { inverseFrequency } from './weigh';

export type Signals = NonNullable<HitReasons['signals']>;

/** Factor of the length alone; all sessions that match are cut by it. `share`: of the average session's words. */
export const lengthFactor = (share: number, { length }: SessionWeights): number =>
  Math.max(shortestLength, share) ** length;

export class SignalReader {
  readonly #idf = new Map<number, number>();
  readonly #known = new Map<number, number>();
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
    let together = 0;
    // Most questions have no code in them, and this looks at every match.
    if (this.#codeShare > 0)
      for (const at of matchesOf(matches, group)) together = Math.max(together, this.#weightOf(this.words[at]!));
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

  /** Places share few sets of words, so each is summed once. */
  #weightOf(bits: number): number {
    let weight = this.#known.get(bits);
    if (weight === undefined) {
      weight = 0;
      for (const [bit, idf] of this.#idf) if (bits & (1 << bit)) weight += idf;
      this.#known.set(bits, weight);
    }
    return weight;
  }
}

/** How near each session is to a question, compared with all sessions of the memory. */
import type { DocumentColumns } from '../index/columns';

/** Pieces of a session that count, and how much each further one does: one good piece is better than many fair ones. */
export const pieceWeights = [1, 0.2, 0.1] as const;
const counted = pieceWeights.length;

/**
 * A model finds something near for every question, so a cosine alone says little: what counts is how far a session
 * stands out from the others. Every vector is added; sessions without one are not near.
 */
export class Closeness {
  /** The best cosines of each group, descending; below -1 for none. */
  readonly #best: Float32Array;
  #mean = 0;
  #deviation = 0;
  #isMeasured = false;

  constructor(readonly columns: DocumentColumns) {
    this.#best = new Float32Array(columns.groupCount * counted).fill(-2);
  }

  /** `document`: its id. Documents that are no longer in the columns are left out. */
  readonly add = (document: number, similarity: number): void => {
    const at = this.columns.position(document);
    if (at < 0) return;
    const from = this.columns.group(at) * counted;
    let to = from + counted - 1;
    if (similarity <= this.#best[to]!) return;
    for (; to > from && this.#best[to - 1]! < similarity; to--) this.#best[to] = this.#best[to - 1]!;
    this.#best[to] = similarity;
  };

  /** Standard deviations above the mean of all sessions, 0 for those below; `at`: place of one of its documents. */
  above(at: number): number {
    if (at < 0) return 0;
    const own = this.#of(this.columns.group(at));
    if (!this.#isMeasured) this.#measure();
    return own === undefined || this.#deviation === 0 ? 0 : Math.max(0, (own - this.#mean) / this.#deviation);
  }

  #of(group: number): number | undefined {
    const from = group * counted;
    if (!(this.#best[from]! >= -1)) return undefined;
    let sum = 0;
    for (let piece = 0; piece < counted && this.#best[from + piece]! >= -1; piece++)
      sum += pieceWeights[piece]! * this.#best[from + piece]!;
    return sum;
  }

  #measure(): void {
    this.#isMeasured = true;
    let [count, sum, squares] = [0, 0, 0];
    for (let group = 0; group * counted < this.#best.length; group++) {
      const own = this.#of(group);
      if (own === undefined) continue;
      count++;
      sum += own;
      squares += own * own;
    }
    this.#mean = count === 0 ? 0 : sum / count;
    this.#deviation = count < 2 ? 0 : Math.sqrt(Math.max(0, squares / count - this.#mean ** 2));
  }
}

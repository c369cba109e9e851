/** How much each word of a text says, by how few texts of the memory have it. */
import type { FullText } from '../index/full-text';
import { stopWords, tokensOf } from '../index/tokenize';
import { inverseFrequency } from '../index/weigh';
import { everydayTerms } from './everyday-words';

/** Terms as in the index, with a weight between 0 (every text has it) and 1 (none has). */
export type WeighedTerms = ReadonlyMap<string, number>;

/** Different words of a text that are weighed; what follows repeats or is data. */
const maxTerms = 600;
/** A smaller memory is weighed as if it had this many texts: in ten texts every word of a subject is common. */
const leastTexts = 500;
const everydayWeight = 0.3;

export class TermWeights {
  readonly #known = new Map<string, number>();
  readonly #total: number;
  readonly #highest: number;

  constructor(private readonly index: FullText) {
    this.#total = Math.max(leastTexts, index.columns().size);
    this.#highest = inverseFrequency(0, this.#total);
  }

  /** Parts of an identifier count beside it. */
  of(text: string): WeighedTerms {
    const terms = new Map<string, number>();
    for (const { term } of tokensOf(text)) {
      if (terms.size >= maxTerms) break;
      if (!stopWords.has(term) && !terms.has(term)) terms.set(term, this.#weigh(term));
    }
    return terms;
  }

  #weigh(term: string): number {
    let weight = this.#known.get(term);
    if (weight === undefined) {
      const rarity = inverseFrequency(this.index.frequency(term), this.#total) / this.#highest;
      weight = everydayTerms.has(term) ? Math.min(rarity, everydayWeight) : rarity;
      this.#known.set(term, weight);
    }
    return weight;
  }
}

/** Weights of the terms that both have. */
export function sharedWeights(a: WeighedTerms, b: WeighedTerms): number[] {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  const shared: number[] = [];
  for (const [term, weight] of small) if (large.has(term)) shared.push(weight);
  return shared;
}

export const sumOf = (weights: Iterable<number>): number => {
  let sum = 0;
  for (const weight of weights) sum += weight;
  return sum;
};

/** Shared weight as a share of both texts' (Dice): 0 to 1. */
export function likenessOf(a: WeighedTerms, b: WeighedTerms): number {
  const all = sumOf(a.values()) + sumOf(b.values());
  return all === 0 ? 0 : (2 * sumOf(sharedWeights(a, b))) / all;
}

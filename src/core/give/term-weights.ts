/** How much each word of a text says, by how few texts of the memory have it. */
import { stopWords, tokensOf } from '../index/tokenize';
import { inverseFrequency } from '../index/weigh';
import { everydayTerms, isEverydayForm } from './everyday-words';
import type { TermCounts } from './term-counts';

/** Terms as in the index, with a weight between 0 (every text has it) and 1 (none has). */
export type WeighedTerms = ReadonlyMap<string, number>;

/** Different words of a text that are weighed; what follows repeats or is data. */
const maxTerms = 600;
/** A smaller memory is weighed as if it had this many texts: in ten texts every word of a subject is common. */
const leastTexts = 500;
const everydayWeight = 0.3;

/** The different words of a text, as in the index. Looking up how rare each is takes far longer than finding them. */
export function termsIn(text: string): Set<string> {
  const terms = new Set<string>();
  for (const { term } of tokensOf(text)) {
    if (terms.size >= maxTerms) break;
    if (!stopWords.has(term)) terms.add(term);
  }
  return terms;
}

/** The words of a need. Parts of an identifier count beside it. */
export function weighTerms(index: TermCounts, text: string): WeighedTerms {
  const total = Math.max(leastTexts, index.columns().size);
  const subjects = new Set(
    tokensOf(text).flatMap(({ term, start, end }) => (isEverydayForm(text.slice(start, end)) ? [] : [term])),
  );
  return new Map(
    [...termsIn(text)].map((term) => [
      term,
      weightOf(index.frequency(term), total, everydayTerms.has(term) && !subjects.has(term)),
    ]),
  );
}

/** Weighs the words of texts among themselves: what all of them have says nothing about which are alike. */
export function weighAmong(texts: readonly ReadonlySet<string>[]): (terms: ReadonlySet<string>) => WeighedTerms {
  const counts = new Map<string, number>();
  for (const terms of texts) for (const term of terms) counts.set(term, (counts.get(term) ?? 0) + 1);
  return (terms) =>
    new Map([...terms].map((term) => [term, weightOf(counts.get(term) ?? 0, texts.length, everydayTerms.has(term))]));
}

function weightOf(texts: number, total: number, isEveryday: boolean): number {
  const rarity = inverseFrequency(texts, total) / inverseFrequency(0, total);
  return isEveryday ? Math.min(rarity, everydayWeight) : rarity;
}

/** Weights of the terms that both have. */
export function sharedWeights(weighed: WeighedTerms, other: ReadonlySetLike): number[] {
  const shared: number[] = [];
  for (const [term, weight] of weighed) if (other.has(term)) shared.push(weight);
  return shared;
}

/** A set, or a map by its keys. */
type ReadonlySetLike = Pick<ReadonlySet<string>, 'has'>;

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

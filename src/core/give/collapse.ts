/** Leaves out pieces that say what a better one says. */
import type { Weighed } from './pack';

/** Shared words as a share of all words of both (Jaccard): sentences more alike than this say the same. */
const sameFrom = 0.6;
/** A share that is exactly this is not more than it, whatever floating numbers make of it. */
const rounding = 1e-9;

/**
 * The known ones, then the most valuable first, the newer and then the smaller id of equals; near-duplicates of one
 * before are left out.
 */
export function withoutRepeats(pieces: readonly Weighed[], known: ReadonlySet<string>): Weighed[] {
  const rank = ({ id }: Weighed) => (known.has(id) ? 0 : 1);
  const sorted = pieces
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => rank(a) - rank(b) || b.value - a.value || b.at - a.at || (a.id < b.id ? -1 : 1));
  const terms = rankTerms(sorted.map((piece) => piece.terms));
  const kept: Weighed[] = [];
  const keptTerms: Int32Array[] = [];
  const texts = new Set<string>();
  const byTerm = new Map<number, number[]>();
  /** For each kept piece the last one that was compared with it. */
  const comparedWith: number[] = [];
  const isFirst = (index: number, number: number): boolean => {
    if (comparedWith[index] === number) return false;
    comparedWith[index] = number;
    return true;
  };
  for (const [number, piece] of sorted.entries()) {
    if (texts.has(piece.text)) continue;
    texts.add(piece.text);
    const own = terms[number]!;
    // Two sets this alike share one of each other's rarest words, so only pieces with one of these are compared.
    const rare = own.subarray(0, Math.floor((1 - sameFrom) * own.length) + 1);
    if (
      rare.some((term) => byTerm.get(term)?.some((index) => isFirst(index, number) && areAlike(keptTerms[index]!, own)))
    )
      continue;
    for (const term of rare) {
      const others = byTerm.get(term);
      if (others) others.push(kept.length);
      else byTerm.set(term, [kept.length]);
    }
    kept.push(piece);
    keptTerms.push(own);
    comparedWith.push(-1);
  }
  return kept;
}

/** Each set as numbers of its terms, the rarest of all sets first. */
function rankTerms(sets: readonly Weighed['terms'][]): Int32Array[] {
  const numbers = new Map<string, number>();
  const counts: number[] = [];
  const lists = sets.map((set) => {
    const list = new Int32Array(set.size);
    let at = 0;
    for (const term of set) {
      let number = numbers.get(term);
      if (number === undefined) numbers.set(term, (number = counts.push(0) - 1));
      counts[number]!++;
      list[at++] = number;
    }
    return list;
  });
  const ranks = new Int32Array(counts.length);
  for (const [rank, number] of [...counts.keys()].sort((a, b) => counts[a]! - counts[b]! || a - b).entries())
    ranks[number] = rank;
  for (const list of lists) {
    for (let at = 0; at < list.length; at++) list[at] = ranks[list[at]!]!;
    list.sort();
  }
  return lists;
}

/** Of two ascending lists; stops when what is left cannot make them alike. */
function areAlike(a: Int32Array, b: Int32Array): boolean {
  const wanted = Math.floor((sameFrom * (a.length + b.length)) / (1 + sameFrom) + rounding) + 1;
  let shared = 0;
  for (let i = 0, j = 0; shared + Math.min(a.length - i, b.length - j) >= wanted && i < a.length && j < b.length;) {
    const difference = a[i]! - b[j]!;
    if (difference === 0) shared++;
    if (difference <= 0) i++;
    if (difference >= 0) j++;
  }
  return shared >= wanted;
}

/** Leaves out pieces that say what a better one says. */
import type { Weighed } from './pack';

/** Shared words as a share of all words of both (Jaccard): sentences more alike than this say the same. */
const sameFrom = 0.6;

/**
 * The known ones, then the most valuable first, the newer and then the smaller id of equals; near-duplicates of one
 * before are left out.
 */
export function withoutRepeats(pieces: readonly Weighed[], known: ReadonlySet<string>): Weighed[] {
  const rank = ({ id }: Weighed) => (known.has(id) ? 0 : 1);
  const sorted = pieces
    .filter(({ value }) => value > 0)
    .toSorted((a, b) => rank(a) - rank(b) || b.value - a.value || b.at - a.at || (a.id < b.id ? -1 : 1));
  const frequency = new Map<string, number>();
  for (const { terms } of sorted) for (const term of terms.keys()) frequency.set(term, (frequency.get(term) ?? 0) + 1);
  const kept: Weighed[] = [];
  const texts = new Set<string>();
  const byTerm = new Map<string, number[]>();
  for (const piece of sorted) {
    if (texts.has(piece.text)) continue;
    texts.add(piece.text);
    // Two sets this alike share one of each other's rarest words, so only pieces with one of these are compared.
    const rare = [...piece.terms.keys()]
      .sort((a, b) => frequency.get(a)! - frequency.get(b)! || (a < b ? -1 : 1))
      .slice(0, Math.floor((1 - sameFrom) * piece.terms.size) + 1);
    const near = new Set(rare.flatMap((term) => byTerm.get(term) ?? []));
    if ([...near].some((index) => areAlike(kept[index]!.terms, piece.terms))) continue;
    for (const term of rare) {
      const others = byTerm.get(term);
      if (others) others.push(kept.length);
      else byTerm.set(term, [kept.length]);
    }
    kept.push(piece);
  }
  return kept;
}

function areAlike(a: Weighed['terms'], b: Weighed['terms']): boolean {
  const [small, large] = a.size <= b.size ? [a, b] : [b, a];
  if (small.size < sameFrom * large.size) return false;
  let shared = 0;
  for (const term of small.keys()) if (large.has(term)) shared++;
  return shared > sameFrom * (a.size + b.size - shared);
}

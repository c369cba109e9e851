/** Packs the memory that a need is about into a number of tokens, or nothing. */
import type { GivenItem, Packed } from '../../protocol/given';
import type { SessionId } from '../../protocol/model';
import { tokensOfBytes } from '../../protocol/tokens';
import { estimateTokens } from '../lib/tokens';
import { withoutRepeats } from './collapse';
import { chooseBest } from './knapsack';
import { frameBytes, groupOf, headBytes, lineBytes, renderItems } from './render';
import type { GivenPiece } from './render';

/** A piece with its value and its words. */
export type Weighed = GivenPiece & { terms: ReadonlySet<string> };

/** Pieces looked at: those after them are worth too little to be chosen. */
const maxPieces = 1000;

export const nothing: Packed = { items: [], text: '', tokens: 0, leftOut: 0 };

/**
 * Chooses what is worth most together. Groups (sessions, learnings) are ordered by their best piece, an amendment before
 * what it amends; the pieces of a session by time. The text never has more than `budget` tokens, by estimate. What is
 * `known` is not given, nor what says the same.
 */
export function pack(pieces: readonly Weighed[], budget: number, known: ReadonlySet<string> = new Set()): Packed {
  const candidates = withoutRepeats(pieces, known)
    .filter(({ id }) => !known.has(id))
    .slice(0, maxPieces)
    .map(({ terms: _, ...piece }): GivenItem => ({
      ...piece,
      tokens: tokensOfBytes(headBytes(piece) + lineBytes(piece)),
    }));
  const room = budget - tokensOfBytes(frameBytes);
  const chosen = room > 0 ? chooseBest(candidates, room).map((index) => candidates[index]!) : [];
  if (chosen.length === 0) return nothing;
  const items = arrange([...chosen, ...alsoFitting(candidates, chosen, budget)]);
  const text = renderItems(items);
  return { items, text, tokens: estimateTokens(text), leftOut: candidates.length - items.length };
}

/** The pieces of a session share a heading, so there may be room for more than was counted. */
function alsoFitting(candidates: readonly GivenItem[], chosen: readonly GivenItem[], budget: number): GivenItem[] {
  const taken = new Set(chosen);
  const groups = new Set<string>();
  let bytes = frameBytes;
  const costOf = (item: GivenItem) => lineBytes(item) + (groups.has(groupOf(item)) ? 0 : headBytes(item));
  const take = (item: GivenItem) => {
    bytes += costOf(item);
    groups.add(groupOf(item));
  };
  chosen.forEach(take);
  return candidates.filter((item) => {
    const fits = !taken.has(item) && tokensOfBytes(bytes + costOf(item)) <= budget;
    if (fits) take(item);
    return fits;
  });
}

function arrange(items: readonly GivenItem[]): GivenItem[] {
  const groups = new Map<string, GivenItem[]>();
  for (const item of items) {
    const group = groups.get(groupOf(item));
    if (group) group.push(item);
    else groups.set(groupOf(item), [item]);
  }
  const ordered = [...groups.values()].sort((a, b) => bestOf(b) - bestOf(a));
  return amendmentsFirst(ordered).flatMap((group) => group.toSorted((a, b) => a.at - b.at || (a.id < b.id ? -1 : 1)));
}

const bestOf = (group: readonly GivenItem[]): number => Math.max(...group.map(({ value }) => value));

/** Moves a group that is amended behind its amendment. */
function amendmentsFirst(groups: readonly GivenItem[][]): GivenItem[][] {
  const bySession = new Map<SessionId, GivenItem[]>();
  for (const group of groups) {
    const [first] = group;
    if (first?.kind !== 'learning' && first?.sessionId !== undefined) bySession.set(first.sessionId, group);
  }
  const placed = new Set<GivenItem[]>();
  const ordered: GivenItem[][] = [];
  const place = (group: GivenItem[], above: ReadonlySet<GivenItem[]>) => {
    if (placed.has(group) || above.has(group)) return;
    const by = group[0]?.amendedBy?.sessionId;
    const amendment = by === undefined ? undefined : bySession.get(by);
    if (amendment) place(amendment, new Set([...above, group]));
    placed.add(group);
    ordered.push(group);
  };
  for (const group of groups) place(group, new Set());
  return ordered;
}

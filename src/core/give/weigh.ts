/** What a piece of memory is worth for a need: 0 to 1. */
import type { GivenKind } from '../../protocol/given';
import { dayMs } from '../lib/clock';
import type { Piece } from './candidates';
import { sharedWeights, sumOf } from './term-weights';
import type { WeighedTerms } from './term-weights';

/** A sentence of a summary was chosen once already; what was agreed or fixed helps more than what was done. */
const kindWorth: Readonly<Record<GivenKind, number>> = {
  learning: 1,
  decision: 1,
  fix: 0.95,
  done: 0.85,
  open: 0.7,
  said: 0.75,
};
/** How much the words of the sentence count beside those of its session. */
const ownShare = 0.6;
/** After this many days recency counts half of its small part. */
const halfLifeDays = 60;
const recencyShare = 0.1;
/** What a later session amends is given after the amendment, if at all. */
const amendedWorth = 0.35;

export interface Worth {
  need: WeighedTerms;
  /** Of the session or learning, as a share of the best one: 0 to 1. */
  relevance: number;
  isAmended: boolean;
  now: number;
}

export function worthOf(piece: Pick<Piece, 'kind' | 'at'>, own: ReadonlySet<string>, worth: Worth): number {
  const met = sumOf(sharedWeights(worth.need, own)) / Math.max(1e-9, sumOf(worth.need.values()));
  const age = Math.max(0, worth.now - piece.at) / dayMs;
  const recency = 1 - recencyShare + recencyShare * 0.5 ** (age / halfLifeDays);
  // A third of the need's weight in one sentence is as good as it gets.
  const meets = Math.min(1, met * 3);
  return (
    kindWorth[piece.kind] *
    (ownShare * meets + (1 - ownShare)) *
    worth.relevance *
    recency *
    (worth.isAmended ? amendedWorth : 1)
  );
}

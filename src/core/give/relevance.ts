/**
 * Whether a memory is about what a person needs: an absolute measure, because the best hit of a search may still be about
 * something else, and what does not help must not be given.
 */
import { jointLetter } from '../index/tokenize';
import { sumOf } from './term-weights';
import type { WeighedTerms } from './term-weights';

/** What everything is about weighs less than this. */
const tellingFrom = 0.31;
/** One word alone is no subject: "continue" is in a session too. */
const minTelling = 2;
/** Share of the need's telling words that must be met: a long text has some words in common with everything. */
const minShare = 0.3;
/** The same when both have a rare name of code or a path, which is hardly there by chance. */
const minShareWithName = 0.2;
const rareFrom = 0.7;

/**
 * 0 when the memory is about something else. Else the weight of the telling words that both have, times the share of the
 * need's telling words that the memory has: a short question must be met whole, a long report in many words.
 */
export function relevanceOf(need: WeighedTerms, memory: ReadonlySet<string>): number {
  const telling = [...need].filter(([, weight]) => weight >= tellingFrom);
  const shared = telling.filter(([term]) => memory.has(term));
  if (shared.length < minTelling) return 0;
  const met = sumOf(shared.map(([, weight]) => weight));
  const share = met / sumOf(telling.map(([, weight]) => weight));
  const hasName = shared.some(([term, weight]) => weight >= rareFrom && term.includes(jointLetter));
  return share < (hasName ? minShareWithName : minShare) ? 0 : met * share;
}

/**
 * The numbers of ranking. They were chosen on folds of coding sessions and of long conversations, and are reported on
 * the folds held back: docs/evaluation.md has the tables, `npm run eval -- --tune` makes them again.
 */
import type { DocumentEntry } from '../store/tables/documents';
import { documentKinds } from '../store/tables/documents';

export interface RankWeights {
  /** BM25: how soon more of the same word says no more, and how much a long text is held back. */
  saturation: number;
  lengthWeight: number;
  /** Each next best place of a session counts this much of the one before: in what was said, and in the work. */
  saidDecay: number;
  workDecay: number;
  /** Two words of the query at most `nearWords` apart count this much of the rarer one's weight more. */
  nearWeight: number;
  nearWords: number;
  /** What a session from the time a query names gets on top of the best score's 1. */
  timeWeight: number;
  /** What people and Claude said to each other, and asides: thinking, notices. */
  said: number;
  aside: number;
  /**
   * Of tools: what was edited, commands, other calls with their files, errors, and what was printed after the first
   * words.
   */
  edited: number;
  command: number;
  call: number;
  error: number;
  printed: number;
}

export const defaultRanking: RankWeights = {
  saturation: 1.2,
  lengthWeight: 0.4,
  saidDecay: 0.6,
  workDecay: 0.7,
  nearWeight: 0.5,
  nearWords: 4,
  timeWeight: 0.3,
  said: 1.5,
  aside: 1,
  edited: 1.5,
  command: 0.8,
  call: 1,
  error: 0.8,
  printed: 0.3,
};

/** Places of a session that count, of each sort. */
export const countedPlaces = 6;

export const inverseFrequency = (documents: number, total: number): number =>
  Math.log(1 + (Math.max(total, documents) - documents + 0.5) / (documents + 0.5));

/**
 * A tool's headline, files and input come first in its text, what it printed last: the first so many words are its
 * head.
 */
export const headWords = 40;

/** What a word in the head of a document counts, and one after it. */
export function kindWeights(
  { kind, facet, tool }: Pick<DocumentEntry, 'kind' | 'facet' | 'tool'>,
  weights: RankWeights,
): { head: number; rest: number } {
  const all = (weight: number) => ({ head: weight, rest: weight });
  if (kind !== documentKinds.observation)
    return all((facet === 'assistant' && tool === 'thinking') || facet === 'system' ? weights.aside : weights.said);
  if (/^(Multi|Notebook)?Edit$|^Write$/.test(tool)) return all(weights.edited);
  if (facet === 'error') return all(weights.error);
  return { head: tool === 'Bash' ? weights.command : weights.call, rest: weights.printed };
}

/**
 * The weights of ranking. They were chosen on folds of coding sessions and long conversations and are reported on the
 * folds held back: docs/evaluation.md has the tables, `npm run eval -- --tune` computes them again.
 */
import type { DocumentEntry } from '../store/tables/documents';
import { documentKinds } from '../store/tables/documents';
import { defaultSessionWeights } from './session-weights';
import type { SessionWeights } from './session-weights';

export interface RankWeights {
  /** BM25's k1 (saturation of repeated words) and b (how much long texts are reduced). */
  saturation: number;
  lengthWeight: number;
  /** Each further place of a session counts this fraction of the one before it: in talk, and in work. */
  saidDecay: number;
  workDecay: number;
  /** A pair of query words at most `nearWords` apart adds this fraction of the rarer word's weight. */
  nearWeight: number;
  nearWords: number;
  /** Signals of a session besides its places. */
  session: SessionWeights;
  /** Bonus for sessions from the time a query names; the best score is 1. */
  timeWeight: number;
  /** Weights of messages between person and Claude, and of asides (thinking, notices). */
  said: number;
  aside: number;
  /** Weights of tools: edited text, commands, other calls with their files, errors, and printed output. */
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
  session: defaultSessionWeights,
  timeWeight: 0.3,
  said: 1.5,
  aside: 1,
  edited: 1.5,
  command: 0.8,
  call: 1,
  error: 0.8,
  printed: 0.3,
};

/** Number of places per session that count, of talk and of work each. */
export const countedPlaces = 6;

export const inverseFrequency = (documents: number, total: number): number =>
  Math.log(1 + (Math.max(total, documents) - documents + 0.5) / (documents + 0.5));

/**
 * A tool's headline, files and input are at the beginning of its text, printed output at the end: this many words are
 * its head.
 */
export const headWords = 40;

/** Weights of a word in the head of a document and after it. */
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

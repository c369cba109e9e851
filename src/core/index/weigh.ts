/**
 * The numbers of ranking. They were chosen on folds of coding sessions and of long conversations, and reported on the folds
 * held back: docs/evaluation.md has the tables and `npm run eval` makes them again.
 */
import type { DocumentEntry } from '../store/documents';
import { documentKinds } from '../store/documents';

/** BM25: how soon more of the same word says no more, and how much a long text is held back. */
export const saturation = 1.2;
export const lengthWeight = 0.4;

/** Each next best place of a session counts this much of the one before: in what was said, and in the work. */
export const saidDecay = 0.6;
export const workDecay = 0.7;
export const countedPlaces = 6;

/** Two words of the query side by side count this much of the rarer one's weight more. */
export const nearWeight = 0.5;
/** Side by side: at most this many words apart. */
export const nearWords = 4;
/** What a session from the time a query names gets on top of the best score's 1. */
export const timeWeight = 0.3;

export const inverseFrequency = (documents: number, total: number): number => Math.log(1 + (Math.max(total, documents) - documents + 0.5) / (documents + 0.5));

/** What a person and Claude said to each other and what was edited tell a session from others; what commands printed says least. */
export function kindWeight({ kind, facet, tool }: Pick<DocumentEntry, 'kind' | 'facet' | 'tool'>): number {
  if (kind !== documentKinds.observation) return (facet === 'assistant' && tool === 'thinking') || facet === 'system' ? 1 : 1.5;
  if (/^(Multi|Notebook)?Edit$|^Write$/.test(tool)) return 1.5;
  return tool === 'Bash' && facet !== 'error' ? 0.5 : 0.7;
}

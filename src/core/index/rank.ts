/**
 * Scores. A document is a message or a tool call, and a session scores by its best few of them: whole sessions as documents
 * drown the one place that matters. docs/decisions/0004-ranking.md has the measurements.
 */
import type { DocumentKind } from '../store/documents';
import { documentKinds } from '../store/documents';

/** BM25's usual constants; others were tried on coding sessions without gain. */
const saturation = 1.2;
const lengthWeight = 0.75;

export const documentsPerSession = 5;

export interface TermWeight {
  /** Index of the phrase in the expression. */
  index: number;
  /** Inverse document frequency. */
  weight: number;
}

export const inverseFrequency = (documents: number, total: number): number => Math.log(1 + (Math.max(total, documents) - documents + 0.5) / (documents + 0.5));

/** BM25 of one document. `info` is matchinfo 'naly' of a one-column table: documents, average length, length, hits of each phrase. */
export function scoreDocument(info: Uint8Array, terms: readonly TermWeight[]): number {
  const average = numberAt(info, 1);
  const length = numberAt(info, 2);
  const norm = saturation * (1 - lengthWeight + (lengthWeight * length) / Math.max(1, average));
  let score = 0;
  for (const { index, weight } of terms) {
    const frequency = numberAt(info, 3 + index);
    if (frequency > 0) score += weight * ((frequency * (saturation + 1)) / (frequency + norm));
  }
  return score;
}

/** A view of 32-bit numbers would cost more to make than all reads of it; 24 bits are enough for a count of words. */
const numberAt = (info: Uint8Array, index: number): number => (info[4 * index] ?? 0) | ((info[4 * index + 1] ?? 0) << 8) | ((info[4 * index + 2] ?? 0) << 16);

/** What a person wrote says more about a session than what a tool printed. */
export function kindWeight(kind: DocumentKind, facet: string): number {
  if (kind === documentKinds.observation) return 0.8;
  if (kind === documentKinds.session || kind === documentKinds.learning) return 1.5;
  return facet === 'user' ? 1.5 : 1;
}

/** Sum of the best `most` scores. */
export function sumBest(scores: number[], most: number): number {
  if (scores.length > most) scores.sort((a, b) => b - a);
  let sum = 0;
  for (let at = 0; at < scores.length && at < most; at++) sum += scores[at] ?? 0;
  return sum;
}

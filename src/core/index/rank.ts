/**
 * Scores. A document is a message or a tool call; a turn scores by its best documents, a session by its best three turns:
 * whole sessions as documents drown the one place that matters (docs/decisions/0004-ranking.md has the measurements).
 */

/** BM25's usual constants; others were tried on coding sessions without gain. */
export const saturation = 1.2;
export const lengthWeight = 0.75;

export interface TermWeight {
  /** Index of the phrase in the expression. */
  index: number;
  /** Inverse document frequency. */
  weight: number;
}

export const inverseFrequency = (documents: number, total: number): number => Math.log(1 + (total - documents + 0.5) / (documents + 0.5));

/** BM25 of one document. `info` is matchinfo 'naly' of a one-column table: documents, average length, length, hits of each phrase. */
export function scoreDocument(info: Uint32Array, terms: readonly TermWeight[]): number {
  const average = info[1] ?? 1;
  const length = info[2] ?? 1;
  const norm = saturation * (1 - lengthWeight + (lengthWeight * length) / Math.max(1, average));
  let score = 0;
  for (const { index, weight } of terms) {
    const frequency = info[3 + index] ?? 0;
    if (frequency > 0) score += weight * ((frequency * (saturation + 1)) / (frequency + norm));
  }
  return score;
}

/** Sum of the best `most` scores of each turn, then of the best three turns of each session. */
export const turnsPerSession = 3;
export const documentsPerTurn = 3;

export function sumBest(scores: readonly number[], most: number): number {
  return [...scores].sort((a, b) => b - a).slice(0, most).reduce((sum, score) => sum + score, 0);
}

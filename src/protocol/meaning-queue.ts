/** Progress of embedding, and the measured benefit of search by meaning. */

/** `model`: the embedder failed and is tried again when something new is written. */
export type PauseReason = 'user' | 'importing' | 'load' | 'battery' | 'model';

export interface MeaningQueue {
  /** Number of texts without and with a vector of this model. */
  waiting: number;
  done: number;
  /** Texts per second over the last batches; 0 while nothing is embedded. */
  perSecond: number;
  isPaused: boolean;
  whyPaused?: PauseReason;
}

/** How well a road found the right session: mean reciprocal rank, and the share found in the first five; 0 to 1. */
export interface RoadScore {
  mrr: number;
  hit5: number;
}

/**
 * Result of a trial on the person's own history, with questions whose session is known: asked as they are, and without
 * their best words.
 */
export interface Calibration {
  model: string;
  /** Epoch milliseconds. */
  at: number;
  /** Number of all questions. */
  pairs: number;
  /** Weight of meaning; words have weight 1. */
  weight: number;
  /** Why the weight is 0, when it is. */
  reason?: 'few_pairs' | 'no_gain';
  /** By what rule it was judged. */
  rule: number;
  /** Scores: words alone, and both roads with the tried weight. */
  words: RoadScore;
  fused: RoadScore;
  /** Number of texts with a vector then: the trial is repeated when there are half as many more. */
  documents: number;
}

/** Numbers for the diagnosis. */
export interface MeaningFacts {
  model: string;
  queue: MeaningQueue;
  /** The weight in use; 0 without a trial of this model. */
  weight: number;
  calibration?: Calibration;
}

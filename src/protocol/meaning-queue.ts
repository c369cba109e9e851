/** How far memory has got with vectors of its texts, and what they have proved to be worth. */

/** `model`: the embedder failed; it is asked again when something new is written. */
export type PauseReason = 'user' | 'importing' | 'load' | 'battery' | 'model';

export interface MeaningQueue {
  /** Texts without a vector of this model, and those with one. */
  waiting: number;
  done: number;
  /** Texts a second, lately; 0 while nothing is embedded. */
  perSecond: number;
  isPaused: boolean;
  whyPaused?: PauseReason;
}

/**
 * How well a road found the session that was meant: mean reciprocal rank and the share found in the first five, 0 to 1.
 */
export interface RoadScore {
  mrr: number;
  hit5: number;
}

/**
 * What a trial on the person's own history said: questions whose session is known, half to choose by, half to judge by.
 */
export interface Calibration {
  model: string;
  /** Epoch milliseconds. */
  at: number;
  /** Questions in all. */
  pairs: number;
  /** What the road of meaning counts beside that of words, which counts 1. */
  weight: number;
  /** Why the weight is 0, when it is. */
  reason?: 'few_pairs' | 'no_gain';
  /** On the half that judged: words alone, and both roads with the weight that was tried. */
  words: RoadScore;
  fused: RoadScore;
  /** Texts that had a vector at the time: the trial is repeated when there are half as many more. */
  documents: number;
}

/** What a diagnosis shows of it. */
export interface MeaningFacts {
  model: string;
  queue: MeaningQueue;
  /** The weight in force; 0 while there is no trial for this model. */
  weight: number;
  calibration?: Calibration;
}

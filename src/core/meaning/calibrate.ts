/**
 * Finds out whether the road of meaning may count on this history. No labels are needed: a title, a summary and the
 * subject of a commit each belong to one session. Asked as they are and without their best words, as somebody asks who
 * remembers them differently, meaning must do no harm; without them it must be better than luck. A model that was not
 * tried has weight 0.
 */
import type { Calibration, RoadScore } from '../../protocol/meaning-queue';
import { fusedScore } from './fuse';

/** A question with a known answer: what each road says of every session that either found. */
export interface Trial {
  /** Index of the right session; -1 when neither road found it. */
  target: number;
  /** Scores by words, with 1 for the best, in their order. */
  words: ArrayLike<number>;
  /** How far each stands out by meaning. */
  above: ArrayLike<number>;
  certainty: number;
  /** Its best words were left out. */
  isStripped: boolean;
}

export type Verdict = Pick<Calibration, 'weight' | 'reason' | 'words' | 'fused' | 'pairs'>;

/** Weights of another rule mean something else: such a trial is made again. */
export const trialRule = 2;
/** Measured on several histories and models: docs/evaluation.md. */
export const meaningWeight = 0.03;
/** Fewer questions have no significance. */
const minPairs = 20;
const resamples = 1000;
/** How often luck is tried for each question. */
const swaps = 5;
/** Trials looked at before other requests are answered. */
const atOnce = 50;
/** The mean reciprocal rank may be this much worse, because a difference of nothing cannot be shown. */
const harmless = 0.01;
/** Shares of the resampled histories: without harm, and better than luck. */
const certainty = 0.975;
const likely = 0.9;

export async function tryWeight(
  trials: readonly Trial[],
  breathe: () => Promise<void> = async () => {},
  weight = meaningWeight,
): Promise<Verdict> {
  const pairs = trials.filter(({ isStripped }) => !isStripped).length;
  const places: { isStripped: boolean; alone: number; fused: number; lucky: number }[] = [];
  const random = numbersFrom(trials.length);
  for (const trial of trials) {
    places.push({
      isStripped: trial.isStripped,
      alone: placeOf(trial, 0),
      fused: placeOf(trial, weight),
      lucky: trial.isStripped ? byLuck(trial, weight, random) : 0,
    });
    if (places.length % atOnce === 0) await breathe();
  }
  const words = scoreOf(places.map(({ alone }) => alone));
  if (pairs < minPairs) return { weight: 0, reason: 'few_pairs', words, fused: words, pairs };
  const fused = scoreOf(places.map((each) => each.fused));
  const whole = places.filter(({ isStripped }) => !isStripped);
  const stripped = places.filter(({ isStripped }) => isStripped);
  const gain = (each: { alone: number; fused: number }) => 1 / each.fused - 1 / each.alone;
  const isGood =
    isMostlyAbove(whole.map(gain), -harmless, certainty) &&
    isMostlyAbove(stripped.map(gain), -harmless, certainty) &&
    isMostlyAbove(
      stripped.map((each) => 1 / each.fused - each.lucky),
      0,
      likely,
    );
  return { weight: isGood ? weight : 0, ...(!isGood && { reason: 'no_gain' }), words, fused, pairs };
}

/**
 * Mean reciprocal rank when the sessions swap what meaning says of them. In a small history a road that knows nothing
 * finds many a session that no word found, and looks as if it helped.
 */
function byLuck(trial: Trial, weight: number, random: () => number): number {
  let sum = 0;
  for (let round = 0; round < swaps; round++) {
    const above = Array.from(trial.above);
    for (let at = above.length - 1; at > 0; at--) {
      const other = Math.floor(random() * (at + 1));
      [above[at], above[other]] = [above[other]!, above[at]!];
    }
    sum += 1 / placeOf({ ...trial, above }, weight);
  }
  return sum / swaps;
}

/** Bootstrap: true when the mean of at least this share of the resampled differences is above the limit. */
function isMostlyAbove(differences: readonly number[], limit: number, share: number): boolean {
  if (differences.length === 0) return false;
  const random = numbersFrom(differences.length);
  let held = 0;
  for (let round = 0; round < resamples; round++) {
    let sum = 0;
    for (let draw = 0; draw < differences.length; draw++)
      sum += differences[Math.floor(random() * differences.length)] ?? 0;
    if (sum / differences.length > limit) held++;
  }
  return held / resamples >= share;
}

function scoreOf(places: readonly number[]): RoadScore {
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mrr: mean(places.map((place) => 1 / place)), hit5: mean(places.map((place) => (place <= 5 ? 1 : 0))) };
}

/** Place of the right session in the fused list, from 1; Infinity when it is missing. */
function placeOf({ target, words, above, certainty: sure }: Trial, weight: number): number {
  // Alone, the words keep their order however sure they are.
  const scoreAt = (at: number): number =>
    weight === 0 ? words[at]! : fusedScore(words[at]!, above[at]!, sure, weight);
  const own = target < 0 ? 0 : scoreAt(target);
  if (own === 0) return Infinity;
  let place = 1;
  for (let at = 0; at < words.length; at++) {
    const score = scoreAt(at);
    if (score > own || (score === own && at < target)) place++;
  }
  return place;
}

/** Mean score over all trials with this weight. */
export const scoreTrials = (trials: readonly Trial[], weight: number): RoadScore =>
  scoreOf(trials.map((trial) => placeOf(trial, weight)));

/** A seeded generator: the same questions must give the same verdict. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

/**
 * Measures how much the road of meaning helps on this history. No labels are needed: a title, a summary and the subject
 * of a commit each belong to one session. Half of the questions choose a weight, the other half may reject it. A model
 * that was not measured has weight 0.
 */
import type { Calibration, RoadScore } from '../../protocol/meaning-queue';
import { flatness } from './fuse';

/** A question with a known answer and the result of each road: keys of sessions, best first. */
export interface Trial<Key = unknown> {
  target: Key;
  words: readonly Key[];
  meaning: readonly Key[];
}

export type Verdict = Pick<Calibration, 'weight' | 'reason' | 'words' | 'fused' | 'pairs'>;

/** Fewer questions have no significance. */
const minPairs = 20;
/** Weights to try, ascending: of equally good ones the smallest is taken. */
const weights = [0.1, 0.25, 0.5, 0.75, 1, 1.5, 2, 3];
const resamples = 1000;
const preparedAtOnce = 50;
/** Share of the bootstrap samples in which the weight must not lose. */
const certainty = 0.975;

/** Between two weights `breathe` is awaited, so that the keeper answers other requests. */
export async function chooseWeight(
  asked: readonly Trial[],
  breathe: () => Promise<void> = async () => {},
): Promise<Verdict> {
  const trials: Prepared[] = [];
  for (const trial of asked) {
    trials.push(prepare(trial));
    if (trials.length % preparedAtOnce === 0) await breathe();
  }
  const choosing = trials.filter((_, index) => index % 2 === 0);
  const judging = trials.filter((_, index) => index % 2 === 1);
  const words = scoreOf(judging, 0);
  if (trials.length < minPairs) return { weight: 0, reason: 'few_pairs', words, fused: words, pairs: trials.length };
  let best = { weight: 0, score: scoreOf(choosing, 0) };
  for (const weight of weights) {
    await breathe();
    const score = scoreOf(choosing, weight);
    if (score.mrr > best.score.mrr && score.hit5 >= best.score.hit5) best = { weight, score };
  }
  await breathe();
  const fused = scoreOf(judging, best.weight);
  const isGain = fused.mrr > words.mrr && fused.hit5 >= words.hit5 && seldomLoses(judging, best.weight);
  return {
    weight: isGain ? best.weight : 0,
    ...(!isGain && { reason: 'no_gain' }),
    words,
    fused,
    pairs: trials.length,
  };
}

/** Paired bootstrap: true when words alone win in few of the resampled histories. */
function seldomLoses(trials: readonly Prepared[], weight: number): boolean {
  const differences = trials.map((trial) => reciprocal(trial, weight) - reciprocal(trial, 0));
  const random = numbersFrom(trials.length);
  let held = 0;
  for (let round = 0; round < resamples; round++) {
    let sum = 0;
    for (let draw = 0; draw < differences.length; draw++)
      sum += differences[Math.floor(random() * differences.length)] ?? 0;
    if (sum > 0) held++;
  }
  return held / resamples >= certainty;
}

function scoreOf(trials: readonly Prepared[], weight: number): RoadScore {
  const places = trials.map((trial) => placeOf(trial, weight));
  const mean = (values: readonly number[]) =>
    values.length === 0 ? 0 : values.reduce((sum, value) => sum + value, 0) / values.length;
  return { mrr: mean(places.map((place) => 1 / place)), hit5: mean(places.map((place) => (place <= 5 ? 1 : 0))) };
}

const reciprocal = (trial: Prepared, weight: number): number => 1 / placeOf(trial, weight);

/**
 * The sessions of both lists with their place in each, counted from `flatness`; 0 when absent. Their order decides
 * ties.
 */
interface Prepared {
  words: Float64Array;
  meaning: Float64Array;
  /** Index of the right session; -1 when neither road found it. */
  target: number;
}

/** Prepared once, because hundreds of questions are fused with each weight. */
function prepare({ target, words, meaning }: Trial): Prepared {
  const keys = [...new Set([...words, ...meaning])];
  const places = new Map(keys.map((key, index) => [key, index]));
  const prepared: Prepared = {
    words: new Float64Array(keys.length),
    meaning: new Float64Array(keys.length),
    target: places.get(target) ?? -1,
  };
  words.forEach((key, index) => (prepared.words[places.get(key)!] = flatness + index + 1));
  meaning.forEach((key, index) => (prepared.meaning[places.get(key)!] = flatness + index + 1));
  return prepared;
}

/** Place of the right session in the fused list, from 1; Infinity when it is missing. */
function placeOf({ words, meaning, target }: Prepared, weight: number): number {
  const scoreAt = (at: number): number =>
    (words[at]! > 0 ? 1 / words[at]! : 0) + (meaning[at]! > 0 && weight > 0 ? weight / meaning[at]! : 0);
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
  scoreOf(trials.map(prepare), weight);

/** A seeded generator: the same questions must give the same verdict. */
function numbersFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

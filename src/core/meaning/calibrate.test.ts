/** A trial gives weight to a road that helps, and to no other. The roads are made up. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../test/bench/measure';
import { chooseWeight, scoreTrials } from './calibrate';
import type { Trial } from './calibrate';
import { fuseKeys } from './fuse';

const sessions = 200;

/** A list of sessions with the right one near a given place; beyond place 100 it is missing. */
function listWith(target: number, place: number, random: () => number): number[] {
  const others = Array.from({ length: 100 }, () => Math.floor(random() * sessions)).filter((each) => each !== target);
  const list = [...new Set(others)];
  if (place < 100) list.splice(place, 0, target);
  return list;
}
function trialsOf(
  count: number,
  words: (random: () => number) => number,
  meaning: (random: () => number) => number,
  seed = 5,
): Trial[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const target = Math.floor(random() * sessions);
    return {
      target,
      words: listWith(target, Math.floor(words(random)), random),
      meaning: listWith(target, Math.floor(meaning(random)), random),
    };
  });
}
/** Words find half of the sessions first, the others far down. */
const fair = (random: () => number) => (random() < 0.5 ? 0 : 5 + random() * 60);
const perfect = () => 0;
const luck = (random: () => number) => random() * 200;

it('a road that knows the answer gets weight, and is better on the half that judges', async () => {
  const { weight, words, fused, reason } = await chooseWeight(trialsOf(200, fair, perfect));
  expect(weight).toBeGreaterThan(0);
  expect(reason).toBeUndefined();
  expect(fused.mrr).toBeGreaterThan(words.mrr + 0.1);
  expect(fused.hit5).toBeGreaterThan(words.hit5);
});

describe('a road that knows nothing', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

  it('gets none, whatever the luck of the history', async () => {
    const verdicts = await Promise.all(seeds.map((seed) => chooseWeight(trialsOf(60, fair, luck, seed))));
    expect(verdicts.filter(({ weight }) => weight > 0)).toEqual([]);
  });

  it('would do harm with a weight: the control', () => {
    const harmed = seeds.filter((seed) => {
      const trials = trialsOf(60, fair, luck, seed);
      return scoreTrials(trials, 1).mrr < scoreTrials(trials, 0).mrr;
    });
    expect(harmed.length).toBeGreaterThan(30);
  });
});

it('a road that repeats the words gets none: there is nothing to gain', async () => {
  const trials = trialsOf(100, fair, luck).map((trial) => ({ ...trial, meaning: trial.words }));
  expect(await chooseWeight(trials)).toMatchObject({ weight: 0, reason: 'no_gain' });
});

it('too few questions say nothing, however good they look', async () => {
  expect(await chooseWeight(trialsOf(19, fair, perfect))).toMatchObject({ weight: 0, reason: 'few_pairs', pairs: 19 });
  expect(await chooseWeight([])).toMatchObject({
    weight: 0,
    reason: 'few_pairs',
    pairs: 0,
    words: { mrr: 0, hit5: 0 },
  });
});

it('what was chosen by one half is not taken when the other half is worse by it', async () => {
  // Meaning answers even questions, which choose the weight, and spoils odd ones, which judge it.
  const helped = trialsOf(100, fair, perfect);
  const spoilt = trialsOf(100, perfect, luck);
  expect(await chooseWeight(helped.flatMap((trial, at) => [trial, spoilt[at]!]))).toMatchObject({
    weight: 0,
    reason: 'no_gain',
  });
  // Control: the same questions in the other order give the same verdict, and the good half alone gives another.
  expect((await chooseWeight(helped)).weight).toBeGreaterThan(0);
});

it('judges the very order that a search shows', () => {
  for (const trial of trialsOf(200, fair, luck)) {
    for (const weight of [0, 0.25, 1, 3]) {
      const place = fuseKeys(trial.words, trial.meaning, weight).indexOf(trial.target) + 1;
      expect(scoreTrials([trial], weight).mrr).toBe(place === 0 ? 0 : 1 / place);
    }
  }
});

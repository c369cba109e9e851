/** A trial gives weight to a road that helps, and to no other. The roads are made up. */
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../test/bench/measure';
import { meaningWeight, scoreTrials, tryWeight } from './calibrate';
import type { Trial } from './calibrate';

const sessions = 100;

interface Road {
  /** Place at which the words have the right session, from 0; beyond `sessions` they do not find it. */
  words: (random: () => number) => number;
  /** How far the right session stands out by meaning. */
  above: (random: () => number) => number;
  certainty: number;
}

/** Questions whose right session is at one place of the words, among others that meaning puts anywhere. */
function trialsOf(count: number, { words, above, certainty }: Road, isStripped: boolean, seed = 5): Trial[] {
  const random = randomFrom(seed);
  return Array.from({ length: count }, () => {
    const place = Math.floor(words(random));
    const scores = Array.from({ length: sessions }, (_, at) => 1 / (1 + at / 10));
    const nearby = Array.from({ length: sessions }, () => Math.max(0, random() + random() + random() - 1.5) * 2);
    const target = Math.min(place, sessions - 1);
    if (place >= sessions) scores[target] = 0;
    nearby[target] = above(random);
    return { target, words: scores, above: nearby, certainty, isStripped };
  });
}
/** Words find half of the sessions first, the others further down. */
const fair = (random: () => number) => (random() < 0.5 ? 0 : 2 + random() * 30);
const luck = (random: () => number) => Math.max(0, random() + random() + random() - 1.5) * 2;
const sure = { words: fair, certainty: 0.6 };
const unsure = { words: (random: () => number) => 5 + random() * 60, certainty: 0.05 };
/** Both kinds of questions, asked of a road of meaning. */
const both = (count: number, above: (random: () => number) => number, seed = 5): Trial[] => [
  ...trialsOf(count, { ...sure, above }, false, seed),
  ...trialsOf(count, { ...unsure, above }, true, seed + 1000),
];

it('a road that knows the answer gets weight', async () => {
  const { weight, words, fused, reason, pairs } = await tryWeight(both(60, () => 6));
  expect(weight).toBe(meaningWeight);
  expect(reason).toBeUndefined();
  expect(pairs).toBe(60);
  expect(fused.mrr).toBeGreaterThan(words.mrr + 0.1);
  expect(fused.hit5).toBeGreaterThan(words.hit5);
});

describe('a road that knows nothing', () => {
  const seeds = Array.from({ length: 40 }, (_, seed) => seed + 1);

  it('gets none in nine of ten histories at least', async () => {
    const verdicts = await Promise.all(seeds.map((seed) => tryWeight(both(60, luck, seed))));
    expect(verdicts.filter(({ weight }) => weight > 0).length).toBeLessThanOrEqual(4);
  });

  it('would do harm with a weight: the control', () => {
    const harmed = seeds.filter((seed) => {
      const trials = both(60, luck, seed);
      return scoreTrials(trials, 1).mrr < scoreTrials(trials, 0).mrr;
    });
    expect(harmed.length).toBeGreaterThan(30);
  });
});

it('a road that helps where words fail, and harms where they do not, gets none', async () => {
  const trials = [
    ...trialsOf(60, { words: () => 0, certainty: 0.05, above: luck }, false),
    ...trialsOf(60, { ...unsure, above: () => 6 }, true),
  ];
  expect(await tryWeight(trials)).toMatchObject({ weight: 0, reason: 'no_gain' });
});

it('a road that brings nothing gets none: there is nothing to gain', async () => {
  expect(await tryWeight(both(60, () => 0).map((trial) => ({ ...trial, above: trial.words })))).toMatchObject({
    weight: 0,
    reason: 'no_gain',
  });
});

it('too few questions say nothing, however good they look', async () => {
  expect(await tryWeight(both(19, () => 6))).toMatchObject({ weight: 0, reason: 'few_pairs', pairs: 19 });
  expect(await tryWeight([])).toMatchObject({
    weight: 0,
    reason: 'few_pairs',
    pairs: 0,
    words: { mrr: 0, hit5: 0 },
  });
});

it('a road that finds by chance what no word found gets none in nine of ten histories at least', async () => {
  const seeds = Array.from({ length: 20 }, (_, seed) => seed + 1);
  const verdicts = await Promise.all(
    seeds.map((seed) =>
      tryWeight([
        ...trialsOf(60, { ...sure, above: luck }, false, seed),
        ...trialsOf(60, { words: () => sessions, certainty: 0, above: luck }, true, seed + 1000),
      ]),
    ),
  );
  expect(verdicts.filter(({ weight }) => weight > 0).length).toBeLessThanOrEqual(2);
});

it('the same questions give the same verdict', async () => {
  expect(await tryWeight(both(60, luck))).toEqual(await tryWeight(both(60, luck)));
});

import { describe, expect, it } from 'vitest';
import { leastLikeness } from '../../../src/core/distil/past-fixes/likeness';
import { blindPairs, countAt, likenessOfPair } from './judge';
import { heldBackPairs, tuningPairs } from './pairs';

describe('labelled pairs', () => {
  it.each(
    [...tuningPairs, ...heldBackPairs].map(
      (pair) => [`${pair.tool}: ${JSON.stringify(pair.asked.text.slice(0, 80))}`, pair] as const,
    ),
  )('%s', (_, pair) => {
    const likeness = likenessOfPair(pair);
    expect(likeness >= leastLikeness, `likeness ${likeness}`).toBe(pair.isSame);
  });
});

describe('controls', () => {
  it('are not taken for each other', () => {
    expect(countAt(blindPairs([...tuningPairs, ...heldBackPairs]), leastLikeness).shown).toBe(0);
  });

  it('are seen when anything is taken for anything', () => {
    const { shown, right } = countAt(tuningPairs, 0);
    expect(shown).toBeGreaterThan(right);
  });
});

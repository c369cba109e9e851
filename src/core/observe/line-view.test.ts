import { describe, expect, it } from 'vitest';
import { growthOf, maxGrowth } from '../../../test/growth';
import { isOnlyJson } from './line-view';

describe('syntax between strings', () => {
  it.each(['', ',', ': [', ', 12, -3.5e+7, ', '}, {', ' true, null,\n', '] , false'])('is %j', (text) => {
    expect(isOnlyJson(text)).toBe(true);
  });

  it.each(['a', ', nul', '12x', '-', 'truefalse'])('is not %j', (text) => {
    expect(isOnlyJson(text)).toBe(false);
  });

  it.each(['1', '-1', '1.', '1e', ', 1'])(
    'of many %j is judged in linear time, whatever comes after them',
    async (unit) => {
      expect(isOnlyJson(`${unit.repeat(60)}x`)).toBe(false);
      expect(await growthOf((size) => isOnlyJson(`${unit.repeat(size)}x`), 100_000)).toBeLessThan(maxGrowth);
    },
  );
});

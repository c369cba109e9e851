/** Costs are computed exactly. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { costOf, isPriced, maxCostOf } from './prices';

const usage = { inputTokens: 1000, outputTokens: 100, cacheReadTokens: 500, cacheWriteTokens: 200 };

describe('a price', () => {
  it.each([
    ['claude-haiku-4-5', 1_000_000 + 500_000 + 50_000 + 250_000],
    ['claude-haiku-4-5-20251001', 1_800_000],
    ['claude-opus-5-5', 4_000_000 + 2_000_000 + 100_000 + 1_000_000],
    ['claude-sonnet-5-5', 2_000_000 + 1_000_000 + 50_000 + 500_000],
    ['claude-haiku-5-5', 100_000 + 50_000 + 5000 + 25_000],
  ])('of %s', (model, nano) => {
    expect(costOf(model, usage, false)).toBe(nano);
    expect(costOf(model, usage, true)).toBe(nano / 2);
  });

  it('of a cache write for an hour is twice that of input', () => {
    const writes = { inputTokens: 0, outputTokens: 0, cacheReadTokens: 0, cacheWriteTokens: 1_000_000 };
    expect(costOf('claude-sonnet-5', { ...writes, cacheWriteHourTokens: 1_000_000 }, false)).toBe(4e9);
    expect(costOf('claude-sonnet-5', { ...writes, cacheWriteHourTokens: 400_000 }, false)).toBe(
      0.4 * 4e9 + 0.6 * 2.5e9,
    );
    expect(costOf('claude-sonnet-5', writes, false)).toBe(2.5e9);
  });

  it('of a long prompt is another one, for all of it', () => {
    expect(costOf('claude-haiku-5-5', { ...usage, inputTokens: 99_300 }, false)).toBe(99_300 * 100 + 80_000);
    expect(costOf('claude-haiku-5-5', { ...usage, inputTokens: 99_301 }, false)).toBe(99_301 * 500 + 400_000);
  });

  it('nobody knows is the dearest there is', () => {
    expect(isPriced('claude-next')).toBe(false);
    expect(isPriced('constructor')).toBe(false);
    for (const model of ['claude-opus-4-1', 'claude-fable-5-1', 'claude-opus-5'])
      expect(costOf('claude-next', usage, false)).toBeGreaterThanOrEqual(costOf(model, usage, false));
  });

  it('is whole, and at its most no less than any way in which the same tokens can be counted', () => {
    const tokens = fc.integer({ min: 0, max: 200_000 });
    fc.assert(
      fc.property(
        tokens,
        tokens,
        tokens,
        fc.integer({ min: 1, max: 8000 }),
        fc.constantFrom('claude-haiku-5-5', 'claude-opus-5-5', 'claude-next'),
        fc.boolean(),
        (inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens, model, isBatch) => {
          const cost = costOf(model, { inputTokens, cacheReadTokens, cacheWriteTokens, outputTokens }, isBatch);
          expect(Number.isSafeInteger(cost)).toBe(true);
          expect(cost).toBeLessThanOrEqual(
            maxCostOf(model, inputTokens + cacheReadTokens + cacheWriteTokens, outputTokens, isBatch),
          );
        },
      ),
    );
  });
});

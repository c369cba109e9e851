import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { randomFrom } from '../../../test/torture/random';
import { chooseBest } from './knapsack';
import type { Weighed } from './knapsack';

const sum = (pieces: readonly Weighed[], chosen: readonly number[], of: keyof Weighed) =>
  chosen.reduce((total, index) => total + pieces[index]![of], 0);

/** Tries every choice. */
function bestValue(pieces: readonly Weighed[], budget: number): number {
  let best = 0;
  for (let bits = 0; bits < 1 << pieces.length; bits++) {
    const chosen = pieces.map((_, index) => index).filter((index) => (bits & (1 << index)) !== 0);
    if (sum(pieces, chosen, 'tokens') <= budget) best = Math.max(best, sum(pieces, chosen, 'value'));
  }
  return best;
}

const piece = fc.record({ value: fc.integer({ min: 0, max: 100 }), tokens: fc.integer({ min: 1, max: 60 }) });

describe('the best pieces within a budget', () => {
  it('are as good as trying every choice, and never above the budget', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 10 }), fc.nat(200), (pieces, budget) => {
        const chosen = chooseBest(pieces, budget);
        expect(sum(pieces, chosen, 'tokens')).toBeLessThanOrEqual(budget);
        expect(sum(pieces, chosen, 'value')).toBe(bestValue(pieces, budget));
        expect(chosen).toEqual([...new Set(chosen)].toSorted((a, b) => a - b));
      }),
    );
  });

  it('leaves a large piece for two that are worth more together', () => {
    const pieces = [
      { value: 10, tokens: 6 },
      { value: 7, tokens: 5 },
      { value: 7, tokens: 5 },
    ];
    expect(chooseBest(pieces, 10)).toEqual([1, 2]);
  });

  it('of very many are within one per cent of the bound that no choice can pass', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 8000, max: 40_000 }), (seed, budget) => {
        const random = randomFrom(seed);
        const pieces = Array.from({ length: 1500 }, () => ({
          value: 1 + random.below(1000),
          tokens: 5 + random.below(120),
        }));
        const chosen = chooseBest(pieces, budget);
        expect(sum(pieces, chosen, 'tokens')).toBeLessThanOrEqual(budget);
        expect(sum(pieces, chosen, 'value')).toBeGreaterThanOrEqual(0.99 * fractionalBound(pieces, budget));
      }),
      { numRuns: 20 },
    );
  });

  it('of huge ones stay affordable', () => {
    const pieces = Array.from({ length: 300 }, (_, index) => ({ value: 100 + (index % 7), tokens: 90_000 + index }));
    expect(sum(pieces, chooseBest(pieces, 200_000), 'tokens')).toBeLessThanOrEqual(200_000);
    expect(chooseBest(pieces, 200_000)).toHaveLength(2);
  });
});

/** The value when the last piece may be cut: no whole choice is worth more. */
function fractionalBound(pieces: readonly Weighed[], budget: number): number {
  let room = budget;
  let value = 0;
  for (const each of pieces.toSorted((a, b) => b.value / b.tokens - a.value / a.tokens)) {
    const part = Math.min(1, room / each.tokens);
    value += part * each.value;
    room -= part * each.tokens;
    if (room <= 0) break;
  }
  return value;
}

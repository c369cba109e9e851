import { expect, it } from 'vitest';
import { growthOf, maxGrowth } from './growth';

/** Steps that cannot be optimised away, because each depends on the one before. */
function step(count: number): number {
  let state = 1;
  for (let index = 0; index < count; index += 1) state = (state * 48_271) % 2_147_483_647;
  return state;
}

it('of what takes as long as its input is long is small', async () => {
  expect(await growthOf((size) => step(size * 200), 5000)).toBeLessThan(maxGrowth);
});

it('of what takes the square of it is not', async () => {
  expect(await growthOf((size) => step(size * size), 700)).toBeGreaterThan(maxGrowth);
});

it('of what takes no time at all is small', async () => {
  expect(await growthOf(() => 1, 10)).toBeLessThan(maxGrowth);
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../fakes/test-memory';
import type { TestMemory } from '../../fakes/test-memory';
import { countLines, plant, precisionOf, recallOf, sayByWords, sayOf } from './why-report';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

/** Small ones of those that `npm run eval:moments` plants. */
describe.each([1, 2])('a planted repository of seed %i', (seed) => {
  it('has no line of a person that is said to be of Claude, and most of those of Claude with their turn', async () => {
    const { planting, root } = await plant(test, seed, 1500);
    const counts = await countLines(planting, sayOf(test.memory, root));
    expect(counts.mistaken).toBe(0);
    expect(precisionOf(counts)).toBeGreaterThan(0.95);
    expect(recallOf(counts)).toBeGreaterThan(0.8);
    // The control: what looks at words alone takes a person's lines for Claude's, and is seen to.
    const blind = await countLines(planting, sayByWords(test));
    expect(blind.mistaken).toBeGreaterThan(50);
    expect(precisionOf(blind)).toBeLessThan(0.8);
  });
});

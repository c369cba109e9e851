import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../fakes/test-memory';
import type { TestMemory } from '../../fakes/test-memory';
import { countNet, countStood, sayStood, sayToday } from './story-report';
import { plant } from './why-report';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

/** A small one of those that `npm run eval:moments` plants. */
describe('files of a planted repository', () => {
  it('stood as they are said to have stood, and sessions changed what they are said to have changed', async () => {
    const { planting, root } = await plant(test, 1, 1500);
    const stood = await countStood(planting.turnEnds, sayStood(test.memory, root));
    expect(stood.sure).toBeGreaterThan(10);
    expect(stood.sureExact).toBe(stood.sure);
    expect(stood.right / stood.told).toBeGreaterThan(0.95);
    expect(stood.right / stood.stood).toBeGreaterThan(0.8);
    const net = await countNet(planting.turnEnds, test.memory, root);
    expect(net.right / net.told).toBeGreaterThan(0.97);
    expect(net.right / net.own).toBeGreaterThan(0.9);
    // The control: whoever takes today's file for the one of then is seen to.
    const today = await countStood(planting.turnEnds, sayToday(planting));
    expect(today.sureExact / today.sure).toBeLessThan(0.6);
  });
});

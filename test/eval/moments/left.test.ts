import { expect, it } from 'vitest';
import { leftPairs, laterLeftPairs } from './left-pairs';
import { countLeft, judgeByWords, judgeLeft } from './left-report';

it.each([
  ['to tune on', leftPairs],
  ['written later', laterLeftPairs],
])('pairs %s: nothing is closed that was not done, and most of what was', (_, pairs) => {
  const { closed, right, of } = countLeft(pairs, judgeLeft);
  expect(pairs.filter((pair) => judgeLeft(pair) && !pair.isDone)).toEqual([]);
  expect(right).toBe(closed);
  expect(right / of).toBeGreaterThan(0.6);
});

it('the control closes what was not done, and is seen to', () => {
  const { closed, right } = countLeft([...leftPairs, ...laterLeftPairs], judgeByWords);
  expect(right / closed).toBeLessThan(0.7);
});

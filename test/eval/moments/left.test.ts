import { expect, it } from 'vitest';
import {
  finalLeftPairs,
  freshLeftPairs,
  lastLeftPairs,
  laterLeftPairs,
  leftPairs,
  unseenLeftPairs,
} from './left-pairs';
import { countLeft, judgeByWords, judgeLeft } from './left-report';

const tuned = [...leftPairs, ...laterLeftPairs, ...lastLeftPairs, ...freshLeftPairs, ...unseenLeftPairs];

it('of pairs that the rules were made by nothing is closed that was not done, and most of what was', () => {
  const { right, of } = countLeft(tuned, judgeLeft);
  expect(tuned.filter((pair) => judgeLeft(pair) && !pair.isDone)).toEqual([]);
  expect(right / of).toBeGreaterThan(0.85);
});

it('the control closes what was not done, and is seen to', () => {
  const { closed, right } = countLeft([...tuned, ...finalLeftPairs], judgeByWords);
  expect(right / closed).toBeLessThan(0.6);
});

import { beforeEach, expect, it } from 'vitest';
import { paceText } from './throttle';

let asked: string[];
let pace: ReturnType<typeof paceText>;
const type = (...texts: string[]) => {
  for (const text of texts) pace.push(text, (rested) => asked.push(rested));
};

beforeEach(() => {
  asked = [];
  pace = paceText();
});

it('asks the first key at once, and of those that come before its answer only the last', () => {
  type('f', 'fo', 'foo');
  expect(asked).toEqual(['f']);
  pace.answered();
  expect(asked).toEqual(['f', 'foo']);
  pace.answered();
  type('food');
  expect(asked).toEqual(['f', 'foo', 'food']);
});

it('waits for an answer however late it comes, and then asks the newest text only', () => {
  type('f', 'fo', 'foo', 'food');
  expect(asked).toEqual(['f']);
  pace.answered();
  expect(asked).toEqual(['f', 'food']);
  pace.answered();
  expect(asked).toEqual(['f', 'food']);
});

it('lets an emptied field and Enter wait for nothing, nor asks afterwards what they have outrun', () => {
  type('f', 'fo', '');
  expect(asked).toEqual(['f', '']);
  type('b', 'ba');
  pace.push('bar', (rested) => asked.push(rested), true);
  pace.answered();
  expect(asked).toEqual(['f', '', 'b', 'bar']);
});

import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { paceText } from './throttle';

let asked: string[];
let pace: ReturnType<typeof paceText>;
const type = (...texts: string[]) => {
  for (const text of texts) pace.push(text, (rested) => asked.push(rested));
};

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  asked = [];
  pace = paceText(80);
});
afterEach(() => {
  pace.stop();
  vi.useRealTimers();
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

it('gives an answer that does not come some patience, then the newer question takes its place', () => {
  type('f', 'fo');
  vi.advanceTimersByTime(79);
  expect(asked).toEqual(['f']);
  vi.advanceTimersByTime(1);
  expect(asked).toEqual(['f', 'fo']);
  pace.answered();
  expect(asked).toEqual(['f', 'fo']);
});

it('lets an emptied field and Enter wait for nothing, nor asks afterwards what they have outrun', () => {
  type('f', 'fo', '');
  expect(asked).toEqual(['f', '']);
  type('b', 'ba');
  pace.push('bar', (rested) => asked.push(rested), true);
  vi.advanceTimersByTime(1000);
  pace.answered();
  expect(asked).toEqual(['f', '', 'b', 'bar']);
});

import { expect, it } from 'vitest';
import { ReadAhead } from './read-ahead';

async function* numbers(upTo: number, ended: string[] = [], fault?: Error) {
  try {
    for (let number = 1; number <= upTo; number++) yield number;
    if (fault) throw fault;
  } finally {
    ended.push('ended');
  }
}

it('gives all in order, each read before it is asked for', async () => {
  const read: number[] = [];
  const seen: [number, number][] = [];
  const ended: string[] = [];
  for await (const item of new ReadAhead(numbers(4, ended), (each) => read.push(each))) {
    // Lets the next one be read.
    await new Promise((resolve) => setImmediate(resolve));
    seen.push([item, read.length]);
  }
  expect(seen).toEqual([
    [1, 2],
    [2, 3],
    [3, 4],
    [4, 4],
  ]);
  expect(ended).toEqual(['ended']);
});

it('tells an error after what was read before it', async () => {
  const seen: number[] = [];
  const reading = (async () => {
    for await (const item of new ReadAhead(numbers(2, [], new Error('torn')), () => {})) seen.push(item);
  })();
  await expect(reading).rejects.toThrow('torn');
  expect(seen).toEqual([1, 2]);
});

it('ends the reading when the loop is left, or was never begun', async () => {
  const ended: string[] = [];
  for await (const item of new ReadAhead(numbers(9, ended), () => {})) if (item === 2) break;
  expect(ended).toEqual(['ended']);
  await new ReadAhead(numbers(9, ended), () => {}).close();
  expect(ended).toEqual(['ended', 'ended']);
});

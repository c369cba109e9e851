import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { fuseKeys } from './fuse';

const list = fc.uniqueArray(fc.integer({ min: -50, max: 50 }), { maxLength: 60 });

it('without weight the words come out as they went in', () => {
  fc.assert(
    fc.property(list, list, (words, meaning) => {
      expect(fuseKeys(words, meaning, 0)).toEqual(words);
    }),
  );
});

it('has each session of both lists once, and keeps the order that both agree on', () => {
  fc.assert(
    fc.property(list, list, fc.double({ min: 0.01, max: 4, noNaN: true }), (words, meaning, weight) => {
      const fused = fuseKeys(words, meaning, weight);
      expect(fused.toSorted((a, b) => a - b)).toEqual([...new Set([...words, ...meaning])].toSorted((a, b) => a - b));
      const both = words.filter((key) => meaning.includes(key));
      for (const one of both) {
        for (const other of both) {
          if (words.indexOf(one) < words.indexOf(other) && meaning.indexOf(one) < meaning.indexOf(other))
            expect(fused.indexOf(one)).toBeLessThan(fused.indexOf(other));
        }
      }
    }),
  );
});

it('gives what meaning alone found a place further up, the more it counts', () => {
  const words = Array.from({ length: 30 }, (_, at) => at);
  const places = [0.1, 0.5, 1, 1.5, 3].map((weight) => fuseKeys(words, [99], weight).indexOf(99));
  expect(places).toEqual(places.toSorted((a, b) => b - a));
  expect(places[0]).toBe(30);
  expect(places.at(-1)).toBe(0);
});

import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { firstLetters, oneLine, shorten, shortenAtWord, wholeLetter } from './text';

const half = /[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/;
const letters = fc.string({ unit: fc.constantFrom('a', ' ', '\n', '😀', '错', ','), maxLength: 60 });

it('no cut is longer than asked, or leaves half of a pair', () => {
  fc.assert(
    fc.property(letters, fc.integer({ min: 1, max: 40 }), (text, most) => {
      for (const cut of [firstLetters, shorten, shortenAtWord]) {
        const short = cut(text, most);
        expect(short.length).toBeLessThanOrEqual(most);
        expect(short).not.toMatch(half);
      }
      expect(text.slice(wholeLetter(text, most))).not.toMatch(half);
    }),
  );
});

it('a line that fits is left as it is', () => {
  expect(oneLine(' one\n two\t')).toBe('one two');
  expect(shorten('one two', 7)).toBe('one two');
  expect(shortenAtWord('one two', 7)).toBe('one two');
});

it('what is cut says so, and ends with a word where there is one', () => {
  expect(shorten('one two three', 9)).toBe('one two…');
  expect(shorten('one two three', 10)).toBe('one two t…');
  expect(shortenAtWord('one two, three', 11)).toBe('one two…');
  expect(shortenAtWord('incomprehensibilities', 9)).toBe('incompre…');
});

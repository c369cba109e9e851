import { array, assert, constantFrom, integer, property } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { wrapProse } from './wrap';

describe('wrapping', () => {
  it('breaks prose between words and leaves short lines alone', () => {
    expect(wrapProse('one two three four\nfive', 9)).toBe('one two\nthree\nfour\nfive');
  });

  it('puts the rest of a bullet under its text, and marks the rest of a quote', () => {
    expect(wrapProse('- [x] alpha beta gamma\n10. alpha beta\n> alpha beta', 14)).toBe(
      '- [x] alpha\n      beta\n      gamma\n10. alpha beta\n> alpha beta',
    );
    expect(wrapProse('> alpha beta gamma', 12)).toBe('> alpha beta\n> gamma');
  });

  it('keeps code and tables as they are', () => {
    const fixed = [
      '```ts',
      'const a = one + two + three + four;',
      '```',
      '    indented code that is long',
      '| a | b | c |',
    ];
    expect(wrapProse(fixed.join('\n'), 10)).toBe(fixed.join('\n'));
  });

  it('keeps a word that is longer than a line whole', () => {
    expect(wrapProse('see https://example.test/a/very/long/path now', 12)).toBe(
      'see\nhttps://example.test/a/very/long/path\nnow',
    );
  });

  it('loses and adds no word, and keeps to the width wherever a word allows it', () => {
    const word = constantFrom('a', 'bee', 'seven77', 'longer-than-most', 'x'.repeat(30), '-', '>', '#', '1.', '');
    assert(
      property(array(word, { maxLength: 30 }), integer({ min: 5, max: 40 }), (words, width) => {
        const line = words.join(' ');
        const wrapped = wrapProse(line, width);
        const letters = (text: string) => text.replaceAll(/[\s>]/g, '');
        expect(letters(wrapped)).toBe(letters(line));
        for (const each of wrapped.split('\n'))
          expect(each.length <= width || each.trim().split(/\s+/).length <= 3 || wrapped === line).toBe(true);
      }),
    );
  });
});

/** The part of a text that shows why it was found. */
import * as fc from 'fast-check';
import { describe, expect, it, vi } from 'vitest';
import { termsOf } from './query';
import { makeSnippet } from './snippet';
import { tokensOf } from './tokenize';

const marked = (text: string, query: string, length?: number, prefix = '') => {
  const { snippet, highlights } = makeSnippet(text, new Set(termsOf(query)), length, prefix);
  return { snippet, words: highlights.map(([start, end]) => snippet.slice(start, end)) };
};

describe('a snippet', () => {
  it('shows the words that were asked for, as they are written', () => {
    expect(marked('Please rename the Basket class, baskets are renamed.', 'rename basket')).toEqual({
      snippet: 'Please rename the Basket class, baskets are renamed.',
      words: ['rename', 'Basket', 'baskets', 'renamed'],
    });
  });

  it('shows the window with the most different words of a long text', () => {
    const text = `${'basket '.repeat(60)}${'filler '.repeat(200)}the basket has a discount here${' filler'.repeat(200)}`;
    const { snippet, words } = marked(text, 'basket discount');
    expect(words).toEqual(expect.arrayContaining(['basket', 'discount']));
    expect(snippet.length).toBeLessThan(260);
    expect([snippet.startsWith('…'), snippet.endsWith('…')]).toEqual([true, true]);
  });

  it('shows the beginning when none of the words are there', () => {
    expect(marked('nothing of it', 'basket')).toEqual({ snippet: 'nothing of it', words: [] });
  });

  it('marks what begins with the word being typed', () => {
    expect(marked('the discounts of the shop', 'xyz', undefined, 'disc').words).toEqual(['discounts']);
  });

  it('folds lines into one', () => {
    expect(marked('one\n\n  two\tthree', 'two')).toEqual({ snippet: 'one two three', words: ['two'] });
  });

  it('has its marks inside it, in order, and exactly on words that match', () => {
    const words = fc.constantFrom(
      'basket',
      'Discount',
      'readFile',
      '购物车',
      'the',
      '👍',
      '\n',
      '  ',
      'x'.repeat(70),
      'src/core/a.ts',
      '汉',
      'é',
      '-',
      '👩‍👩‍👧',
    );
    fc.assert(
      fc.property(
        fc.array(words, { maxLength: 200 }),
        fc.constantFrom(' ', '', '\n'),
        fc.subarray(['basket', 'discount', 'file', '物车', 'core']),
        fc.integer({ min: 120, max: 300 }),
        (parts, glue, terms, length) => {
          const text = parts.join(glue);
          const wanted = new Set(terms.flatMap((term) => termsOf(term)));
          const { snippet, highlights } = makeSnippet(text, wanted, length);
          let last = 0;
          for (const [start, end] of highlights) {
            expect(start).toBeGreaterThanOrEqual(last);
            expect(end).toBeGreaterThan(start);
            expect(end).toBeLessThanOrEqual(snippet.length);
            expect(tokensOf(snippet.slice(start, end)).some(({ term }) => wanted.has(term))).toBe(true);
            last = end;
          }
          const inText = tokensOf(text).some(({ term }) => wanted.has(term));
          if (inText && glue !== '') expect(highlights.length).toBeGreaterThan(0);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of a long text brings only its beginning into one spelling, as long as that has a match', () => {
    const [word, filler] = ['crème', 'brûlée '].map((each) => each.normalize('NFD')) as [string, string];
    const early = `${filler.repeat(1000)}${word} ${filler.repeat(90_000)}`;
    const normalize = vi.spyOn(String.prototype, 'normalize');
    const { snippet, words } = marked(early, 'crème');
    const longest = Math.max(...normalize.mock.contexts.map((text) => String(text).length));
    normalize.mockRestore();
    expect(words).toEqual(['crème']);
    expect(snippet).toMatch(/^….*brûlée.*…$/);
    expect(longest).toBeLessThan(20_000);
    expect(marked(`${filler.repeat(5000)}${word}`, 'crème').words).toEqual(['crème']);
    // Wherever the match stands, nothing half is shown.
    for (const before of [2096, 2097, 2098, 2099, 2100, 2120, 2200]) {
      const text = `${filler.repeat(before)}${word} ${filler.repeat(400)}`;
      const shown = marked(text, 'crème');
      expect(shown.words).toEqual(['crème']);
      expect(shown.snippet).toMatch(/brûlée…$/);
    }
  });

  it('is never cut through a letter', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('👍', '🎉', 'a', 'basket', ' '), { maxLength: 400 }),
        fc.integer({ min: 20, max: 120 }),
        (parts, length) => {
          const { snippet } = makeSnippet(parts.join(''), new Set(['basket']), length);
          expect(snippet).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])|(?<![\uD800-\uDBFF])[\uDC00-\uDFFF]/);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('of any text never throws', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'binary' }),
        fc.string(),
        fc.string(),
        (text, query, prefix) => void makeSnippet(text, new Set(termsOf(query)), undefined, prefix),
      ),
    );
  });
});

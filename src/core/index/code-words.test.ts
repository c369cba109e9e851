/** Which words are more than their letters, and where a text has them. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { foldForComparison } from '../lib/text';
import { codeWordOf, hasCodeWord } from './code-words';

describe('a word of code', () => {
  it.each([
    ['C++', 'C++'],
    ['(C#)', 'C#'],
    ['"F#,"', 'F#'],
    ['g++', 'g++'],
    ['.NET', '.NET'],
    ['.gitignore?', '.gitignore'],
    ['@acme/button', '@acme/button'],
    ['a==b', 'a==b'],
    ['total+=1', 'total+=1'],
    ['user?.name', 'user?.name'],
    ['Map<string', 'Map<string'],
    ['=>', '=>'],
    ['->', '->'],
    ['|>', '|>'],
    ['!==', '!=='],
    [':=', ':='],
    ['&&', '&&'],
    ['<-', '<-'],
  ])('%s is %s', (typed, word) => {
    expect(codeWordOf(typed)).toBe(word);
  });

  it.each([
    'cart',
    'cart?',
    'cart!',
    '(see below)',
    "don't",
    'a.b.c',
    'src/cart.ts:12',
    './src/cart.ts',
    '/home/ada',
    '~/notes',
    '1.2.3',
    '0xBEEF',
    'https://example.com/?a=1&b=2',
    '--force',
    '-m',
    '#123',
    '...',
    '--',
    '-',
    '…',
    '',
    'e.g.',
    '50%',
  ])('%j is letters', (typed) => {
    expect(codeWordOf(typed)).toBeUndefined();
  });
});

describe('a text', () => {
  const has = (text: string, word: string, isOpen = false) => hasCodeWord(foldForComparison(text), word, isOpen);
  it('has it with its signs and not as a part of a longer word', () => {
    expect(has('we moved to c++20', 'C++')).toBe(true);
    expect(has('plain C code', 'C++')).toBe(false);
    expect(has('use ASP.NET here', '.NET')).toBe(true);
    expect(has('the .network folder', '.NET')).toBe(false);
    expect(has('the .network folder', '.NET', true)).toBe(true);
    expect(has('aa==b', 'a==b')).toBe(false);
    expect(has('aa==b then a==b', 'a==b')).toBe(true);
    expect(has('import "@acme/button/css"', '@acme/button')).toBe(true);
  });

  it('is answered for whatever was typed', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', minLength: 1 }), (typed) => {
        const word = codeWordOf(typed);
        if (word === undefined) return;
        expect(typed).toContain(word);
        expect(hasCodeWord(foldForComparison(`x ${word} y`), word)).toBe(true);
      }),
      { numRuns: 1000 },
    );
  });
});

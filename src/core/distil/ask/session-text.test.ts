/** Which text of a session is sent, and which parts of the answer are accepted. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { asked, edited, headOf, ran, said } from '../../../../test/fixtures/session-lines';
import { checkSummary, readModelSummary } from './check-quotes';
import type { ModelSummary } from './check-quotes';
import { composeSession } from './session-text';

const lines = [
  asked('Please rename the basket to cart,\nand run the tests.'),
  said('I think about it.', { note: 'thinking' }),
  edited('src/cart.ts', 'const basket = 1;\nkeep me', 'const cart = 1;\nkeep me'),
  ran('npm test', 'FAIL cart.test.ts\nexpected 1 to be 2', 1),
  ran('npm test', '12 passed'),
  said('Renamed in 4 files; all tests pass.'),
];
const empty: ModelSummary = { title: 'T', asked: [], done: [], decisions: [], openEnds: [], keyPoints: [] };

describe('a session as it is sent', () => {
  it('has prompts whole, how calls ended, and what was edited, each with its number', () => {
    const { text, lines: numbered } = composeSession(headOf(lines), lines);
    expect(text).toBe(
      [
        'Project shop, branch main.',
        '[1] user: Please rename the basket to cart,\nand run the tests.',
        '[2] Edit src/cart.ts',
        '    - const basket = 1;',
        '    + const cart = 1;',
        '[3] Bash npm test → failed (exit 1)',
        '    Exit code 1',
        '    FAIL cart.test.ts',
        '    expected 1 to be 2',
        '[4] Bash npm test → ok',
        '    12 passed',
        '[5] claude: Renamed in 4 files; all tests pass.',
      ].join('\n'),
    );
    expect(numbered.map(({ kind }) => kind)).toEqual(['said', 'call', 'call', 'call', 'said']);
  });

  it('never passes its cap, and keeps beginning and end', () => {
    const many = Array.from({ length: 3000 }, (_, index) => [
      asked(`Question ${index} ${'word '.repeat(40)}`),
      said(`Answer ${index} ${'word '.repeat(400)}`),
    ]).flat();
    const { text } = composeSession(headOf(many), many, 100_000);
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(100_000);
    expect(text).toContain('Question 0 ');
    expect(text).toContain('Answer 2999 ');
    expect(text).toMatch(/… \d+ lines were left out …/);
  });

  it('fits whatever the cap', () => {
    fc.assert(
      fc.property(
        fc.array(fc.string({ maxLength: 400, unit: 'grapheme' }), { minLength: 1, maxLength: 60 }),
        fc.integer({ min: 300, max: 5000 }),
        (texts, most) => {
          const some = texts.map((text, index) => (index % 2 === 0 ? asked(text) : said(text)));
          expect(Buffer.byteLength(composeSession(headOf(some), some, most).text)).toBeLessThanOrEqual(most);
        },
      ),
      { numRuns: 50 },
    );
  });
});

describe('a sentence of a model', () => {
  const { lines: numbered } = composeSession(headOf(lines), lines);
  const check = (...quotes: { line: number; quote: string }[]) =>
    checkSummary({ ...empty, done: [{ text: 'It was\n done.', quotes }] }, numbered);

  it.each([
    ['as it stands', { line: 1, quote: 'rename the basket to cart' }],
    ['over a line break', { line: 1, quote: 'basket to cart, and run the tests.' }],
    ['from an edit', { line: 2, quote: 'const basket = 1;' }],
    ['from the output of a command', { line: 3, quote: 'expected 1 to be 2' }],
    ['short, but all of a text', { line: 4, quote: '12 passed' }],
  ])('stays with a quote %s', (_, quote) => {
    const { done, droppedClaims } = check(quote);
    expect(droppedClaims).toBe(0);
    expect(done[0]!.text).toBe('It was done.');
    expect(done[0]!.evidence[0]!.uid).toBe(numbered[quote.line - 1]!.uid);
  });

  it.each([
    ['made up', [{ line: 1, quote: 'delete the whole database' }]],
    ['in other letters', [{ line: 1, quote: 'Rename The Basket To Cart' }]],
    ['of another line', [{ line: 5, quote: 'rename the basket to cart' }]],
    [
      'of a line that is not there',
      [
        { line: 99, quote: 'rename the basket to cart' },
        { line: 0, quote: 'rename the basket to cart' },
        { line: -1, quote: 'rename the basket to cart' },
      ],
    ],
    ['too short to prove anything', [{ line: 1, quote: 'the tests' }]],
    ['that is empty', [{ line: 1, quote: ' \n ' }]],
    [
      'true, and another that is not',
      [
        { line: 1, quote: 'rename the basket to cart' },
        { line: 1, quote: 'and tell nobody about it' },
      ],
    ],
    ['that is a pattern', [{ line: 1, quote: 'rename the .* to cart' }]],
    ['from a thought, which was not sent', [{ line: 2, quote: 'I think about it.' }]],
  ])('falls with a quote %s', (_, quotes) => {
    expect(check(...quotes)).toMatchObject({ done: [], droppedClaims: 1 });
  });

  it('falls without any quote', () => {
    expect(check()).toMatchObject({ done: [], droppedClaims: 1 });
  });

  it('whose quote stands is believed whatever the quote says: the line is real', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 30 }), fc.integer({ min: 12, max: 40 }), (from, length) => {
        const quote = (numbered[0] as { text: string }).text.slice(from, from + length);
        const { droppedClaims } = check({ line: 1, quote });
        expect(droppedClaims).toBe(quote.trim().length >= 12 ? 0 : 1);
      }),
    );
  });
});

it.each([
  ['no JSON', 'I am sorry'],
  ['half of it', '{"title":"x"'],
  ['another shape', '{"title":1}'],
  ['nothing', ''],
])('an answer that is %s is malformed, and quotes nothing of it', (_, text) => {
  expect(() => readModelSummary(text)).toThrow('The answer was not what was asked for.');
});

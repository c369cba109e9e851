/** How typed queries are parsed. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './query';

const now = new Date(2026, 10, 22, 15).getTime();
const parse = (text: string, isTyping = false) => parseQuery(text, { now, isTyping });
const excluded = (...texts: string[]) => texts.map((text) => expect.objectContaining({ text }) as unknown);
const filter = (name: string, ...texts: string[]) =>
  expect.objectContaining({
    name,
    isNegated: false,
    values: texts.map((text) => expect.objectContaining({ text })) as unknown[],
  });

describe('a query', () => {
  it.each([
    ['rename basket', { terms: ['renam', 'basket'] }],
    ['the basket', { terms: ['basket'] }],
    ['to be or not to be', { terms: ['to', 'be', 'or', 'not'] }],
    ['"exact words" more', { phrases: ['exact words'], terms: ['more', 'exact', 'word'] }],
    [
      'basket -discount',
      { terms: ['basket'], exclusions: [{ start: 7, end: 16, text: 'discount', term: 'discount' }] },
    ],
    ['basket -"two words"', { terms: ['basket'], exclusions: [{ text: 'two words', term: undefined }] }],
    ['basket -readFile', { terms: ['basket'], exclusions: [{ text: 'readFile', term: 'readfile' }] }],
    ['basket -"discount"', { exclusions: [{ term: 'discount' }] }],
    ['篮子 -购物车', { exclusions: [{ text: '购物车', term: undefined }] }],
    ['basket -C++', { terms: ['basket'], exclusions: [{ text: 'C++', term: undefined }] }],
    // Nothing was asked for before the dash.
    ['-购物车', { exclusions: [], terms: ['购物', '物车'] }],
    ['-discount basket', { exclusions: [], terms: ['discount', 'basket'] }],
    ['-"two words"', { exclusions: [], phrases: ['two words'] }],
    ['-"two words" basket', { exclusions: excluded('two words'), terms: ['basket'] }],
    ['type:error -timeout', { exclusions: excluded('timeout'), terms: [] }],
    ['bask*', { terms: [], prefixes: ['bask'] }],
    ['project:Shop basket', { terms: ['basket'], filters: [filter('project', 'shop')] }],
    [
      'type:error tool:Bash file:"my file.ts" branch:main',
      {
        terms: [],
        filters: [
          filter('type', 'error'),
          filter('tool', 'bash'),
          filter('file', 'my file.ts'),
          filter('branch', 'main'),
        ],
      },
    ],
    ['TYPE:error x', { terms: ['x'], filters: [filter('type', 'error')] }],
    ['http://localhost:3000', { terms: ['httpˑlocalhostˑ3000', 'http', 'localhost', '3000'] }],
    ['error:foo', { terms: ['errorˑfoo', 'error', 'foo'] }],
    ['project: x', { terms: ['project', 'x'] }],
    ['tool:Bash,Edit', { terms: [], filters: [filter('tool', 'bash', 'edit')] }],
    [
      'tag:"to do",later is:flagged',
      { terms: [], filters: [filter('tag', 'to do', 'later'), filter('is', 'flagged')] },
    ],
    ['-tool:Bash x', { terms: ['x'], filters: [{ name: 'tool', isNegated: true }] }],
    ['--force', { terms: ['forc'], exclusions: [] }],
    ['push --force-with-lease -tags', { exclusions: excluded('tags') }],
    ['-', { terms: [] }],
    ['购物车', { terms: ['购物', '物车'] }],
    ['->', { codeWords: [{ text: '->' }] }],
    ['branch -> checkpoint', { codeWords: [], terms: ['branch', 'checkpoint'] }],
    ['value =>', { codeWords: [{ text: '=>' }] }],
    ['', { terms: [] }],
  ])('%j', (text, expected) => {
    expect(parse(text)).toMatchObject(expected);
  });

  it.each([
    ['after:2026-11-22', new Date(2026, 10, 22).getTime()],
    ['after:2026-11', new Date(2026, 10, 1).getTime()],
    ['after:2026', new Date(2026, 0, 1).getTime()],
    ['after:2026-1-2', new Date(2026, 0, 2).getTime()],
  ])('%j is a day of this place', (text, at) => {
    expect(parse(text).after).toBe(at);
    expect(parse(text.replace('after', 'before')).before).toBe(at);
    expect(parse(text).terms).toEqual([]);
  });

  it.each(['after:someday', 'before:2026-11-22T10:00', 'after:', 'after:99', 'on:2026-02-30', 'after:2026-13'])(
    '%j is words, not a day',
    (text) => {
      expect(parse(text)).not.toHaveProperty('after');
      expect(parse(text).terms.length).toBeGreaterThan(0);
    },
  );

  it('has a bounded length and bounded numbers of everything', () => {
    const words = (make: (index: number) => string) => Array.from({ length: 400 }, (_, index) => make(index)).join(' ');
    const number = (index: number) => String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    expect(parse(words(number)).terms).toHaveLength(64);
    expect(parse(`basket ${words((index) => `-${number(index)}nnn`)}`).exclusions).toHaveLength(64);
    expect(parse(words((index) => `${number(index)}*`)).prefixes).toHaveLength(8);
    expect(parse(words((index) => `tool:${number(index)}`)).filters).toHaveLength(16);
    expect(parse(`${' '.repeat(1000)}late`)).toMatchObject({
      terms: [],
      problems: [{ code: 'too_long', start: 1000, end: 1004, count: 1000 }],
    });
    expect(parse('x'.repeat(1000)).problems).toEqual([]);
  });

  const day = (month: number, date: number, year = 2026) => new Date(year, month - 1, date).getTime();
  it.each([
    ['on:today', [[day(11, 22), day(11, 23)]]],
    ['on:yesterday', [[day(11, 21), day(11, 22)]]],
    ['on:2026-11', [[day(11, 1), day(12, 1)]]],
    ['on:"last week"', [[day(11, 9), day(11, 16)]]],
    ['on:last week', [[day(11, 9), day(11, 16)]]],
    ['on:this-week', [[day(11, 16), day(11, 23)]]],
    ['on:"last month"', [[day(10, 1), day(11, 1)]]],
    ['on:monday', [[day(11, 16), day(11, 17)]]],
    ['on:last sunday', [[day(11, 15), day(11, 16)]]],
    ['on:sunday', [[day(11, 22), day(11, 23)]]],
    [
      'on:today,2026-11-01',
      [
        [day(11, 22), day(11, 23)],
        [day(11, 1), day(11, 2)],
      ],
    ],
    ['on:昨天', [[day(11, 21), day(11, 22)]]],
  ])('%j is a stretch of days of this place', (text, spans) => {
    const {
      spans: [span],
      terms,
    } = parse(text);
    expect(span?.any.map(({ start, end }) => [start, end])).toEqual(spans);
    expect(terms).toEqual([]);
  });

  it.each([
    ['after:7d', day(11, 15)],
    ['after:2w', day(11, 8)],
    ['after:3m', day(8, 22)],
    ['after:1y', day(11, 22, 2025)],
    ['after:"3 days ago"', day(11, 19)],
    ['-before:7d', day(11, 15)],
    ['after:2026 after:today', day(11, 22)],
  ])('%j begins there', (text, at) => {
    expect(parse(text)).toMatchObject({ after: at, terms: [] });
  });

  it.each([
    ['proect:shop', [{ code: 'unknown_filter', start: 0, end: 6, hint: 'project' }]],
    ['x color:red', [{ code: 'unknown_filter', start: 2, end: 7, value: 'color' }]],
    ['x since:2026', [{ code: 'unknown_filter', start: 2, end: 7, hint: 'after' }]],
    ['a after:someday b', [{ code: 'bad_date', start: 8, end: 15, filter: 'after', value: 'someday' }]],
    ['on:today,sometime', [{ code: 'bad_date', start: 9, end: 17 }]],
    ['x "never closed', [{ code: 'unclosed_quote', start: 2, end: 8, hint: '"never"' }]],
    ['file:"a b', [{ code: 'unclosed_quote', start: 5, end: 7 }]],
    ['tool: x', [{ code: 'empty_value', start: 0, end: 5, filter: 'tool' }]],
    ['-tag:', [{ code: 'empty_value', start: 0, end: 5, filter: 'tag' }]],
    ['""', []],
    ['a "" b', []],
    ['-""', []],
    ['"  "', []],
    ['"""', [{ code: 'unclosed_quote', start: 2, end: 3 }]],
    ['error:foo http://x std::vec localhost:80 TypeError:x', []],
    ['a "b c" -d e* tool:x,y', []],
  ])('%j has its problems at their places', (text, problems) => {
    expect(parse(text).problems).toEqual(problems.map((problem) => expect.objectContaining(problem) as unknown));
  });

  it.each(['proect:sh', 'after:some', 'tool:', '-tag:'])(
    '%j is not nagged about while it is typed, and is once something follows',
    (text) => {
      expect(parse(text, true).problems).toEqual([]);
      expect(parse(`${text} x`, true).problems).toHaveLength(1);
      expect(parse(text).problems).toHaveLength(1);
    },
  );

  it('of any letters never throws, and asks for terms the index can hold', () => {
    const odd = fc
      .array(
        fc.constantFrom(
          '"',
          '-',
          ':',
          ',',
          '*',
          'project:',
          'after:',
          'last week',
          'a',
          ' ',
          '-"',
          '""',
          '(',
          ')',
          'OR',
          'NOT',
          'NEAR/3',
          '^',
          '\\',
          '\0',
          '\uD800',
          '汉',
        ),
        { maxLength: 20 },
      )
      .map((parts) => parts.join(''));
    fc.assert(
      fc.property(fc.oneof(fc.string({ unit: 'binary' }), odd), (text) => {
        const { terms, exclusions, prefixes } = parse(text);
        for (const term of [...terms, ...exclusions.flatMap((each) => each.term ?? []), ...prefixes])
          expect(term).toMatch(
            /^(?:[\p{L}\p{M}\p{N}]+|[\p{Extended_Pictographic}\p{Regional_Indicator}\u200d\p{Emoji_Modifier}]+)$/u,
          );
      }),
      { numRuns: 1000 },
    );
  });
});

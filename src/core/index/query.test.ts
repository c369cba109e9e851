/** What people type, and what it asks for. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseQuery } from './query';

const none = { project: [], type: [], tool: [], file: [], branch: [] };

describe('a query', () => {
  it.each([
    ['rename basket', { terms: ['renam', 'basket'] }],
    ['the basket', { terms: ['basket'] }],
    ['to be or not to be', { terms: ['to', 'be', 'or', 'not'] }],
    ['"exact words" more', { phrases: ['exact words'], terms: ['more', 'exact', 'word'] }],
    ['basket -discount', { terms: ['basket'], excluded: ['discount'] }],
    ['basket -"two words"', { terms: ['basket'], excluded: [], excludedPhrases: ['two words'] }],
    ['basket -readFile', { terms: ['basket'], excluded: ['readfile'], excludedPhrases: [] }],
    ['basket -"discount"', { excluded: ['discount'], excludedPhrases: [] }],
    ['-购物车', { excluded: [], excludedPhrases: ['购物车'] }],
    ['bask*', { terms: [], prefixes: ['bask'] }],
    ['project:Shop basket', { terms: ['basket'], filters: { ...none, project: ['shop'] } }],
    ['type:error tool:Bash file:"my file.ts" branch:main', { terms: [], filters: { ...none, type: ['error'], tool: ['bash'], file: ['my file.ts'], branch: ['main'] } }],
    ['TYPE:error x', { terms: ['x'], filters: { ...none, type: ['error'] } }],
    ['http://localhost:3000', { terms: ['httpˑlocalhostˑ3000', 'http', 'localhost', '3000'] }],
    ['error:foo', { terms: ['errorˑfoo', 'error', 'foo'] }],
    ['project: x', { terms: ['project', 'x'] }],
    ['--force', { terms: [], excluded: ['forc'] }],
    ['-', { terms: [] }],
    ['购物车', { terms: ['购物', '物车'] }],
    ['', { terms: [] }],
  ])('%j', (text, expected) => {
    expect(parseQuery(text)).toMatchObject(expected);
  });

  it.each([
    ['after:2026-11-22', new Date(2026, 10, 22).getTime()], ['after:2026-11', new Date(2026, 10, 1).getTime()], ['after:2026', new Date(2026, 0, 1).getTime()], ['after:2026-1-2', new Date(2026, 0, 2).getTime()],
  ])('%j is a day of this place', (text, at) => {
    expect(parseQuery(text).after).toBe(at);
    expect(parseQuery(text.replace('after', 'before')).before).toBe(at);
    expect(parseQuery(text).terms).toEqual([]);
  });

  it.each(['after:yesterday', 'before:2026-11-22T10:00', 'after:', 'after:99'])('%j is words, not a day', (text) => {
    expect(parseQuery(text)).not.toHaveProperty('after');
    expect(parseQuery(text).terms.length).toBeGreaterThan(0);
  });

  it('has a bounded length and bounded numbers of everything', () => {
    const words = (make: (index: number) => string) => Array.from({ length: 400 }, (_, index) => make(index)).join(' ');
    const number = (index: number) => String.fromCharCode(97 + (index % 26), 97 + Math.floor(index / 26));
    expect(parseQuery(words(number)).terms).toHaveLength(64);
    expect(parseQuery(words((index) => `-${number(index)}`)).excluded).toHaveLength(64);
    expect(parseQuery(words((index) => `${number(index)}*`)).prefixes).toHaveLength(8);
    expect(parseQuery(words((index) => `tool:${number(index)}`)).filters.tool).toHaveLength(16);
    expect(parseQuery(`${' '.repeat(1000)}late`).terms).toEqual([]);
  });

  it('of any letters never throws, and asks for terms the index can hold', () => {
    const odd = fc.array(fc.constantFrom('"', '-', ':', '*', 'project:', 'after:', 'a', ' ', '-"', '""', '(', ')', 'OR', 'NOT', 'NEAR/3', '^', '\\', '\0', '\uD800', '汉'), { maxLength: 20 }).map((parts) => parts.join(''));
    fc.assert(fc.property(fc.oneof(fc.string({ unit: 'binary' }), odd), (text) => {
      const { terms, excluded, prefixes } = parseQuery(text);
      for (const term of [...terms, ...excluded, ...prefixes]) expect(term).toMatch(/^[\p{L}\p{M}\p{N}]+$/u);
    }), { numRuns: 1000 });
  });
});

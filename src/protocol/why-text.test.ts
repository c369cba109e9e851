import { describe, expect, it } from 'vitest';
import { placeIn, textAround, whyQueryOf } from './why-text';

describe('a place', () => {
  it.each([
    ['src/cart.ts:12', { file: 'src/cart.ts', lines: { from: 11, to: 11 } }],
    ['src/cart.ts:12-20', { file: 'src/cart.ts', lines: { from: 11, to: 19 } }],
    ['src/cart.ts:12:3', { file: 'src/cart.ts', lines: { from: 11, to: 11 } }],
    ['C:\\work\\cart.ts:7', { file: 'C:\\work\\cart.ts', lines: { from: 6, to: 6 } }],
    ['src/cart.ts:9-3', { file: 'src/cart.ts', lines: { from: 8, to: 8 } }],
    ['src/cart.ts', { file: 'src/cart.ts' }],
    ['src/cart.ts:0', { file: 'src/cart.ts:0' }],
    [':12', { file: ':12' }],
  ])('%s', (place, read) => {
    expect(placeIn(place)).toEqual(read);
  });
});

describe('the text that is sent', () => {
  const lines = Array.from({ length: 100 }, (_, at) => `line ${at}`);

  it('has the lines that are asked about, and as many around them as fit', () => {
    expect(textAround(lines, 50, 51, 10_000)).toEqual({ text: lines.join('\n'), firstLine: 0 });
    const part = textAround(lines, 50, 51, 50)!;
    expect(part.text.length).toBeLessThanOrEqual(50);
    expect(part.text.split('\n')[50 - part.firstLine]).toBe('line 50');
    expect(textAround(lines, 0, 99, 50)).toBeUndefined();
  });

  it('is refused with a reason when there is no such line', () => {
    expect(() => whyQueryOf('a.ts', undefined, 0, 0)).toThrow('cannot be read');
    expect(() => whyQueryOf('a.ts', 'one', 4, 4)).toThrow('has no line 5');
    expect(() => whyQueryOf('a.ts', 'one\n\n', 1, 1)).toThrow('is empty');
    expect(() => whyQueryOf('a.ts', 'a\n'.repeat(2000), 0, 1500)).toThrow('At most 500');
    expect(whyQueryOf('a.ts', 'one\ntwo', 1, 9)).toMatchObject({ from: 1, to: 1, firstLine: 0 });
  });
});

import { assert, integer, property, string, array } from 'fast-check';
import { describe, expect, it } from 'vitest';
import { tokensOfBytes } from '../../protocol/tokens';
import { cutLines } from './cut-lines';

const tokensOf = (text: string): number => tokensOfBytes(Buffer.byteLength(text) + 1);

describe('a text that is cut to tokens', () => {
  it('keeps whole lines of both ends and says that something is left out', () => {
    const lines = Array.from({ length: 60 }, (_, index) => `line ${index} of the output`);
    const cut = cutLines(lines.join('\n'), 60).split('\n');
    expect(cut[0]).toBe('line 0 of the output');
    expect(cut.at(-1)).toBe('line 59 of the output');
    expect(cut.filter((line) => !lines.includes(line))).toEqual(['  […]']);
  });

  it('is cut within its first line when that alone is too long', () => {
    expect(cutLines(`${'word '.repeat(400)}\nend`, 20)).toMatch(/^word .*…$/);
  });

  it('never has more than was allowed, and never half a letter', () => {
    assert(
      property(array(string({ unit: 'binary', maxLength: 80 })), integer({ min: 20, max: 300 }), (parts, most) => {
        const cut = cutLines(parts.join('\n'), most);
        expect(tokensOf(cut)).toBeLessThanOrEqual(most);
        // What is cut within a letter does not come back from UTF-8.
        expect(Buffer.from(cut).toString()).toBe(cut);
      }),
    );
  });
});

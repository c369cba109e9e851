/** Cuts never split a word, and take time proportional to the length. */
import { describe, expect, it } from 'vitest';
import { growthOf, maxGrowth } from '../../../test/growth';
import { cleanText } from '../observe/clean';
import { dropLastWord, wholeLines } from './text';

describe('a cut', () => {
  it.each([
    ['a bc', 'a '],
    ['a bc ', 'a bc '],
    ['abc', ''],
    ['', ''],
    ['a\tb\nc', 'a\tb\n'],
  ])('of %j drops its last word: %j', (text, rest) => {
    expect(dropLastWord(text)).toBe(rest);
  });

  it.each([
    ['a\nb c', 'a'],
    ['a bc', 'a '],
    ['\nabc', '\n'],
    ['a\n', 'a'],
  ])('of %j keeps whole lines: %j', (text, rest) => {
    expect(wholeLines(text)).toBe(rest);
  });

  it('behind an endless word takes no longer than its length asks for', async () => {
    const word = `${'x'.repeat((1 << 19) - 1)} `;
    expect(dropLastWord(word)).toBe(word);
    expect(cleanText(word.repeat(4)).text.length).toBeLessThan(1 << 20);
    const cut = (size: number) => cleanText(`${'x'.repeat(size)} `.repeat(4));
    // Both sizes are cut; a size that is not would make the other look as if it grew faster.
    expect(await growthOf(cut, 1 << 18)).toBeLessThan(maxGrowth);
  });
});

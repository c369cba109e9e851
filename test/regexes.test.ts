/** The check that no pattern takes more than linear time sees planted ones. */
import { describe, expect, it } from 'vitest';
import { findRegexes, judgeRegex } from '../scripts/check-regexes.mjs';

/** On a busy machine; it answers as soon as it knows. */
const patient = { provingMs: 60_000, attackingMs: 60_000 };

describe('patterns of the product', () => {
  it('are found as literals and as templates, with flags and place', () => {
    const source = "const a = /x+/gu;\nconst b = regex('i')`\n  ^(?:one|\n  two)$\n`;\nconst c = 'no /pattern/';";
    expect(findRegexes('src/a.ts', source)).toEqual([
      { at: 'src/a.ts:1', pattern: 'x+', flags: 'gu' },
      { at: 'src/a.ts:2', pattern: '^(?:one|two)$', flags: 'i' },
    ]);
  });

  it.each([
    ['a repeated group that can be empty between', '^(?:\\d[\\d.]*[ ,]*)*$'],
    ['two blank runs side by side', '^(?:[ \\t]*[-*][ \\t]*){24}'],
    ['one letter in two alternatives', '(?:\\p{Extended_Pictographic}|✔)+$'],
    ['a run that starts again at each letter', '\\s+$'],
  ])('are seen when they take too long: %s', async (_, pattern) => {
    expect(await judgeRegex({ pattern, flags: 'u' }, patient)).toMatch(/polynomial|exponential/);
  });

  it('are not complained about when they are linear', async () => {
    expect(await judgeRegex({ pattern: '^(?:\\d+(?:[ ,]+|$))*$', flags: '' }, patient)).toBeUndefined();
  });
});

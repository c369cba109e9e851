/** Times named in a question, in words. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { findTime } from './time-words';

const now = new Date(2026, 10, 22, 15).getTime();
const day = (year: number, month: number, date: number, hour = 12) => new Date(year, month - 1, date, hour).getTime();

describe('a question', () => {
  it.each([
    ['what did we do in March', day(2025, 3, 9), day(2026, 4, 1)],
    ['the fix of 3 June, 2023', day(2023, 6, 3), day(2024, 6, 3)],
    ['June 3rd 2023 deploy', day(2023, 6, 28), day(2023, 7, 3)],
    ['May 2026 release', day(2026, 5, 31), day(2026, 6, 1)],
    ['in may we changed it', day(2026, 5, 2), day(2026, 4, 2)],
    ['2026-11-03 crash', day(2026, 11, 9), day(2026, 10, 3)],
    ['yesterday the build broke', day(2026, 11, 21, 1), day(2026, 11, 22, 1)],
    ['what I asked today', day(2026, 11, 22, 0), day(2026, 11, 21, 23)],
    ['the migration of last week', day(2026, 11, 10), day(2026, 11, 22)],
    ['3 weeks ago', day(2026, 11, 1), day(2026, 11, 15)],
    ['昨天的错误', day(2026, 11, 21), day(2026, 11, 20)],
    ['3月改了什么', day(2026, 3, 5), day(2026, 5, 5)],
  ])('%j speaks of a time', (text, inside, outside) => {
    const test = findTime(text, now);
    expect([test?.(inside), test?.(outside)]).toEqual([true, false]);
  });

  it.each([
    'you may rename it',
    'decimal rounding',
    'march'.slice(0, 4),
    'ago',
    '15月的',
    'last weekend',
    'version 2023.1',
  ])('%j speaks of none', (text) => {
    expect(findTime(text, now)).toBeUndefined();
  });

  it('of any letters never throws, and answers in time', () => {
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string({ unit: 'binary', maxLength: 300 }),
          fc
            .array(
              fc.constantFrom('1', '12 ', ' march', 'may ', ' of', '20', '26', '-', ' ago', 'days', '月', '年', ' '),
              { maxLength: 80 },
            )
            .map((parts) => parts.join('')),
        ),
        (text) => {
          const test = findTime(text, now);
          expect(typeof (test?.(now) ?? false)).toBe('boolean');
        },
      ),
    );
  });
});

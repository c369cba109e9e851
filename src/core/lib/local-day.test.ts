import { expect, it } from 'vitest';
import { dayBefore, localDay, nextMidnight } from './local-day';

it('days are those of the person, and begin at midnight', () => {
  const late = new Date(2026, 10, 22, 23, 59, 59).getTime();
  expect(localDay(late)).toBe('2026-11-22');
  expect(nextMidnight(late)).toBe(new Date(2026, 10, 23).getTime());
  expect(localDay(nextMidnight(late))).toBe('2026-11-23');
  expect(dayBefore(new Date(2026, 2, 1, 12).getTime(), 1)).toBe('2026-02-28');
});

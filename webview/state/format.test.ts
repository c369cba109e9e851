import { afterEach, describe, expect, it } from 'vitest';
import { formatAgo, formatBytes, formatDay, formatDuration } from './format';
import { setWords } from './words';

const now = new Date(2026, 10, 22, 9, 30).getTime();
const hour = 3_600_000;

afterEach(() => setWords('en', {}));

describe('formatDay', () => {
  it.each([
    [now, 'Today'],
    [new Date(2026, 10, 22, 0, 0).getTime(), 'Today'],
    [new Date(2026, 10, 21, 23, 59).getTime(), 'Yesterday'],
    [new Date(2026, 10, 19, 12).getTime(), 'Thursday, November 19'],
    [new Date(2025, 10, 19, 12).getTime(), 'Wednesday, November 19, 2025'],
  ])('%d is %s', (at, name) => expect(formatDay(at, now)).toBe(name));

  it('counts calendar days, also over a change of the clocks', () => {
    // In many time zones, 25 hours lie between the midnights of the last Sunday of October and the next Monday.
    expect(formatDay(new Date(2026, 9, 25, 0, 30).getTime(), new Date(2026, 9, 26, 0, 10).getTime())).toBe('Yesterday');
  });

  it('speaks the language of the editor', () => {
    setWords('zh-cn', { Today: '今天' });
    expect(formatDay(now, now)).toBe('今天');
    expect(formatDay(now - 72 * hour, now)).toBe('11月19日星期四');
  });
});

describe('sizes and times', () => {
  it.each([
    [0, '0 B'],
    [999, '999 B'],
    [1500, '1.5 kB'],
    [312_000_000, '312 MB'],
    [1_200_000_000, '1.2 GB'],
    [9e12, '9 TB'],
  ])('%d bytes are %s', (bytes, text) => expect(formatBytes(bytes)).toBe(text));
  it.each([
    [500, ''],
    [42_000, '42 sec'],
    [30 * 60_000, '30 min'],
    [1.7 * hour, '1.7 hr'],
    [72 * hour, '3 days'],
  ])('%d ms last %s', (ms, text) => expect(formatDuration(ms)).toBe(text));
  it.each([
    [10_000, 'just now'],
    [5 * 60_000, '5 min. ago'],
    [3 * hour, '3 hr. ago'],
    [-hour, 'just now'],
    [100 * 24 * hour, 'Aug 14, 2026'],
  ])('%d ms ago is %s', (ms, text) => expect(formatAgo(now - ms, now)).toBe(text));
});

import { describe, expect, it } from 'vitest';
import { shorten } from '../protocol/text';
import { formatAgo, formatBytes, formatStamp } from './format';

it.each([
  [0, '0 B'],
  [999, '999 B'],
  [1536, '1.5 kB'],
  [999_999, '1 MB'],
  [1.2e9, '1.2 GB'],
  [312e6, '312 MB'],
])('%d bytes', (bytes, text) => {
  expect(formatBytes(bytes, 'en')).toBe(text);
});

describe('formatAgo', () => {
  const now = new Date(2026, 10, 22, 12).getTime();
  it.each([
    [0, 'now'],
    [5, '5 min. ago'],
    [60 * 3, '3 hr. ago'],
    [60 * 24, 'yesterday'],
    [60 * 24 * 30, 'Oct 23, 2026'],
  ])('%d minutes', (minutes, text) => {
    expect(formatAgo(now - minutes * 60_000, now, 'en')).toBe(text);
  });
});

it('writes stamps that sort', () => {
  expect(formatStamp(new Date(2026, 0, 2, 3, 4).getTime())).toBe('2026-01-02 03:04');
});

it('shortens to one line', () => {
  expect(shorten(' a\n  b ', 10)).toBe('a b');
  expect(shorten('abcdefgh', 5)).toBe('abcd…');
});

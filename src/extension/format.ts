/** Formats numbers, sizes and times. */
import { sizeOf } from '../protocol/size';
import { shorten } from '../protocol/text';
import { showLine } from '../protocol/visible-text';

/** `12.3 MB` */
export function formatBytes(bytes: number, language: string): string {
  const { value, unit, digits } = sizeOf(bytes);
  return `${value.toLocaleString(language, { maximumFractionDigits: digits })} ${unit}`;
}

export function formatCount(count: number, language: string): string {
  return count.toLocaleString(language);
}

/** `5 min. ago`, `yesterday`, and from a week on the date. */
export function formatAgo(at: number, now: number, language: string): string {
  const minutes = (now - at) / 60_000;
  const words = new Intl.RelativeTimeFormat(language, { numeric: 'auto', style: 'short' });
  if (minutes < 1) return words.format(0, 'second');
  if (minutes < 60) return words.format(-Math.floor(minutes), 'minute');
  if (minutes < 24 * 60) return words.format(-Math.floor(minutes / 60), 'hour');
  if (minutes < 7 * 24 * 60) return words.format(-Math.floor(minutes / 60 / 24), 'day');
  return new Date(at).toLocaleDateString(language, { year: 'numeric', month: 'short', day: 'numeric' });
}

/** Local date and time, sortable: `2026-11-22 14:03`. */
/** A day and a time of this computer's clock. */
export const formatDateTime = (at: number, language: string): string =>
  new Intl.DateTimeFormat(language, { dateStyle: 'medium', timeStyle: 'short' }).format(at);

export function formatStamp(at: number): string {
  const date = new Date(at);
  const two = (part: number) => String(part).padStart(2, '0');
  return `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())} ${two(date.getHours())}:${two(date.getMinutes())}`;
}

/** `$0.05`; with more digits when two would show 0.00. */
export function formatUsd(usd: number, language: string): string {
  const digits = usd > 0 && usd < 0.1 ? 4 : 2;
  return usd.toLocaleString(language, {
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  });
}

/** Text of a transcript on one line of the editor's own surface: a label, a tab, the name of a terminal. */
export const titleLine = (text: string, most: number): string => shorten(showLine(text), most);

/** Text of a memory without icon syntax and without letters that are invisible or turn the direction. */
export const plain = (text: string): string => showLine(text).replaceAll('$(', String.raw`\$(`);

/** Formats numbers, sizes and times in the person's language. */
import { sizeOf } from '../../src/protocol/size';
import { getLanguage, t } from './words';

const second = 1000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

/**
 * Formatters by language and options. Making one takes a tenth of a millisecond and more, and a list that scrolls formats
 * several values for each row in each frame.
 */
const made = new Map<string, Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>();

type Maker<Options, Formatter> = new (language: string, options: Options) => Formatter;

function formatter<Options, Formatter extends Intl.NumberFormat | Intl.DateTimeFormat | Intl.RelativeTimeFormat>(
  Kind: Maker<Options, Formatter>,
  options: Options,
): Formatter {
  const name = `${getLanguage()} ${Kind.name} ${JSON.stringify(options)}`;
  const known = made.get(name);
  if (known instanceof Kind) return known;
  const fresh = new Kind(getLanguage(), options);
  made.set(name, fresh);
  return fresh;
}

const numbers = (options: Intl.NumberFormatOptions = {}) => formatter(Intl.NumberFormat, options);
const dates = (options: Intl.DateTimeFormatOptions) => formatter(Intl.DateTimeFormat, options);

export function formatNumber(value: number): string {
  return numbers().format(value);
}

/** 12.3K, for token counts, whose exact number does not matter. */
export function formatCompact(value: number): string {
  return numbers({ notation: 'compact', maximumFractionDigits: 1 }).format(value);
}

/** A size in the largest unit above 1, decimal like disk sizes. */
export function formatBytes(bytes: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte', 'terabyte'];
  const { value, power, digits } = sizeOf(bytes);
  // "0 byte" is no English, and "B" is understood everywhere.
  if (power === 0) return `${formatNumber(value)} B`;
  const unit = units[power] ?? 'terabyte';
  return numbers({
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** A duration in its largest unit; empty below one second. */
export function formatDuration(milliseconds: number): string {
  if (milliseconds < second) return '';
  if (milliseconds < minute) return formatUnit(milliseconds / second, 'second');
  if (milliseconds < hour) return formatUnit(milliseconds / minute, 'minute');
  if (milliseconds < 2 * day) return formatUnit(milliseconds / hour, 'hour', 1);
  return formatUnit(milliseconds / day, 'day');
}

function formatUnit(value: number, unit: string, digits = 0): string {
  return numbers({
    style: 'unit',
    unit,
    unitDisplay: 'short',
    maximumFractionDigits: digits,
  }).format(value);
}

/** Hour and minute. */
export function formatTime(at: number): string {
  return dates({ hour: 'numeric', minute: '2-digit' }).format(at);
}

/** Date and time, whole, for tooltips and the reader. */
export function formatDateTime(at: number): string {
  return dates({ dateStyle: 'medium', timeStyle: 'short' }).format(at);
}

/** "5 min ago" up to a day, then the date. */
export function formatAgo(at: number, now: number = Date.now()): string {
  const ago = Math.max(0, now - at);
  const relative = formatter(Intl.RelativeTimeFormat, { numeric: 'auto', style: 'short' } as const);
  if (ago < minute) return t('just now');
  if (ago < hour) return relative.format(-Math.floor(ago / minute), 'minute');
  if (ago < day) return relative.format(-Math.floor(ago / hour), 'hour');
  if (ago < 7 * day) return relative.format(-Math.floor(ago / day), 'day');
  return dates({ dateStyle: 'medium' }).format(at);
}

/** Today, Yesterday, or weekday and date; the year only when it is not this one. */
export function formatDay(at: number, now: number = Date.now()): string {
  const distance = Math.round((startOfDay(now) - startOfDay(at)) / day);
  if (distance === 0) return t('Today');
  if (distance === 1) return t('Yesterday');
  const isSameYear = new Date(at).getFullYear() === new Date(now).getFullYear();
  return dates({
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    ...(!isSameYear && { year: 'numeric' }),
  }).format(at);
}

/** Local midnight before `at`, by which sessions are grouped. */
export function startOfDay(at: number): number {
  return new Date(at).setHours(0, 0, 0, 0);
}

/** A share from 0 to 1 as per cent. */
export function formatPercent(share: number): string {
  return numbers({ style: 'percent' }).format(share);
}

/** Two decimals, so that scores can be compared. */
export function formatScore(value: number): string {
  return numbers({ maximumFractionDigits: 2 }).format(value);
}

/** Day and month in digits, in the order of the language. */
export function formatNumericDay(at: number): string {
  return dates({ month: 'numeric', day: 'numeric' }).format(at);
}

/** US dollars, with more digits when two would show 0.00. */
export function formatUsd(usd: number): string {
  const digits = usd > 0 && usd < 0.1 ? 4 : 2;
  return numbers({
    style: 'currency',
    currency: 'USD',
    minimumFractionDigits: 2,
    maximumFractionDigits: digits,
  }).format(usd);
}

/** `2026-11-22` as day and month in words. It names a local day in every time zone. */
export function formatDayName(name: string): string {
  return dates({ month: 'short', day: 'numeric' }).format(startOfNamedDay(name));
}

/** Local midnight of `2026-11-22`. */
export function startOfNamedDay(name: string): number {
  const [year = 1970, month = 1, date = 1] = name.split('-').map(Number);
  return new Date(year, month - 1, date).getTime();
}

/** November 2026 */
export function formatMonth(at: number): string {
  return new Intl.DateTimeFormat(getLanguage(), { month: 'long', year: 'numeric' }).format(at);
}

/** Short names of the days of a week, Monday first. */
export function weekdayNames(): string[] {
  // 5 January 1970 was a Monday.
  const name = new Intl.DateTimeFormat(getLanguage(), { weekday: 'short', timeZone: 'UTC' });
  return Array.from({ length: 7 }, (_, index) => name.format((4 + index) * day));
}

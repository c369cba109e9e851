/**
 * Finds the time that a query names: "in March", "3 June 2023", "yesterday", "last week". Sessions of that time rank
 * higher; no others are hidden.
 */
import { dayMs } from '../lib/clock';
import { regex } from '../lib/regex';
import { parseDate } from './dates';

/** True when a time (ms) is one that the query names. */
export type TimeTest = (at: number) => boolean;

const monthNames = [
  'january',
  'february',
  'march',
  'april',
  'may',
  'june',
  'july',
  'august',
  'september',
  'october',
  'november',
  'december',
];
const monthPattern = monthNames.join('|');
/** A day before or after the month, a year after it. A capital or a preposition tells the month May from the verb. */
const written = new RegExp(
  `(?:\\b(\\d{1,2})(?:st|nd|rd|th)?(?: of)?\\s+)?\\b(${monthPattern})\\b(?:\\s+(\\d{1,2})(?:st|nd|rd|` +
    `th)?\\b(?!\\d))?(?:,?\\s*(20\\d\\d)\\b)?`,
  'gi',
);
const numeric = /\b(20\d\d)-(\d{1,2})(?:-(\d{1,2}))?\b/g;
const chinese = /(?:(20\d\d)年)?(\d{1,2})月(?:(\d{1,2})[日号])?/g;
/** Words that date filters know too; `parseDate` gives their time. */
const named = regex('gi')`
  \b(?:today|yesterday|(?:this|last) (?:week|month|year)|last (?:mon|tues|wednes|thurs|fri|satur|sun)
  day|\d{1,3} (?:day|week|month)s? ago)\b|今天|昨天|前天|本周|这周|上周|本月|这个月|上个月|上月
`;

/** Undefined when the query names no time. `now` in milliseconds; days are local. */
export function findTime(text: string, now: number): TimeTest | undefined {
  const tests: TimeTest[] = [];
  for (const match of text.matchAll(written)) {
    const [, before, name = '', after, year] = match;
    const day = before ?? after;
    if (name.toLowerCase() === 'may' && day === undefined && year === undefined && !isMonthMay(text, match)) continue;
    tests.push(inDate(year, monthNames.indexOf(name.toLowerCase())));
  }
  for (const [, year, month] of [...text.matchAll(numeric), ...text.matchAll(chinese)]) {
    if (Number(month) >= 1 && Number(month) <= 12) tests.push(inDate(year, Number(month) - 1));
  }
  for (const [word] of text.matchAll(named)) {
    const span = parseDate(word, now);
    // People remember a time less exactly the longer it is ago, so the period is extended.
    const slack = / ago$/i.test(word) && span ? Math.max(dayMs, (now - span.start) / 4) : 0;
    if (span) tests.push((at) => at >= span.start - slack && at < span.end + slack);
  }
  return tests.length === 0 ? undefined : (at) => tests.some((test) => test(at));
}

/** A day counts as its whole month, because people remember the month better than the day. */
function inDate(year: string | undefined, month: number): TimeTest {
  return (at) => {
    const date = new Date(at);
    return date.getMonth() === month && (year === undefined || date.getFullYear() === Number(year));
  };
}

const isMonthMay = (text: string, { 0: word, index }: RegExpExecArray): boolean =>
  word.includes('May') || /\b(in|since|until|from|last|of)\s+$/i.test(text.slice(Math.max(0, index - 10), index));

/** Parses days and periods as people write them: `2026-11-22`, `yesterday`, `7d`, `last week`. Local time. */

/** [start, end) in epoch milliseconds. */
export interface Span {
  start: number;
  end: number;
}

const daysOfWeek = ['sunday', 'monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday'];
const hour = 3_600_000;

/** Offered while a date is typed, most likely first. */
export const dateWords: readonly string[] = [
  'today',
  'yesterday',
  '7d',
  '30d',
  'this week',
  'last week',
  'this month',
  'last month',
  '3m',
  'this year',
  'last year',
];

const chinese: Readonly<Record<string, string>> = {
  今天: 'today',
  昨天: 'yesterday',
  前天: '2d',
  本周: 'this week',
  这周: 'this week',
  上周: 'last week',
  本月: 'this month',
  这个月: 'this month',
  上个月: 'last month',
  上月: 'last month',
  今年: 'this year',
  去年: 'last year',
};

/** The period that a text means; undefined when it means none. `now` in epoch milliseconds. */
export function parseDate(text: string, now: number): Span | undefined {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/[\s_-]+/g, (run, at: number, whole: string) => (/[a-z]/.test(whole.charAt(at + run.length)) ? ' ' : run));
  return parseCalendar(word) ?? parseAgo(word, now) ?? parseName(chinese[word] ?? word, now);
}

/** `2026`, `2026-11`, `2026-11-22`; undefined for a day that does not exist. */
function parseCalendar(text: string): Span | undefined {
  const match = /^(\d{4})(?:[-/.](\d{1,2}))?(?:[-/.](\d{1,2}))?$/.exec(text);
  if (!match) return undefined;
  const [year, month, day] = [
    Number(match[1]),
    match[2] === undefined ? undefined : Number(match[2]) - 1,
    match[3] === undefined ? undefined : Number(match[3]),
  ];
  const start = new Date(year, month ?? 0, day ?? 1);
  if (start.getFullYear() !== year || start.getMonth() !== (month ?? 0) || start.getDate() !== (day ?? 1))
    return undefined;
  const end =
    day !== undefined
      ? new Date(year, month ?? 0, day + 1)
      : month !== undefined
        ? new Date(year, month + 1, 1)
        : new Date(year + 1, 0, 1);
  return { start: start.getTime(), end: end.getTime() };
}

/** `7d`, `2w`, `3m`, `1y`, `12h`, `3 days ago`: the day that long ago. */
function parseAgo(text: string, now: number): Span | undefined {
  const match = /^(\d{1,4}) ?(h|hours?|d|days?|w|weeks?|m|months?|y|years?)(?: ago)?$/.exec(text);
  if (!match) return undefined;
  const count = Number(match[1]);
  const unit = match[2]?.[0];
  if (unit === 'h') return { start: now - count * hour, end: now - (count - 1) * hour };
  const today = new Date(now);
  if (unit === 'd') return days(today, -count);
  if (unit === 'w') return days(today, -7 * count);
  const months = unit === 'y' ? 12 * count : count;
  // The 31st of a month with fewer days means its last day.
  const last = new Date(today.getFullYear(), today.getMonth() - months + 1, 0).getDate();
  return days(new Date(today.getFullYear(), today.getMonth() - months, Math.min(today.getDate(), last)), 0);
}

function parseName(text: string, now: number): Span | undefined {
  const today = new Date(now);
  const [year, month] = [today.getFullYear(), today.getMonth()];
  // Weeks begin on Monday.
  const sinceMonday = (today.getDay() + 6) % 7;
  switch (text) {
    case 'today':
      return days(today, 0);
    case 'yesterday':
      return days(today, -1);
    case 'this week':
      return days(today, -sinceMonday, 7);
    case 'last week':
      return days(today, -sinceMonday - 7, 7);
    case 'this month':
      return { start: new Date(year, month, 1).getTime(), end: new Date(year, month + 1, 1).getTime() };
    case 'last month':
      return { start: new Date(year, month - 1, 1).getTime(), end: new Date(year, month, 1).getTime() };
    case 'this year':
      return parseCalendar(String(year));
    case 'last year':
      return parseCalendar(String(year - 1));
    default: {
      const weekday = daysOfWeek.indexOf(text.replace(/^last /, ''));
      if (weekday < 0) return undefined;
      // `monday` on a Monday is today; `last monday` is the one before.
      const ago = (today.getDay() - weekday + 7) % 7;
      return days(today, ago === 0 && text.startsWith('last ') ? -7 : -ago);
    }
  }
}

/** `count` days from a day on. Computed by the calendar, because a day may have 23 or 25 hours. */
function days(from: Date, offset: number, count = 1): Span {
  const at = (add: number) => new Date(from.getFullYear(), from.getMonth(), from.getDate() + add).getTime();
  return { start: at(offset), end: at(offset + count) };
}

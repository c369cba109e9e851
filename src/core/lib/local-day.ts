/** Local days. Epoch milliseconds in, `2026-11-22` out. */

export function localDay(at: number): string {
  const date = new Date(at);
  return [String(date.getFullYear()).padStart(4, '0'), two(date.getMonth() + 1), two(date.getDate())].join('-');
}

/** The day that many days before (after, when negative). Computed by the calendar: days may have 23 or 25 hours. */
export function dayBefore(at: number, days: number): string {
  const date = new Date(at);
  return localDay(new Date(date.getFullYear(), date.getMonth(), date.getDate() - days, 12).getTime());
}

/** When the next day begins. */
export function nextMidnight(at: number): number {
  const date = new Date(at);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() + 1).getTime();
}

const two = (value: number): string => String(value).padStart(2, '0');

/** Periods in milliseconds. A day of the calendar may have 23 or 25 hours: see local-day. */
export const hourMs = 3_600_000;
export const dayMs = 24 * hourMs;

/** The only place that reads the system time. Epoch milliseconds. */
export interface Clock {
  now(): number;
}

export const systemClock: Clock = { now: () => Date.now() };

/** Times that no clock should have written: a transcript of a machine with a wrong clock is neither newest nor oldest. */

/** No client is older. */
export const earliestSession = Date.UTC(2023, 0, 1);
/** Clocks of two machines may differ, and a laptop may have crossed the date line. */
const maxLeadMs = 86_400_000;

/** Later times lie in the future. */
export const latestPlausible = (now: number): number => now + maxLeadMs;

/** Divides a time in the future, so that it comes after all others and keeps its place among its like. */
const behindAll = 1e16;

/** By which lists with the newest first are sorted: times in the future come last. */
export const orderTime = (at: number, now: number): number => (at > latestPlausible(now) ? at / behindAll : at);

/** Times that no clock should have written: a transcript of a machine with a wrong clock is neither newest nor oldest. */

/** No client is older. */
export const earliestSession = Date.UTC(2023, 0, 1);
/** Clocks of two machines may differ, and a laptop may have crossed the date line. */
const maxLeadMs = 86_400_000;

/** Later times lie in the future. */
export const latestPlausible = (now: number): number => now + maxLeadMs;

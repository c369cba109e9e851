export interface UntilOptions {
  /** Description of the condition for the error message. */
  what: string;
  timeoutMs?: number;
  everyMs?: number;
}

/**
 * Polls until `probe` returns a truthy value, and returns it. A probe that throws is tried again; its error is shown
 * after the time limit.
 */
export async function until<T>(
  probe: () => T | Promise<T>,
  { what, timeoutMs = 20_000, everyMs = 50 }: UntilOptions,
): Promise<NonNullable<T>> {
  const deadline = Date.now() + timeoutMs;
  let last: unknown;
  while (Date.now() < deadline) {
    try {
      const answer = await probe();
      if (answer) return answer;
      last = answer;
    } catch (error) {
      last = error;
    }
    await new Promise((next) => setTimeout(next, everyMs));
  }
  throw new Error(`Timed out waiting for ${what}; last: ${last instanceof Error ? last.message : String(last)}`);
}

/** Polls for some time and fails when `probe` returns a falsy value: for something that must stay true. */
export async function holds(
  probe: () => boolean | Promise<boolean>,
  { what, timeoutMs = 1500, everyMs = 50 }: UntilOptions,
): Promise<void> {
  const deadline = Date.now() + timeoutMs;
  while (Date.now() < deadline) {
    if (!(await probe())) throw new Error(`It did not stay so: ${what}`);
    await new Promise((next) => setTimeout(next, everyMs));
  }
}

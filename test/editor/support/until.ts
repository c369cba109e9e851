export interface UntilOptions {
  /** Names the condition in the error. */
  what: string;
  timeoutMs?: number;
  everyMs?: number;
}

/**
 * Polls until `probe` answers something truthy, and answers that. A throwing probe is asked again and named when time
 * is up.
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

/** Asks again and again for a while and throws as soon as the answer is no: for what must not happen. */
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

/**
 * A signal that aborts after `ms`, or with one of `others`. In place of AbortSignal.timeout: with Node 20 a signal that
 * AbortSignal.any makes of it never aborts once memory was tidied up, so that what waits for it waits for ever
 * (nodejs/node#54614).
 */
export function abortAfter(ms: number, ...others: readonly AbortSignal[]): AbortSignal {
  const limit = new AbortController();
  // The timer holds the controller until then.
  setTimeout(() => limit.abort(new DOMException('The time is over.', 'TimeoutError')), ms).unref();
  return AbortSignal.any([limit.signal, ...others]);
}

/** Waits for `work` until `signal` aborts, even when the work ignores the signal. @throws the signal's reason */
export async function orAborted<T>(work: Promise<T>, signal: AbortSignal): Promise<T> {
  // After an abort nobody awaits `work`, so its rejection must not be unhandled.
  work.catch(() => {});
  signal.throwIfAborted();
  let give = () => {};
  const aborted = new Promise<never>((_, reject) => {
    give = () => reject(signal.reason as Error);
    signal.addEventListener('abort', give, { once: true });
  });
  try {
    return await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', give);
  }
}

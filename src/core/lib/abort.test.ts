/** What waits with a limit of time is let go, whatever the collector of garbage has taken meanwhile. */
import { setTimeout as later } from 'node:timers/promises';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import { describe, expect, it, vi } from 'vitest';
import { abortAfter, orAborted } from './abort';

setFlagsFromString('--expose-gc');
const collect = runInNewContext('gc') as () => void;

describe('a limit of time', () => {
  it('ends all that waits, after memory was tidied up', async () => {
    const stop = new AbortController();
    let over = 0;
    for (let each = 0; each < 100; each++)
      void orAborted(new Promise(() => {}), abortAfter(50, stop.signal)).catch(() => over++);
    for (let each = 0; each < 5; each++) {
      collect();
      // oxlint-disable-next-line no-await-in-loop -- signals are taken between two turns
      await later(1);
    }
    await vi.waitFor(() => expect(over).toBe(100));
    expect(stop.signal.aborted).toBe(false);
  });

  it('says that the time is over, or why another signal ended it', async () => {
    const never = new Promise<void>(() => {});
    await expect(orAborted(never, abortAfter(1))).rejects.toMatchObject({ name: 'TimeoutError' });
    const stop = new AbortController();
    const waiting = orAborted(never, abortAfter(60_000, stop.signal));
    stop.abort(new Error('closed'));
    await expect(waiting).rejects.toThrow('closed');
  });
});

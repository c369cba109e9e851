/**
 * `vi.waitFor` gives up after a second unless told otherwise, which a machine with much else to do may need for
 * anything. Here it waits as long as `expect.poll` does: what ends a test that hangs is the test's own limit.
 */
import { vi } from 'vitest';

const { waitFor } = vi;
const patienceMs = 30_000;

vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options });

/**
 * `vi.waitFor` gives up after a second by default, which a busy machine may need for anything. Here it waits as long as
 * `expect.poll`; the limit of the test ends a test that hangs.
 */
import { vi } from 'vitest';

const { waitFor } = vi;
const patienceMs = 30_000;

vi.waitFor = (callback, options) =>
  waitFor(callback, typeof options === 'number' ? options : { timeout: patienceMs, ...options });

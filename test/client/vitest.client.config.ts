import { defineConfig } from 'vitest/config';
import { chooseReporters } from '../../scripts/progress-reporter.mjs';

/** Real clients, two at a time: each is a whole program with a start of seconds. */
export default defineConfig({
  test: {
    reporters: chooseReporters(),
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/client/**/*.test.ts'],
    maxWorkers: 2,
    testTimeout: 240_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
  },
});

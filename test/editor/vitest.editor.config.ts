import { defineConfig } from 'vitest/config';
import { chooseReporters } from '../../scripts/progress-reporter.mjs';

/** Two editors at a time: a workbench waits more than it computes, so two cores have room for a second one. */
export default defineConfig({
  test: {
    reporters: chooseReporters(),
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['test/editor/support/preflight.ts'],
    pool: 'forks',
    maxWorkers: 2,
    sequence: { concurrent: false },
    retry: 0,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});

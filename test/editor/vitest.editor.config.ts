import { defineConfig } from 'vitest/config';
import { chooseReporters } from '../../scripts/progress-reporter.mjs';

/** One editor at a time: two took as long on two cores, since a workbench, an extension host and a browser use both. */
export default defineConfig({
  test: {
    reporters: chooseReporters(),
    root: new URL('../..', import.meta.url).pathname,
    include: ['test/editor/**/*.test.ts'],
    globalSetup: ['test/editor/support/preflight.ts'],
    pool: 'forks',
    fileParallelism: false,
    sequence: { concurrent: false },
    retry: 0,
    testTimeout: 120_000,
    hookTimeout: 180_000,
    teardownTimeout: 30_000,
  },
});

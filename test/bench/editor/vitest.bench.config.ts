import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/bench/editor/*.measure.ts'],
    // Installs what was packed just now: without it an extension of an earlier run would be measured.
    globalSetup: 'test/editor/support/preflight.ts',
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    server: { deps: { inline: [/@secretlint/] } },
  },
});

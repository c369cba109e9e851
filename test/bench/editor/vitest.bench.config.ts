import { defineConfig } from 'vitest/config';

export default defineConfig({
  test: {
    include: ['test/bench/editor/*.measure.ts'],
    testTimeout: 600_000,
    hookTimeout: 120_000,
    fileParallelism: false,
    server: { deps: { inline: [/@secretlint/] } },
  },
});

import path from 'node:path';
import { defineConfig } from 'vitest/config';

export default defineConfig({
  // As in esbuild.mjs: the original profiler keeps everything it is told.
  resolve: { alias: { '@secretlint/profiler': path.resolve('src/core/observe/secretlint-profiler.ts') } },
  test: {
    include: [
      'src/**/*.test.ts',
      'webview/**/*.test.{ts,tsx}',
      'test/{contract,eval,process,torture}/**/*.test.ts',
      'test/*.test.ts',
    ],
    environment: 'node',
    server: { deps: { inline: [/@secretlint/] } },
    testTimeout: 30_000,
    hookTimeout: 60_000,
  },
});

import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { defineConfig } from 'vitest/config';
import { chooseReporters } from './scripts/progress-reporter.mjs';

/** What starts real processes and threads, beside test/process: it needs the machine more than it needs the thread. */
const processTests = ['test/{process,torture}/**/*.test.ts', 'src/keeper/{connect,git-log,lock,claim,fence}.test.ts'];

/**
 * Tests of the core share the modules of their worker, because loading them anew for each file takes a third of its time.
 * Some are alone: those that measure how time grows, which the memory that others left behind disturbs, and the one that
 * loads sql.js as it comes.
 */
const coreTests = ['src/{core,protocol}/**/*.test.ts'];
const aloneTests = readdirSync('src/core', { recursive: true, encoding: 'utf8' })
  .filter((file) => file.endsWith('.test.ts'))
  .map((file) => path.posix.join('src/core', file.replaceAll(path.sep, '/')))
  .filter((file) => /\b(?:growthOf|initSqlJs)\(/.test(readFileSync(file, 'utf8')));

export default defineConfig({
  // As in esbuild.mjs: the original profiler keeps everything it is told.
  resolve: {
    alias: {
      '@secretlint/profiler': path.resolve('src/core/observe/secretlint-profiler.ts'),
      'fast-check': path.resolve('test/properties.ts'),
    },
  },
  test: {
    reporters: chooseReporters(),
    environment: 'node',
    // vitest leaves one core to itself, which is half of a small machine.
    maxWorkers: '100%',
    setupFiles: ['test/patience.ts'],
    server: { deps: { inline: [/@secretlint/] } },
    // The only limits: they end a test that hangs. A machine with much else to do is slow, not wrong.
    testTimeout: 180_000,
    hookTimeout: 180_000,
    expect: { poll: { timeout: 30_000 } },
    coverage: {
      provider: 'v8',
      include: ['src/**/*.ts', 'webview/**/*.{ts,tsx}'],
      exclude: ['**/*.test.{ts,tsx}', '**/*.d.ts', 'webview/{fake-*,test-page}.{ts,tsx}'],
      reporter: ['json-summary'],
      reportsDirectory: '.cache/coverage',
      reportOnFailure: true,
    },
    projects: [
      {
        extends: true,
        test: {
          name: 'unit',
          include: [
            'src/**/*.test.ts',
            'webview/**/*.test.{ts,tsx}',
            'test/{contract,eval,fuzz}/**/*.test.ts',
            'test/*.test.ts',
          ],
          exclude: [...processTests, 'src/{core,protocol}/**'],
        },
      },
      {
        extends: true,
        test: { name: 'unit-core', include: coreTests, exclude: aloneTests, isolate: false },
      },
      { extends: true, test: { name: 'unit-alone', include: aloneTests } },
      { extends: true, test: { name: 'process', include: processTests } },
    ],
  },
});

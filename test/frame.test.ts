/** Tests of the test scripts, which must be able to report failures. */
import { describe, expect, it, vi } from 'vitest';
import { judgeContents } from '../scripts/package.mjs';
import { judgeReport } from '../scripts/test-report.mjs';
import type { VitestReport } from '../scripts/test-report.mjs';

const options = { code: 0, root: '/repo', isCi: true };
const passed = { status: 'passed', fullName: 'adds' };

function report(
  assertionResults: VitestReport['testResults'][number]['assertionResults'],
  status = 'passed',
  message = '',
): VitestReport {
  return { testResults: [{ name: '/repo/src/a.test.ts', status, message, assertionResults }] };
}

const failuresOf = (...args: Parameters<typeof judgeReport>) =>
  judgeReport(...args).filter(([, complaints]) => complaints.length > 0);

describe('a test report', () => {
  it('counts what passed', () => {
    expect(judgeReport(report([passed, { ...passed, fullName: 'subtracts' }]), options)).toEqual([
      ['src/a.test.ts › adds', []],
      ['src/a.test.ts › subtracts', []],
    ]);
  });

  it.each<[string, VitestReport, Partial<typeof options>]>([
    [
      'a failed test',
      report([passed, { status: 'failed', fullName: 'divides', failureMessages: ['by zero\n  at x'] }], 'failed'),
      {},
    ],
    ['a file that did not load', report([], 'failed', 'no such module'), {}],
    ['a file that failed in a hook', report([passed], 'failed', 'afterAll threw'), {}],
    ['an error outside the tests', report([passed]), { code: 1 }],
    ['no tests at all', { testResults: [] }, {}],
    ['a test skipped on a build machine', report([passed, { status: 'pending', fullName: 'waits' }]), {}],
    ['a test left for later on a build machine', report([passed, { status: 'todo', fullName: 'waits' }]), {}],
  ])('fails for %s', (_, planted, more) => {
    expect(failuresOf(planted, { ...options, ...more })).toHaveLength(1);
  });

  it('lets a developer skip, and says so', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(failuresOf(report([passed, { status: 'pending', fullName: 'waits' }]), { ...options, isCi: false })).toEqual(
      [],
    );
    expect(log).toHaveBeenCalledWith('1 skipped');
    log.mockRestore();
  });
});

describe('the package', () => {
  const files = [
    'package.json',
    'package.nls.json',
    'package.nls.zh-cn.json',
    'README.md',
    'LICENSE',
    'CHANGELOG.md',
    'dist/extension.cjs',
    'dist/keeper.cjs',
    'dist/care.cjs',
    'dist/cli.js',
    'dist/sql-wasm.wasm',
    'dist/embed.cjs',
    'dist/distil.cjs',
    'dist/ort-wasm-simd-threaded.wasm',
    'dist/ThirdPartyNotices.txt',
    'dist/webview/main.js',
    'dist/webview/main.css',
    'dist/webview/reader.js',
    'dist/webview/doctor.js',
    'dist/webview/codicon.css',
    'dist/webview/codicon.ttf',
    'media/icon.png',
    'media/walkthrough/search.svg',
    'l10n/bundle.l10n.zh-cn.json',
  ];

  it('is as it should be', () => {
    expect(judgeContents(files)).toEqual([]);
  });

  it.each([
    'dist/meta/extension.cjs.json',
    'dist/extension.cjs.map',
    'src/extension/extension.ts',
    'test/fixtures/session.jsonl',
    '.cache/demo-config/a.jsonl',
    'node_modules/sql.js/package.json',
    'dist/claude-mem.vsix',
    '.env',
    'l10n/webview-words.json',
    'package-lock.json',
  ])('must not hold %s', (file) => {
    expect(judgeContents([...files, file])).toEqual([`must not be packed: ${file}`]);
  });

  it.each([
    'dist/keeper.cjs',
    'dist/care.cjs',
    'dist/sql-wasm.wasm',
    'dist/embed.cjs',
    'dist/distil.cjs',
    'dist/ort-wasm-simd-threaded.wasm',
    'dist/cli.js',
    'LICENSE',
  ])('must hold %s', (file) => {
    expect(judgeContents(files.filter((each) => each !== file))).toEqual([`missing from the package: ${file}`]);
  });
});

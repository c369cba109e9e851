/** Tests of the test scripts, which must be able to report failures. */
import { describe, expect, it, vi } from 'vitest';
import { judgeContents } from '../scripts/package.mjs';
import { filesToRunAgain, joinRuns, judgeProgress, listRunning, readProgress } from '../scripts/test-report.mjs';
import type { Check, ProgressEvent } from '../scripts/test-report.mjs';

const options = { code: 0, root: '/repo', isCi: true };
const file = '/repo/src/a.test.ts';
const begun: ProgressEvent = { event: 'file', file };
const ended: ProgressEvent = { event: 'end', files: 1 };
const test = (name: string): ProgressEvent => ({ event: 'test', file, name });
const result = (name: string, state = 'passed', messages: string[] = []): ProgressEvent => ({
  event: 'result',
  file,
  name,
  state,
  ms: 1,
  messages,
});
const error = (message: string): ProgressEvent => ({ event: 'error', file, message });

const failuresOf = (...args: Parameters<typeof judgeProgress>) =>
  judgeProgress(...args).filter(([, complaints]) => complaints.length > 0);

describe('a test report', () => {
  it('counts what passed', () => {
    expect(judgeProgress([begun, result('adds'), result('subtracts'), ended], options)).toEqual([
      ['src/a.test.ts › adds', []],
      ['src/a.test.ts › subtracts', []],
    ]);
  });

  it.each<[string, ProgressEvent[], Partial<typeof options>]>([
    ['a failed test', [result('adds'), result('divides', 'failed', ['by zero\n  at x']), ended], {}],
    ['a file that did not load', [error('no such module'), ended], {}],
    ['a file that failed in a hook', [result('adds'), error('afterAll threw'), ended], {}],
    ['an error outside the tests', [result('adds'), ended], { code: 1 }],
    ['no tests at all', [ended], {}],
    ['a run that was cut off', [result('adds')], {}],
    ['a test skipped on a build machine', [result('adds'), result('waits', 'skipped'), ended], {}],
    ['a test left for later on a build machine', [result('adds'), result('waits', 'pending'), ended], {}],
  ])('fails for %s', (_, planted, more) => {
    expect(failuresOf(planted, { ...options, ...more })).toHaveLength(1);
  });

  it('names the file of an error outside the tests', () => {
    expect(failuresOf([result('adds'), error('outside a test: gone'), ended], { ...options, code: 1 })).toEqual([
      ['src/a.test.ts', ['outside a test: gone']],
    ]);
  });

  it('names what was running when a run was ended, and keeps what had passed', () => {
    const stuck = 'nothing had finished for 10 minutes';
    const events = [begun, test('adds'), result('adds'), test('hangs')];
    expect(judgeProgress(events, { ...options, code: 137, stuck })).toEqual([
      ['src/a.test.ts › adds', []],
      ['src/a.test.ts › hangs', [`was running when ${stuck}`]],
      ['vitest', [`was ended: ${stuck}`]],
    ]);
    expect(listRunning(events.slice(0, 3), '/repo')).toEqual(['src/a.test.ts, after "adds"']);
    expect(listRunning([begun], '/repo')).toEqual(['src/a.test.ts, before its first test']);
    expect(failuresOf([begun, result('adds'), { event: 'fileEnd', file }, ended], { ...options, stuck })).toEqual([
      ['vitest', ['did not end after its tests']],
    ]);
  });

  it('is read as far as it was written', () => {
    expect(readProgress(`${JSON.stringify(ended)}\n{"event":"res`)).toEqual([ended]);
    expect(readProgress('')).toEqual([]);
  });

  it('lets a developer skip, and says so', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expect(failuresOf([result('adds'), result('waits', 'skipped'), ended], { ...options, isCi: false })).toEqual([]);
    expect(log).toHaveBeenCalledWith('1 skipped');
    log.mockRestore();
  });
});

describe('files that are run once more', () => {
  const first: Check[] = [
    ['test/editor/a.test.ts › opens', ['Timeout']],
    ['test/editor/a.test.ts › closes', []],
    ['test/editor/b.test.ts › opens', []],
  ];
  const opensAgain = (...complaints: string[]): Check[] => [
    ['test/editor/a.test.ts › opens', complaints],
    ['test/editor/a.test.ts › closes', []],
  ];
  const files = ['test/editor/a.test.ts'];

  it('are those with failures, unless they are many or have no name', () => {
    expect(filesToRunAgain(first, 2)).toEqual(files);
    expect(filesToRunAgain(first.slice(1), 2)).toEqual([]);
    expect(filesToRunAgain([...first, ['b.test.ts', ['gone']], ['c.test.ts › c', ['gone']]], 2)).toEqual([]);
    expect(filesToRunAgain([...first, ['vitest', ['was ended']]], 2)).toEqual([]);
  });

  it('count once, and what did not fail again is told', () => {
    const { checks, unstable } = joinRuns(first, opensAgain(), files);
    expect(checks).toHaveLength(3);
    expect(checks.filter(([, complaints]) => complaints.length > 0)).toEqual([]);
    expect(unstable).toEqual([first[0]]);
  });

  it('fail when they fail again, and when they do not run', () => {
    const again = joinRuns(first, opensAgain('Timeout'), files);
    expect(again.checks.filter(([, complaints]) => complaints.length > 0)).toHaveLength(1);
    expect(again.unstable).toEqual([]);
    const broken: Check[] = [['vitest', ['ended with 1 before its tests did']]];
    const cut = joinRuns(first, broken, files);
    expect(cut.checks.filter(([, complaints]) => complaints.length > 0)).toEqual(broken);
    expect(cut.unstable).toEqual([]);
  });

  it('tell of a hook that failed once', () => {
    const hook: Check[] = [['test/editor/a.test.ts', ['afterAll threw']]];
    expect(joinRuns(hook, opensAgain(), files).unstable).toEqual(hook);
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
    'dist/redact.cjs',
    'dist/cli.js',
    'dist/mcp.cjs',
    'dist/hook.cjs',
    'dist/uninstall.cjs',
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
    'package-lock.json',
    '.vscode/launch.json',
    '.github/workflows/release.yml',
    '.editorconfig',
    'knip.jsonc',
  ])('must not hold %s', (name) => {
    expect(judgeContents([...files, name])).toEqual([`must not be packed: ${name}`]);
  });

  it.each([
    'dist/keeper.cjs',
    'dist/care.cjs',
    'dist/redact.cjs',
    'dist/sql-wasm.wasm',
    'dist/embed.cjs',
    'dist/distil.cjs',
    'dist/ort-wasm-simd-threaded.wasm',
    'dist/cli.js',
    'dist/mcp.cjs',
    'dist/hook.cjs',
    'dist/uninstall.cjs',
    'LICENSE',
  ])('must hold %s', (name) => {
    expect(judgeContents(files.filter((each) => each !== name))).toEqual([`missing from the package: ${name}`]);
  });
});

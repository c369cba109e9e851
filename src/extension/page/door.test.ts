import { describe, expect, it, vi } from 'vitest';
import { MemoryError } from '../../protocol/errors';
import type { WebviewContext } from '../../protocol/webview';
import { webviewMethods } from '../../protocol/webview-api';
import type { WebviewApi } from '../../protocol/webview-api';
import { guard } from './door';

function open(answers: Partial<WebviewApi> = {}, surface: WebviewContext['surface'] = 'doctor') {
  const calls: unknown[][] = [];
  const echo = Object.fromEntries(
    webviewMethods.map((name) => [name, (...args: unknown[]) => Promise.resolve(calls.push([name, ...args]))]),
  );
  const inner = { ...echo, ...answers } as unknown as WebviewApi;
  const noted = vi.fn();
  const door = guard(inner, surface, (error) => `told: ${(error as Error).message}`, noted) as unknown as Record<
    string,
    (...args: unknown[]) => Promise<unknown>
  >;
  return { calls, noted, call: (name: string, ...args: unknown[]) => door[name]?.(...args) };
}

describe('the door lets in', () => {
  it.each<[string, ...unknown[]]>([
    ['ready'],
    ['status', { roots: ['/work'] }],
    ['listSessions', { scope: { roots: ['/work'], projectIds: [1] }, only: 'live', limit: 50 }],
    ['readSession', { sessionId: '8dab6c26-0000-4000-8000-000000000000', aroundTurn: 3 }],
    ['search', { text: 'words', types: ['error', 'learning'], isTyping: true }],
    [
      'search',
      {
        text: '',
        similarTo: 's8dab6c26',
        roads: 'all',
        sort: 'newest',
        recency: 'off',
        branches: ['main'],
        files: ['/a.ts'],
        days: ['2026-11-22'],
      },
    ],
    ['suggest', 'project:', { roots: ['/work'] }],
    ['setFlagged', 'p12', true],
    ['setTags', 'o1', ['later']],
    ['saveSearch', { id: 'search-01', name: 'n', text: 'x' }],
    ['getItem', 'p12'],
    ['insert', 'l8dab6c26'],
    ['openSession', 'abc', { key: 'o3' }],
    ['openSession', 'abc'],
    ['openSettings'],
    ['openSettings', 'claudeMem.exclude'],
    ['openLink', 'https://example.com/a?b#c'],
    ['applyRemedy', 'repair'],
    ['restoreBackup', '2026-11-22T10-00-00-000Z-manual'],
    ['listUneven'],
    ['listUneven', '/home/ada/.claude/projects/x/y.jsonl'],
    ['listLearnings', { state: 'proposed', limit: 100 }],
    ['reviewLearning', 'x-1', 'accept'],
    ['mergeLearnings', 'x-1', ['x-2', 'x-3']],
    ['promoteLearnings', ['x-1']],
    ['relearn'],
    ['publishSummary', 3],
    ['insights', { days: 366, scope: { roots: ['/work'] } }],
    ['around', { file: '/work/a.ts', depth: 2, limit: 24 }],
    ['findEntities', 'npm test'],
    ['startBackfill', { isBatch: true, maxSessions: 10 }],
    ['spendEntries', 'cursor'],
    ['spendSums', 'model', 30],
    ['retryTask', 7],
    ['openSettings', 'claudeMem.model'],
    ['saveLearning', { id: 'learning-1', category: 'pattern', title: 'T', description: '', tags: ['a'] }],
  ])('case %# of %s', async (name, ...args) => {
    const { call, calls } = open();
    await call(name, ...args);
    expect(calls[0]?.slice(0, args.length + 1)).toEqual([name, ...args]);
  });

  it('the signal of a call, in the last place', async () => {
    const { call, calls } = open();
    const { signal } = new AbortController();
    await call('search', { text: 'x' }, signal);
    expect(calls).toEqual([['search', { text: 'x' }, signal]]);
  });

  it('only the fields it knows', async () => {
    const { call, calls } = open();
    await call('search', { text: 'x', sql: 'y', scope: { roots: [], evil: true } });
    expect(calls).toEqual([['search', { text: 'x', scope: { roots: [] } }]]);
  });
});

describe('the door keeps out', () => {
  it.each<[string, ...unknown[]]>([
    ['reviewLearning', 'x-1', 'promote'],
    ['mergeLearnings', 'x-1', []],
    ['promoteLearnings', []],
    ['promoteLearnings', ['../x']],
    ['summaryVersion', 'latest'],
    ['insights', { days: 0 }],
    ['insights', { days: 10_000 }],
    ['around', { depth: 9 }],
    ['around', { file: 'a\0b' }],
    ['startBackfill', {}],
    ['spendSums', 'key', 30],
    ['retryTask', -1],
    ['showInsights', 'key'],
    ['setApiKey', 'a-key-from-a-page'],
    ['status', 'yes'],
    ['status', { roots: ['a\0b'] }],
    ['ready', 'more'],
    ['getItem', 'x1'],
    ['getItem', 'p'],
    ['getItem', `p${'1'.repeat(300)}`],
    ['insert', { key: 'p1' }],
    ['readSession', { sessionId: '../../etc' }],
    ['readSession', { sessionId: 'a', limit: 1e9 }],
    ['listSessions', { limit: 0 }],
    ['listSessions', { limit: 1.5 }],
    ['listSessions', { only: 'secret' }],
    ['search', { text: 'x'.repeat(10_000_001) }],
    ['search', { text: 'x', scope: { roots: '/'.repeat(10) } }],
    ['search', 'x', { aborted: false }],
    ['openLink', 'http://example.com'],
    ['openLink', 'javascript:alert(1)'],
    ['openLink', 'command:workbench.action.quit'],
    ['openLink', 'file:///etc/passwd'],
    ['openLink', 'https:'],
    ['openSettings', 'security.workspace.trust.enabled'],
    ['openFile', 'a\0b'],
    ['openFile', ''],
    ['openDiff', 'o1', -1],
    ['openSession', '$(id)'],
    ['resumeSession', 'a; rm -rf /'],
    ['saveLearning', { id: 'learning-1', category: 'spell', title: 'T', description: '' }],
    ['saveLearning', { id: 'learning-1', category: 'pattern', title: '', description: '' }],
    ['setPaused', 1],
    ['copyText', 42],
    ['applyRemedy', 'rm'],
    ['restoreBackup', '../../memory'],
    ['restoreBackup', ''],
    ['listUneven', 7],
  ])('case %# of %s', async (name, ...args) => {
    const { call, calls, noted } = open();
    const error = await call(name, ...args)?.catch((caught: unknown) => caught);
    expect(MemoryError.is(error, 'invalid_input')).toBe(true);
    expect(calls).toEqual([]);
    expect(noted).toHaveBeenCalledOnce();
  });
});

it('never quotes what was sent: it may be text of a memory', async () => {
  const { call } = open();
  await expect(call('search', { text: 'a secret', limit: 'another secret' })).rejects.toThrow(
    /^told: search: query\.limit must be number$/,
  );
});

it('tells errors of memory in words, and keeps their code', async () => {
  const { call, noted } = open({ projects: () => Promise.reject(new MemoryError('locked', 'raw')) });
  const error = await call('projects')?.catch((caught: unknown) => caught);
  expect(error).toMatchObject({ code: 'locked', message: 'told: raw' });
  expect(noted).toHaveBeenCalledWith('projects', expect.objectContaining({ message: 'raw' }));
});

it('has no word by which a page could set or read a key', () => {
  expect(webviewMethods.filter((name) => /configure|secret|apiKey/i.test(name))).toEqual(['setApiKey']);
});

it.each(['memory', 'reader'] as const)('refuses the %s page what only the Doctor may ask', async (surface) => {
  const { call, calls } = open({}, surface);
  for (const [name, ...args] of [
    ['examine'],
    ['applyRemedy', 'repair'],
    ['restoreBackup', 'b1'],
    ['listUneven'],
  ] as const)
    await expect(call(name, ...args)).rejects.toMatchObject({ code: 'not_found' });
  expect(calls).toEqual([]);
});

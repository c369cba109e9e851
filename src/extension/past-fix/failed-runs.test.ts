/** A failed command lights a lamp for half a minute, once an hour, and only when its error was fixed before. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { PastFix } from '../../protocol/past-fix';
import type { Parts } from '../parts';
import { FailedRuns, pauseMs, shownMs } from './failed-runs';

type Listener = (event: unknown) => void;
const editor = vi.hoisted(() => ({
  started: undefined as Listener | undefined,
  ended: undefined as Listener | undefined,
  tracker: undefined as { onDidSendMessage: Listener } | undefined,
  isShown: false,
}));
vi.mock('vscode', () => {
  const nothing = { dispose() {} };
  return {
    StatusBarAlignment: { Left: 1 },
    Disposable: { from: () => nothing },
    env: { language: 'en' },
    l10n: { t: (text: string) => text },
    debug: {
      registerDebugAdapterTrackerFactory(_: string, factory: { createDebugAdapterTracker(): never }) {
        editor.tracker = factory.createDebugAdapterTracker();
        return nothing;
      },
    },
    window: {
      createStatusBarItem: () => ({ show: () => (editor.isShown = true), hide: () => (editor.isShown = false) }),
      onDidStartTerminalShellExecution: (listener: Listener) => ((editor.started = listener), nothing),
      onDidEndTerminalShellExecution: (listener: Listener) => ((editor.ended = listener), nothing),
    },
  };
});

const fix: PastFix = {
  id: 't:1',
  sessionId: 's',
  title: 'Budget',
  turn: 1,
  at: 0,
  match: 'same',
  likeness: 1,
  error: 'x',
  edits: [],
};
let asked: string[];
let isOn: boolean;
let runs: FailedRuns;

beforeEach(() => {
  vi.useFakeTimers();
  asked = [];
  isOn = true;
  editor.isShown = false;
  const fixes = {
    get isOn() {
      return isOn;
    },
    quietly({ text }: { text: string }) {
      asked.push(text);
      return Promise.resolve(text.includes('retryBudget') ? [fix] : []);
    },
  };
  runs = new FailedRuns({ fixes, log: { error() {}, warn() {} } } as unknown as Parts);
});
afterEach(() => {
  runs.dispose();
  vi.useRealTimers();
});

async function run(output: string, exitCode: number | undefined): Promise<void> {
  const execution = {
    async *read() {
      yield output;
    },
  };
  editor.started?.({ execution });
  editor.ended?.({ execution, exitCode });
  await vi.advanceTimersByTimeAsync(1);
}

it('is shown for half a minute', async () => {
  await run('error: retryBudget', 1);
  expect(editor.isShown).toBe(true);
  await vi.advanceTimersByTimeAsync(shownMs);
  expect(editor.isShown).toBe(false);
});

it('is shown once an hour', async () => {
  await run('error: retryBudget', 1);
  await vi.advanceTimersByTimeAsync(shownMs);
  await run('error: retryBudget', 1);
  expect(editor.isShown).toBe(false);
  await vi.advanceTimersByTimeAsync(pauseMs);
  await run('error: retryBudget', 1);
  expect(editor.isShown).toBe(true);
});

it.each([
  ['a command that ended well', 'error: retryBudget', 0],
  ['one whose end is not known', 'error: retryBudget', undefined],
  ['an error that nobody fixed', 'error: other', 1],
])('is not shown for %s', async (_, output, exitCode) => {
  await run(output, exitCode);
  expect(editor.isShown).toBe(false);
});

it('reads nothing when it is off', async () => {
  isOn = false;
  await run('error: retryBudget', 1);
  expect(asked).toEqual([]);
});

it('asks with the end of a long output', async () => {
  await run(`${'x'.repeat(100_000)}\nerror: retryBudget`, 1);
  expect(asked[0]).toHaveLength(20_000);
  expect(asked[0]).toContain('retryBudget');
});

it('is shown when an exception stops the debugger', async () => {
  const stop = (reason: string) =>
    editor.tracker?.onDidSendMessage({
      type: 'event',
      event: 'stopped',
      body: { reason, text: 'TypeError: retryBudget' },
    });
  stop('breakpoint');
  await vi.advanceTimersByTimeAsync(1);
  expect(editor.isShown).toBe(false);
  stop('exception');
  await vi.advanceTimersByTimeAsync(1);
  expect(editor.isShown).toBe(true);
});

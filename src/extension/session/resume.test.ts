/** In which folder a session is resumed. */
import { beforeEach, expect, it, vi } from 'vitest';
import { uuidOf } from '../../../test/fixtures/transcript-lines';
import type { SessionCard } from '../../protocol/model';
import type { Parts } from '../parts';
import { resumeSession } from './resume';

const editor = vi.hoisted(() => ({
  there: new Set<string>(),
  detail: '',
  terminal: undefined as { cwd?: { fsPath: string } } | undefined,
}));
vi.mock('vscode', () => ({
  Uri: { file: (fsPath: string) => ({ fsPath }) },
  env: { clipboard: { writeText: () => Promise.resolve() } },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  workspace: {
    fs: {
      stat: ({ fsPath }: { fsPath: string }) =>
        editor.there.has(fsPath) ? Promise.resolve({}) : Promise.reject(new Error('ENOENT')),
    },
  },
  window: {
    showQuickPick: ([type]: { detail: string }[]) => {
      editor.detail = type?.detail ?? '';
      return Promise.resolve(type);
    },
    createTerminal(options: { cwd?: { fsPath: string } }) {
      editor.terminal = options;
      return { show() {}, sendText() {} };
    },
    onDidChangeTerminalShellIntegration: (listener: (event: unknown) => void) => {
      // The shell is ready at once; which terminal it is does not matter with one.
      queueMicrotask(() => listener({ terminal: undefined }));
      return { dispose() {} };
    },
  },
}));

beforeEach(() => {
  Object.assign(editor, { there: new Set(), detail: '', terminal: undefined });
});

const [old, renamed] = ['/work/kiosk/docs', '/work/market'];
async function resume(card: Partial<SessionCard>): Promise<void> {
  vi.useFakeTimers();
  const session = {
    title: 'One',
    status: 'active',
    cwd: old,
    project: { id: 1, name: 'market', root: renamed },
    ...card,
  };
  const parts = { memory: { client: async () => ({ getSession: async () => session }) } } as unknown as Parts;
  try {
    const done = resumeSession(parts, uuidOf('one', 1));
    await vi.runAllTimersAsync();
    await done;
  } finally {
    vi.useRealTimers();
  }
}

it.each([
  ['its own while that is there', [old, `${renamed}/docs`, renamed], `${renamed}/docs`, old, 'In /work/kiosk/docs. '],
  [
    'the same folder where the project is now',
    [`${renamed}/docs`, renamed],
    `${renamed}/docs`,
    `${renamed}/docs`,
    'is now',
  ],
  ['the root there, without that folder', [renamed], `${renamed}/docs`, renamed, 'In /work/market, where'],
  ['the workspace when the project has not moved', [renamed], undefined, undefined, 'not here'],
  ['the workspace when nothing is there', [], `${renamed}/docs`, undefined, 'not here'],
])('%s', async (_, there, movedTo, folder, said) => {
  editor.there = new Set(there);
  await resume(movedTo === undefined ? {} : { movedTo });
  expect(editor.terminal?.cwd?.fsPath).toBe(folder);
  expect(editor.detail).toContain(said);
});

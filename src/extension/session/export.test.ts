/** Where an exported session goes, and what is asked first. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { SessionTextQuery } from '../../protocol/questions/session-text';
import type { Parts } from '../parts';
import { copyTurn, exportSessions, fileStem } from './export';

const editor = vi.hoisted(() => ({
  kind: 0,
  target: { fsPath: '/out/session.md' } as { fsPath: string } | undefined,
  offered: '',
  written: new Map<string, string>(),
  copied: '',
  cancel: () => {},
}));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  Uri: { joinPath: (_: unknown, name: string) => ({ fsPath: name }) },
  l10n: { t: (text: string) => text },
  env: { language: 'en', clipboard: { writeText: async (text: string) => void (editor.copied = text) } },
  commands: {},
  workspace: {
    workspaceFolders: [{ uri: {} }],
    fs: {
      writeFile: async (uri: { fsPath: string }, bytes: Buffer) => editor.written.set(uri.fsPath, bytes.toString()),
    },
  },
  window: {
    showQuickPick: async (kinds: unknown[]) => kinds[editor.kind],
    showSaveDialog: async ({ defaultUri }: { defaultUri: { fsPath: string } }) => {
      editor.offered = defaultUri.fsPath;
      return editor.target;
    },
    showInformationMessage: async () => undefined,
    setStatusBarMessage: () => {},
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work({ report() {} }, { onCancellationRequested: (listener: () => void) => (editor.cancel = listener) }),
  },
}));

const asked: SessionTextQuery[] = [];
/** What was noted, how many, and the number of files written before. */
const noted: [string, number, number][] = [];
const pieces = ['one', 'two', 'three'];
let onAsk = () => {};
const parts = {
  memory: {
    client: async () => ({
      getSession: async () => ({
        title: 'Why: a/b?',
        startedAt: Date.UTC(2026, 10, 22, 12),
        prompts: 1,
        observations: 2,
      }),
      sessionText: async (query: SessionTextQuery, signal: AbortSignal) => {
        asked.push(query);
        onAsk();
        signal.throwIfAborted();
        const at = Number(query.cursor ?? 0);
        return { text: pieces[at], rows: 1, ...(at < 2 && { next: String(at + 1) }) };
      },
      noteExport: async (what: string, count: number) => void noted.push([what, count, editor.written.size]),
    }),
  },
} as unknown as Parts;

beforeEach(() => {
  Object.assign(editor, { kind: 0, target: { fsPath: '/out/session.md' }, offered: '', copied: '' });
  editor.written.clear();
  asked.length = 0;
  noted.length = 0;
  onAsk = () => {};
});

it('is written whole, under a name that every system takes', async () => {
  await exportSessions(parts, ['s1']);
  expect(editor.offered).toBe('Why a b 2026-11-22.md');
  expect([...editor.written]).toEqual([['/out/session.md', 'one\ntwo\nthree']]);
  expect(noted).toEqual([['sessions', 1, 0]]);
  expect(asked.map(({ format, cursor }) => [format, cursor])).toEqual([
    ['markdown', undefined],
    ['markdown', '1'],
    ['markdown', '2'],
  ]);
});

it.each([
  ['no kind is chosen', () => (editor.kind = 7)],
  ['no place is chosen', () => (editor.target = undefined)],
  ['it is cancelled half way', () => (onAsk = () => asked.length === 2 && editor.cancel())],
])('nothing is written when %s', async (_, change) => {
  change();
  await exportSessions(parts, ['s1']);
  expect(editor.written.size).toBe(0);
});

it('a turn is copied as Markdown', async () => {
  await copyTurn(parts, 's1', 4);
  expect(asked[0]).toMatchObject({ sessionId: 's1', format: 'markdown', turn: 4 });
  expect(editor.copied).toBe('one\ntwo\nthree');
});

it.each([
  ['../../etc/passwd', 'etc passwd'],
  ['...', 'session'],
  ['CON: 修复 搜索', 'CON 修复 搜索'],
  ['x'.repeat(200), 'x'.repeat(60)],
])('%j as the name of a file is %j', (title, name) => expect(fileStem(title)).toBe(name));

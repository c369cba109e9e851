/** A printed session is a page below our storage that goes again, or a file where no browser could read that. */
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { SessionTextQuery } from '../../protocol/questions/session-text';
import type { Parts } from '../parts';
import { dropPrints, printSession } from './print';

const editor = vi.hoisted(() => ({
  remoteName: undefined as string | undefined,
  uiKind: 1,
  opens: true,
  opened: [] as string[],
  modal: [] as string[],
  warned: [] as string[],
  chosen: undefined as string | undefined,
  written: [] as string[],
  cancel: () => {},
}));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  UIKind: { Desktop: 1, Web: 2 },
  Uri: {
    file: (name: string) => ({ fsPath: name }),
    joinPath: (_: unknown, name: string) => ({ fsPath: name }),
  },
  l10n: { t: (text: string) => text },
  commands: {},
  env: {
    get remoteName() {
      return editor.remoteName;
    },
    get uiKind() {
      return editor.uiKind;
    },
    openExternal: async ({ fsPath }: { fsPath: string }) => (editor.opened.push(fsPath), editor.opens),
  },
  workspace: { fs: { writeFile: async ({ fsPath }: { fsPath: string }) => void editor.written.push(fsPath) } },
  window: {
    showInformationMessage: async (text: string, options?: unknown) => {
      if (typeof options === 'object') editor.modal.push(text);
      return editor.chosen;
    },
    showWarningMessage: async (text: string) => (editor.warned.push(text), editor.chosen),
    showSaveDialog: async () => ({ fsPath: '/home/ada/page.html' }),
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work({ report() {} }, { onCancellationRequested: (stop: () => void) => (editor.cancel = stop) }),
  },
}));

let dataDir = '';
let parts: Parts;
const asked: SessionTextQuery[] = [];
const noted: string[] = [];
let onAsk = () => {};
const pages = () =>
  nodeFs.existsSync(path.join(dataDir, 'print')) ? nodeFs.readdirSync(path.join(dataDir, 'print')) : [];

beforeEach(() => {
  dataDir = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-print-'));
  Object.assign(editor, { remoteName: undefined, uiKind: 1, opens: true, chosen: undefined });
  Object.assign(editor, { opened: [], modal: [], warned: [], written: [] });
  asked.length = 0;
  noted.length = 0;
  onAsk = () => {};
  parts = {
    memory: {
      dataDir,
      client: async () => ({
        getSession: async () => ({ id: 's1', title: 'Why: a/b?', prompts: 1, observations: 1 }),
        sessionText: async (query: SessionTextQuery, signal: AbortSignal) => {
          asked.push(query);
          onAsk();
          signal.throwIfAborted();
          return { text: 'page', rows: 2 };
        },
        noteExport: async (what: string) => void noted.push(what),
      }),
    },
    log: { error: (text: string) => expect.unreachable(text) },
  } as unknown as Parts;
});
afterEach(() => nodeFs.rmSync(dataDir, { recursive: true }));

it('opens in the browser, from a file that only the person can read and that is deleted again', async () => {
  await printSession(parts, 's1');
  expect(asked.map(({ format }) => format)).toEqual(['print']);
  const [file = ''] = editor.opened;
  expect(path.relative(dataDir, file)).toBe(path.join('print', 'Why a b.html'));
  expect(nodeFs.readFileSync(file, 'utf8')).toBe('page');
  expect(noted).toEqual(['print']);
  if (process.platform !== 'win32') expect(nodeFs.statSync(file).mode & 0o777).toBe(0o600);
  await dropPrints(parts);
  expect(pages()).toEqual([]);
});

it('leaves nothing when it is cancelled', async () => {
  onAsk = () => editor.cancel();
  await printSession(parts, 's1');
  expect([pages(), editor.opened]).toEqual([[], []]);
});

it.each([
  ['another computer', { remoteName: 'ssh-remote' }],
  ['a browser', { uiKind: 2 }],
])('is saved instead where the window is on %s, and only when the person wants it', async (_, place) => {
  Object.assign(editor, place);
  await printSession(parts, 's1');
  expect(editor.modal).toHaveLength(1);
  expect(asked).toEqual([]);
  editor.chosen = 'Save the Page…';
  await printSession(parts, 's1');
  expect(editor.written).toEqual(['/home/ada/page.html']);
  expect([pages(), editor.opened]).toEqual([[], []]);
});

it('can be saved where no browser opens', async () => {
  Object.assign(editor, { opens: false, chosen: 'Save the Page…' });
  await printSession(parts, 's1');
  expect(editor.warned).toEqual(['No browser could be opened.']);
  await vi.waitFor(() => expect(editor.written).toEqual(['/home/ada/page.html']));
});

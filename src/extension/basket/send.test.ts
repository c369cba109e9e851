/** Whatever is in the basket, one line is typed, and nothing is sent. */
import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { sendBasket } from './send';

interface Row {
  label: string;
  description?: string;
}
const editor = vi.hoisted(() => ({
  terminals: [] as unknown[],
  hasPanel: false,
  isOpened: true,
  pick: '',
  rows: [] as Row[],
  typed: [] as [string, boolean][],
  opened: [] as string[],
  copied: [] as string[],
}));
vi.mock('vscode', () => ({
  Uri: { parse: (text: string) => text, file: (fsPath: string) => ({ fsPath }) },
  env: {
    uriScheme: 'vscode',
    openExternal: (uri: string) => Promise.resolve((editor.opened.push(uri), editor.isOpened)),
    clipboard: { writeText: (text: string) => Promise.resolve(void editor.copied.push(text)) },
  },
  extensions: { getExtension: () => (editor.hasPanel ? {} : undefined) },
  l10n: { t: (text: string) => text },
  window: {
    get terminals() {
      return editor.terminals;
    },
    showQuickPick: (rows: Row[]) => {
      editor.rows = rows;
      return Promise.resolve(rows.find(({ label }) => label.includes(editor.pick)));
    },
    createTerminal: () => terminal('new'),
    setStatusBarMessage: () => {},
  },
}));
vi.mock('../session/resume', () => ({ waitForPrompt: () => Promise.resolve() }));
vi.mock('./brief-file', async (original) => ({
  ...(await original<object>()),
  mayWriteBrief: () => true,
  putBrief: () => Promise.resolve({ root: '/work/shop', file: '/work/shop/.claude-mem/brief.md' }),
}));
vi.mock('../workspace', () => ({ workspaceRoots: () => ['/work/shop'] }));

const terminal = (name: string, cwd?: string) => ({
  name,
  exitStatus: undefined,
  shellIntegration: cwd === undefined ? undefined : { cwd: { fsPath: cwd } },
  show() {},
  sendText: (text: string, isSent: boolean) => void editor.typed.push([text, isSent]),
});
const send = (pick: string) => {
  editor.pick = pick;
  return sendBasket({ basket: { size: 2 } } as unknown as Parts);
};

beforeEach(() => {
  Object.assign(editor, {
    terminals: [],
    hasPanel: false,
    isOpened: true,
    rows: [],
    typed: [],
    opened: [],
    copied: [],
  });
});

describe('the way to Claude', () => {
  it('is first a terminal that has its name, then the panel, then the others, then a new one', async () => {
    Object.assign(editor, { terminals: [terminal('zsh'), terminal('Claude: fix')], hasPanel: true });
    await send('nothing of these');
    expect(editor.rows.map(({ label }) => label.replace(/^\$\([\w-]+\) /, ''))).toEqual([
      'Claude: fix',
      'Panel of Claude Code',
      'zsh',
      'New terminal',
    ]);
    expect(editor.typed).toEqual([]);
  });

  it.each([
    ['zsh', terminal('zsh', '/work/shop'), '@.claude-mem/brief.md '],
    ['zsh', terminal('zsh', '/work/shop/src'), '@/work/shop/.claude-mem/brief.md '],
    ['zsh', terminal('zsh'), '@.claude-mem/brief.md '],
    ['New', terminal('zsh'), 'claude "@.claude-mem/brief.md"'],
  ])('types one line into %s and does not send it', async (pick, open, line) => {
    editor.terminals = [open];
    await send(pick);
    expect(editor.typed).toEqual([[line, false]]);
  });

  it('opens the panel with the mention in its field, by the documented address', async () => {
    editor.hasPanel = true;
    await send('Panel');
    expect(editor.opened).toEqual(['vscode://anthropic.claude-code/open?prompt=%40.claude-mem%2Fbrief.md%20']);
    expect(editor.copied).toEqual([]);
    editor.isOpened = false;
    await send('Panel');
    expect(editor.copied).toEqual(['@.claude-mem/brief.md']);
  });
});

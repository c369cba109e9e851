/** Tools for the chat of the editor: the person is asked, the words of a failure reach the model. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { chatTools } from '../contributions';
import type { Parts } from '../parts';
import { offerToChat } from './chat-tools';

interface Tool {
  prepareInvocation(options: { input: object }): {
    invocationMessage: string;
    confirmationMessages: { title: string; message: string };
  };
  invoke(options: { input: object }, token: object): Promise<{ parts: { value: string }[] }>;
}

const editor = vi.hoisted(() => ({
  tools: new Map<string, unknown>(),
  hasTools: true,
  folders: [] as object[],
}));
vi.mock('vscode', () => ({
  get lm() {
    return editor.hasTools
      ? {
          registerTool: (name: string, tool: unknown) => {
            editor.tools.set(name, tool);
            return { dispose() {} };
          },
        }
      : undefined;
  },
  Disposable: Object.assign(vi.fn(), { from: () => ({ dispose() {} }) }),
  LanguageModelTextPart: class {
    constructor(readonly value: string) {}
  },
  LanguageModelToolResult: class {
    constructor(readonly parts: object[]) {}
  },
  Uri: { file: (file: string) => ({ fsPath: file }) },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {},
  commands: {},
  workspace: {
    get workspaceFolders() {
      return editor.folders;
    },
  },
}));

let folder: string;
const noted: string[] = [];
let parts: Parts;
beforeEach(async () => {
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-chat-'));
  await mkdir(path.join(folder, 'dist'));
  // Stands for the bundle of the server.
  await writeFile(
    path.join(folder, 'dist/mcp.cjs'),
    `exports.readTools = [{ name: 'search', call: async (input, ports, signal) => {
       if (input.query === 'fail') throw Object.assign(new Error('it is not there'), { name: 'MemoryError', code: 'invalid_input' });
       return [input.query, ports.folder, ports.memory.name, signal.aborted].join(' ');
     } }];`,
  );
  Object.assign(editor, { hasTools: true, folders: [{ uri: { scheme: 'file', fsPath: '/work/shop' } }] });
  editor.tools.clear();
  parts = {
    extension: { extensionPath: folder },
    memory: { client: async () => ({ name: 'memory', noteChatRead: async (tool: string) => void noted.push(tool) }) },
  } as unknown as Parts;
});
afterEach(() => rm(folder, { recursive: true, force: true }));

const tool = (name: keyof typeof chatTools): Tool => editor.tools.get(chatTools[name]) as Tool;
const token = (isCancellationRequested = false) => ({ isCancellationRequested, onCancellationRequested: () => ({}) });

it('asks nothing of an editor without chat', () => {
  editor.hasTools = false;
  expect(() => offerToChat(parts)).not.toThrow();
  expect(editor.tools.size).toBe(0);
});

it('says before each call what is read, of which project, and to whom it goes', () => {
  offerToChat(parts);
  expect([...editor.tools.keys()]).toEqual(Object.values(chatTools));
  const { invocationMessage, confirmationMessages } = tool('search').prepareInvocation({
    input: { query: 'kumquats' },
  });
  expect(invocationMessage).toBe('Search the sessions of this project for “kumquats”');
  expect(confirmationMessages.message).toMatch(/“kumquats”\n\nWhat it finds is sent to whoever runs the model/);
  const said = (name: keyof typeof chatTools, input: object) =>
    tool(name).prepareInvocation({ input }).invocationMessage;
  expect(said('get_session', { id: 's1', project: 'barn' })).toContain('the project “barn”: s1');
  expect(said('get_observations', { ids: ['p1', 'o2'], project: 'ALL' })).toBe('Read texts of all projects: p1, o2');
  expect(said('why', { file: `a\u202E${'b'.repeat(500)}` })).toMatch(
    /^Find the sessions of this project that made a‹U\+202E›b{50,120}…$/,
  );
});

it('answers by the bundle of the server, for the folder of the window, and can be cancelled', async () => {
  offerToChat(parts);
  const { parts: answered } = await tool('search').invoke({ input: { query: 'kumquats' } }, token(true));
  expect(noted).toEqual(['search']);
  expect(answered).toMatchObject([{ value: 'kumquats /work/shop memory true' }]);
});

it('fails in words', async () => {
  offerToChat(parts);
  await expect(tool('search').invoke({ input: { query: 'fail' } }, token())).rejects.toThrow('it is not there');
  editor.folders = [];
  await expect(tool('search').invoke({ input: { query: 'x' } }, token())).rejects.toThrow('No folder is open');
});

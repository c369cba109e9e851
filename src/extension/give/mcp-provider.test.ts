import { afterEach, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { offerToEditor } from './mcp-provider';

interface Provider {
  resolveMcpServerDefinition(server: object): Promise<object | undefined>;
  provideMcpServerDefinitions(): { command: string; args: string[]; cwd?: { fsPath: string } }[];
}

const editor = vi.hoisted(() => ({
  lm: undefined as object | undefined,
  isAllowed: false,
  questions: 0,
  folders: [] as { uri: { scheme: string; fsPath: string } }[],
}));
vi.mock('vscode', () => ({
  get lm() {
    return editor.lm;
  },
  McpStdioServerDefinition: class {
    constructor(
      readonly label: string,
      readonly command: string,
      readonly args: string[],
      readonly env: object,
      readonly version: string,
    ) {}
  },
  Disposable: Object.assign(vi.fn(), { from: () => ({ dispose() {} }) }),
  EventEmitter: vi.fn(),
  l10n: { t: (text: string) => text },
  window: {
    showWarningMessage: async (_question: string, _options: object, yes: string) => {
      editor.questions++;
      return editor.isAllowed ? yes : undefined;
    },
  },
  workspace: {
    get workspaceFolders() {
      return editor.folders;
    },
    onDidChangeWorkspaceFolders: () => ({}),
  },
}));

const kept = new Map<string, unknown>();
const globalState = {
  get: (key: string) => kept.get(key),
  update: async (key: string, value: unknown) => void kept.set(key, value),
};
const parts = {
  extension: { globalState, extensionPath: '/ext', extension: { packageJSON: { version: '1.2.3' } } },
  memory: { dataDir: '/data' },
} as unknown as Parts;
afterEach(() => Object.assign(editor, { lm: undefined, folders: [] }));

it('asks nothing of an editor without such a list', () => {
  for (const lm of [undefined, {}]) {
    editor.lm = lm;
    expect(() => offerToEditor(parts)).not.toThrow();
  }
});

it('is a server for the folder of the window, and none without one on this disk', () => {
  const register = vi.fn<(id: string, provider: Provider) => object>(() => ({}));
  editor.lm = { registerMcpServerDefinitionProvider: register };
  offerToEditor(parts);
  const [id, provider] = register.mock.calls[0]!;
  expect(id).toBe('claudeMem.mcp');
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
  editor.folders = [{ uri: { scheme: 'vscode-vfs', fsPath: '/x' } }];
  expect(provider.provideMcpServerDefinitions()).toEqual([]);
  editor.folders = [{ uri: { scheme: 'file', fsPath: '/work/shop' } }];
  expect(provider.provideMcpServerDefinitions()).toMatchObject([
    { command: process.execPath, args: ['/ext/dist/mcp.cjs', '--data-dir', '/data'], cwd: { fsPath: '/work/shop' } },
  ]);
});

it('is started for a model only after a person allowed it; who said no is asked again after a reload only', async () => {
  const register = vi.fn<(id: string, provider: Provider) => object>(() => ({}));
  editor.lm = { registerMcpServerDefinitionProvider: register };
  offerToEditor(parts);
  const server = {};
  const [first] = register.mock.calls.map(([, provider]) => provider);
  expect(await first!.resolveMcpServerDefinition(server)).toBeUndefined();
  await expect(first!.resolveMcpServerDefinition(server)).rejects.toThrow('After a reload you are asked again');
  editor.isAllowed = true;
  offerToEditor(parts);
  const second = register.mock.calls[1]![1];
  expect(await second.resolveMcpServerDefinition(server)).toBe(server);
  expect(await second.resolveMcpServerDefinition(server)).toBe(server);
  expect(editor.questions).toBe(2);
});

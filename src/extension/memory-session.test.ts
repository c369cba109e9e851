import { beforeEach, describe, expect, it, vi } from 'vitest';
import type { OpenOptions } from '../keeper/connect';
import { defaultPolicy } from '../protocol/classes';
import { MemoryError } from '../protocol/errors';
import type { MemoryEvents } from '../protocol/memory-api';
import type { CaptureSettings } from '../protocol/questions/capture';
import type { ModelSettings } from '../protocol/questions/spend';
import type { CaptureState, MemoryStatus } from '../protocol/status';
import { MemorySession } from './memory-session';

/** The parts of the editor that a session uses. */
const editor = vi.hoisted(() => ({
  settings: {} as Record<string, unknown>,
  folders: [] as { uri: { scheme: string; fsPath: string; toString(): string } }[],
  contexts: new Map<string, unknown>(),
  changeSettings: () => {},
}));
vi.mock('vscode', () => ({
  EventEmitter: class {
    readonly #heard = new Set<(event: unknown) => void>();
    readonly event = (listener: (event: unknown) => void) => {
      this.#heard.add(listener);
      return { dispose: () => this.#heard.delete(listener) };
    };
    fire(event: unknown) {
      for (const listener of this.#heard) listener(event);
    }
    dispose() {
      this.#heard.clear();
    }
  },
  commands: {
    executeCommand: (_: string, key: string, value: unknown) => Promise.resolve(editor.contexts.set(key, value)),
  },
  l10n: { t: (text: string) => text },
  window: {},
  workspace: {
    isTrusted: true,
    get workspaceFolders() {
      return editor.folders;
    },
    getConfiguration: () => ({
      get: (id: string) => editor.settings[id],
      inspect: (id: string) => ({
        globalValue: editor.settings[id],
        workspaceValue: editor.settings[`workspace ${id}`],
      }),
    }),
    onDidChangeConfiguration: (listener: (event: { affectsConfiguration(): boolean }) => void) => {
      editor.changeSettings = () => listener({ affectsConfiguration: () => true });
      return { dispose: () => {} };
    },
    onDidChangeWorkspaceFolders: () => ({ dispose: () => {} }),
    onDidGrantWorkspaceTrust: () => ({ dispose: () => {} }),
  },
}));

const keeper = vi.hoisted(() => ({
  openings: 0,
  failure: undefined as Error | undefined,
  told: undefined as ((state: { isConnected: boolean; reason?: string }) => void) | undefined,
  configured: [] as CaptureSettings[],
  models: [] as ModelSettings[],
  modelFailure: undefined as Error | undefined,
  listeners: {} as { capture?: (state: CaptureState) => void; changed?: (event: MemoryEvents['changed']) => void },
}));
vi.mock('../keeper/connect', () => ({
  openMemory: (options: OpenOptions) => {
    keeper.openings += 1;
    keeper.told = (state) => options.onConnection?.(state);
    if (keeper.failure) return Promise.reject(keeper.failure);
    return Promise.resolve({
      on: (name: 'capture' | 'changed', listener: never) => (keeper.listeners[name] = listener),
      configure: (wish: CaptureSettings) => Promise.resolve(keeper.configured.push(wish)),
      configureModel: (wish: ModelSettings) =>
        keeper.modelFailure ? Promise.reject(keeper.modelFailure) : Promise.resolve(keeper.models.push(wish)),
      queue: () => Promise.resolve({ done: keeper.models.length }),
      status: (scope: unknown) => Promise.resolve({ capture: idle, learnings: 2, scope } as unknown as MemoryStatus),
      close: () => Promise.resolve(),
    });
  },
}));

const idle: CaptureState = { phase: 'idle', filesTotal: 0, filesDone: 0, bytesTotal: 0, bytesDone: 0, current: '' };
const log = { info: vi.fn(), warn: vi.fn(), error: vi.fn(), debug: vi.fn() };
const secrets = {
  kept: new Map<string, string>(),
  heard: (_: { key: string }) => {},
  get: (key: string) => Promise.resolve(secrets.kept.get(key)),
  onDidChange: (listener: (event: { key: string }) => void) => {
    secrets.heard = listener;
    return { dispose: () => {} };
  },
};
const globalState = {
  kept: new Map<string, unknown>(),
  get: (key: string, fallback?: unknown) => globalState.kept.get(key) ?? fallback,
  update: (key: string, value: unknown) => Promise.resolve(globalState.kept.set(key, value)),
};
const open = () =>
  new MemorySession(
    {
      globalStorageUri: { fsPath: '/data' },
      extension: { packageJSON: { version: '1.2.3' } },
      secrets,
      globalState,
    } as never,
    log as never,
  );
const folder = (path: string, scheme = 'file') => ({
  uri: { scheme, fsPath: path, toString: () => `${scheme}://${path}` },
});

beforeEach(() => {
  Object.assign(editor, { settings: {}, folders: [] });
  Object.assign(keeper, { openings: 0, failure: undefined, configured: [], models: [], modelFailure: undefined });
  secrets.kept.clear();
  globalState.kept.clear();
  editor.contexts.clear();
  vi.useRealTimers();
});

describe('opening', () => {
  it('opens once for everybody, and tells that memory is there', async () => {
    const session = open();
    const heard: unknown[] = [];
    session.onConnection((state) => heard.push(state));
    await Promise.all([session.client(), session.client()]);
    expect(keeper.openings).toBe(1);
    expect(heard).toEqual([{ isConnected: true }]);
    expect(editor.contexts.get('claudeMem.isReady')).toBe(true);
  });

  it('remembers a failure for two seconds, and says why in words', async () => {
    vi.useFakeTimers();
    keeper.failure = new MemoryError('locked', 'raw', { reason: 'read_only' });
    const session = open();
    await expect(session.client()).rejects.toThrow('raw');
    await expect(session.client()).rejects.toThrow('raw');
    expect(keeper.openings).toBe(1);
    expect(session.connection.reason).toMatch(/cannot be written/);
    vi.advanceTimersByTime(2_001);
    keeper.failure = undefined;
    await session.client();
    expect(keeper.openings).toBe(2);
    expect(session.connection).toEqual({ isConnected: true });
  });

  it('tries again by itself when what stands in the way may go away, until it is closed', async () => {
    vi.useFakeTimers();
    keeper.failure = new MemoryError('locked', 'raw', { reason: 'disk_full' });
    const session = open();
    session.start();
    await vi.advanceTimersByTimeAsync(10_001);
    expect(keeper.openings).toBe(2);
    expect(session.connection.reason).toMatch(/disk is full/);
    keeper.failure = undefined;
    await vi.advanceTimersByTimeAsync(10_001);
    expect(session.connection).toEqual({ isConnected: true });
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keeper.openings).toBe(3);
  });

  it.each([
    ['a newer memory', 'too_new'],
    ['a damaged file', 'corrupt'],
  ] as const)('does not try %s again by itself', async (_, code) => {
    vi.useFakeTimers();
    keeper.failure = new MemoryError(code, 'raw');
    open().start();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keeper.openings).toBe(1);
  });

  it('does not try again once it is closed', async () => {
    vi.useFakeTimers();
    keeper.failure = new MemoryError('locked', 'raw');
    const session = open();
    session.start();
    await vi.advanceTimersByTimeAsync(1);
    await session.close();
    await vi.advanceTimersByTimeAsync(60_000);
    expect(keeper.openings).toBe(1);
  });

  it('says a full disk in words', async () => {
    const session = open();
    const states: CaptureState[] = [];
    session.onCapture((state) => states.push(state));
    await session.client();
    keeper.listeners.capture?.({ ...idle, phase: 'error', reason: 'database or disk is full' });
    expect(states[0]?.reason).toMatch(/Make some room/);
  });

  it('answers nothing any more once it is closed', async () => {
    const session = open();
    await session.client();
    await session.close();
    await expect(session.client()).rejects.toMatchObject({ code: 'cancelled' });
    expect(keeper.openings).toBe(1);
  });
});

describe('configuring', () => {
  it('tells the wishes of the person and of the workspace apart', async () => {
    editor.folders = [folder('/work/a'), folder('/virtual', 'vscode-vfs')];
    editor.settings = {
      'claudeMem.exclude': ['mine'],
      'workspace claudeMem.exclude': ['theirs'],
      'claudeMem.configDir': '/conf',
      'claudeMem.capture.maxLineMegabytes': 2,
      'claudeMem.archive.enabled': false,
    };
    await open().client();
    const shared = { configDirs: ['/conf'], roots: ['/work/a'], maxLineBytes: 2 * 1024 * 1024, isArchiving: false };
    expect(keeper.configured).toEqual([
      {
        ...shared,
        source: 'user',
        exclude: ['mine'],
        care: {
          backupMaxBytes: 2_000_000_000,
          secondFolder: '',
          auditDays: 400,
          retentionDays: 0,
          classDays: {},
          retentionMaxBytes: 0,
        },
        classes: defaultPolicy,
        giveBar: 10,
        redaction: { patterns: [], words: [], kinds: [] },
      },
      { ...shared, source: 'workspace:file:///work/a', trustedRoots: ['/work/a'], exclude: ['theirs'] },
    ]);
  });

  it('tells again when a setting changes and when another keeper takes over', async () => {
    const session = open();
    await session.client();
    const changed = vi.fn();
    session.onWindowChanged(changed);
    editor.settings = { 'claudeMem.configDir': '/other' };
    editor.changeSettings();
    await vi.waitFor(() => expect(keeper.configured.at(-1)?.configDirs).toEqual(['/other']));
    expect(changed).toHaveBeenCalledOnce();
    const before = keeper.configured.length;
    keeper.told?.({ isConnected: false });
    expect(editor.contexts.get('claudeMem.isReady')).toBe(false);
    keeper.told?.({ isConnected: true });
    await vi.waitFor(() => expect(keeper.configured.length).toBe(before + 1));
  });

  it('notes a setting that makes no sense', () => {
    editor.settings = { 'claudeMem.configDir': 'relative' };
    expect(open().settings.configDir).toBe('');
    expect(log.warn).toHaveBeenCalledWith(expect.stringContaining('claudeMem.configDir'));
  });
});

describe('models', () => {
  const key = 'kept-where-secrets-are';
  const last = () => keeper.models.at(-1);

  it('are off until they are turned on, and no key is handed out before that', async () => {
    secrets.kept.set('claudeMem.apiKey', key);
    await open().client();
    expect(last()).toMatchObject({ isAllowed: false, isAutomatic: false, ceilings: { dayUsd: 0.5, monthUsd: 5 } });
    expect(JSON.stringify(keeper.models)).not.toContain(key);
  });

  it('get key and ceilings at connect, and again when another window sets or removes the key', async () => {
    editor.settings = {
      'claudeMem.model.enabled': true,
      'claudeMem.model.automatic': true,
      'claudeMem.model.dayUsd': 0.05,
      'claudeMem.model.fastModel': 'small-one',
    };
    secrets.kept.set('claudeMem.apiKey', key);
    const session = open();
    const told: { done: number }[] = [];
    session.onQueue((status) => told.push(status));
    await session.client();
    expect(last()).toMatchObject({
      isAllowed: true,
      isAutomatic: true,
      key,
      fastModel: 'small-one',
      ceilings: { dayUsd: 0.05 },
    });
    secrets.kept.clear();
    secrets.heard({ key: 'of.another.extension' });
    secrets.heard({ key: 'claudeMem.apiKey' });
    await vi.waitFor(() => expect(last()).not.toHaveProperty('key'));
    // The heads are told after the keeper knows, not before.
    await vi.waitFor(() => expect(told.at(-1)?.done).toBe(keeper.models.length));
    expect(keeper.models[0]?.source).toBe(last()?.source);
    expect(keeper.models[0]?.source).toMatch(/^window:[0-9a-f-]{36}$/);
  });

  it('that cannot be told about keep nobody from memory, and the key stays out of the log', async () => {
    editor.settings = { 'claudeMem.model.enabled': true };
    secrets.kept.set('claudeMem.apiKey', key);
    keeper.modelFailure = new MemoryError('internal', 'no models here');
    const session = open();
    await session.client();
    expect(session.connection).toEqual({ isConnected: true });
    expect(JSON.stringify([log.error.mock.calls, log.warn.mock.calls, log.info.mock.calls])).not.toContain(key);
  });
});

it('keeps for the next windows which steps of the walkthrough were done', () => {
  const session = open();
  session.noteStep('hasSearched');
  session.noteStep('hasSearched');
  session.noteStep('hasInserted');
  editor.contexts.clear();
  open();
  expect([...editor.contexts]).toEqual([
    ['claudeMem.hasSearched', true],
    ['claudeMem.hasInserted', true],
  ]);
});

it('turns capture and status into context keys', async () => {
  const session = open();
  const states: CaptureState[] = [];
  session.onCapture((state) => states.push(state));
  await session.client();
  keeper.listeners.capture?.({ ...idle, phase: 'paused' });
  expect(editor.contexts.get('claudeMem.isPaused')).toBe(true);
  keeper.listeners.capture?.({ ...idle, phase: 'importing' });
  expect(editor.contexts.get('claudeMem.isImporting')).toBe(true);
  expect(states.map(({ phase }) => phase)).toEqual(['paused', 'importing']);
  await session.status(session.scopeOf(false));
  expect(editor.contexts.get('claudeMem.hasLearnings')).toBe(true);
  expect(editor.contexts.get('claudeMem.isImporting')).toBe(false);
});

/** Nothing is sent before a person confirmed anything; then what was edited is, the newest text last, and no checkout. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import type { Contradiction } from '../../protocol/watch';
import type { Log } from '../log';
import type { MemorySession } from '../memory-session';
import { DecisionWatch } from './watcher';

type Listener = (event: never) => void;
const editor = vi.hoisted(() => ({
  listeners: {} as Record<string, Listener>,
  documents: [] as { uri: { toString: () => string }; getText: () => string }[],
  marks: new Map<string, unknown[]>(),
  isFollowing: false,
  disk: {} as Record<string, Listener>,
}));
const uriOf = (path: string) => ({ scheme: 'file', fsPath: path, toString: () => `file://${path}` });
vi.mock('vscode', () => {
  const nothing = { dispose() {} };
  const on = (name: string) => (listener: Listener) => ((editor.listeners[name] = listener), nothing);
  return {
    Diagnostic: vi.fn(),
    DiagnosticSeverity: { Information: 2 },
    Disposable: { from: () => nothing },
    Range: vi.fn(),
    Uri: { parse: (text: string) => uriOf(text.slice('file://'.length)) },
    l10n: { t: (text: string) => text },
    languages: {
      createDiagnosticCollection: () => ({
        set: (uri: { toString: () => string }, marks: unknown[]) => editor.marks.set(uri.toString(), marks),
        delete: (uri: { toString: () => string }) => editor.marks.delete(uri.toString()),
        clear: () => editor.marks.clear(),
      }),
    },
    workspace: {
      get textDocuments() {
        return editor.documents;
      },
      getWorkspaceFolder: () => ({ uri: uriOf('/work/shop') }),
      onDidOpenTextDocument: on('open'),
      onDidSaveTextDocument: on('save'),
      onDidChangeTextDocument: on('change'),
      onDidDeleteFiles: on('delete'),
      createFileSystemWatcher() {
        editor.isFollowing = true;
        const onDisk = (name: string) => (listener: Listener) => void (editor.disk[name] = listener);
        return {
          onDidCreate: onDisk('create'),
          onDidChange: onDisk('change'),
          onDidDelete: onDisk('delete'),
          dispose: () => (editor.isFollowing = false),
        };
      },
    },
  };
});
vi.mock('node:fs/promises', () => ({ stat: async () => ({ size: 4 }), readFile: async () => 'disk' }));

const found = [
  { watch: { learning: { title: 'x' }, predicate: { kind: 'text', subject: 'x', instead: '', files: '' } } },
];
let on: number;
let isOn: boolean;
let sent: string[];
let changed: (event: { learnings: boolean; isReset: boolean }) => void;
let watch: DecisionWatch;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(editor, { documents: [], marks: new Map(), isFollowing: false });
  [on, isOn, sent] = [1, true, []];
  const memory = {
    get settings() {
      return { watch: isOn };
    },
    connection: { isConnected: true },
    scopeOf: () => ({ roots: ['/work/shop'] }),
    onChanged: (listener: typeof changed) => void (changed = listener),
    onWindowChanged: () => undefined,
    onConnection: () => undefined,
    client: async () => ({
      watches: async () => Array.from({ length: on }, () => ({})),
      async contradictions({ text }: { text: string }) {
        sent.push(text);
        return (text.includes('good') ? [] : found) as unknown as Contradiction[];
      },
    }),
  };
  watch = new DecisionWatch(memory as unknown as MemorySession, { error() {}, debug() {} } as unknown as Log);
});
afterEach(() => {
  watch.dispose();
  vi.useRealTimers();
});

function open(name: string, text: string) {
  const document = { uri: uriOf(`/work/shop/${name}`), getText: () => text };
  editor.documents = [...editor.documents.filter(({ uri }) => uri.toString() !== document.uri.toString()), document];
  return document as never;
}
const rest = () => vi.advanceTimersByTimeAsync(1_000);

it('sends nothing while nothing is confirmed, or while it is off', async () => {
  on = 0;
  editor.listeners['open']!(open('a.ts', 'bad'));
  await rest();
  expect([sent, editor.isFollowing]).toEqual([[], false]);
  [on, isOn] = [1, false];
  changed({ learnings: true, isReset: false });
  await rest();
  expect([sent, editor.isFollowing]).toEqual([[], false]);
});

it('marks a document, and clears the mark when it is edited and when it is switched off', async () => {
  editor.listeners['open']!(open('a.ts', 'bad'));
  await rest();
  expect([editor.marks.size, editor.isFollowing]).toEqual([1, true]);
  editor.listeners['change']!({ document: open('a.ts', 'good') } as never);
  await rest();
  expect(editor.marks.size).toBe(0);
  editor.listeners['save']!(open('a.ts', 'bad'));
  await rest();
  expect(editor.marks.size).toBe(1);
  on = 0;
  changed({ learnings: true, isReset: false });
  await rest();
  expect([editor.marks.size, editor.isFollowing]).toEqual([0, false]);
});

it('looks again when what is confirmed changed, and not when other learnings did', async () => {
  editor.listeners['open']!(open('a.ts', 'bad'));
  await rest();
  changed({ learnings: true, isReset: false });
  await rest();
  expect(sent).toEqual(['bad']);
  on = 2;
  changed({ learnings: true, isReset: false });
  await rest();
  expect(sent).toEqual(['bad', 'bad']);
});

it('waits until nobody types, and sends the last text once', async () => {
  for (const text of ['b', 'ba', 'bad']) editor.listeners['change']!({ document: open('a.ts', text) } as never);
  await rest();
  expect(sent).toEqual(['bad']);
});

it('looks at files that changed on the disk, but not at a checkout', async () => {
  changed({ learnings: true, isReset: false });
  await rest();
  editor.disk['change']!(uriOf('/work/shop/b.ts') as never);
  await rest();
  expect(sent).toEqual(['disk']);
  expect([...editor.marks.keys()]).toEqual(['file:///work/shop/b.ts']);
  for (let file = 0; file < 60; file++) editor.disk['create']!(uriOf(`/work/shop/${file}.ts`) as never);
  await rest();
  expect(sent).toEqual(['disk']);
  editor.disk['delete']!(uriOf('/work/shop/b.ts') as never);
  expect(editor.marks.size).toBe(0);
});

/** A session is named and pinned by a person, who can take both back. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { Parts } from '../parts';
import { pinSession, renameSession } from './name';

const editor = vi.hoisted(() => ({
  typed: undefined as string | undefined,
  asked: undefined as
    | { value: string; prompt: string; validateInput: (text: string) => string | undefined }
    | undefined,
  told: [] as string[],
  chosen: undefined as string | undefined,
}));
vi.mock('vscode', () => ({
  ProgressLocation: {},
  QuickPickItemKind: {},
  env: { language: 'en' },
  l10n: { t: (text: string, ...values: unknown[]) => text.replace('{0}', String(values[0])) },
  window: {
    showInputBox: async (options: typeof editor.asked) => {
      editor.asked = options;
      return editor.typed;
    },
    showInformationMessage: async (text: string) => {
      editor.told.push(text);
      return editor.chosen;
    },
  },
}));

let session: { title: string; ownTitle?: string };
const calls: unknown[][] = [];
const parts = {
  memory: {
    client: async () => ({
      getSession: async () => session,
      renameSession: async (...args: string[]) => (calls.push(['rename', ...args]), args[1]!.trim()),
      setPinned: async (...args: unknown[]) => void calls.push(['pin', ...args]),
    }),
  },
} as unknown as Parts;

beforeEach(() => {
  session = { title: 'Told' };
  calls.length = 0;
  Object.assign(editor, { typed: undefined, asked: undefined, told: [], chosen: undefined });
});

it('is asked with the title it has, and a name that is too long is told while it is typed', async () => {
  await renameSession(parts, 's1');
  expect(editor.asked?.value).toBe('Told');
  expect(editor.asked?.validateInput('x'.repeat(201))).toBe('At most 200 letters.');
  expect(editor.asked?.validateInput('x'.repeat(200))).toBeUndefined();
});

it.each([
  ['nothing when it is cancelled', undefined],
  ['nothing when it stays as it is', ' Told '],
  ['nothing when it was empty and had no name', ''],
])('changes %s', async (_, typed) => {
  editor.typed = typed;
  await renameSession(parts, 's1');
  expect(editor.told).toEqual([]);
});

it('gets a name, which Undo takes away', async () => {
  Object.assign(editor, { typed: 'Mine', chosen: 'Undo' });
  await renameSession(parts, 's1');
  await vi.waitFor(() =>
    expect(calls).toEqual([
      ['rename', 's1', 'Mine'],
      ['rename', 's1', ''],
    ]),
  );
  expect(editor.told).toEqual(['Renamed: Mine']);
});

it.each(['', 'Told'])('with a name gets its old title back by %j, and the name again by Undo', async (typed) => {
  session = { title: 'Mine', ownTitle: 'Told' };
  Object.assign(editor, { typed, chosen: 'Undo' });
  await renameSession(parts, 's1');
  await vi.waitFor(() =>
    expect(calls).toEqual([
      ['rename', 's1', ''],
      ['rename', 's1', 'Mine'],
    ]),
  );
  expect(editor.asked?.prompt).toContain('Told');
  expect(editor.told).toEqual(['The session has its old title again.']);
});

it.each([true, false])('is pinned (%s), and Undo turns it around', async (isPinned) => {
  editor.chosen = 'Undo';
  await pinSession(parts, 's1', isPinned);
  await vi.waitFor(() =>
    expect(calls).toEqual([
      ['pin', 's1', isPinned],
      ['pin', 's1', !isPinned],
    ]),
  );
});

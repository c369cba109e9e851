/** Taking memory elsewhere in the editor: what is asked, what is said before, and that nothing comes unasked. */
import { beforeEach, expect, it, vi } from 'vitest';
import type { ClassesLeft } from '../../protocol/classes';
import type { MemoryImportPreview, Restriction } from '../../protocol/portable';
import type { Parts } from '../parts';
import { exportMemory } from './export';
import { importMemory } from './import';
import { restrictProcessing } from './restrict';

const editor = vi.hoisted(() => ({
  picks: [] as string[][],
  pick: [] as number[],
  folder: '/somewhere' as string | undefined,
  isSure: true,
  typed: '30' as string | undefined,
  questions: [] as string[],
  notices: [] as string[],
}));
vi.mock('vscode', () => ({
  env: { language: 'en' },
  ProgressLocation: { Notification: 15 },
  Uri: { file: (fsPath: string) => ({ fsPath }), joinPath: () => undefined },
  commands: { executeCommand: () => Promise.resolve() },
  workspace: { workspaceFolders: undefined },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showQuickPick: (items: { label: string }[]) => {
      editor.picks.push(items.map(({ label }) => label));
      return Promise.resolve(items[editor.pick.shift() ?? -1]);
    },
    showInputBox: ({ validateInput }: { validateInput: (text: string) => string | null }) => {
      editor.questions.push(['0', '91', 'x', '90'].map((text) => validateInput(text) ?? 'fine').join('; '));
      return Promise.resolve(editor.typed);
    },
    showOpenDialog: () => Promise.resolve(editor.folder === undefined ? undefined : [{ fsPath: editor.folder }]),
    showWarningMessage: (question: string, { detail }: { detail: string }, yes: string) => {
      editor.questions.push(`${question}\n${detail}`);
      return Promise.resolve(editor.isSure ? yes : undefined);
    },
    showInformationMessage: (text: string) => {
      editor.notices.push(text);
      return Promise.resolve(undefined);
    },
    setStatusBarMessage: (text: string) => void editor.notices.push(text),
    withProgress: (_: unknown, work: (progress: unknown, token: unknown) => unknown) =>
      work({ report: () => {} }, { onCancellationRequested: () => {} }),
  },
}));

const preview: MemoryImportPreview = {
  at: Date.UTC(2026, 10, 20),
  what: 'everything',
  records: 12,
  bytes: 4_096,
  projects: [
    { name: 'shop', root: '/w/shop', sessions: 3, isNew: true },
    { name: 'garden', root: '/w/garden', sessions: 1, isNew: false },
  ],
  added: { sessions: 4, prompts: 8, evidence: 2 },
  changed: { learnings: 1 },
  skipped: { forgotten: { sessions: 2 }, known: { prompts: 5 } },
};

let asked: unknown[];
let restrictions: Restriction[];
let shown: MemoryImportPreview;
let left: ClassesLeft;
beforeEach(() => {
  left = { upTo: 'sensitive', rows: 0, sessions: 0, learnings: 0 };
  Object.assign(editor, { picks: [], pick: [], folder: '/somewhere', isSure: true, typed: '30' });
  Object.assign(editor, { questions: [], notices: [] });
  asked = [];
  restrictions = [];
  shown = preview;
});

function parts(): Parts {
  const client = {
    on: () => () => {},
    projects: async () => [{ id: 7, name: 'shop', root: '/w/shop', sessions: 3, lastAt: 1 }],
    previewExport: async ({ upTo }: { upTo?: string }) =>
      upTo === undefined ? left : { ...left, rows: 0, highest: undefined },
    exportMemory: async ({ requestId: _, ...request }: { requestId: string }) => {
      asked.push(request);
      return { folder: '/somewhere/export', counts: { sessions: 3 }, bytes: 5_000, files: 22 };
    },
    previewMemoryImport: async () => shown,
    importMemory: async (_: string, path: string) => {
      asked.push(path);
      return { ...shown, redactions: 1 };
    },
    restrictions: async () => restrictions,
    restrictProcessing: async (until: number, project?: number) => {
      asked.push([Math.round((until - Date.now()) / 86_400_000), project]);
      return [{ id: 1, from: 0, until: 1 }];
    },
    liftRestriction: async (id: number) => {
      asked.push(id);
      return [];
    },
  };
  return { memory: { client: async () => client } } as unknown as Parts;
}

it('exports a project in the form and to the folder that were chosen', async () => {
  editor.pick = [1, 0, 1];
  await exportMemory(parts());
  expect(asked).toEqual([{ projectIds: [7], format: 'csv', folder: '/somewhere' }]);
  expect(editor.notices.join()).toContain('/somewhere/export');
});

it('says before what stays because of its class, and takes what is confidential along when asked', async () => {
  left = { upTo: 'sensitive', rows: 7, sessions: 0, learnings: 0, highest: 'confidential' };
  editor.pick = [0, 1, 0];
  await exportMemory(parts());
  expect(editor.picks[1]).toEqual(['$(shield) Without it', '$(unlock) With what is confidential']);
  expect(asked).toMatchObject([{ upTo: 'confidential' }]);
});

it('exports nothing when a question is not answered', async () => {
  editor.pick = [0];
  await exportMemory(parts());
  editor.pick = [0, 0];
  editor.folder = undefined;
  await exportMemory(parts());
  expect(asked).toEqual([]);
});

it('says before an import what comes, from which projects, and what does not and why', async () => {
  editor.pick = [0];
  await importMemory(parts());
  const [question = ''] = editor.questions;
  for (const part of [
    'shop (new here): 3',
    'garden: 1',
    'sessions 4, messages 8, other records 2',
    'forgotten here: sessions 2',
  ])
    expect(question).toContain(part);
  expect(asked).toEqual(['/somewhere']);
});

it('imports nothing that was not confirmed, and asks nothing when nothing would come', async () => {
  editor.pick = [0];
  editor.isSure = false;
  await importMemory(parts());
  editor.pick = [1];
  shown = { ...preview, added: {}, changed: {} };
  await importMemory(parts());
  expect(asked).toEqual([]);
  expect(editor.notices).toEqual(['All of it is in memory already, or is not wanted here.']);
});

it('restricts for days that are allowed, and lifts what is restricted', async () => {
  editor.pick = [1];
  await restrictProcessing(parts());
  expect(editor.questions).toEqual(['A number from 1 to 90; A number from 1 to 90; A number from 1 to 90; fine']);
  restrictions = [{ id: 4, from: 0, until: 1, project: { id: 7, name: 'shop', root: '/w/shop' } }];
  editor.pick = [0];
  await restrictProcessing(parts());
  expect(asked).toEqual([[30, undefined], 4]);
});

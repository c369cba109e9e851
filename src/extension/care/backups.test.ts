/** Backup dialogs: nothing happens without confirmation, and restore works when no keeper can open the memory. */
import { mkdtempSync, readFileSync, rmSync, existsSync, mkdirSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { BackupInfo, CareOutcome } from '../../protocol/care';
import { MemoryError } from '../../protocol/errors';
import type { Parts } from '../parts';
import { repairMemory, restoreSomeBackup } from './backups';

const editor = vi.hoisted(() => ({
  picks: [] as { label: string; description?: string }[][],
  pick: 0,
  answer: undefined as string | undefined,
  questions: [] as string[],
  notices: [] as string[],
}));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  env: { language: 'en' },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showQuickPick: (items: { label: string }[]) => {
      editor.picks.push(items);
      return Promise.resolve(items[editor.pick]);
    },
    showWarningMessage: (question: string) => {
      editor.questions.push(question);
      return Promise.resolve(editor.answer);
    },
    showInformationMessage: (text: string) => Promise.resolve(void editor.notices.push(text)),
    setStatusBarMessage: (text: string) => void editor.notices.push(text),
    withProgress: (_: unknown, work: () => Promise<unknown>) => work(),
  },
}));

const info: BackupInfo = {
  name: 'b1',
  kind: 'manual',
  at: Date.now() - 3_600_000,
  bytes: 5e6,
  plainBytes: 2e7,
  schemaVersion: 1,
  extensionVersion: '1',
  counts: { sessions: 3, prompts: 4, observations: 5, learnings: 6 },
};
let dataDir: string;
let asked: unknown[];
let failure: MemoryError | undefined;
let isConnected: boolean;
let outcome: Partial<CareOutcome>;
const marker = () => path.join(dataDir, 'next-open.json');

function parts(): Parts {
  const answer = (...args: unknown[]): Promise<CareOutcome> => {
    asked.push(args[0]);
    return Promise.resolve({
      requestId: '',
      kind: 'repair',
      at: 0,
      isDone: true,
      learningsKept: 2,
      rowsSaved: { sessions: 3, learnings: 6 },
      ...outcome,
    });
  };
  const client = () =>
    failure ? Promise.reject(failure) : Promise.resolve({ restoreBackup: answer, repair: answer, undoRestore: answer });
  const retry = () => {
    failure = undefined;
    return client();
  };
  return { memory: { dataDir, client, retry, connection: { isConnected } } } as unknown as Parts;
}

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'claude-mem-flows-'));
  mkdirSync(path.join(dataDir, 'backups'));
  writeFileSync(path.join(dataDir, 'backups/b1.json'), JSON.stringify(info));
  Object.assign(editor, { picks: [], pick: 0, answer: undefined, questions: [], notices: [] });
  asked = [];
  outcome = {};
  failure = undefined;
  isConnected = true;
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('restoring', () => {
  it('asks first, and a no changes nothing', async () => {
    await restoreSomeBackup(parts());
    expect(editor.picks[0]?.map(({ description }) => description)).toEqual([
      expect.stringContaining('made by hand'),
      undefined,
    ]);
    expect(editor.questions).toEqual(['Restore the memory?']);
    expect(asked).toEqual([]);
  });

  it('restores what was chosen and says what was kept', async () => {
    editor.answer = 'Restore';
    await restoreSomeBackup(parts());
    expect(asked).toEqual([{ requestId: expect.any(String) as string, name: 'b1' }]);
    expect(editor.notices).toEqual(['$(check) Memory restored. Learnings kept: 2']);
  });

  it('offers to undo the last one', async () => {
    writeFileSync(path.join(dataDir, 'memory.before-restore.db'), '');
    editor.answer = 'Undo Restore';
    await restoreSomeBackup(parts());
    expect(editor.picks[0]?.[0]?.label).toBe('$(discard) Undo the last restore');
    expect([editor.questions, editor.notices]).toEqual([
      ['Undo the last restore?'],
      ['$(check) The restore is undone.'],
    ]);
    expect(asked).toEqual([expect.any(String)]);
  });

  it('that was not done is told as a problem', async () => {
    editor.answer = 'Restore';
    outcome = { isDone: false, reason: 'The backup is damaged.' };
    await expect(restoreSomeBackup(parts())).rejects.toThrow('The backup is damaged.');
  });
});

describe('a memory that cannot be opened', () => {
  it('is repaired by the keeper that opens next', async () => {
    editor.answer = 'Repair';
    isConnected = false;
    failure = new MemoryError('corrupt', 'x');
    await repairMemory(parts());
    expect(JSON.parse(readFileSync(marker(), 'utf8'))).toMatchObject({ kind: 'repair', requestId: asked[0] });
    expect(editor.notices).toEqual(['Memory repaired. Sessions: 3, learnings: 6']);
  });

  it('for another reason is left alone', async () => {
    editor.answer = 'Repair';
    isConnected = false;
    failure = new MemoryError('locked', 'x');
    await expect(repairMemory(parts())).rejects.toMatchObject({ code: 'locked' });
    expect(existsSync(marker())).toBe(false);
  });

  it('is not meant by a damaged backup', async () => {
    editor.answer = 'Repair';
    failure = new MemoryError('corrupt', 'the backup');
    await expect(repairMemory(parts())).rejects.toMatchObject({ code: 'corrupt' });
    expect(existsSync(marker())).toBe(false);
  });
});

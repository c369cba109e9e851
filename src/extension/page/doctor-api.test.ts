/** Requests of the Doctor work without a memory, and only for the Doctor. */
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { remedies } from '../../protocol/care';
import type { BackupInfo, Remedy } from '../../protocol/care';
import { MemoryError } from '../../protocol/errors';
import type { FileLedger } from '../../protocol/status';
import { applyRemedy, remedyLabels } from '../care/remedies';
import type { Parts } from '../parts';
import { createDoctorApi } from './doctor-api';

const editor = vi.hoisted(() => ({ commands: [] as string[], copied: '', answer: undefined as string | undefined }));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  UIKind: { Desktop: 1, Web: 2 },
  Uri: { file: (file: string) => file },
  env: {
    language: 'en',
    uiKind: 2,
    clipboard: { writeText: (text: string) => Promise.resolve(void (editor.copied = text)) },
  },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  commands: { executeCommand: (id: string) => Promise.resolve(void editor.commands.push(id)) },
  window: {
    showWarningMessage: () => Promise.resolve(editor.answer),
    showQuickPick: (items: unknown[]) => Promise.resolve(items[0]),
    showInformationMessage: () => Promise.resolve(undefined),
    setStatusBarMessage: () => {},
    withProgress: (_: unknown, work: () => Promise<unknown>) => work(),
  },
}));

const info: BackupInfo = {
  name: 'b1',
  kind: 'manual',
  at: 1,
  bytes: 5e6,
  plainBytes: 2e7,
  schemaVersion: 1,
  extensionVersion: '1',
  counts: { sessions: 3, prompts: 4, observations: 5, learnings: 6 },
};
const outcome = {
  requestId: '',
  kind: 'repair',
  at: 0,
  isDone: true,
  learningsKept: 2,
  rowsSaved: { sessions: 3, learnings: 6 },
};
const file = (name: string, ledger: Partial<FileLedger> = {}): FileLedger => ({
  path: name,
  sessionId: name,
  kind: 'main',
  bytesSeen: 100,
  bytesStored: 100,
  bytesSkipped: {},
  linesSkipped: {},
  redactions: 0,
  isGone: false,
  ...ledger,
});
let dataDir: string;
let asked: string[];
let failure: MemoryError | undefined;
let ledgers: Record<string, { items: FileLedger[]; next?: string }>;

function parts(): Parts {
  const note =
    <T>(name: string, answer: T) =>
    (...args: unknown[]) => {
      asked.push([name, ...args.filter((arg) => typeof arg === 'string' && !/-.*-.*-/.test(arg))].join(' '));
      return Promise.resolve(answer);
    };
  const client = {
    diagnose: note('diagnose', { at: 1, findings: [], report: '' }),
    listBackups: note('listBackups', [info]),
    status: note('status', { sizes: { database: 1 } }),
    backUp: note('backUp', info),
    restoreBackup: note('restoreBackup', outcome),
    undoRestore: note('undoRestore', outcome),
    repair: note('repair', outcome),
    rebuildIndex: note('rebuildIndex', undefined),
    compact: note('compact', { bytesBefore: 3 << 20, bytesAfter: 1 << 20 }),
    setPaused: note('setPaused', undefined),
    importNow: note('importNow', { isComplete: true, sessions: 1 }),
    ledger: (cursor = '') => Promise.resolve(ledgers[cursor] ?? { items: [] }),
  };
  const open = () => (failure ? Promise.reject(failure) : Promise.resolve(client));
  const log = { error: () => {}, info: () => {}, debug: () => {}, show: () => {} };
  return { log, memory: { dataDir, client: open, retry: open, connection: { isConnected: true } } } as unknown as Parts;
}
const doctor = () => createDoctorApi(parts());

beforeEach(() => {
  dataDir = mkdtempSync(path.join(tmpdir(), 'claude-mem-doctor-'));
  mkdirSync(path.join(dataDir, 'backups'));
  writeFileSync(path.join(dataDir, 'backups/b1.json'), JSON.stringify(info));
  Object.assign(editor, { commands: [], copied: '', answer: 'Restore' });
  asked = [];
  failure = undefined;
  ledgers = {};
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('an examination', () => {
  it('is diagnosis, backups, sizes and the words of all buttons', async () => {
    const found = await doctor().examine();
    expect(found).toMatchObject({
      diagnosis: { findings: [] },
      backups: [info],
      sizes: { database: 1 },
      hasUndo: false,
    });
    expect(Object.keys(found.labels).toSorted()).toEqual([...remedies].toSorted());
    writeFileSync(path.join(dataDir, 'memory.before-restore.db'), '');
    expect((await doctor().examine()).hasUndo).toBe(true);
  });

  it.each<[MemoryError, string, RegExp, Remedy[]]>([
    [
      new MemoryError('corrupt', 'page 7 of /home/ada/x'),
      'store.open',
      /damaged/,
      ['repair', 'restore_backup', 'show_log', 'reload_window'],
    ],
    [new MemoryError('too_new', 'x'), 'store.open', /newer version/, ['restore_backup', 'show_log', 'reload_window']],
    [new MemoryError('locked', 'x'), 'lock.open', /Another program/, ['show_log', 'reload_window']],
    [
      new MemoryError('internal', 'x', { reason: 'read_only' }),
      'disk.open',
      /cannot be written/,
      ['show_log', 'reload_window'],
    ],
    [
      new MemoryError('locked', 'x', { reason: 'other_host' }),
      'lock.open',
      /Another computer/,
      ['show_log', 'reload_window'],
    ],
  ])('of a memory that cannot be opened says why: %s', async (error, id, sentence, offered) => {
    failure = error;
    const { diagnosis, backups, sizes } = await doctor().examine();
    expect(diagnosis.findings).toEqual([expect.objectContaining({ id, level: 'error', remedies: offered })]);
    expect(diagnosis.findings[0]?.args[0]).toMatch(sentence);
    expect(diagnosis.report).not.toContain('/home');
    expect(backups).toEqual([info]);
    expect(sizes).toBeUndefined();
  });

  it('offers no backup where there is none', async () => {
    failure = new MemoryError('corrupt', 'x');
    rmSync(path.join(dataDir, 'backups'), { recursive: true });
    expect((await doctor().examine()).diagnosis.findings[0]?.remedies).toEqual(['repair', 'show_log', 'reload_window']);
  });
});

describe('every remedy', () => {
  it.each<[Remedy, string[], RegExp | '']>([
    ['back_up', ['backUp'], /backed up: 5 MB/],
    ['restore_backup', ['restoreBackup'], /Learnings kept: 2/],
    ['rebuild_index', ['rebuildIndex'], /made anew/],
    ['compact', ['compact'], /Given back to the disk: 2.1 MB/],
    ['import_now', ['importNow'], /have been read/],
    ['resume_capture', ['setPaused'], /goes on/],
    ['open_folder', [], /path was copied/],
    ['show_log', ['claudeMem.showLog'], ''],
    ['open_settings', ['claudeMem.openSettings'], ''],
    ['reload_window', ['workbench.action.reloadWindow'], ''],
    ['export_memory', ['claudeMem.exportMemory'], ''],
    ['import_memory', ['claudeMem.importMemory'], ''],
    ['erase_matching', ['claudeMem.eraseMatching'], ''],
    ['erase_range', ['claudeMem.eraseRange'], ''],
    ['show_forgotten', ['claudeMem.showForgotten'], ''],
    ['show_receipts', ['claudeMem.showReceipts'], ''],
    ['show_audit', ['claudeMem.showAudit'], ''],
  ])('%s does what its button says', async (remedy, expected, words) => {
    const told = await applyRemedy(parts(), remedy);
    expect([...asked, ...editor.commands]).toEqual(expected);
    expect(told).toMatch(words === '' ? /^$/ : words);
  });

  it('undo_restore asks first', async () => {
    expect(await applyRemedy(parts(), 'undo_restore')).toBe('');
    expect(asked).toEqual([]);
    editor.answer = 'Undo Restore';
    expect(await applyRemedy(parts(), 'undo_restore')).toBe('The restore is undone.');
    expect(asked).toEqual(['undoRestore']);
  });

  it('repair asks first', async () => {
    expect(await applyRemedy(parts(), 'repair')).toBe('');
    expect(asked).toEqual([]);
    editor.answer = 'Repair';
    expect(await applyRemedy(parts(), 'repair')).toBe('Memory repaired. Sessions: 3, learnings: 6');
  });

  it('has words of its own', () => {
    const labels = Object.values(remedyLabels());
    expect(new Set(labels).size).toBe(remedies.length);
    expect(labels.filter((label) => label.trim() === '')).toEqual([]);
  });
});

describe('one backup', () => {
  it('is restored after a yes, and not without', async () => {
    editor.answer = undefined;
    expect(await doctor().restoreBackup('b1')).toBe('');
    expect(asked).toEqual([]);
    editor.answer = 'Restore';
    expect(await doctor().restoreBackup('b1')).toBe('Memory restored. Learnings kept: 2');
    expect(asked).toEqual(['restoreBackup']);
  });
});

describe('the ledger', () => {
  it('passes over pages on which every file adds up, and puts what is missing first', async () => {
    ledgers = {
      '': { items: [file('a'), file('b')], next: 'b' },
      b: {
        items: [file('c', { bytesStored: 40, bytesSkipped: { noise: 60 } }), file('d'), file('e', { bytesStored: 90 })],
        next: 'e',
      },
      e: { items: [file('f')] },
    };
    const first = await doctor().listUneven();
    expect(first.items.map(({ path: name }) => name)).toEqual(['e', 'c']);
    expect(first.next).toBe('e');
    expect(await doctor().listUneven('e')).toEqual({ items: [] });
  });
});

/** Giving memory to Claude Code: shown first, written on a yes, taken back, and seen by the Doctor. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { hookGroups } from '../../hook/install/launcher';
import type { Parts } from '../parts';
import { examineHooks, giveMemory, refreshHooks, stopGiving } from './hooks';

const editor = vi.hoisted(() => ({
  detail: '',
  told: [] as string[],
  opened: [] as string[],
  answer: '' as string | undefined,
}));
vi.mock('vscode', () => ({
  Uri: { file: (file: string) => file },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  workspace: { openTextDocument: (file: string) => Promise.resolve(file) },
  window: {
    showTextDocument: (file: string) => Promise.resolve(void editor.opened.push(file)),
    showInformationMessage: (text: string) => Promise.resolve(void editor.told.push(text)),
    showWarningMessage: (_: string, { detail }: { detail: string }) => {
      editor.detail = detail;
      return Promise.resolve(editor.answer);
    },
  },
}));

let folder: string;
let settingsFile: string;
let dataDir: string;
const settings = '{"model":"opus"}';
const parts = (): Parts =>
  ({
    memory: { dataDir, configDirs: [path.join(folder, 'config')] },
    extension: { extensionUri: { fsPath: path.join(folder, 'extensions/claude-mem-1') } },
    log: { info: () => {}, error: () => {}, warn: () => {}, debug: () => {} },
  }) as unknown as Parts;

beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-give-'));
  dataDir = path.join(folder, 'data');
  settingsFile = path.join(folder, 'config/settings.json');
  for (const name of ['config', 'data', 'extensions/claude-mem-1/dist'])
    mkdirSync(path.join(folder, name), { recursive: true });
  writeFileSync(path.join(folder, 'extensions/claude-mem-1/dist/hook.cjs'), 'program');
  writeFileSync(settingsFile, settings);
  Object.assign(editor, { detail: '', told: [], opened: [], answer: 'Add Hooks' });
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('shows what goes where before it writes, and writes nothing without a yes', async () => {
  editor.answer = undefined;
  await giveMemory(parts());
  expect(editor.detail).toContain(settingsFile);
  expect(editor.detail).toContain(dataDir);
  for (const { hooks } of Object.values(hookGroups({ dataDir, platform: process.platform })))
    expect(editor.detail).toContain(hooks[0]?.command);
  expect(readFileSync(settingsFile, 'utf8')).toBe(settings);
  expect(existsSync(path.join(dataDir, 'hooks'))).toBe(false);
});

it('adds the hooks, is seen by the Doctor, and takes them back', async () => {
  expect((await examineHooks(parts()))?.id).toBe('hooks.absent');
  await giveMemory(parts());
  expect((await examineHooks(parts()))?.id).toBe('hooks.installed');
  editor.detail = '';
  await giveMemory(parts());
  expect(editor.detail).toBe('');
  expect(editor.told.at(-1)).toMatch(/already/);
  await stopGiving(parts());
  expect(readFileSync(settingsFile, 'utf8')).toBe(settings);
  expect((await examineHooks(parts()))?.id).toBe('hooks.absent');
  await stopGiving(parts());
  expect(editor.told.at(-1)).toMatch(/was given no memory/);
});

it('opens broken settings, so that they can be mended, and leaves them alone', async () => {
  writeFileSync(settingsFile, '{"a": 1,}');
  await expect(giveMemory(parts())).rejects.toMatchObject({ data: { reason: 'broken_settings', line: 1, column: 9 } });
  expect(editor.opened).toEqual([settingsFile]);
  await expect(stopGiving(parts())).rejects.toMatchObject({ code: 'invalid_input' });
  expect(readFileSync(settingsFile, 'utf8')).toBe('{"a": 1,}');
});

it('an update of the extension reaches the launcher, and is no error where there is none', async () => {
  await refreshHooks(parts());
  expect(existsSync(path.join(dataDir, 'hooks'))).toBe(false);
  await giveMemory(parts());
  writeFileSync(path.join(folder, 'extensions/claude-mem-1/dist/hook.cjs'), 'newer program');
  await refreshHooks(parts());
  expect(readFileSync(path.join(dataDir, 'hooks/hook.cjs'), 'utf8')).toBe('newer program');
});

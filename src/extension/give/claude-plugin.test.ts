/** The plugin, with a stand-in for Claude Code's program: what is shown is run, and what it replaces is taken out. */
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { installHooks, settingsFileOf } from '../../hook/install/install';
import type { Parts } from '../parts';
import { addPlugin, removeFromPlugins } from './claude-plugin';
import { writeLauncher } from './mcp-launcher';

const editor = vi.hoisted(() => ({ isSure: true, questions: [] as string[], notices: [] as string[] }));
vi.mock('vscode', () => ({
  ProgressLocation: { Notification: 15 },
  env: { language: 'en', clipboard: { writeText: async () => {} } },
  l10n: {
    t: (text: string, ...args: unknown[]) =>
      text.replace(/\{(\d)\}/g, (_, index: string) => String(args[Number(index)])),
  },
  window: {
    showWarningMessage: async (question: string, { detail }: { detail: string }, yes: string) => {
      editor.questions.push(`${question}\n${detail}`);
      return editor.isSure ? yes : undefined;
    },
    showInformationMessage: async (text: string) => void editor.notices.push(text),
    withProgress: async (_options: object, work: () => Promise<unknown>) => work(),
  },
}));

let folder: string;
let dataDir: string;
let extensionDir: string;
beforeEach(async () => {
  Object.assign(editor, { isSure: true, questions: [], notices: [] });
  folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-add-plugin-'));
  dataDir = path.join(folder, 'data');
  extensionDir = path.join(folder, 'extensions/claude-mem-1.2.3');
  await mkdir(path.join(extensionDir, 'dist'), { recursive: true });
  await mkdir(path.join(folder, 'config'));
  await mkdir(dataDir);
  await writeFile(path.join(extensionDir, 'dist/hook.cjs'), '// the program');
  await putClaude('exit 0');
  vi.stubEnv('HOME', folder);
  vi.stubEnv('PATH', `${folder}:/bin:/usr/bin`);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function putClaude(words: string): Promise<void> {
  const program = path.join(folder, 'claude');
  await writeFile(program, `#!/bin/sh\necho "$*" >> '${folder}/ran'\n${words}\n`);
  await chmod(program, 0o755);
}
const commands = async () =>
  (await readFile(path.join(folder, 'ran'), 'utf8').catch(() => '')).split('\n').filter((line) => line !== '');
const parts = (): Parts =>
  ({
    extension: {
      extensionPath: extensionDir,
      extensionUri: { fsPath: extensionDir },
      extension: { packageJSON: { version: '1.2.3' } },
    },
    memory: { dataDir, configDirs: [path.join(folder, 'config')] },
  }) as unknown as Parts;
const hooksPlace = () => ({
  dataDir,
  programFile: path.join(extensionDir, 'dist/hook.cjs'),
  runtime: process.execPath,
  platform: process.platform,
  settingsFile: settingsFileOf(path.join(folder, 'config')),
});
const pluginFile = () => path.join(dataDir, 'claude-plugin/session-memory/.claude-plugin/plugin.json');
const added = () => [
  `plugin marketplace add ${dataDir}/claude-plugin`,
  'plugin install session-memory@session-memory-local --scope user',
];

it('shows what is run, runs it, and the plugin is there before', async () => {
  await putClaude(`test -r '${pluginFile()}'`);
  await addPlugin(parts());
  expect(await commands()).toEqual(added());
  for (const command of added()) expect(editor.questions.join()).toContain(`claude ${command}`);
  expect(JSON.parse(await readFile(pluginFile(), 'utf8'))).toMatchObject({ version: '1.2.3' });
  expect(editor.notices).toHaveLength(1);
});

it('takes out the hooks and the server that were set up one by one', async () => {
  await installHooks(hooksPlace(), 1);
  await writeLauncher({ dataDir, extensionDir });
  await addPlugin(parts());
  expect(await commands()).toEqual(['mcp remove --scope user claude-mem-vscode', ...added()]);
  expect(existsSync(hooksPlace().settingsFile)).toBe(false);
  expect(existsSync(path.join(dataDir, 'hooks/hook.cjs'))).toBe(true);
});

it('leaves the hooks in where the plugin was refused', async () => {
  await installHooks(hooksPlace(), 1);
  await putClaude('echo "unknown command: plugin"; exit 1');
  await expect(addPlugin(parts())).rejects.toThrow('Claude Code refused: unknown command: plugin');
  expect(existsSync(hooksPlace().settingsFile)).toBe(true);
});

it('runs and writes nothing that was not confirmed', async () => {
  editor.isSure = false;
  await addPlugin(parts());
  await removeFromPlugins(parts());
  expect([await commands(), existsSync(pluginFile())]).toEqual([[], false]);
});

it('removes it, also when Claude Code has lost it already', async () => {
  await addPlugin(parts());
  await putClaude('echo "Plugin not found"; exit 1');
  await removeFromPlugins(parts());
  expect((await commands()).slice(2)).toEqual([
    'plugin uninstall session-memory@session-memory-local',
    'plugin marketplace remove session-memory-local',
  ]);
  expect(existsSync(path.dirname(pluginFile()))).toBe(false);
  expect(existsSync(path.join(dataDir, 'hooks/hook.cjs'))).toBe(false);
});

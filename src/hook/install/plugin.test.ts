import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { isOwnTool } from '../../protocol/own-server';
import { isGivenBySettings } from '../by-settings';
import { installHooks, uninstallHooks } from './install';
import type { HooksPlace } from './install';
import { hasLauncher, hookGroups } from './launcher';
import { marketplaceFolder, pluginFiles, removePlugin, writePlugin } from './plugin';

let folder: string;
let place: HooksPlace;
const server = { command: '/usr/bin/node', args: ['/d/mcp-server.cjs'], env: { A: 'b' } };
beforeEach(() => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-plugin-'));
  writeFileSync(path.join(folder, 'program.cjs'), '// the program');
  place = {
    dataDir: path.join(folder, 'data'),
    programFile: path.join(folder, 'program.cjs'),
    runtime: process.execPath,
    platform: 'linux',
    settingsFile: path.join(folder, 'settings.json'),
  };
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

it('starts what the hooks in the settings start, and the server, under names that clients take', () => {
  const files = pluginFiles({ dataDir: '/d', platform: 'linux', version: '1.2.3', server });
  const read = (name: string) => JSON.parse(files[name] ?? '') as Record<string, unknown>;
  const { SessionStart, UserPromptSubmit } = hookGroups({ dataDir: '/d', platform: 'linux' });
  expect(read('session-memory/hooks/hooks.json')['hooks']).toEqual({
    SessionStart: [SessionStart],
    UserPromptSubmit: [UserPromptSubmit],
  });
  expect(read('session-memory/.mcp.json')).toEqual({ mcpServers: { 'claude-mem-vscode': server } });
  const { name, plugins } = read('.claude-plugin/marketplace.json');
  const plugin = read('session-memory/.claude-plugin/plugin.json');
  expect(plugins).toMatchObject([{ name: plugin['name'], source: './session-memory' }]);
  expect(plugin['version']).toBe('1.2.3');
  for (const each of [name, plugin['name']]) expect(each).not.toMatch(/^(claude|anthropic)/);
  // Calls of its tools are known again as ours, and not captured.
  expect(isOwnTool(`mcp__plugin_${String(plugin['name'])}_claude-mem-vscode__search`)).toBe(true);
});

it('keeps the launcher as long as the settings or the plugin start it', async () => {
  await installHooks(place, 1);
  await writePlugin({ ...place, version: '1', server });
  await uninstallHooks(place);
  expect(await hasLauncher(place)).toBe(true);
  await installHooks(place, 2);
  await removePlugin(place.dataDir);
  expect([await hasLauncher(place), existsSync(marketplaceFolder(place.dataDir))]).toEqual([true, false]);
  await uninstallHooks(place);
  expect(await hasLauncher(place)).toBe(false);
  expect(readdirSync(path.join(place.dataDir, 'hooks'))).toEqual([]);
});

it('is silent for the client whose settings have the hooks, and for no other', async () => {
  const env = { CLAUDE_PLUGIN_ROOT: '/plugin', CLAUDE_CONFIG_DIR: folder };
  expect(await isGivenBySettings(place.dataDir, env)).toBe(false);
  await installHooks(place, 1);
  expect(await isGivenBySettings(place.dataDir, env)).toBe(true);
  expect(await isGivenBySettings(place.dataDir, { ...env, CLAUDE_CONFIG_DIR: '/another' })).toBe(false);
  expect(await isGivenBySettings(place.dataDir, { CLAUDE_CONFIG_DIR: folder })).toBe(false);
});

it('is written again by an update', async () => {
  await writePlugin({ ...place, version: '1', server });
  await writePlugin({ ...place, version: '2', server });
  const file = path.join(marketplaceFolder(place.dataDir), 'session-memory/.claude-plugin/plugin.json');
  expect(readFileSync(file, 'utf8')).toContain('"version": "2"');
});

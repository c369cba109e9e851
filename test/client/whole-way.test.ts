/** From an old session to the request of a new one, with a real client, keeper and memory: by hook, by MCP and by plugin. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientVersions } from '../../scripts/clients.mjs';
import { installHooks, settingsFileOf, uninstallHooks } from '../../src/hook/install/install';
import { addArguments, removeArguments } from '../../src/hook/install/mcp-command';
import {
  addPluginArguments,
  isPluginGone,
  isPluginThere,
  marketplaceFolder,
  removePlugin,
  removePluginArguments,
  writePlugin,
} from '../../src/hook/install/plugin';
import { sessionId } from '../fixtures/transcript-lines';
import { configDirOf } from './client';
import { doneLast, settled, tellStory } from './memory-story';
import type { Story } from './memory-story';

const newest = clientVersions.at(-1)!;
/** The oldest client with plugins, which runs a copy of them, and the newest, which runs them where they are. */
const withPlugins = [clientVersions[1]!, newest];

let story: Story;
beforeEach(async () => {
  story = await tellStory();
});
afterEach(() => story.close());

const launcherPlace = () => ({
  dataDir: story.dataDir,
  programFile: path.resolve('dist/hook.cjs'),
  runtime: process.execPath,
  platform: process.platform,
});
const server = () => ({
  command: process.execPath,
  args: [path.resolve('dist/mcp.cjs'), '--data-dir', story.dataDir],
  env: {},
});

it('what an old session settled reaches the model by hooks: in the brief, and for a prompt about it', async () => {
  await installHooks({ ...launcherPlace(), settingsFile: settingsFileOf(configDirOf(story.home)) }, 1);
  expect(await story.send(newest, 'hello there')).toContain(doneLast);
  expect(await story.send(newest, 'How many attempts may the flamingo client make?')).toContain(settled);
  const [latest] = await story.memory.listGiven({});
  expect(latest?.source).toBe('prompt');
  expect(new Set(latest?.items.map((item) => item.sessionId))).toEqual(new Set([sessionId(1)]));
});

it('not a sub-agent: it is told what the session that sends it out tells it', async () => {
  await installHooks({ ...launcherPlace(), settingsFile: settingsFileOf(configDirOf(story.home)) }, 1);
  const { api, send } = story;
  const input = { description: 'count', prompt: 'count the herons', subagent_type: 'general-purpose' };
  api.calls.push({ prompt: 'hello there', name: 'Task', input });
  expect(await send(newest, 'hello there')).toContain(doneLast);
  const ofAgent = api.requests.map((sent) => JSON.stringify(sent)).filter((sent) => !sent.includes('hello there'));
  const sent = ofAgent.filter((request) => request.includes('count the herons'));
  expect(sent).toHaveLength(1);
  expect(sent[0]).not.toContain(doneLast);
});

it.each([clientVersions[0]!, newest])('by MCP, asked by the model, in %s', async (version) => {
  const { run, send, api } = story;
  expect(await run(version, ...addArguments(server()))).toMatchObject({ code: 0 });
  const allowed = ['--allowedTools', 'mcp__claude-mem-vscode__search'];
  api.calls.push({
    prompt: 'ask the memory',
    name: 'mcp__claude-mem-vscode__search',
    input: { query: 'flamingo attempts' },
  });
  const request = await send(version, 'ask the memory', ...allowed);
  expect(request).toContain('flamingo gateway');
  expect(request).toContain('Quoted from earlier sessions');
  expect(await run(version, ...removeArguments())).toMatchObject({ code: 0 });
  api.requests.length = 0;
  expect(await send(version, 'ask it again')).not.toContain('claude-mem-vscode');
});

it.each(withPlugins)('by the plugin, in %s: hooks, server and skill come and go as one', async (version) => {
  const { run, send, api, dataDir } = story;
  await writePlugin({ ...launcherPlace(), version: '1.2.3', server: server() });
  for (const folder of [marketplaceFolder(dataDir), path.join(marketplaceFolder(dataDir), 'session-memory')]) {
    const { code, out, error } = await run(version, 'plugin', 'validate', folder);
    expect([code, out, error]).toEqual([0, out, error]);
  }
  for (const args of addPluginArguments(dataDir)) expect(await run(version, ...args)).toMatchObject({ code: 0 });
  for (const args of addPluginArguments(dataDir)) {
    const { code, out, error } = await run(version, ...args);
    expect([code === 0 || isPluginThere(`${out}${error}`), out, error]).toEqual([true, out, error]);
  }
  const tool = 'mcp__plugin_session-memory_claude-mem-vscode__search';
  api.calls.push({ prompt: 'hello there', name: tool, input: { query: 'flamingo attempts' } });
  const request = await send(version, 'hello there', '--allowedTools', tool);
  expect(request.split(doneLast)).toHaveLength(2);
  expect(request).toContain('flamingo gateway');
  expect(request).toContain('session-memory:memory');
  for (const args of removePluginArguments()) expect(await run(version, ...args)).toMatchObject({ code: 0 });
  for (const args of removePluginArguments()) {
    const { code, out, error } = await run(version, ...args);
    expect([code === 0 || isPluginGone(`${out}${error}`), out, error]).toEqual([true, out, error]);
  }
  await removePlugin(dataDir);
  expect(readdirSync(dataDir)).not.toContain('claude-plugin');
  api.requests.length = 0;
  const after = await send(version, 'hello again');
  expect(after).not.toContain(doneLast);
  expect(after).not.toContain('claude-mem-vscode');
  expect(readFileSync(settingsFileOf(configDirOf(story.home)), 'utf8')).not.toContain('session-memory');
});

it('gives a session its brief once where the settings have the hooks too', async () => {
  const { run, send, dataDir, home } = story;
  const place = { ...launcherPlace(), settingsFile: settingsFileOf(configDirOf(home)) };
  await installHooks(place, 1);
  await writePlugin({ ...launcherPlace(), version: '1.2.3', server: server() });
  for (const args of addPluginArguments(dataDir)) expect(await run(newest, ...args)).toMatchObject({ code: 0 });
  expect((await send(newest, 'hello there')).split(doneLast)).toHaveLength(2);
  await uninstallHooks(place);
  expect((await send(newest, 'and again')).split(doneLast)).toHaveLength(2);
});

/** The plugin in real clients: what it brings to the model, and that nothing of it stays. */
import { readFileSync, readdirSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientVersions } from '../../scripts/clients.mjs';
import { installHooks, settingsFileOf, uninstallHooks } from '../../src/hook/install/install';
import {
  addPluginArguments,
  isPluginGone,
  isPluginThere,
  marketplaceFolder,
  removePlugin,
  removePluginArguments,
  writePlugin,
} from '../../src/hook/install/plugin';
import { configDirOf } from './client';
import { doneLast, launcherPlace, serverOf, tellStory } from './memory-story';
import type { Story } from './memory-story';

const newest = clientVersions.at(-1)!;
/** The oldest client with plugins, which runs a copy of them, and the newest, which runs them where they are. */
const withPlugins = [clientVersions[1]!, newest];

let story: Story;
beforeEach(async () => {
  story = await tellStory();
});
afterEach(() => story.close());

it.each(withPlugins)('by the plugin, in %s: hooks, server and skill come and go as one', async (version) => {
  const { run, send, api, dataDir } = story;
  await writePlugin({ ...launcherPlace(story), version: '1.2.3', server: serverOf(story) });
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
  const place = { ...launcherPlace(story), settingsFile: settingsFileOf(configDirOf(home)) };
  await installHooks(place, 1);
  await writePlugin({ ...launcherPlace(story), version: '1.2.3', server: serverOf(story) });
  for (const args of addPluginArguments(dataDir)) expect(await run(newest, ...args)).toMatchObject({ code: 0 });
  expect((await send(newest, 'hello there')).split(doneLast)).toHaveLength(2);
  await uninstallHooks(place);
  expect((await send(newest, 'and again')).split(doneLast)).toHaveLength(2);
});

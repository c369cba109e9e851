/** From an old session to the request of a new one, with a real client, keeper and memory: by hook and by MCP. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientVersions } from '../../scripts/clients.mjs';
import { installHooks, settingsFileOf } from '../../src/hook/install/install';
import { addArguments, removeArguments } from '../../src/hook/install/mcp-command';
import { sessionId } from '../fixtures/transcript-lines';
import { configDirOf } from './client';
import { doneLast, launcherPlace, serverOf, settled, tellStory } from './memory-story';
import type { Story } from './memory-story';

const newest = clientVersions.at(-1)!;

let story: Story;
beforeEach(async () => {
  story = await tellStory();
});
afterEach(() => story.close());

it('what an old session settled reaches the model by hooks: in the brief, and for a prompt about it', async () => {
  await installHooks({ ...launcherPlace(story), settingsFile: settingsFileOf(configDirOf(story.home)) }, 1);
  expect(await story.send(newest, 'hello there')).toContain(doneLast);
  expect(await story.send(newest, 'How many attempts may the flamingo client make?')).toContain(settled);
  // On a busy machine the hook leaves it in a file, which is read when the session is captured.
  await expect.poll(async () => (await story.memory.listGiven({}))[0]?.source).toBe('prompt');
  const [latest] = await story.memory.listGiven({});
  expect(new Set(latest?.items.map((item) => item.sessionId))).toEqual(new Set([sessionId(1)]));
});

it('not a sub-agent: it is told what the session that sends it out tells it', async () => {
  await installHooks({ ...launcherPlace(story), settingsFile: settingsFileOf(configDirOf(story.home)) }, 1);
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
  expect(await run(version, ...addArguments(serverOf(story)))).toMatchObject({ code: 0 });
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

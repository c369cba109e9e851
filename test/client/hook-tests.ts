/**
 * Our hooks in a real client: what reaches the model, and what never stops a session. Old and new clients have a file each,
 * so that they are tried side by side.
 */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { parseLine } from '../../src/core/transcript/parse';
import { installHooks, settingsFileOf, uninstallHooks } from '../../src/hook/install/install';
import type { HooksPlace } from '../../src/hook/install/install';
import { startGiveKeeper } from '../fakes/give-keeper';
import type { GiveKeeper } from '../fakes/give-keeper';
import { configDirOf, runClient, transcriptLines } from './client';
import type { ClientHome } from './client';
import { startScriptedApi } from './scripted-api';
import type { ScriptedApi } from './scripted-api';

const [brief, context, theirs] = ['ZEBRA: tabs since May', 'LLAMA: spaces in YAML', 'OTTER of another hook'];
let folder: string;
let home: string;
let place: HooksPlace;
let api: ScriptedApi;
let keeper: GiveKeeper;

/** Settings of a person who has a hook already, in a form of their own. */
const settings = [
  '{',
  `   "hooks": {"SessionStart": [ {"hooks": [ {"type": "command", "command": "echo ${theirs}"} ]} ]},`,
  '   "cleanupPeriodDays": 30}',
].join('\r\n');

export function testHooks(version: string): void {
  beforeEach(async () => {
    folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-client-'));
    home = path.join(folder, 'home');
    const dataDir = path.join(folder, "ada's data");
    const workDir = path.join(folder, 'work');
    mkdirSync(path.join(dataDir, 'give'), { recursive: true });
    mkdirSync(configDirOf(home), { recursive: true });
    const folders = [{ folder: workDir, file: 'a.md', at: 1 }];
    writeFileSync(path.join(dataDir, 'give/index.json'), JSON.stringify({ version: 1, folders }));
    writeFileSync(path.join(dataDir, 'give/a.md'), `${brief}\n`);
    place = {
      dataDir,
      programFile: path.resolve('dist/hook.cjs'),
      runtime: process.execPath,
      platform: process.platform,
      settingsFile: settingsFileOf(configDirOf(home)),
    };
    writeFileSync(place.settingsFile, settings);
    api = await startScriptedApi();
    keeper = await startGiveKeeper(dataDir, {
      promptContext: () => ({ items: [{ id: 'learning/a' }], text: context, tokens: 5 }),
    });
  });
  afterEach(async () => {
    await keeper.close();
    await api.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const client = (): ClientHome => ({ version, home, workDir: path.join(folder, 'work'), apiUrl: api.url });

  /** How often each text is in the request that a prompt led to. */
  async function send(prompt: string, ...args: string[]): Promise<number[]> {
    const { code, out, error } = await runClient(client(), ['-p', ...args, prompt]);
    expect([code, out.trim(), error]).toEqual([0, 'Done, as scripted.', '']);
    // Some clients warm up sub-agents beside it.
    const sent = api.requests.filter(({ messages }) => JSON.stringify(messages).includes(prompt));
    const text = JSON.stringify(sent.at(-1));
    expect(sent.length).toBeGreaterThan(0);
    return [brief, context, theirs].map((words) => text.split(words).length - 1);
  }

  it('is given the brief and what the prompt needs, once, and nothing of it is captured', async () => {
    await installHooks(place, 1);
    expect(await send('why do we use tabs')).toEqual([1, 1, 1]);
    expect(keeper.asked).toMatchObject([
      ['promptContext', { prompt: 'why do we use tabs', folder: path.join(folder, 'work') }],
      ['noteGiven', { source: 'prompt', items: [{ id: 'learning/a' }] }],
    ]);
    const [again, prompted] = await send('and in YAML', '--continue');
    expect(again).toBe(1);
    expect(prompted).toBeLessThanOrEqual(1);
    const bodies = transcriptLines(home).flatMap((line) => parseLine(line).flatMap((entry) => entry.bodies));
    const captured = JSON.stringify(bodies);
    expect(captured).toContain('why do we use tabs');
    expect(captured).toContain('and in YAML');
    expect([brief, context].filter((words) => captured.includes(words))).toEqual([]);
  });

  it('is given a long brief up to its end', async () => {
    await installHooks(place, 1);
    writeFileSync(path.join(place.dataDir, 'give/a.md'), `${brief}\n"quoted" \\ 日本 😀\n`.repeat(500));
    const [times] = await send('what was done');
    expect(times).toBeGreaterThan(150);
    expect(JSON.stringify(api.requests)).toContain('(shortened)\\n</claude-mem-memory>');
  });

  it('goes on without a word when the program is gone, and is given nothing when it hangs', async () => {
    await installHooks(place, 1);
    const launcher = path.join(place.dataDir, 'hooks/claude-mem-hook');
    rmSync(path.join(place.dataDir, 'hooks/hook.cjs'));
    expect(await send('first question')).toEqual([0, 0, 1]);
    // The client ends it after as many seconds as the settings say.
    writeFileSync(launcher, '#!/bin/sh\nexec sleep 600\n');
    writeFileSync(
      place.settingsFile,
      readFileSync(place.settingsFile, 'utf8').replace(/"timeout": \d+/g, '"timeout": 1'),
    );
    expect(await send('second question')).toEqual([0, 0, 1]);
  });

  it('is given nothing any more once they are removed, and has its settings as before', async () => {
    await installHooks(place, 1);
    await uninstallHooks(place);
    expect(readFileSync(place.settingsFile, 'utf8')).toBe(settings);
    expect(await send('why do we use tabs')).toEqual([0, 0, 1]);
    expect(keeper.met).toBe(0);
  });
}

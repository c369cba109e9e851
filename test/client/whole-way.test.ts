/** From an old session to the request of a new one, with a real client, keeper and memory. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { clientVersions } from '../../scripts/clients.mjs';
import { installHooks, settingsFileOf } from '../../src/hook/install/install';
import { openMemory } from '../../src/keeper/connect';
import type { MemoryClient } from '../../src/protocol/memory-api';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { configDirOf, runClient } from './client';
import { startScriptedApi } from './scripted-api';
import type { ScriptedApi } from './scripted-api';

const dayMs = 86_400_000;
let folder: string;
let dataDir: string;
let home: string;
let workDir: string;
let api: ScriptedApi;
let memory: MemoryClient;

beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-whole-'));
  [dataDir, home, workDir] = [path.join(folder, 'data'), path.join(folder, 'home'), path.join(folder, 'shop')];
  mkdirSync(workDir);
  api = await startScriptedApi();
  const told = (number: number, daysAgo: number, prompt: string, answer: string) => {
    const transcript = new Transcript(sessionId(number), { cwd: workDir, startedAt: Date.now() - daysAgo * dayMs });
    transcript.prompt(prompt);
    transcript.answer(answer);
    return writeTranscript(configDirOf(home), sessionId(number), transcript, workDir.replaceAll('/', '-'));
  };
  await told(
    1,
    20,
    'The flamingo gateway blocks our client, decide how many attempts it may make.',
    'Settled: the flamingo client makes at most seven attempts and waits two seconds between them.',
  );
  await told(2, 2, 'Add the marmot chart to the dashboard.', 'The marmot chart is on the dashboard, all tests pass.');
  memory = await openMemory({
    dataDir,
    workerFile: path.resolve('dist/keeper.cjs'),
    version: 'test',
    log: () => {},
  });
  await memory.configure({
    configDirs: [configDirOf(home)],
    roots: [workDir],
    exclude: [],
    source: 'test',
    maxLineBytes: 16 << 20,
  });
  await memory.importNow();
  // As the queue does it when a session has been quiet.
  for (const number of [1, 2]) await memory.summary(sessionId(number)); // oxlint-disable-line no-await-in-loop
});
afterEach(async () => {
  await memory.close();
  await api.close();
  rmSync(folder, { recursive: true, force: true });
});

it('what an old session settled reaches the model: in the brief, and for a prompt about it', async () => {
  await installHooks(
    {
      dataDir,
      programFile: path.resolve('dist/hook.cjs'),
      runtime: process.execPath,
      platform: process.platform,
      settingsFile: settingsFileOf(configDirOf(home)),
    },
    1,
  );
  const index = path.join(dataDir, 'give/index.json');
  await expect.poll(() => existsSync(index) && readFileSync(index, 'utf8').includes(workDir)).toBe(true);
  const version = clientVersions.at(-1)!;
  const send = async (prompt: string): Promise<string> => {
    const { code } = await runClient({ version, home, workDir, apiUrl: api.url }, ['-p', prompt]);
    expect(code).toBe(0);
    return JSON.stringify(api.requests.filter((sent) => JSON.stringify(sent.messages).includes(prompt)).at(-1));
  };
  expect(await send('hello there')).toContain('The marmot chart is on the dashboard');
  const request = await send('How many attempts may the flamingo client make?');
  expect(request).toContain('at most seven attempts');
  const [latest] = await memory.listGiven({});
  expect(latest?.source).toBe('prompt');
  expect(new Set(latest?.items.map((item) => item.sessionId))).toEqual(new Set([sessionId(1)]));
}, 120_000);

/** Two old sessions of a project in a real memory, for a new session of a real client to be given. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { expect } from 'vitest';
import type { LauncherPlace } from '../../src/hook/install/launcher';
import { openMemory } from '../../src/keeper/connect';
import type { MemoryClient } from '../../src/protocol/memory-api';
import type { ServerProgram } from '../../src/protocol/own-server';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';
import { configDirOf, runClient } from './client';
import type { ClientRun } from './client';
import { startScriptedApi } from './scripted-api';
import type { ScriptedApi } from './scripted-api';

export interface Story {
  dataDir: string;
  home: string;
  workDir: string;
  api: ScriptedApi;
  memory: MemoryClient;
  run: (version: string, ...args: string[]) => Promise<ClientRun>;
  /** The last request that the prompt led to, as text. */
  send: (version: string, prompt: string, ...args: string[]) => Promise<string>;
  close(): Promise<void>;
}

const dayMs = 86_400_000;
/** Stands in the older session only. */
export const settled = 'at most seven attempts';
/** Stands in the newer session only. */
export const doneLast = 'The marmot chart is on the dashboard';

export async function tellStory(): Promise<Story> {
  const folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-whole-'));
  const [dataDir, home, workDir] = ['data', 'home', 'shop'].map((name) => path.join(folder, name)) as [
    string,
    string,
    string,
  ];
  mkdirSync(workDir);
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
    `Settled: the flamingo client makes ${settled} and waits two seconds between them.`,
  );
  await told(2, 2, 'Add the marmot chart to the dashboard.', `${doneLast}, all tests pass.`);
  const api = await startScriptedApi();
  const memory = await openMemory({
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
  const index = path.join(dataDir, 'give/index.json');
  await expect.poll(() => existsSync(index) && readFileSync(index, 'utf8').includes(workDir)).toBe(true);
  const run = (version: string, ...args: string[]) => runClient({ version, home, workDir, apiUrl: api.url }, args);
  return {
    dataDir,
    home,
    workDir,
    api,
    memory,
    run,
    async send(version, prompt, ...args) {
      const { code, error } = await run(version, '-p', prompt, ...args);
      expect([code, error]).toEqual([0, '']);
      return JSON.stringify(api.requests.filter((sent) => JSON.stringify(sent.messages).includes(prompt)).at(-1));
    },
    async close() {
      await memory.close();
      await api.close();
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

/** Where the launcher of hooks is put. */
export const launcherPlace = ({ dataDir }: Story): LauncherPlace => ({
  dataDir,
  programFile: path.resolve('dist/hook.cjs'),
  runtime: process.execPath,
  platform: process.platform,
});
export const serverOf = ({ dataDir }: Story): ServerProgram => ({
  command: process.execPath,
  args: [path.resolve('dist/mcp.cjs'), '--data-dir', dataDir],
  env: {},
});

/** Config folders: gone, wrong, and pointed at from above or below. */
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { examineConfigDirs, lookIntoFolder } from './config-folder';

let home: string;
const at = (...names: string[]) => path.join(home, ...names);
beforeEach(async () => {
  home = await mkdtemp(path.join(tmpdir(), 'claude-mem-home-'));
  for (const name of ['-a/one.jsonl', '-a/two.jsonl', '-b/three.jsonl', '-b/three/subagents/agent-a1.jsonl']) {
    await mkdir(path.dirname(at('.claude/projects', name)), { recursive: true });
    await writeFile(at('.claude/projects', name), '{}\n');
  }
});
afterEach(() => rm(home, { recursive: true, force: true }));

describe('a config folder', () => {
  it('is told from one that is gone, is a file, or has no projects', async () => {
    await writeFile(at('file'), '');
    await mkdir(at('empty'));
    expect(await examineConfigDirs([at('.claude'), at('gone'), at('file'), at('empty')])).toEqual([
      { dir: at('.claude') },
      { dir: at('gone'), fault: 'missing' },
      { dir: at('file'), fault: 'no_folder' },
      { dir: at('empty'), fault: 'no_projects' },
    ]);
  });

  it.each([
    ['itself', ['.claude']],
    ['the home folder above it', []],
    ['its folder of projects', ['.claude', 'projects']],
    ['a project in it', ['.claude', 'projects', '-a']],
  ])('is found from %s', async (_, names) => {
    expect(await lookIntoFolder(at(...names))).toEqual({
      configDir: at('.claude'),
      sessions: 3,
      projects: 2,
      bytes: 12,
      newestAt: expect.any(Number),
    });
  });

  it('is not made of a folder that only stands beside one', async () => {
    await mkdir(at('.claude/plugins'), { recursive: true });
    expect(await lookIntoFolder(at('.claude/plugins'))).toMatchObject({
      configDir: at('.claude/plugins'),
      sessions: 0,
    });
  });
});

describe('a config folder that vanishes', () => {
  it('is a warning by the next sweep and a finding at once, until it is back', async () => {
    const test = await openTestMemory();
    try {
      const transcript = new Transcript(sessionId(1), { cwd: '/work/shop' });
      transcript.prompt('Where is the lantern?');
      await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop');
      await test.import();
      const codes = async () => (await test.memory.status()).warnings.map(({ code }) => code);
      const finding = async () =>
        (await test.memory.diagnose()).findings.find(({ id }) => id === 'transcripts.folder')?.level;
      expect([await codes(), await finding()]).toEqual([[], undefined]);
      await rm(path.join(test.configDir, 'projects'), { recursive: true });
      expect(await finding()).toBe('warning');
      test.events.length = 0;
      await test.memory.importNow();
      expect(await codes()).toEqual(['config_folder']);
      expect(test.events.map(({ name }) => name)).toContain('changed');
      await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop');
      await test.memory.importNow();
      expect([await codes(), await finding()]).toEqual([[], undefined]);
      const { report } = await test.memory.diagnose();
      expect(report).not.toContain(test.configDir);
    } finally {
      await test.close();
    }
  });
});

/** A folder with a secret in its name is found on the disk, and kept, asked for and excluded without showing it. */
import { mkdir, mkdtemp, realpath, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { randomText } from '../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';

const secret = ['gh', 'p_', randomText(36, 'abcdefghijklmnop0123456789', 4711)].join('');
let test: TestMemory;
let disk: string;
let shop: string;
beforeEach(async () => {
  test = await openTestMemory();
  disk = await realpath(await mkdtemp(path.join(tmpdir(), 'claude-mem-disk-')));
  shop = path.join(disk, secret, 'shop');
  await mkdir(path.join(shop, '.git'), { recursive: true });
  await mkdir(path.join(shop, 'packages', 'cart'), { recursive: true });
});
afterEach(async () => {
  await test.close();
  await rm(disk, { recursive: true, force: true });
});

async function write(count: number, cwd: string, words: string): Promise<void> {
  const transcript = new Transcript(sessionId(count), { cwd });
  transcript.prompt(words);
  await writeTranscript(test.configDir, sessionId(count), transcript);
}

it('all folders of the repository are one project, also after a restart', async () => {
  await write(1, shop, 'a wombat at the root');
  await write(2, path.join(shop, 'packages', 'cart'), 'a wombat below');
  await test.import();
  await test.reopen();
  await write(3, path.join(shop, 'packages', 'cart'), 'a wombat later');
  await test.import();
  const projects = await test.memory.projects();
  expect(projects).toMatchObject([{ name: 'shop', sessions: 3 }]);
  expect(projects[0]?.root).toMatch(/\/\[REDACTED:github-token:\w{8}\]\/shop$/);
  expect(JSON.stringify(await test.memory.getSession(sessionId(2)))).not.toContain(secret);
  // The open folder is the one on the disk.
  for (const root of [shop, path.join(shop, 'packages'), disk])
    expect([root, (await test.memory.search({ text: 'wombat', scope: { roots: [root] } })).total]).toEqual([root, 3]);
  expect((await test.memory.search({ text: 'wombat', scope: { roots: [path.join(disk, 'else')] } })).total).toBe(0);
});

it('it is excluded by its own name and by the one that memory shows', async () => {
  await write(1, shop, 'a wombat');
  await test.import({ exclude: [shop] });
  expect((await test.memory.status()).sessions).toBe(0);
  await test.import({ exclude: [] });
  const [project] = await test.memory.projects();
  expect(project).toMatchObject({ sessions: 1 });
  await write(2, shop, 'another wombat');
  await test.import({ exclude: [project!.root] });
  expect((await test.memory.status()).sessions).toBe(1);
});

it('forgetting the project keeps its transcripts out', async () => {
  await write(1, shop, 'a wombat');
  await test.import();
  const [project] = await test.memory.projects();
  await test.memory.forgetProject(project!.id);
  await test.import();
  expect((await test.memory.status()).sessions).toBe(0);
});

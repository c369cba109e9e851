/** Forgotten text is in no row, index, free page, journal or log, and does not come back. */
import { readFileSync, readdirSync } from 'node:fs';
import { appendFile, cp, rm, utimes } from 'node:fs/promises';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { addTombstones } from '../backup/beside';
import { markOf } from './buried-roots';
import { forgetProject } from './forget';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const [one, two, three] = [sessionId(1), sessionId(2), sessionId(3)];
/** One distinct word for every place where text can be stored. */
const places = [
  'prompt',
  'answer',
  'thinking',
  'command',
  'output',
  'before',
  'after',
  'filename',
  'title',
  'made',
  'branch',
  'summary',
  'agent',
  'queued',
] as const;
const canary = (place: string): string => `wombat${place}quux`;
const canaries = places.map(canary);

/** The places where a word is found in the files of the data folder, in any encoding SQLite or a log may use. */
function findOnDisk(words: readonly string[]): string[] {
  const found: string[] = [];
  for (const name of readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' })) {
    let bytes: Buffer;
    try {
      bytes = readFileSync(path.join(test.dataDir, name));
    } catch {
      continue;
    }
    const plain = bytes.toString('latin1').toLowerCase();
    const wide = [0, 1].map((from) => bytes.subarray(from).toString('utf16le').toLowerCase());
    // The index stores terms without the prefix they share with the term before, so a part of the word is searched for.
    for (const word of words)
      for (const text of [plain, ...wide])
        if (text.includes(word) || text.includes(word.slice(3))) found.push(`${word} in ${name}`);
  }
  return found;
}

async function writeCanaries(id: string, cwd = '/work/shop'): Promise<string> {
  const transcript = new Transcript(id, { cwd, branch: canary('branch') });
  transcript.prompt(`please look at ${canary('prompt')}`);
  transcript.answer(`I looked at ${canary('answer')}`);
  transcript.thinking(`hmm ${canary('thinking')}`);
  transcript.tool('Bash', { command: `echo ${canary('command')}` }, `it said ${canary('output')} `.repeat(3000));
  transcript.tool(
    'Edit',
    { file_path: `${cwd}/${canary('filename')}.ts`, old_string: canary('before'), new_string: canary('after') },
    'done',
  );
  transcript.meta({ type: 'custom-title', customTitle: `About ${canary('title')}`, sessionId: id });
  transcript.meta({ type: 'ai-title', aiTitle: `Made ${canary('made')}`, sessionId: id });
  transcript.line('attachment', { attachment: { type: 'queued_command', prompt: `also ${canary('queued')}` } });
  const last = transcript.answer('that was all');
  // An old client writes the title of a session into another file.
  const other = new Transcript(three, { cwd: '/work/elsewhere' });
  other.meta({ type: 'summary', summary: `Summed up ${canary('summary')}`, leafUuid: last['uuid'] });
  other.prompt('what remains');
  await writeTranscript(test.configDir, three, other, '-work-elsewhere');
  const agent = new Transcript(id, { agentId: 'a1', cwd });
  agent.prompt(`research ${canary('agent')}`);
  agent.answer(`found ${canary('agent')}`);
  await writeTranscript(test.configDir, `${id}/subagents/agent-a1.jsonl`, agent);
  return writeTranscript(test.configDir, id, transcript);
}

const hitsFor = async (text: string) => (await test.memory.search({ text })).hits.map((hit) => hit.sessionId);

/** None of the words is on the disk now, after closing, and after reading all transcripts again. */
async function expectGone(words: readonly string[]): Promise<void> {
  expect(findOnDisk(words)).toEqual([]);
  for (const word of words) expect(await hitsFor(word)).toEqual([]);
  for (const word of words) expect(await test.memory.suggest(word.slice(0, 8))).toEqual([]);
  await test.import();
  expect(findOnDisk(words)).toEqual([]);
  await test.reopen();
  expect(findOnDisk(words)).toEqual([]);
  await test.import();
  expect(findOnDisk(words)).toEqual([]);
}

describe('forgetting', () => {
  it('starts from words that are really there', async () => {
    await writeCanaries(one);
    await test.import();
    const there = findOnDisk(canaries);
    // Only one title of a session is kept (the custom one wins), so the generated title and the summary may be missing.
    for (const place of places.filter((each) => each !== 'made'))
      expect(there.some((each) => each.startsWith(canary(place)))).toBe(true);
  });

  it('a session leaves no word of it anywhere, and the others as they were', async () => {
    await writeCanaries(one);
    const other = new Transcript(two);
    other.prompt('a kangaroo stays');
    await writeTranscript(test.configDir, two, other);
    await test.import();
    await test.memory.forgetSession(one);
    await expectGone(canaries);
    expect(await hitsFor('kangaroo')).toEqual([two]);
    await expect(test.memory.getSession(one)).rejects.toMatchObject({ code: 'not_found' });
    expect((await test.memory.listSessions({})).items.map(({ id }) => id).sort()).toEqual([two, three]);
  });

  it('a project leaves no word of its sessions, and a later session there is remembered', async () => {
    await writeCanaries(one);
    await test.import();
    const project = (await test.memory.projects()).find(({ root }) => root === '/work/shop');
    await test.memory.forgetProject(project!.id);
    await expectGone(canaries);
    test.now.value += 60_000;
    const later = new Transcript(two);
    later.prompt('a kangaroo arrives', { timestamp: new Date(test.now.value).toISOString() });
    await writeTranscript(test.configDir, two, later);
    await test.import();
    expect(await hitsFor('kangaroo')).toEqual([two]);
  });

  it('a project is forgotten a session at a time, and to its end by the next keeper when this one dies between two', async () => {
    await writeCanaries(one);
    const other = new Transcript(two, { cwd: '/work/shop' });
    other.prompt('a kangaroo goes too');
    await writeTranscript(test.configDir, two, other);
    await test.import();
    const project = (await test.memory.projects()).find(({ root }) => root === '/work/shop')!;
    const before = (await test.memory.listSessions({})).items.length;
    // As every forgetting begins: what is to be forgotten stands beside the database.
    const target = markOf(test.driver, project.root);
    addTombstones(test.dataDir, [{ kind: 'project', target, at: test.now.value }]);
    expect(forgetProject(test.driver, project.id, test.now.value).next().done).toBe(false);
    expect((await test.memory.listSessions({})).items).toHaveLength(before - 1);
    await test.reopen();
    await test.import();
    expect((await test.memory.projects()).map(({ root }) => root)).not.toContain('/work/shop');
    await expectGone([...canaries, 'kangaroo']);
  });

  it('everything leaves nothing at all, what a person wrote included', async () => {
    await writeCanaries(one);
    await test.import();
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'general',
      title: canary('learned'),
      description: canary('described'),
      tags: [canary('tag')],
    });
    expect(findOnDisk([canary('learned')])).not.toEqual([]);
    await test.memory.deleteEverything();
    await expectGone([...canaries, ...['learned', 'described', 'tag'].map(canary)]);
    const status = await test.memory.status();
    expect([status.sessions, status.prompts, status.observations, status.learnings]).toEqual([0, 0, 0, 0]);
  });

  it('reaches sessions that were on the disk and not read yet', async () => {
    await test.import();
    await writeCanaries(one);
    await test.memory.deleteEverything();
    await expectGone(canaries);
  });

  it('a growing session stays forgotten', async () => {
    const file = await writeCanaries(one);
    await test.import();
    await test.memory.forgetSession(one);
    const more = new Transcript(one);
    more.prompt('ignored');
    await appendFile(file, `${JSON.stringify(more.prompt(`more ${canary('prompt')}`))}\n`);
    await test.import();
    expect(findOnDisk(canaries)).toEqual([]);
  });

  it('a copy of a forgotten session under another path stays forgotten', async () => {
    const file = await writeCanaries(one);
    await test.import();
    await test.memory.forgetSession(one);
    await cp(file, path.join(test.configDir, 'projects', '-work-moved', path.basename(file)), { recursive: true });
    await rm(file);
    await test.import();
    expect(findOnDisk(canaries)).toEqual([]);
  });

  it('a session that begins after everything was forgotten is remembered, though its first lines tell no time', async () => {
    await test.import();
    await test.memory.deleteEverything();
    const later = new Date(test.now.value + 60_000);
    const file = await writeTranscript(
      test.configDir,
      two,
      `${JSON.stringify({ type: 'mode', mode: 'normal', sessionId: two })}\n`,
    );
    await utimes(file, later, later);
    await test.import();
    const transcript = new Transcript(two);
    await appendFile(
      file,
      `${JSON.stringify(transcript.prompt('a kangaroo arrives', { timestamp: later.toISOString() }))}\n`,
    );
    await test.import();
    expect(await hitsFor('kangaroo')).toEqual([two]);
  });

  it('keeps the ledger balanced', async () => {
    await writeCanaries(one);
    await test.import();
    await test.memory.forgetSession(one);
    await test.import();
    for (const { bytesSeen, bytesStored, bytesSkipped } of (await test.memory.ledger()).items)
      expect(bytesStored + Object.values(bytesSkipped).reduce((sum, each) => sum + each, 0)).toBe(bytesSeen);
  });
});

describe('forgetting one of two sessions that share rows', () => {
  /** A session and its fork: the first rows belong to both. */
  async function writeFork(): Promise<void> {
    const original = new Transcript(one);
    original.prompt('rename the shared basket');
    original.answer('renamed the shared basket', { messageId: 'msg_shared' });
    original.tool('Bash', { command: 'npm run shared' }, 'shared output');
    const fork = new Transcript(two);
    for (const line of original.lines) fork.meta({ ...(line as object), sessionId: two });
    fork.meta({ ...(original.prompt('later in the original: wallaby') as object), sessionId: one });
    const only = fork.lines.pop() as object;
    fork.meta({
      ...only,
      uuid: 'f0f0f0f0-0000-4000-8000-000000000001',
      sessionId: two,
      message: { role: 'user', content: 'only in the fork: bandicoot' },
    });
    await writeTranscript(test.configDir, one, original);
    await test.import();
    await writeTranscript(test.configDir, two, fork);
    await test.import();
  }
  const texts = async (id: string) =>
    (await test.read(id)).map((item) => (item.kind === 'message' ? item.text : item.headline));
  const shared = ['rename the shared basket', 'renamed the shared basket', 'npm run shared'];

  it('the owner: the fork keeps what it showed, in its order, and can be searched', async () => {
    await writeFork();
    expect(await texts(two)).toEqual([...shared, 'only in the fork: bandicoot']);
    await test.memory.forgetSession(one);
    expect(await texts(two)).toEqual([...shared, 'only in the fork: bandicoot']);
    expect((await test.read(two)).every((item) => item.copiedFrom === undefined)).toBe(true);
    expect(await hitsFor('shared basket')).toEqual([two]);
    expect(await hitsFor('wallaby')).toEqual([]);
    expect(findOnDisk(['wallaby'])).toEqual([]);
    const card = await test.memory.getSession(two);
    expect([card.prompts, card.observations]).toEqual([2, 1]);
    await test.import();
    expect(await texts(two)).toEqual([...shared, 'only in the fork: bandicoot']);
  });

  it('the fork: the owner loses nothing', async () => {
    await writeFork();
    await test.memory.forgetSession(two);
    expect(await texts(one)).toEqual([...shared, 'later in the original: wallaby']);
    expect(findOnDisk(['bandicoot'])).toEqual([]);
  });

  it('both: nothing is left', async () => {
    await writeFork();
    await test.memory.forgetSession(one);
    await test.memory.forgetSession(two);
    expect(findOnDisk(['wallaby', 'bandicoot', 'shared basket'])).toEqual([]);
    expect(
      test.driver.get(
        `SELECT (SELECT count(*) FROM prompts) + (SELECT count(*) FROM observations) + (SELECT count(*)
          FROM copies) + (SELECT count(*) FROM documents) AS n`,
      ),
    ).toEqual({ n: 0 });
  });
});

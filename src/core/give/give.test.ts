/** Memory given back: the right one, or none. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { FullText } from '../index/full-text';
import { createNameKey } from '../lib/keyed-name';
import { breathe } from '../lib/turns';
import { allProjects } from '../store/tables/projects';
import { writeBriefs } from './brief-files';
import type { BriefIndex } from './brief-files';
import { Noted } from './noted';

const [shop, bakery] = ['/work/shop', '/work/bakery'];
const dayMs = 86_400_000;
let test: TestMemory;
let sessions = 0;

async function say(cwd: string, daysAgo: number, ...turns: [prompt: string, answer: string][]): Promise<string> {
  const id = sessionId(++sessions);
  const transcript = new Transcript(id, { cwd, startedAt: test.now.value - daysAgo * dayMs });
  for (const [prompt, answer] of turns) {
    transcript.prompt(prompt);
    transcript.answer(answer);
  }
  await writeTranscript(test.configDir, id, transcript, cwd.replaceAll('/', '-'));
  return id;
}

/** As the queue does it when the sessions are quiet. */
async function read(): Promise<void> {
  await test.import();
  const { items } = await test.memory.listSessions({ limit: 200 });
  for (const { id } of items) await test.memory.summary(id); // oxlint-disable-line no-await-in-loop -- in order
  await test.memory.readyBriefs();
}

const ask = (prompt: string, more: { folder?: string; sessionId?: string } = {}) =>
  test.memory.promptContext({ prompt, folder: shop, ...more });
const brief = (folder: string) => test.memory.brief({ folder });
const briefFile = (folder: string): string | undefined => {
  const dir = path.join(test.dataDir, 'give');
  const { folders } = JSON.parse(readFileSync(path.join(dir, 'index.json'), 'utf8')) as BriefIndex;
  const entry = folders.find((each) => each.folder === folder);
  return entry && readFileSync(path.join(dir, entry.file), 'utf8');
};

let retries: string;
beforeEach(async () => {
  sessions = 0;
  test = await openTestMemory();
  retries = await say(
    shop,
    9,
    ['The flamingo gateway blocks us when the client retries too often.', 'I would allow ten attempts.'],
    ['No, the gateway blocks at eight.', 'Settled: the flamingo client makes at most seven attempts, then gives up.'],
  );
  await say(shop, 6, ['Rename the invoice template.', 'Renamed it in two places and the tests pass.']);
  await say(shop, 5, ['Why is the dashboard slow?', 'The chart query has no index on created_at, so it scans.']);
  await say(bakery, 3, [
    'The flamingo gateway blocks the bakery client when it retries.',
    'Settled: the bakery uses three attempts against the flamingo gateway.',
  ]);
  await read();
});
afterEach(() => test.close());

describe('for a prompt', () => {
  it('is what an earlier session of the project agreed, with its session', async () => {
    const { items, text, tokens } = await ask('The flamingo client keeps retrying, how many attempts may it make?');
    expect(items.map((item) => item.sessionId)).toContain(retries);
    expect(text).toContain('at most seven attempts');
    expect(text).not.toContain('bakery');
    expect(tokens).toBeLessThanOrEqual(500);
  });

  it.each([
    'continue',
    'thanks, that works now',
    'run the tests again please',
    'Add a dark mode to the settings page of the phone app.',
    'What is the capital of France?',
    '/compact keep the flamingo client attempts',
  ])('"%s" is nothing', async (prompt) => {
    expect(await ask(prompt)).toEqual({ items: [], text: '', tokens: 0, leftOut: 0 });
  });

  it('knows a subject whose word is made of one of every day, and not that word itself', async () => {
    await say(
      shop,
      4,
      ['Deleted rows of the voucher come back.', 'I can keep them for thirty days.'],
      ['Do that.', 'Settled: the deletion of the voucher is hard, after thirty days.'],
    );
    await read();
    expect((await ask('What did we say about the deletion of the voucher?')).text).toContain('after thirty days');
    expect(await ask('Please delete it again and try the voucher')).toMatchObject({ items: [] });
  });

  it('is nothing in a folder without sessions', async () => {
    expect((await ask('How many attempts may the flamingo client make?', { folder: '/work/other' })).items).toEqual([]);
  });

  it('is never what the session itself said, and nothing twice in one session', async () => {
    const prompt = 'How many attempts may the flamingo client make against the gateway?';
    expect((await ask(prompt, { sessionId: retries })).items.map((item) => item.sessionId)).not.toContain(retries);
    const id = await say(shop, 0, [prompt, 'Let me look.']);
    await read();
    const first = await ask(prompt, { sessionId: id });
    expect(first.items.length).toBeGreaterThan(0);
    await test.memory.noteGiven({
      requestId: 'first',
      sessionId: id,
      source: 'prompt',
      tokens: first.tokens,
      items: first.items.map((item) => ({ id: item.id, sessionId: item.sessionId! })),
    });
    expect((await ask(prompt, { sessionId: id })).items).toEqual([]);
    expect(await test.memory.listGiven({})).toMatchObject([{ sessionId: id, source: 'prompt', tokens: first.tokens }]);
  });

  it('tells first what amended it later, in whatever order both were read', async () => {
    const amended = await say(shop, 1, [
      'Amendment to the retry rule of the flamingo client: the gateway changed, make it five attempts.',
      'Understood: the flamingo client makes at most five attempts, superseding the seven of before.',
    ]);
    await read();
    const { items, text } = await ask('How many attempts may the flamingo client make against the gateway?');
    expect(items[0]?.sessionId).toBe(amended);
    expect(items.find((item) => item.sessionId === retries)?.amendedBy?.sessionId).toBe(amended);
    expect(text.indexOf('at most five')).toBeGreaterThan(0);
    const { hits } = await test.memory.search({ text: 'flamingo retries too often' });
    const hit = hits.find((each) => each.kind !== 'learning' && each.sessionId === retries);
    expect(hit).toMatchObject({ amendedBy: { sessionId: amended, turn: 1 } });
    expect(hits.find((each) => each.sessionId === amended)).not.toHaveProperty('amendedBy');
    // Read after its amendment, as a first import reads: the newest first.
    const earlier = await say(shop, 12, [
      'The flamingo client of the gateway retries for ever.',
      'Settled: the flamingo client makes at most twelve attempts against the gateway.',
    ]);
    await read();
    const again = await ask('How many attempts may the flamingo client make against the gateway?');
    expect(again.items[0]?.sessionId).toBe(amended);
    expect(again.items.find((item) => item.sessionId === earlier)?.amendedBy?.sessionId).toBe(amended);
  });
});

describe('in a search', () => {
  const question = 'flamingo client blocks when it retries: seven attempts, then gives up';
  const places = async (text: string, sort?: 'newest') => {
    const { hits } = await test.memory.search({ text, ...(sort && { sort }) });
    return hits.flatMap((hit) => ('turnId' in hit ? [{ id: hit.sessionId, score: hit.score, why: hit.why }] : []));
  };

  it('what amends stands before what it amends, however much better that one has the words', async () => {
    const first = await say(shop, 3, [
      'Amendment to the retry rule of the flamingo client: the gateway changed, make it five attempts.',
      'Understood: the flamingo client makes at most five attempts, superseding the seven of before.',
    ]);
    await test.import();
    expect((await places(question)).map(({ id }) => id).indexOf(retries)).toBe(0);
    await read();
    const [top, next] = await places(question);
    expect(top).toMatchObject({ id: first, why: { isAmending: true } });
    expect(next!.id).toBe(retries);
    expect(next!.why).not.toHaveProperty('isAmending');
    expect(top!.why.roads.words!).toBeGreaterThan(next!.why.roads.words!);
    expect(top!.score).toBe(next!.score);
    // What amends the amendment stands before both.
    const second = await say(shop, 1, [
      'Another amendment of the retry rule: the flamingo client of the gateway makes at most three attempts.',
      'Understood, three attempts for the flamingo client, superseding the five of before.',
    ]);
    await read();
    expect((await places(question)).slice(0, 3).map(({ id }) => id)).toEqual([second, first, retries]);
    // By time the order is that of time.
    expect((await places(question, 'newest')).every(({ why }) => why.isAmending === undefined)).toBe(true);
  });
});

describe('the brief of a project', () => {
  it('has its learnings and its last sessions, and is ready as a file for each folder', async () => {
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'config',
      title: 'Run make seed before the tests',
      description: 'Without it the basket is empty.',
    });
    await read();
    const { text } = await brief(shop);
    expect(text).toContain('Run make seed before the tests');
    expect(text).toContain('at most seven attempts');
    expect(text).not.toContain('bakery');
    expect(briefFile(shop)).toBe(text);
    expect(briefFile(bakery)).toContain('three attempts');
    expect(briefFile('/work/other')).toBeUndefined();
  });

  it("is made again for what changed only, in a file that never is another project's", async () => {
    const index = new FullText(test.driver);
    const write = async (changed?: ReadonlySet<number>) => {
      const { now, driver, dataDir } = test;
      const ports = {
        driver,
        index,
        dataDir,
        now: () => now.value,
        names: createNameKey('salt'),
        noted: new Noted(driver),
        turn: breathe,
      };
      const idsOf = async (root: string) =>
        allProjects(driver).flatMap(({ id, root: each }) => (each === root ? [id] : []));
      await writeBriefs({ ...ports, idsOf }, changed, new AbortController().signal);
    };
    const fileOf = (name: string) => path.join(test.dataDir, 'give', `brief-${idOf(name)}.md`);
    const idOf = (name: string) => allProjects(test.driver).find((project) => project.name === name)!.id;
    await write();
    writeFileSync(fileOf('bakery'), 'as it stood');
    // The bakery has more sessions now, so it comes first.
    for (const kind of ['rye', 'spelt', 'wheat', 'oat'])
      await say(bakery, 1, [`Bake ${kind}`, `Baked four loaves of ${kind}.`]); // oxlint-disable-line no-await-in-loop -- in order
    await test.import();
    await write(new Set([idOf('shop')]));
    expect(readFileSync(fileOf('bakery'), 'utf8')).toBe('as it stood');
    expect(briefFile(shop)).toContain('at most seven attempts');
    await write(new Set([idOf('bakery')]));
    expect(briefFile(bakery)).toContain('three attempts');
    expect(briefFile(bakery)).not.toContain('seven');
  });

  it('is gone before a session is reported as forgotten, and comes back without it', async () => {
    await test.memory.forgetSession(retries);
    expect(readdirSync(path.join(test.dataDir, 'give'))).toEqual([]);
    await test.memory.readyBriefs();
    expect(briefFile(shop)).not.toContain('seven');
    expect((await ask('How many attempts may the flamingo client make?')).text).not.toContain('seven');
  });

  it('and what was given are gone with the session, in the record too', async () => {
    const other = sessionId(2);
    await test.memory.noteGiven({
      requestId: 'r',
      sessionId: other,
      source: 'session-start',
      tokens: 5,
      items: [{ id: `${retries}/decision/0`, sessionId: retries }, { id: 'learning/x' }],
    });
    await test.memory.forgetSession(retries);
    expect(await test.memory.listGiven({})).toMatchObject([{ items: [{ id: 'learning/x' }] }]);
    expect(JSON.stringify(test.driver.all('SELECT * FROM given'))).not.toContain(retries);
    await test.memory.forgetSession(other);
    expect(await test.memory.listGiven({})).toEqual([]);
  });
});

describe('for a need of a person', () => {
  it('comes from anywhere in scope, within the tokens asked for', async () => {
    const { items, tokens } = await test.memory.packContext({
      text: 'attempts of the flamingo gateway client',
      budget: 300,
    });
    expect(new Set(items.map(({ project }) => project?.name))).toEqual(new Set(['shop', 'bakery']));
    expect(tokens).toBeLessThanOrEqual(300);
  });
});

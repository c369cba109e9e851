/** Whether memory helped is found out from what sessions did, and what a person says about giving holds. */
import { mkdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { ShadowExample, Verdict } from '../../protocol/shadow';
import { putShadow } from '../store/tables/shadows';
import { precisionOf } from './precision';

const shop = '/work/shop';
const dayMs = 86_400_000;
const asking = 'How many attempts may the flamingo gateway client make before it gives up?';
let test: TestMemory;
let sessions = 0;

type Act = (transcript: Transcript) => void;
const say =
  (prompt: string, answer = 'All right.'): Act =>
  (transcript) => {
    transcript.prompt(prompt);
    transcript.answer(answer);
  };
const edit =
  (file: string): Act =>
  (transcript) =>
    transcript.tool('Edit', { file_path: file, old_string: 'const a = 1;', new_string: 'const a = 2;' }, 'done');
const run =
  (command: string, output = 'ok', isError = false): Act =>
  (transcript) =>
    transcript.tool('Bash', { command }, output, isError ? { isError: true } : {});

async function write(daysAgo: number, ...acts: Act[]): Promise<string> {
  const id = sessionId(++sessions);
  const transcript = new Transcript(id, { cwd: shop, startedAt: test.now.value - daysAgo * dayMs });
  for (const act of acts) act(transcript);
  await writeTranscript(test.configDir, id, transcript, '-work-shop');
  return id;
}

/** As when everything rests. */
async function rest(): Promise<void> {
  await test.import();
  const { items } = await test.memory.listSessions({ limit: 200 });
  for (const { id } of items) await test.memory.summary(id); // oxlint-disable-line no-await-in-loop -- in order
  test.driver.run('DELETE FROM task_queue');
  await test.memory.readyBriefs();
}

const examples = async (verdict?: Verdict): Promise<ShadowExample[]> =>
  (await test.memory.shadowExamples(verdict ? { verdict } : {})).items;
const verdictOf = async (session: string): Promise<string | undefined> =>
  test.driver.get<{ verdict: string }>(
    'SELECT verdict FROM shadows JOIN sessions s ON s.no = session WHERE s.id = ? ORDER BY turn LIMIT 1',
    [session],
  )?.verdict;

let known: string;
beforeEach(async () => {
  sessions = 0;
  test = await openTestMemory();
  known = await write(
    9,
    say('The flamingo gateway blocks us when the client retries too often.', 'I look at src/flamingo.ts.'),
    edit(`${shop}/src/flamingo.ts`),
    say(
      'No, the gateway blocks at eight.',
      'Settled: the flamingo gateway client makes at most seven attempts with jitter. ' +
        'The attempts of the flamingo gateway client are shown by `npm run probe:flamingo -- --slow`.',
    ),
  );
  for (const [at, word] of ['invoice', 'dashboard', 'newsletter'].entries())
    await write(
      8 - at,
      say(`Rename the ${word} template.`, `Renamed the ${word} and the tests pass.`),
      edit(`${shop}/${word}.ts`),
    ); // oxlint-disable-line no-await-in-loop -- in order
});
afterEach(() => test.close());

describe('a prompt is judged by what its session then did', () => {
  it.each<[string, string, Act[]]>([
    ['touched a file where it was said', 'file', [edit(`${shop}/src/flamingo.ts`)]],
    ['ran the command that it names', 'command', [run('npm run probe:flamingo -- --slow')]],
    [
      'was told the same',
      'told',
      [say('It is at most seven attempts, with jitter: that was settled for the flamingo gateway client.')],
    ],
  ])('it helped when it %s', async (_, kind, acts) => {
    const asks = await write(2, say(asking), ...acts);
    await rest();
    expect(await verdictOf(asks)).toBe('helped');
    const [example] = await examples('helped');
    expect(example).toMatchObject({ sessionId: asks, isGiven: false, prompt: asking });
    expect(example?.items.map(({ use }) => use?.kind)).toContain(kind);
    expect(example?.items.find(({ use }) => use)?.use?.key).toMatch(/^[po]\d+$/);
    expect(example?.tokens).toBeGreaterThan(20);
  });

  it.each<[string, Act[]]>([
    ['did something else', [edit(`${shop}/src/other.ts`), run('npm test'), say('Thanks, now the invoice.')]],
    ['did the same too late', [...Array.from({ length: 5 }, () => say('go on')), edit(`${shop}/src/flamingo.ts`)]],
  ])('it did not help when it %s', async (_, acts) => {
    const asks = await write(2, say(asking), ...acts);
    await rest();
    expect(await verdictOf(asks)).toBe('unused');
    const { shadow } = await test.memory.shadowReport();
    expect(shadow.precision).toMatchObject({ used: 0, of: 1 });
  });

  it('what the prompt says itself, or the session had touched before, is no help', async () => {
    const named = await write(3, say(`${asking} Look at src/flamingo.ts.`), edit(`${shop}/src/flamingo.ts`));
    const before = await write(
      2,
      say('hello'),
      edit(`${shop}/src/flamingo.ts`),
      say(asking),
      edit(`${shop}/src/flamingo.ts`),
    );
    await rest();
    expect(await verdictOf(named)).toBe('unused');
    expect(await examples('helped')).toEqual([]);
    expect((await examples('unused')).map((each) => each.sessionId)).toContain(before);
  });

  it('a file that most sessions touch is no help', async () => {
    // oxlint-disable-next-line no-await-in-loop -- in order
    for (let at = 0; at < 6; at += 1) await write(7, say(`Bake number ${at}`), edit(`${shop}/src/flamingo.ts`));
    const asks = await write(2, say(asking), edit(`${shop}/src/flamingo.ts`));
    await rest();
    expect(await verdictOf(asks)).toBe('unused');
  });

  it('only what was said before it would have been given', async () => {
    const asks = await write(20, say(asking), edit(`${shop}/src/flamingo.ts`));
    await rest();
    expect(await verdictOf(asks)).toBe('silent');
  });

  it('nothing is given twice, and a prompt that asks nothing is silent', async () => {
    await write(2, say(asking), say(asking), say('/compact the flamingo gateway client attempts'), say('continue'));
    await rest();
    expect(test.driver.all("SELECT turn, verdict FROM shadows WHERE verdict <> 'silent'")).toHaveLength(1);
  });

  it('once, and again when turns follow that may use it', async () => {
    const id = sessionId(90);
    const transcript = new Transcript(id, { cwd: shop, startedAt: test.now.value - dayMs });
    const put = async (...acts: Act[]) => {
      for (const act of acts) act(transcript);
      await writeTranscript(test.configDir, id, transcript, '-work-shop');
      await rest();
    };
    await put(say(asking));
    expect(await verdictOf(id)).toBe('unused');
    await put(say('show me'), edit(`${shop}/src/flamingo.ts`));
    expect(await verdictOf(id)).toBe('helped');
    expect(test.driver.get('SELECT count(*) AS n FROM shadows WHERE uid IN (SELECT uid FROM prompts)')).toEqual(
      test.driver.get('SELECT count(*) AS n FROM shadows'),
    );
  });

  it('not while its session goes on', async () => {
    await write(10 / 86_400, say(asking));
    await rest();
    expect(await test.memory.shadowReport()).toMatchObject({ waiting: 1 });
  });
});

describe('help is missed', () => {
  const failing =
    "src/flamingo.ts(3,7): error TS2345: Argument of type 'Heron' is not assignable to parameter 'Flamingo'.";
  it('when an error is met that an earlier session had made go away, and nothing was given', async () => {
    await write(
      7,
      say('Build it.'),
      run('npx tsc --noEmit', `Exit code 2\n${failing}`, true),
      edit(`${shop}/src/heron.ts`),
      run('npx tsc --noEmit', ''),
    );
    const asks = await write(
      2,
      say('Please package it for release.'),
      run('npx tsc --noEmit', `Exit code 2\n${failing}`, true),
    );
    const other = await write(
      1,
      say('Please package it for the store.'),
      run('npx tsc --noEmit', "Exit code 2\nsrc/b.ts(1,1): error TS1005: ';' expected somewhere around here.", true),
    );
    await rest();
    expect(await verdictOf(asks)).toBe('missed');
    expect(await verdictOf(other)).toBe('silent');
    const [example] = await examples('missed');
    expect(example?.items[0]?.text).toContain('TS2345');
    expect(example?.items[0]?.use).toMatchObject({ kind: 'error' });
  });
});

describe('what was really given', () => {
  it('is judged in place of what would have been, and counted for itself', async () => {
    const asks = await write(2, say('Go and look at that.'), edit(`${shop}/src/flamingo.ts`));
    await rest();
    const { items } = await test.memory.promptContext({ prompt: asking, folder: shop });
    const at = test.driver.get<{ at: number }>(
      'SELECT at FROM shadows JOIN sessions s ON s.no = session WHERE s.id = ?',
      [asks],
    )!.at;
    const present = test.now.value;
    test.now.value = at;
    await test.memory.noteGiven({
      requestId: 'r1',
      sessionId: asks,
      source: 'prompt',
      tokens: 77,
      items: items.map(({ id, sessionId: from }) => ({ id, ...(from !== undefined && { sessionId: from }) })),
    });
    test.now.value = present;
    test.driver.run('DELETE FROM shadows');
    test.driver.run('DELETE FROM shadow_reads');
    await test.memory.readyBriefs();
    const { given } = await test.memory.shadowReport();
    expect(given).toMatchObject({ looked: 1, tokens: 77, precision: { used: 1, of: 1 } });
    expect((await test.memory.listGiven({ sessionId: asks }))[0]?.items[0]).toMatchObject({ text: items[0]?.text });
    expect(await test.memory.listGiven({ sessionId: known })).toEqual([]);
  });

  it('includes what hooks gave without a keeper that was told, and each once', async () => {
    const asks = await write(1, say('hello'));
    await test.import();
    const dir = path.join(test.dataDir, 'give/sessions');
    mkdirSync(dir, { recursive: true });
    const items = [
      { id: `${known}/decision/0`, sessionId: known },
      { id: 'gone/decision/0', sessionId: 'gone' },
    ];
    const briefs = [
      { requestId: 'brief-note-1', at: 5, tokens: 9, items },
      { requestId: '../', at: 'x' },
    ];
    const prompts = [{ requestId: 'prompt-note-1', at: 6, tokens: 3, items: items.slice(0, 1) }];
    // The keeper was told of this one.
    const told = { requestId: 'prompt-note-2', at: 7, tokens: 4, items: [] };
    await test.memory.noteGiven({ requestId: told.requestId, sessionId: asks, source: 'prompt', tokens: 4, items: [] });
    writeFileSync(
      path.join(dir, `${asks}.json`),
      JSON.stringify({ version: 1, startedAt: 5, keys: [], briefs, prompts: [...prompts, told] }),
    );
    await rest();
    await rest();
    const records = await test.memory.listGiven({ sessionId: asks });
    expect(new Set(records.map(({ tokens }) => tokens))).toEqual(new Set([3, 4, 9]));
    expect(records).toHaveLength(3);
    const [brief, prompt] = [9, 3].map((tokens) => records.find((record) => record.tokens === tokens));
    expect(prompt).toMatchObject({ source: 'prompt', tokens: 3, at: 6, items: [{ id: items[0]!.id }] });
    expect(brief).toMatchObject({ source: 'session-start', tokens: 9, at: 5, items: [{ id: items[0]!.id }] });
    expect(brief?.items[0]?.text).toContain('seven attempts');
  });
});

describe('the bar', () => {
  /** Prompts of another session of the project, for which words were given. */
  const judged = (many: number, used: number) => {
    const { no } = test.driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [sessionId(2)])!;
    for (let at = 0; at < many; at += 1)
      for (const source of ['said', 'summary'] as const)
        putShadow(test.driver, {
          uid: `p:${source}${at}`,
          session: no,
          turn: at,
          at,
          judgedTo: at + 4,
          verdict: at < used ? 'helped' : 'unused',
          isGiven: false,
          tokens: 1,
          items: [{ id: 'x', source, ...(at < used && { use: { kind: 'file' as const, uid: 'o:x' } }) }],
        });
  };
  const ask = async () => (await test.memory.promptContext({ prompt: asking, folder: shop })).items.length;

  it.each([
    [19, 0, false],
    [20, 1, true],
    [20, 2, false],
  ])('after %d prompts of which it helped %d, a source has muted itself: %s', async (many, used, isMuted) => {
    await rest();
    judged(many, used);
    expect((await ask()) === 0).toBe(isMuted);
    const [project] = (await test.memory.shadowReport()).projects;
    expect(project?.sources.map((each) => each.isMuted)).toEqual([isMuted, isMuted]);
  });

  it('is the person’s, and so is an exception from it', async () => {
    await rest();
    judged(30, 0);
    expect(await ask()).toBe(0);
    const { id } = (await test.memory.shadowReport()).projects[0]!.project;
    await test.memory.setSourceKept(id, 'summary', true);
    expect(await ask()).toBeGreaterThan(0);
    expect((await test.memory.shadowReport()).projects[0]?.sources).toMatchObject([
      { source: 'summary', isMuted: false, isKept: true },
      { source: 'said', isMuted: true },
    ]);
    await test.memory.setSourceKept(id, 'summary', false);
    expect(await ask()).toBe(0);
    await test.import({ giveBar: 0 });
    expect(await ask()).toBeGreaterThan(0);
  });
});

describe('what a person says', () => {
  const prompt = () => test.memory.promptContext({ prompt: asking, folder: shop });
  const briefText = async () => (await test.memory.brief({ folder: shop })).text;

  it('"never this": neither with prompts nor in briefs, though search finds it; until it is taken back', async () => {
    await rest();
    const settled = (await prompt()).items.filter(({ text }) => text.includes('seven attempts'));
    expect(settled.length).toBeGreaterThan(0);
    expect(await briefText()).toContain('seven attempts');
    for (const { id } of settled) await test.memory.setNeverGiven(id, true); // oxlint-disable-line no-await-in-loop -- in order
    expect((await prompt()).text).not.toContain('seven attempts');
    expect(await briefText()).not.toContain('seven attempts');
    expect((await test.memory.search({ text: 'seven attempts' })).hits).not.toEqual([]);
    const { never } = await test.memory.giveChoices();
    expect(never[0]).toMatchObject({ isNever: true, sessionId: known });
    // The word is about the sentence, not about its number in a summary.
    test.driver.run("UPDATE give_choices SET item_id = 'other/decision/7'");
    expect((await prompt()).text).not.toContain('seven attempts');
    for (const { id } of settled) await test.memory.setNeverGiven(id, false); // oxlint-disable-line no-await-in-loop -- in order
    expect((await prompt()).text).toContain('seven attempts');
    expect((await test.memory.giveChoices()).never).toEqual([]);
  });

  it('of a row that a model asked for, and of a learning', async () => {
    await rest();
    const { id } = await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'Flamingo gateway attempts',
      description: 'The flamingo gateway client makes at most seven attempts before it gives up.',
    });
    await test.memory.setNeverGiven(`l${id}`, true);
    expect((await prompt()).items.map(({ kind }) => kind)).not.toContain('learning');
    expect(await briefText()).not.toContain('Flamingo gateway attempts');
    const [hit] = (await test.memory.search({ text: 'jitter' })).hits;
    await test.memory.setNeverGiven(hit!.key, true);
    expect((await test.memory.giveChoices()).never.map((each) => each.id)).toEqual([hit!.key, `learning/${id}`]);
    await expect(test.memory.setNeverGiven('p99999', true)).rejects.toThrow(/no longer there/);
    await expect(test.memory.setNeverGiven(`s${known}`, true)).rejects.toThrow(/single/);
  });

  it('"not this session": it gets nothing more, until it is taken back', async () => {
    await rest();
    const of = (id: string) => test.memory.promptContext({ prompt: asking, folder: shop, sessionId: id });
    await test.memory.setSessionGiven(sessionId(2), false);
    expect((await of(sessionId(2))).items).toEqual([]);
    expect((await of(sessionId(3))).items).not.toEqual([]);
    await test.memory.setSessionGiven(sessionId(2), true);
    expect((await of(sessionId(2))).items).not.toEqual([]);
  });

  it('is kept when the memory opens again', async () => {
    await rest();
    const { id } = (await prompt()).items[0]!;
    await test.memory.setNeverGiven(id, true);
    await test.memory.setSessionGiven(known, false);
    await test.reopen();
    expect(await test.memory.giveChoices()).toMatchObject({ never: [{ id }], sessions: [{ sessionId: known }] });
  });
});

it('of a forgotten session nothing is kept, and prompts it was given for are judged anew', async () => {
  const asks = await write(2, say(asking), edit(`${shop}/src/flamingo.ts`));
  await rest();
  const [piece] = (await test.memory.promptContext({ prompt: asking, folder: shop })).items;
  await test.memory.setNeverGiven(piece!.id, true);
  await test.memory.setSessionGiven(known, false);
  await test.memory.forgetSession(known);
  const all = () =>
    JSON.stringify(['shadows', 'give_choices'].map((table) => test.driver.all(`SELECT * FROM ${table}`)));
  expect(all()).not.toContain(known);
  await test.memory.readyBriefs();
  expect(await verdictOf(asks)).toBe('silent');
  const { id } = (await test.memory.shadowReport()).projects[0]!.project;
  await test.memory.setSourceKept(id, 'said', true);
  await test.memory.forgetProject(id);
  expect(all()).toBe('[[],[]]');
  expect(test.driver.all('SELECT * FROM shadow_reads')).toEqual([]);
});

it('an interval says how sure a share is', () => {
  expect(precisionOf(0, 0)).toEqual({ used: 0, of: 0, low: 0, high: 1 });
  const { low, high } = precisionOf(8, 10);
  expect([low.toFixed(3), high.toFixed(3)]).toEqual(['0.490', '0.943']);
  expect(precisionOf(0, 20).low).toBe(0);
});

/** Both roads of a search in a real memory: their common results, and that meaning never makes them worse. */
import { readdirSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it, vi } from 'vitest';
import { dice, oracle, wordBag } from '../../../test/fakes/embedders';
import type { FakeEmbedder } from '../../../test/fakes/embedders';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { SearchQuery } from '../../protocol/questions/search';
import { parseQuery } from '../index/query';
import { trialRule } from '../meaning/calibrate';
import { setConfiguration } from '../store/tables/configuration';

let test: TestMemory;
const open = async () => {
  test = await openTestMemory();
};
const close = () => test.close();

const count = 40;
/** Words of a topic for texts (even) and for questions (odd): the same meaning without a common word. */
const letters = (topic: number) => String.fromCodePoint(98 + Math.floor(topic / 10), 109 + (topic % 10));
const textWord = (topic: number) => `alfa${letters(topic)}`;
const questionWord = (topic: number) => `omega${letters(topic)}`;
/** The topic of a text or a question, for the perfect embedder. */
const topicOf = (text: string): number | undefined => {
  const found = /(?:alfa|omega)([a-z])([a-z])/.exec(text);
  return found ? (found[1]!.charCodeAt(0) - 98) * 10 + found[2]!.charCodeAt(0) - 109 : undefined;
};

/**
 * Sessions with a topic and a title each. Each title shares one frequent word with its session, so words find it, but
 * far down.
 */
async function writeHistory(): Promise<void> {
  for (let number = 1; number <= count; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: number % 2 === 0 ? '/work/shop' : '/work/api' });
    transcript.prompt(`please look at ${textWord(number)} in the basket${number % 6} once more`);
    transcript.answer(`the ${textWord(number)} was in the basket${number % 6}, now it is better`);
    transcript.meta({
      type: 'custom-title',
      customTitle: `${questionWord(number)} of basket${number % 6}`,
      sessionId: sessionId(number),
    });
    await writeTranscript(test.configDir, sessionId(number), transcript, number % 2 === 0 ? '-work-shop' : '-work-api');
  }
  await test.import();
}

const search = (text: string, more: Partial<SearchQuery> = {}) => test.memory.search({ text, limit: 100, ...more });
const sessions = async (text: string, more: Partial<SearchQuery> = {}) =>
  (await search(text, more)).hits.flatMap((hit) => hit.sessionId ?? []);
async function use(embedder: FakeEmbedder): Promise<void> {
  test.memory.setEmbedder(embedder);
  await test.memory.whenEmbedded();
}
/** Uses an embedder with a fixed weight, as if there were no trial. */
async function useWithout(embedder: FakeEmbedder, weight: number): Promise<void> {
  const nothing = { mrr: 0, hit5: 0 };
  await use(embedder);
  const documents = test.memory.meaningFacts()!.queue.done;
  setConfiguration(
    test.driver,
    'keeper.calibration',
    { model: embedder.id, at: 0, rule: trialRule, pairs: 0, weight, words: nothing, fused: nothing, documents },
    0,
  );
  await test.reopen();
  await use(embedder);
}
/** Mean reciprocal rank of the right sessions for questions that are not titles. */
async function rankOfQuestions(): Promise<number> {
  let sum = 0;
  for (let topic = 1; topic <= count; topic++) {
    const place = (
      await sessions(`once more ${questionWord(topic)} basket${topic % 6}`, { types: ['user', 'assistant'] })
    ).indexOf(sessionId(topic));
    sum += place < 0 ? 0 : 1 / (place + 1);
  }
  return sum / count;
}

describe('what the road of meaning is worth is found out', () => {
  beforeEach(open);
  afterEach(close);

  /**
   * Checks that with this embedder questions are answered at least as well as by words alone; returns what is wrong.
   */
  async function judge(embedder: FakeEmbedder, isForced?: number): Promise<string[]> {
    const before = await rankOfQuestions();
    await (isForced === undefined ? use(embedder) : useWithout(embedder, isForced));
    const after = await rankOfQuestions();
    return after < before ? [`the rank fell from ${before.toFixed(3)} to ${after.toFixed(3)}`] : [];
  }

  it('an embedder that knows earns a weight, and the rank improves', async () => {
    await writeHistory();
    const before = await rankOfQuestions();
    await use(oracle(topicOf));
    const facts = test.memory.meaningFacts();
    expect(facts).toMatchObject({ model: 'oracle@1', queue: { waiting: 0 }, calibration: { pairs: count } });
    expect(facts!.weight).toBeGreaterThan(0);
    expect(facts!.calibration!.fused.mrr).toBeGreaterThan(facts!.calibration!.words.mrr + 0.2);
    expect(await rankOfQuestions()).toBeGreaterThan(before + 0.2);
  });

  it('one that knows nothing gets none, and no order changes', async () => {
    await writeHistory();
    const before = await sessions('once more basket3');
    expect(await judge(dice())).toEqual([]);
    expect(test.memory.meaningFacts()).toMatchObject({ weight: 0, calibration: { reason: 'no_gain', pairs: count } });
    expect(await sessions('once more basket3')).toEqual(before);
    expect(await search('once more basket3', { roads: 'words' })).toMatchObject({ canRefine: false });
  });

  it('without the trial the same embedder does harm: the control', async () => {
    await writeHistory();
    expect(await judge(dice(), 1)).toHaveLength(1);
  });

  it('a model nobody tried gets none, and so does one with too few questions', async () => {
    for (let number = 1; number <= 5; number++) {
      const transcript = new Transcript(sessionId(number));
      transcript.prompt(`${textWord(number)} basket`);
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    await use(oracle(topicOf));
    expect(test.memory.meaningFacts()).toMatchObject({ weight: 0, calibration: { reason: 'few_pairs', pairs: 0 } });
    test.memory.setEmbedder(oracle(topicOf, 'oracle@2'));
    expect(test.memory.meaningFacts()).toMatchObject({ model: 'oracle@2', weight: 0 });
    expect(test.memory.meaningFacts()).not.toHaveProperty('calibration');
  });

  it('is kept over a restart, and tried again when there is half as much more', async () => {
    await writeHistory();
    await use(oracle(topicOf));
    const { calibration } = test.memory.meaningFacts()!;
    test.now.value += 1000;
    await test.reopen();
    await use(oracle(topicOf));
    expect(test.memory.meaningFacts()!.calibration).toEqual(calibration);
    for (let number = count + 1; number <= count * 2; number++) {
      const transcript = new Transcript(sessionId(number));
      transcript.prompt(`about ${textWord(number)}`);
      transcript.answer(`yes, ${textWord(number)}`);
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    await test.memory.whenEmbedded();
    expect(test.memory.meaningFacts()!.calibration!.at).toBeGreaterThan(calibration!.at);
  });

  it('is tried again when much of the history went, and forgotten with all of it', async () => {
    await writeHistory();
    await use(oracle(topicOf));
    const first = test.memory.meaningFacts()!;
    expect(first.weight).toBeGreaterThan(0);
    test.now.value += 1000;
    for (let number = 3; number <= count; number++) await test.memory.forgetSession(sessionId(number));
    await test.memory.whenEmbedded();
    expect(test.memory.meaningFacts()).toMatchObject({ weight: 0, calibration: { pairs: 2, reason: 'few_pairs' } });
    expect(test.memory.meaningFacts()!.calibration!.at).toBeGreaterThan(first.calibration!.at);
    await test.memory.deleteEverything();
    await test.memory.whenEmbedded();
    expect(test.memory.meaningFacts()).not.toHaveProperty('calibration');
    expect(test.driver.get("SELECT count(*) AS n FROM configurations WHERE key = 'keeper.calibration'")).toEqual({
      n: 0,
    });
  });

  it('says nothing of a history that was deleted while it was tried', async () => {
    await writeHistory();
    const model = oracle(topicOf);
    model.onCall = async (_, kind) => {
      if (kind === 'query') await test.memory.deleteEverything();
    };
    await use(model);
    await test.memory.whenEmbedded();
    expect(test.memory.meaningFacts()).not.toHaveProperty('calibration');
    expect(test.driver.get("SELECT count(*) AS n FROM configurations WHERE key = 'keeper.calibration'")).toEqual({
      n: 0,
    });
  });

  it('waits while a person has paused it, and goes on where it was', async () => {
    await writeHistory();
    const model = oracle(topicOf);
    const questions = () => model.calls.filter(({ kind }) => kind === 'query').length;
    const paused = new Promise<void>((resolve) => {
      model.onCall = async (_, kind) => {
        if (kind !== 'query' || questions() > 1) return;
        await test.memory.setEmbeddingPaused(true);
        resolve();
      };
    });
    test.memory.setEmbedder(model);
    const done = test.memory.whenEmbedded();
    await paused;
    // Long enough for three batches of questions.
    for (let turn = 0; turn < 200; turn++) await new Promise((resolve) => setImmediate(resolve));
    expect(questions()).toBe(1);
    expect(test.memory.meaningFacts()).toMatchObject({ weight: 0, queue: { whyPaused: 'user' } });
    await test.memory.setEmbeddingPaused(false);
    await done;
    expect(questions()).toBe(Math.ceil(count / 8));
    expect(test.memory.meaningFacts()).toMatchObject({ calibration: { pairs: count } });
  });

  it('commits of folders that a window trusts are asked too, as long as it trusts them', async () => {
    await test.close();
    const roots = new Map<string, readonly string[]>();
    const commits = {
      setRoots: (source: string, list: readonly string[]) => void roots.set(source, list),
      trusted: () => [],
      head: async () => undefined,
      files: async () => new Map(),
      commits: async () =>
        [...roots.values()].flat().map((root) => ({
          subject: 'swap the basket for a cart',
          at: Date.UTC(2026, 10, 20, 9, 1),
          files: [`${root}/cart.ts`],
        })),
    };
    test = await openTestMemory({ commits });
    const transcript = new Transcript(sessionId(1));
    transcript.prompt('please swap it');
    transcript.tool('Edit', { file_path: '/work/shop/cart.ts', old_string: 'a', new_string: 'b' }, 'done');
    await writeTranscript(test.configDir, sessionId(1), transcript);
    await test.import({ trustedRoots: ['/work/shop'] });
    await use(oracle(topicOf));
    expect(test.memory.meaningFacts()).toMatchObject({ calibration: { pairs: 1 } });
    await test.import();
    await use(oracle(topicOf, 'oracle@2'));
    expect(test.memory.meaningFacts()).toMatchObject({ calibration: { pairs: 0 } });
  });

  it('the title itself is left out of both roads: a word bag, which knows titles by heart, earns nothing by them', async () => {
    await writeHistory();
    const bag = wordBag();
    await use(bag);
    const { calibration } = test.memory.meaningFacts()!;
    expect(calibration!.words.mrr).toBeLessThan(0.6);
    expect(calibration!.fused.mrr).toBeLessThan(0.6);
  });
});

describe('with a model that has earned its weight', () => {
  let model: FakeEmbedder;
  beforeAll(async () => {
    await open();
    await writeHistory();
  });
  afterAll(close);
  beforeEach(async () => {
    model = oracle(topicOf);
    await use(model);
  });

  it('finds without a word in common, shows the piece that was found, and says why', async () => {
    const text = questionWord(7);
    const words = await search(text, { roads: 'words', types: ['user', 'assistant'] });
    expect(words).toMatchObject({ canRefine: true, total: 0 });
    const { hits, canRefine, total, facets } = await search(text, { types: ['user', 'assistant'] });
    expect(canRefine).toBe(false);
    expect(hits[0]).toMatchObject({
      sessionId: sessionId(7),
      snippet: expect.stringContaining(textWord(7)),
      why: { roads: { meaning: 1 } },
    });
    expect(hits[0]!.why.similarity).toBeGreaterThan(0.5);
    expect(hits[0]!.why.roads).not.toHaveProperty('words');
    expect(total).toBe(hits.length);
    expect(facets.project.reduce((sum, each) => sum + each.count, 0)).toBe(total);
  });

  it('asks of the sessions only what is shown of them, and counts none of their rows', async () => {
    const all = vi.spyOn(test.driver, 'all');
    const { hits } = await search('once more basket3', { roads: 'words' });
    const asked = all.mock.calls.map(([sql]) => sql);
    all.mockRestore();
    expect(hits.length).toBeGreaterThan(0);
    expect(asked.filter((sql) => sql.includes('FROM sessions'))).not.toEqual([]);
    expect(asked.filter((sql) => /count\(|copies/.test(sql))).toEqual([]);
  });

  it('leaves out what scores too low, and counts all the same', async () => {
    const text = `once more basket3 ${questionWord(9)}`;
    for (const query of [{ text }, { text, roads: 'words' as const }, { text, sort: 'newest' as const }]) {
      const all = await test.memory.search({ ...query, limit: 100 });
      const minScore = all.hits.map(({ score }) => score).toSorted((a, b) => b - a)[3]!;
      const some = await test.memory.search({ ...query, limit: 100, minScore });
      expect(some.hits).toEqual(all.hits.filter(({ score }) => score >= minScore));
      expect(some.hits.length).toBeGreaterThanOrEqual(4);
      expect(some.hits.length).toBeLessThan(all.hits.length);
      expect([some.total, some.facets]).toEqual([all.total, all.facets]);
    }
  });

  it('keeps to the filters, exclusions and exact words of the query', async () => {
    const text = questionWord(7);
    const allOf = async (query: string, more: Partial<SearchQuery> = {}) => (await search(query, more)).hits;
    expect((await allOf(`${text} project:shop`)).every(({ project }) => project?.name === 'shop')).toBe(true);
    expect((await allOf(`${text} type:prompt`)).every((hit) => hit.kind === 'message' && hit.role === 'user')).toBe(
      true,
    );
    expect(
      (await allOf(text, { types: ['assistant'] })).every((hit) => hit.kind === 'message' && hit.role === 'assistant'),
    ).toBe(true);
    expect(await allOf(text, { types: ['error'] })).toEqual([]);
    expect(
      (await allOf(`${text} -${textWord(7)}`)).every(
        ({ kind, snippet }) => kind === 'session' || !snippet.includes(textWord(7)),
      ),
    ).toBe(true);
    const exact = await sessions('"once more"', { roads: 'words' });
    expect((await sessions(`"once more"`)).toSorted((a, b) => a.localeCompare(b))).toEqual(
      exact.toSorted((a, b) => a.localeCompare(b)),
    );
    const scope = await test.memory.projects();
    const ids = scope.filter(({ name }) => name === 'api').map(({ id }) => id);
    expect((await allOf(text, { scope: { projectIds: ids } })).every(({ project }) => project?.name === 'api')).toBe(
      true,
    );
  });

  it("whatever becomes of the model, the words' answer is left", async () => {
    const harms: Record<string, (fake: FakeEmbedder) => void> = {
      fails: (fake) => (fake.onCall = () => Promise.reject(new Error('gone'))),
      'goes in the middle': (fake) => (fake.onCall = () => test.memory.setEmbedder(undefined)),
      'is changed in the middle': (fake) => (fake.onCall = () => test.memory.setEmbedder(dice())),
      'answers with nothing': (fake) => (fake.embed = async () => []),
      'answers with another dimension': (fake) => (fake.embed = async () => [new Float32Array(3)]),
      'never answers, nor hears that it may stop': (fake) => (fake.embed = () => new Promise(() => {})),
    };
    const text = `once more basket3 ${questionWord(9)}`;
    const words = await search(text, { roads: 'words' });
    const ordered = (await search(text)).hits;
    expect(ordered, 'the control: the model makes a difference').not.toEqual(words.hits);
    for (const [name, harm] of Object.entries(harms)) {
      const fake = oracle(topicOf);
      await use(fake);
      expect((await search(text)).hits, `before it ${name}`).toEqual(ordered);
      harm(fake);
      const { hits, total, facets } = await search(text);
      expect({ hits, total, facets }, `a model that ${name}`).toEqual({
        hits: words.hits,
        total: words.total,
        facets: words.facets,
      });
    }
  });

  it('a newer keystroke ends the older search, in the embedder too', async () => {
    const typed = new AbortController();
    let heard: AbortSignal | undefined;
    model.onCall = (_texts, _kind, signal) => {
      heard = signal;
      setImmediate(() => typed.abort());
      return new Promise(() => {});
    };
    await expect(test.memory.search({ text: questionWord(4) }, typed.signal)).rejects.toThrow(/abort/i);
    expect(heard?.aborted).toBe(true);
  });

  it('asks the model nothing where there is nothing to understand or only words are wanted', async () => {
    const before = model.calls.length;
    await search('project:shop');
    await search('type:error -basket');
    await search('basket3', { roads: 'words' });
    expect(model.calls).toHaveLength(before);
  });

  it('finds what is like a row or a session, by its vectors, and without them by its rarest words', async () => {
    const twin = new Transcript(sessionId(99), { cwd: '/work/shop' });
    twin.prompt(`${questionWord(12)} again, in words of its own: quartz`);
    await writeTranscript(test.configDir, sessionId(99), twin, '-work-shop');
    await test.import();
    await test.memory.whenEmbedded();
    const [row] = (await search('quartz')).hits;
    const [first] = (await search('', { similarTo: row!.key })).hits;
    expect(first).toMatchObject({ sessionId: sessionId(12), why: { roads: { meaning: 1 } } });
    expect((await sessions('', { similarTo: `s${sessionId(12)}` })).slice(0, 1)).toEqual([sessionId(99)]);
    expect(await sessions('', { similarTo: row!.key })).not.toContain(sessionId(99));
    expect(
      (await search('project:api', { similarTo: row!.key })).hits.every(({ project }) => project?.name === 'api'),
    ).toBe(true);
    test.memory.setEmbedder(undefined);
    const byWords = await search('', { similarTo: `s${sessionId(12)}` });
    expect(byWords.hits[0]!.why.roads).toMatchObject({ words: 1 });
    expect(byWords.hits.map((hit) => hit.sessionId)).not.toContain(sessionId(12));
    await expect(search('', { similarTo: 'p999999' })).rejects.toMatchObject({ code: 'not_found' });
    await expect(search('', { similarTo: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_input' });
  });
});

it('newest first, what meaning adds from the future of a wrong clock comes last', async () => {
  await open();
  try {
    await writeHistory();
    for (const [number, startedAt] of [
      [90, Date.UTC(2033, 4, 1)],
      [91, Date.UTC(2026, 8, 1)],
    ] as const) {
      const transcript = new Transcript(sessionId(number), { startedAt });
      transcript.prompt(`only ${textWord(7)} is said here`);
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    await useWithout(oracle(topicOf), 1);
    const { hits } = await search(questionWord(7), { sort: 'newest', types: ['user'] });
    expect(hits.length).toBeGreaterThan(2);
    expect(hits.slice(-2).map((hit) => hit.sessionId)).toEqual([sessionId(91), sessionId(90)]);
  } finally {
    await close();
  }
});

describe('with vectors that go', () => {
  let model: FakeEmbedder;
  beforeEach(async () => {
    await open();
    await writeHistory();
    model = oracle(topicOf);
    await use(model);
  });
  afterEach(close);

  it('what is forgotten is found by neither road, and no copy of it stays', async () => {
    await test.memory.forgetSession(sessionId(7));
    expect(await sessions(questionWord(7))).not.toContain(sessionId(7));
    await test.memory.deleteEverything();
    expect(await sessions(questionWord(8))).toEqual([]);
    expect(test.driver.get('SELECT count(*) AS n FROM vector_embeddings')).toEqual({ n: 0 });
    expect(readdirSync(test.dataDir).filter((name) => name.endsWith('.int8'))).toEqual([]);
  });

  it('what is forgotten while the question is embedded is not answered', async () => {
    model.onCall = (_texts, kind) => (kind === 'query' ? test.memory.forgetSession(sessionId(7)) : undefined);
    expect(await sessions(questionWord(7), { types: ['user', 'assistant'] })).not.toContain(sessionId(7));
  });

  it('the copy on the disk is written at the end, no backup has it, and after a restore it is not believed', async () => {
    const { name } = await test.memory.backUp('request-1');
    const before = await sessions(questionWord(7));
    for (let number = 50; number < 60; number++) {
      const transcript = new Transcript(sessionId(number));
      transcript.prompt(`later, about ${textWord(number)}`);
      await writeTranscript(test.configDir, sessionId(number), transcript);
    }
    await test.import();
    await test.memory.whenEmbedded();
    await test.reopen();
    const copies = () => readdirSync(test.dataDir).filter((file) => file.endsWith('.int8'));
    expect(copies()).toHaveLength(1);
    expect(readdirSync(`${test.dataDir}/backups`).some((file) => file.includes('int8'))).toBe(false);
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'request-2', name, isExact: true }));
    await use(oracle(topicOf));
    expect(await sessions(questionWord(7))).toEqual(before);
  });
});

it.each([
  ['why is the basket slow', 'why is the basket slow'],
  ['basket project:shop -discount', 'basket'],
  ['"exact words" file:"a b.ts" more*', 'exact words more'],
  ['type:error', ''],
  ['折扣', '折扣'],
  ['? !', ''],
])('the question in %j is %j', (text, question) => {
  expect(parseQuery(text, { now: 0 }).question).toBe(question);
});

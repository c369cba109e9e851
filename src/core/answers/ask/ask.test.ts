import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { ModelSettings } from '../../../protocol/questions/spend';
import type { ModelQuestion } from '../../distil/ask/language-model';
import { findAmendmentsStep } from '../../give/find-amendments';
import { FullText } from '../../index/full-text';

let test: TestMemory;
let sent: ModelQuestion[];
let said: string;
const [first, later, other] = [sessionId(1), sessionId(2), sessionId(3)];

beforeEach(async () => {
  sent = [];
  said = '{"sentences":[]}';
  test = await openTestMemory({
    distil: {
      connect: async () => ({
        ask: async (question) => {
          sent.push(question);
          const usage = { inputTokens: 100, outputTokens: 10, cacheReadTokens: 0, cacheWriteTokens: 0 };
          return { text: said, usage, requestId: 'r', stopReason: 'end_turn' };
        },
        countTokens: async () => 1,
        submitBatch: async () => 'b',
        fetchBatch: async () => [],
      }),
    },
  });
  const one = new Transcript(first, { cwd: '/work/orchard', startedAt: Date.UTC(2026, 9, 1) });
  one.prompt('The mailer keeps retrying until the gateway blocks us. What should the retry budget of the mailer be?');
  one.answer('Three or seven attempts.');
  one.prompt('Use three attempts, please.');
  one.answer('Settled: the retry budget of the mailer is three attempts.');
  one.tool('Bash', { command: 'npm run mailer -- --replay dead-letters' }, 'ok');
  await writeTranscript(test.configDir, first, one, '-work-orchard');
  const two = new Transcript(later, { cwd: '/work/orchard', startedAt: Date.UTC(2026, 10, 1) });
  two.prompt('Amendment to the retry budget of the mailer: the gateway changed, make it five attempts.');
  two.answer('The retry budget of the mailer is five attempts now; three attempts is gone.');
  await writeTranscript(test.configDir, later, two, '-work-orchard');
  const three = new Transcript(other, { cwd: '/work/barn', startedAt: Date.UTC(2026, 10, 2) });
  three.prompt('What is the roof of the barn made of?');
  three.answer('The roof of the barn is made of larch, because larch lasts without paint.');
  await writeTranscript(test.configDir, other, three, '-work-barn');
  for (const number of [4, 5, 6]) {
    const chat = new Transcript(sessionId(number), { cwd: '/work/orchard', startedAt: Date.UTC(2026, 8, number) });
    chat.prompt(`Upgrade the toolbar ${number} to the new tokens and fix its snapshot.`);
    chat.answer('The toolbar is done and all tests pass.');
    await writeTranscript(test.configDir, chat.sessionId, chat, '-work-orchard');
  }
  await test.import();
  const index = new FullText(test.driver);
  while (findAmendmentsStep({ driver: test.driver, index, now: () => test.now.value }));
});
afterEach(() => test.close());

const ask = (text: string, scope?: { roots: string[] }) => test.memory.ask({ text, ...(scope && { scope }) });

describe('asking memory', () => {
  it('answers with sentences that stand in rows, the amendment before what it amends', async () => {
    const { sentences, none } = await ask('What did we decide about the retry budget of the mailer?');
    expect(none).toBeUndefined();
    expect(sentences[0]).toMatchObject({ sessionId: later, isAmending: true, voice: 'assistant' });
    expect(sentences[0]?.text).toContain('five attempts now');
    const old = sentences.find((each) => each.sessionId === first);
    expect(old?.amendedBy?.sessionId).toBe(later);
    for (const { key, quote } of sentences)
      expect(JSON.stringify(await test.memory.getItem(key))).toContain(JSON.stringify(quote).slice(1, -1));
  });

  it.each([
    ['it was never spoken of', 'Which database does the greenhouse use?', 'not_in_memory'],
    ['the thing was spoken of, but not in this', 'What did we decide about the logo of the mailer?', 'not_in_memory'],
    ['no reason was told', 'Why is the retry budget of the mailer three attempts?', 'not_in_memory'],
    ['no number was told', 'How many roofs does the barn have?', 'not_in_memory'],
    ['it asks about nothing', 'Please continue and fix it', 'no_subject'],
  ])('says that memory has no answer when %s', async (_, text, none) => {
    expect(await ask(text)).toMatchObject({ sentences: [], none });
  });

  it('tells reasons and commands where these are asked for, and words that nothing has', async () => {
    expect((await ask('Why is the roof of the barn made of larch?')).sentences[0]?.text).toContain(
      'lasts without paint',
    );
    expect((await ask('Which command replays dead letters of the mailer?')).sentences[0]).toMatchObject({
      voice: 'tool',
    });
    expect((await ask('Which database does the greenhouse have?')).unknownWords).toEqual(['database', 'greenhouse']);
  });

  it('looks only where it is told to look', async () => {
    const text = 'What is the roof of the barn made of?';
    expect((await ask(text, { roots: ['/work/barn'] })).sentences).toHaveLength(1);
    expect((await ask(text, { roots: ['/work/orchard'] })).sentences).toEqual([]);
  });

  it('tells learnings that a person accepted', async () => {
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'Seed drawers',
      description: 'Seed drawers are labelled in Latin.',
    });
    expect((await ask('How are seed drawers labelled?')).sentences[0]).toMatchObject({
      key: 'llearning-1',
      voice: 'learning',
      text: 'Seed drawers are labelled in Latin.',
    });
  });

  it('is noted in the audit log when a machine asks, without its words', async () => {
    await test.memory.as('mcp').ask({ text: 'What is the roof of the barn made of?' });
    await expect
      .poll(() =>
        test.driver
          .all('SELECT * FROM audit_logs')
          .map((row) => JSON.stringify(row))
          .join(''),
      )
      .toContain('"ask"');
    expect(JSON.stringify(test.driver.all('SELECT * FROM audit_logs'))).not.toContain('barn');
  });
});

const settings: ModelSettings = {
  source: 'test',
  isAllowed: true,
  isAutomatic: false,
  key: 'sk-test',
  baseUrl: '',
  fastModel: 'claude-haiku-5-5',
  strongModel: '',
  ceilings: { dayUsd: 1, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 },
};
const text = 'What is the retry budget of the mailer?';

describe('asking a model', () => {
  const rowOf = (pattern: RegExp) =>
    Number(/\[(\d+)\]/.exec(sent[0]!.text.split('\n').find((line) => pattern.test(line))!)![1]);

  it('sends nothing while no model is allowed', async () => {
    await expect(test.memory.askModel({ text, requestId: 'request-1' })).rejects.toMatchObject({ code: 'no_model' });
    expect(sent).toEqual([]);
  });

  it('keeps what a row supports, strikes out what none does, and books the cost once', async () => {
    await test.memory.configureModel(settings);
    await test.memory.askModel({ text, requestId: 'request-0' });
    const row = rowOf(/five attempts now/);
    const quote = 'is five attempts now';
    said = JSON.stringify({
      sentences: [
        { text: 'The retry budget of the mailer is five attempts.', quotes: [{ row, quote }] },
        { text: 'The retry budget of the mailer is nine attempts.', quotes: [{ row, quote }] },
        { text: 'The mailer runs on Tuesdays.', quotes: [{ row: 99, quote: 'Tuesdays' }] },
      ],
    });
    const answer = await test.memory.askModel({ text, requestId: 'request-1' });
    expect(answer.sentences).toMatchObject([
      { sessionId: later, quote, text: 'The retry budget of the mailer is five attempts.' },
    ]);
    expect(answer.struck).toEqual([
      { text: 'The retry budget of the mailer is nine attempts.', why: 'number' },
      { text: 'The mailer runs on Tuesdays.', why: 'quote' },
    ]);
    expect(answer.usd).toBeGreaterThan(0);
    const { items } = await test.memory.spendEntries();
    expect(items.map(({ purpose, state }) => `${purpose} ${state}`)).toEqual(['answer settled', 'answer settled']);
    await expect(test.memory.askModel({ text, requestId: 'request-1' })).rejects.toMatchObject({ code: 'busy' });
    expect(sent).toHaveLength(2);
  });

  it('sends nothing of what is restricted, and nothing above a ceiling', async () => {
    await test.memory.configureModel(settings);
    const { id } = (await test.memory.projects()).find(({ root }) => root === '/work/orchard')!;
    await test.memory.restrictProcessing(test.now.value + 86_400_000, id);
    await test.memory.askModel({ text: 'What is the roof made of, and the retry budget?', requestId: 'request-1' });
    expect(sent[0]?.text).toContain('larch');
    expect(sent[0]?.text).not.toContain('attempts now');
    await test.memory.configureModel({ ...settings, ceilings: { ...settings.ceilings, dayUsd: 0 } });
    await expect(
      test.memory.askModel({ text: 'What is the roof made of?', requestId: 'request-2' }),
    ).rejects.toMatchObject({
      data: { reason: 'budget' },
    });
  });
});

/** Paid summaries from the question to the ledger: with the real library and store, and a stand-in for the API. */
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { countTokens, startMessagesApi } from '../../test/fakes/messages-api';
import type { FakeMessagesApi } from '../../test/fakes/messages-api';
import { openTestMemory } from '../../test/fakes/test-memory';
import type { TestMemory } from '../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../test/fixtures/transcript-lines';
import { SummaryAsker } from '../core/distil/ask/ask-summary';
import type { ModelSettings } from '../protocol/questions/spend';
import type { SpendEntry, TaskInfo } from '../protocol/spend';
import { connectAnthropic } from './anthropic';

let api: FakeMessagesApi;
let test: TestMemory;
beforeEach(async () => {
  api = await startMessagesApi();
  test = await openTestMemory({
    distil: { connect: async (access) => connectAnthropic(access), backOffMs: 1, pollMs: 20, random: () => 0 },
  });
});
afterEach(async () => {
  letGo();
  vi.restoreAllMocks();
  await test.close();
  await api.close();
});

const settings = (more: Partial<ModelSettings> = {}): ModelSettings => ({
  source: 'test',
  isAllowed: true,
  isAutomatic: false,
  key: api.key,
  baseUrl: api.url,
  fastModel: 'claude-haiku-4-5',
  strongModel: '',
  ceilings: { dayUsd: 1, monthUsd: 10, dayTokens: 10_000_000, monthTokens: 100_000_000 },
  ...more,
});

async function write(
  number: number,
  answer = 'I renamed the basket in every file and the tests are green now.',
): Promise<void> {
  const transcript = new Transcript(sessionId(number), { cwd: `/work/shop${number}` });
  transcript.prompt(`Please rename the basket to cart, part ${number}`);
  transcript.tool('Bash', { command: 'npm test' }, 'ok');
  transcript.answer(answer);
  await writeTranscript(test.configDir, sessionId(number), transcript, `-work-shop${number}`);
}

async function begin(sessions = 1, more: Partial<ModelSettings> = {}): Promise<void> {
  for (let number = 1; number <= sessions; number++) await write(number);
  await test.import();
  test.memory.start();
  await test.memory.configureModel(settings(more));
}

const tasks = async (): Promise<TaskInfo[]> => (await test.memory.listTasks()).items.filter(({ isPaid }) => isPaid);
const entries = async (): Promise<SpendEntry[]> => (await test.memory.spendEntries()).items;
const ledger = () =>
  test.driver.get<{ nano: number }>('SELECT coalesce(sum(nanousd), 0) AS nano FROM model_calls')!.nano;
let letGo = () => {};
/** Holds back the `turn`th question after it was built, until it is released. Returns its session. */
function holdQuestion(turn: number): Promise<string> {
  const prepare: (this: SummaryAsker, id: string, isImportant: boolean) => ReturnType<SummaryAsker['prepare']> =
    Reflect.get(SummaryAsker.prototype, 'prepare');
  const held = new Promise<void>((resolve) => (letGo = resolve));
  let asked = 0;
  return new Promise((reached) => {
    vi.spyOn(SummaryAsker.prototype, 'prepare').mockImplementation(async function (
      this: SummaryAsker,
      id,
      isImportant,
    ) {
      const prepared = await prepare.call(this, id, isImportant);
      if (++asked === turn) {
        reached(id);
        await held;
      }
      return prepared;
    });
  });
}
/** Advances the time while waiting, because failed tasks are retried later. */
const untilIdle = () =>
  vi.waitFor(
    async () => {
      test.now.value += 50;
      const { counts } = await test.memory.queue();
      expect(counts.pending + counts.running + counts.failed).toBe(0);
    },
    { timeout: 5000, interval: 5 },
  );
const handedIn = (batches: number) =>
  vi.waitFor(
    () => {
      test.now.value += 50;
      expect(api.batches).toHaveLength(batches);
    },
    { timeout: 5000, interval: 5 },
  );
const versions = (number = 1) =>
  test.driver.all<{ source: string; body_json: string; is_published: number }>(
    "SELECT source, body_json, is_published FROM summaries WHERE source = 'model' AND session_id = ?",
    [sessionId(number)],
  );

it('a session is summarised by the model, with quotes that stand in it, at what the API charged', async () => {
  await begin();
  await test.memory.summarizeByModel(sessionId(1));
  await untilIdle();
  expect(versions()).toEqual([expect.objectContaining({ is_published: 1 })]);
  expect(versions()[0]!.body_json).toContain('Please rename the basket to cart');
  expect(ledger()).toBe(api.bill.nano);
  const [entry] = await entries();
  expect(entry).toMatchObject({
    state: 'settled',
    model: 'claude-haiku-4-5',
    purpose: 'summary',
    sessionId: sessionId(1),
    projectName: 'shop1',
    isBatch: false,
  });
  expect(entry!.usd).toBe(api.bill.nano / 1e9);
  const status = await test.memory.spend();
  expect(status).toMatchObject({ state: 'ready', today: { calls: 1, reservedUsd: 0, unknownUsd: 0 }, unpriced: [] });
  expect((await test.memory.spendSums('project', 7)).rows).toEqual([
    expect.objectContaining({ value: 'shop1', calls: 1 }),
  ]);
  // The second time nothing is paid.
  await test.memory.startBackfill({ isBatch: false });
  await untilIdle();
  expect(api.bill.calls).toBe(1);
});

it('nothing is sent before a person allows it, without a key, or without a model', async () => {
  for (const [more, state] of [
    [{ isAllowed: false }, 'off'],
    [{ key: '' }, 'no_key'],
    [{ fastModel: '' }, 'no_model'],
  ] as const) {
    await begin(1, more);
    expect((await test.memory.spend()).state).toBe(state);
    await expect(test.memory.startBackfill({ isBatch: false })).rejects.toMatchObject({ code: 'no_model' });
  }
  expect(api.requests).toEqual([]);
});

it('the tokens of a basket are counted exactly, with a key and for nothing', async () => {
  await begin(1, { key: '' });
  const inBasket = [{ ref: `s${sessionId(1)}` }];
  await expect(test.memory.basketTokens(inBasket)).rejects.toMatchObject({
    code: 'no_model',
    data: { reason: 'no_key' },
  });
  expect(api.requests).toEqual([]);
  await test.memory.configureModel(settings());
  const { text } = await test.memory.basket(inBasket);
  expect(text).toContain('rename the basket to cart');
  expect(await test.memory.basketTokens(inBasket)).toEqual({
    tokens: countTokens(text) + 7,
    model: 'claude-haiku-4-5',
    host: new URL(api.url).host,
  });
  expect(api.bill).toEqual({ nano: 0, calls: 0 });
  api.script = [{ status: 529, type: 'overloaded_error' }];
  await expect(test.memory.basketTokens(inBasket)).rejects.toMatchObject({ code: 'network' });
});

it('ceilings of 0 let nothing out, and say so', async () => {
  await begin(2, { ceilings: { dayUsd: 0, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 } });
  await test.memory.startBackfill({ isBatch: false });
  await vi.waitFor(async () =>
    expect(await test.memory.queue()).toMatchObject({ isPaused: true, whyPaused: 'budget' }),
  );
  expect(await tasks()).toHaveLength(2);
  expect(api.requests).toEqual([]);
  expect(ledger()).toBe(0);
});

it('goes on when a ceiling is raised', async () => {
  await begin(2, { ceilings: { dayUsd: 0, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 } });
  await test.memory.startBackfill({ isBatch: false });
  await vi.waitFor(async () => expect((await test.memory.queue()).whyPaused).toBe('budget'));
  await test.memory.configureModel(settings());
  await untilIdle();
  expect(api.bill.calls).toBe(2);
});

it('stops below the ceiling, however many wait', async () => {
  api.thinking = 900;
  await begin(12, { ceilings: { dayUsd: 0.06, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 } });
  await test.memory.startBackfill({ isBatch: false });
  await vi.waitFor(async () => expect((await test.memory.queue()).whyPaused).toBe('budget'));
  expect(api.bill.calls).toBeGreaterThan(1);
  expect(api.bill.calls).toBeLessThan(12);
  expect(api.bill.nano).toBeLessThanOrEqual(60_000_000);
  expect(ledger()).toBe(api.bill.nano);
});

it('the lowest ceiling of all windows counts, and a window that goes takes its key along', async () => {
  await begin(1);
  await test.memory.configureModel(
    settings({ source: 'other', ceilings: { dayUsd: 0.5, monthUsd: 20, dayTokens: 5, monthTokens: 7 } }),
  );
  expect((await test.memory.spend()).ceilings).toEqual({ dayUsd: 0.5, monthUsd: 10, dayTokens: 5, monthTokens: 7 });
  test.memory.forgetModel('test');
  test.memory.forgetModel('other');
  expect((await test.memory.spend()).state).toBe('off');
});

describe('what goes wrong', () => {
  it.each([
    ['too many requests', { status: 429, type: 'rate_limit_error', retryAfter: 0 }],
    ['overloaded', { status: 529, type: 'overloaded_error' }],
    ['an error of the server', { status: 500 }],
    ['overloaded before the first word', 'overloaded_first'],
  ] as const)('%s: tried again, and nothing charged for it', async (_, behaviour) => {
    api.script = [behaviour];
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    expect(versions()).toHaveLength(1);
    expect((await entries()).map(({ state, usd }) => [state, usd > 0])).toEqual([
      ['settled', true],
      ['released', false],
    ]);
    expect(ledger()).toBe(api.bill.nano);
  });

  it('four times in a row: it is put aside, and a person may try again', async () => {
    api.usual = { status: 503 };
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    const [task] = await tasks();
    expect(task).toMatchObject({ state: 'dead', error: 'The API is busy ({0}).', retries: 3, sessionId: sessionId(1) });
    expect(api.requests).toHaveLength(4);
    expect(ledger()).toBe(0);
    api.usual = 'answer';
    await test.memory.retryTask(task!.id);
    await untilIdle();
    expect(versions()).toHaveLength(1);
  });

  it.each(['cut', 'vanish', 'overloaded_later', { status: 504 }] as const)(
    '%j: nobody knows, so it counts with its most and is not repeated',
    async (behaviour) => {
      api.script = [behaviour];
      await begin();
      await test.memory.summarizeByModel(sessionId(1));
      await untilIdle();
      expect(await tasks()).toEqual([
        expect.objectContaining({
          state: 'unknown',
          error: 'The answer was lost on the way. It may have been charged.',
        }),
      ]);
      const [entry] = await entries();
      expect(entry!.state).toBe('unknown');
      expect(ledger()).toBeGreaterThan(api.bill.nano);
      expect((await test.memory.spend()).today.unknownUsd).toBe(entry!.usd);
      await test.memory.startBackfill({ isBatch: false });
      await untilIdle();
      expect(api.requests).toHaveLength(1);
      // A person retries it.
      await test.memory.retryTask((await tasks())[0]!.id);
      await untilIdle();
      expect(api.requests).toHaveLength(2);
      expect(versions()).toHaveLength(1);
    },
  );

  it('the API cannot be reached: nothing was sent, it is tried again', async () => {
    await begin();
    await api.close();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    expect(await tasks()).toEqual([expect.objectContaining({ state: 'dead', error: 'The API could not be reached.' })]);
    expect(ledger()).toBe(0);
    api = await startMessagesApi();
  });

  it.each([
    ['wrong', 401],
    ['not allowed', 403],
  ])('a key that is %s: all wait until there is another', async (_, status) => {
    api.usual = { status, type: 'authentication_error' };
    await begin(3);
    await test.memory.startBackfill({ isBatch: false });
    await vi.waitFor(async () => expect((await test.memory.spend()).state).toBe('wrong_key'));
    expect((await test.memory.queue()).whyPaused).toBe('no_key');
    expect((await tasks()).map(({ state }) => state)).toEqual(['pending', 'pending', 'pending']);
    expect(api.requests).toHaveLength(1);
    api.usual = 'answer';
    api.key = 'sk-test-2';
    await test.memory.configureModel(settings());
    await untilIdle();
    expect(api.bill.calls).toBe(3);
  });

  it('an account without credit is no fault of the session', async () => {
    api.script = [
      { status: 400, type: 'invalid_request_error', message: 'Your credit balance is too low to access the API.' },
    ];
    await begin();
    await test.memory.startBackfill({ isBatch: false });
    await vi.waitFor(async () => expect((await test.memory.spend()).state).toBe('wrong_key'));
    expect((await tasks()).map(({ state }) => state)).toEqual(['pending']);
  });

  it('a request that is no good is not repeated', async () => {
    api.script = [{ status: 400, type: 'invalid_request_error' }];
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    expect(await tasks()).toEqual([
      expect.objectContaining({
        state: 'dead',
        error: 'The API rejected the request ({0}).',
        args: ['400 invalid_request_error'],
      }),
    ]);
    expect(api.requests).toHaveLength(1);
  });

  it.each([
    ['refuse', 1, 'The model refused to answer.'],
    ['malformed', 2, 'The answer was not what was asked for.'],
    ['too_long', 2, 'The answer was longer than it may be.'],
  ] as const)('%s: charged, %i times, and then put aside', async (behaviour, calls, error) => {
    api.usual = behaviour;
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    expect(await tasks()).toEqual([expect.objectContaining({ state: 'dead', error })]);
    expect(api.bill.calls).toBe(calls);
    expect(ledger()).toBe(api.bill.nano);
    expect(versions()).toEqual([]);
  });

  it('an answer that cost more than was set aside is written down as it is', async () => {
    api.thinking = 1e6;
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    expect(ledger()).toBe(api.bill.nano);
    expect(ledger()).toBeGreaterThan(
      test.driver.get<{ most: number }>('SELECT most_nanousd AS most FROM model_calls')!.most,
    );
    expect(versions()).toHaveLength(1);
  });
});

describe('what is sent', () => {
  it('has passed redaction once more, and the ledger says how often it caught something', async () => {
    await begin();
    // A secret that an older rule did not recognise.
    test.driver.run("UPDATE prompts SET content = content || ' and use ' || ? WHERE prompt_type = 'user'", [
      `ghp_${'a1B2c3D4e5'.repeat(4).slice(0, 36)}`,
    ]);
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    const sent = JSON.stringify(api.requests[0]!.body);
    expect(sent).toContain('[REDACTED:');
    expect(sent).not.toContain('ghp_a1B2');
    expect((await entries())[0]!.redactions).toBe(1);
  });

  it('names the model, a schema and a ceiling, and takes nothing from the environment', async () => {
    for (const [name, value] of [
      ['ANTHROPIC_CUSTOM_HEADERS', 'x-leak: 1\nauthorization: Bearer other'],
      ['ANTHROPIC_AUTH_TOKEN', 'token'],
      ['ANTHROPIC_BASE_URL', 'http://127.0.0.1:9'],
      ['ANTHROPIC_API_KEY', 'other'],
    ])
      vi.stubEnv(name!, value);
    await begin();
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    vi.unstubAllEnvs();
    const { headers, body } = api.requests[0]!;
    expect(headers).toMatchObject({ authorization: `Bearer ${api.key}` });
    expect(Object.keys(headers).filter((name) => ['x-leak', 'cookie'].includes(name))).toEqual([]);
    expect(body).toMatchObject({
      model: 'claude-haiku-4-5',
      max_tokens: 6000,
      stream: true,
      output_config: { format: { type: 'json_schema' } },
      system: [{ cache_control: { type: 'ephemeral' } }],
    });
    expect(body!.output_config!.effort).toBeUndefined();
  });

  it('sentences without a true quote are left out and counted', async () => {
    await begin();
    api.answer = () =>
      JSON.stringify({
        title: 'T',
        asked: [
          { text: 'True.', quotes: [{ line: 1, quote: 'rename  the basket' }] },
          { text: 'Made up.', quotes: [{ line: 1, quote: 'delete all the data' }] },
        ],
        done: [{ text: 'Wrong line.', quotes: [{ line: 2, quote: 'rename the basket' }] }],
        decisions: [
          {
            text: 'Half true.',
            quotes: [
              { line: 1, quote: 'rename the basket' },
              { line: 1, quote: 'and never tell anyone' },
            ],
          },
        ],
        openEnds: [{ text: 'Too short.', quotes: [{ line: 1, quote: 'the' }] }],
        keyPoints: [{ text: 'No quote.', quotes: [] }],
      });
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    const row = test.driver.get<{ body: string; dropped: number }>(
      "SELECT body_json AS body, dropped_claims AS dropped FROM summaries WHERE source = 'model'",
    );
    expect(row!.dropped).toBe(5);
    expect(JSON.parse(row!.body)).toMatchObject({
      asked: [{ text: 'True.', evidence: [{ quote: 'rename the basket' }] }],
      done: [],
      decisions: [],
      openEnds: [],
      keyPoints: [],
    });
  });
});

describe('batches', () => {
  it('cost half, are asked for until they end, and outlive the keeper', async () => {
    await begin(3);
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    expect(api.batches[0]!.requests).toHaveLength(3);
    expect((await test.memory.spend()).today.calls).toBe(3);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 3,
      }),
    );
    await test.reopen();
    test.memory.start();
    await test.memory.configureModel(settings());
    expect((await tasks()).map(({ state }) => state)).toEqual(['running', 'running', 'running']);
    api.endBatches();
    await untilIdle();
    expect(api.batches).toHaveLength(1);
    expect([1, 2, 3].map((number) => versions(number).length)).toEqual([1, 1, 1]);
    expect(ledger()).toBe(api.bill.nano);
    expect((await entries()).every(({ isBatch, state }) => isBatch && state === 'settled')).toBe(true);
  });

  it('of which some come to nothing', async () => {
    await begin(4);
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    api.endBatches((_, index) => (['answer', 'errored', 'expired', 'refuse'] as const)[index]!);
    // The task that ended before its turn is in the next batch.
    await handedIn(2);
    api.endBatches();
    await untilIdle();
    expect(new Set((await tasks()).map(({ error }) => error))).toEqual(
      new Set(['The API rejected the request ({0}).', 'The model refused to answer.']),
    );
    expect(ledger()).toBe(api.bill.nano);
  });

  it('that are out are paid once, however often somebody asks again', async () => {
    await begin(2);
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 2,
      }),
    );
    expect((await test.memory.estimateBackfill({ isBatch: true })).sessions).toBe(0);
    await test.memory.startBackfill({ isBatch: true });
    await test.memory.startBackfill({ isBatch: false });
    await test.memory.summarizeByModel(sessionId(1));
    expect((await tasks()).map(({ state }) => state)).toEqual(['running', 'running']);
    api.endBatches();
    await untilIdle();
    expect(api.batches).toHaveLength(1);
    expect(api.bill.calls).toBe(2);
    expect(versions()[0]!.body_json).toContain('Please rename the basket to cart');
    const seen = test.driver.all(
      `SELECT m.last_sequence = s.next_sequence - 1 AS isAll FROM summaries m JOIN sessions s ON s.id = m.session_id
        WHERE m.source = 'model'`,
    );
    expect(seen).toEqual([{ isAll: 1 }, { isAll: 1 }]);
  });

  it('that cannot be handed in are charged for nothing', async () => {
    api.script = [{ status: 529 }];
    await begin(2);
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    expect((await entries()).filter(({ state, usd }) => state === 'released' && usd === 0)).toHaveLength(2);
  });
});

it('an estimate is of what would be sent, and no less than the bill', async () => {
  await begin(5);
  const estimate = await test.memory.estimateBackfill({ isBatch: false });
  expect(estimate).toMatchObject({ sessions: 5, fits: 5 });
  expect((await test.memory.estimateBackfill({ isBatch: true, maxSessions: 2 })).sessions).toBe(2);
  expect(api.requests).toEqual([]);
  await test.memory.startBackfill({ isBatch: false });
  await untilIdle();
  expect(api.bill.nano / 1e9).toBeLessThan(estimate.maxUsd);
  expect(estimate.likelyUsd).toBeLessThan(estimate.maxUsd);
  expect((await test.memory.estimateBackfill({ isBatch: false })).sessions).toBe(0);
});

it('a session that is forgotten while it is asked about leaves its money and no words', async () => {
  api.usual = 'hang';
  await begin();
  await test.memory.summarizeByModel(sessionId(1));
  await vi.waitFor(() => expect(api.bill.calls).toBe(1));
  await test.memory.forgetSession(sessionId(1));
  expect(ledger()).toBeGreaterThanOrEqual(api.bill.nano);
  expect((await entries())[0]!.sessionId).toBeUndefined();
});

it('a question whose end could not be written is not asked again before a person says so', async () => {
  await begin();
  test.driver.run(
    `INSERT INTO model_calls (id, state, purpose, model, host, task, session_id, day, month, most_nanousd,
      most_tokens, nanousd, tokens, created_at)
      VALUES ('left', 'sent', 'summary', 'claude-haiku-4-5', 'h', 77, ?, '2026-11-22', '2026-11', 5, 1, 5, 1, 1)`,
    [sessionId(1)],
  );
  await test.memory.summarizeByModel(sessionId(1));
  await untilIdle();
  expect(api.requests).toEqual([]);
  expect((await entries()).map(({ state }) => state)).toEqual(['unknown']);
  expect(await tasks()).toEqual([
    expect.objectContaining({ state: 'unknown', error: 'The answer was lost on the way. It may have been charged.' }),
  ]);
  await test.memory.retryTask((await tasks())[0]!.id);
  await untilIdle();
  expect(versions()).toHaveLength(1);
});

describe('between the question and its sending', () => {
  const sent = () => JSON.stringify(api.requests.map(({ body }) => body));

  it('a session that is forgotten is not sent, and the ledger never hears of it', async () => {
    await begin();
    const reached = holdQuestion(1);
    await test.memory.summarizeByModel(sessionId(1));
    await reached;
    await test.memory.forgetSession(sessionId(1));
    letGo();
    // Waits for running tasks.
    await test.reopen();
    expect(api.requests).toEqual([]);
    expect(await entries()).toEqual([]);
  });

  it('neither is one of a batch, whether its money was set aside before or not; the others are', async () => {
    await begin(3);
    const reached = holdQuestion(2);
    await test.memory.startBackfill({ isBatch: true });
    const atIt = await reached;
    const ready = test.driver
      .all<{ id: string }>("SELECT session_id AS id FROM model_calls WHERE state = 'reserved'")
      .map(({ id }) => id);
    expect(ready).toHaveLength(1);
    const forgotten = [...ready, atIt];
    for (const id of forgotten) await test.memory.forgetSession(id);
    letGo();
    await handedIn(1);
    expect(api.batches[0]!.requests).toHaveLength(1);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 1,
      }),
    );
    api.endBatches();
    await untilIdle();
    expect(api.bill.calls).toBe(1);
    for (const number of [1, 2, 3].filter((each) => forgotten.includes(sessionId(each))))
      expect(sent()).not.toContain(`part ${number}`);
    expect(ledger()).toBe(api.bill.nano);
  });

  it('a back-fill that is cancelled is not sent', async () => {
    await begin(3);
    const reached = holdQuestion(2);
    await test.memory.startBackfill({ isBatch: true });
    await reached;
    await test.memory.cancelBackfill();
    letGo();
    await untilIdle();
    expect(api.batches).toEqual([]);
    expect(api.requests).toEqual([]);
    expect(ledger()).toBe(0);
  });

  it.each([
    ['one', false],
    ['a batch', true],
  ])(
    '%s: without consent nothing goes out, no money stays set aside, and it goes on when it is given again',
    async (_, isBatch) => {
      await begin(3);
      const reached = holdQuestion(2);
      await test.memory.startBackfill({ isBatch });
      await reached;
      const before = api.requests.length;
      await test.memory.configureModel(settings({ isAllowed: false }));
      letGo();
      await vi.waitFor(async () => expect((await tasks()).map(({ state }) => state)).not.toContain('running'));
      expect(api.requests).toHaveLength(before);
      expect((await test.memory.spend()).today.reservedUsd).toBe(0);
      await test.memory.configureModel(settings());
      if (isBatch) {
        await handedIn(1);
        expect(api.batches[0]!.requests).toHaveLength(3);
        api.endBatches();
      }
      await untilIdle();
      expect(api.bill.calls).toBe(3);
      expect(ledger()).toBe(api.bill.nano);
    },
  );
});

it('a model of the editor is asked the same and checked the same, for nothing', async () => {
  await begin(1, { isAllowed: false });
  const question = await test.memory.summaryQuestion(sessionId(1));
  expect(question.text).toContain('[1] user: Please rename the basket');
  const text = `\`\`\`json\n${api.answer({ messages: [{ role: 'user', content: question.text }] } as never)}\n\`\`\``;
  const summary = await test.memory.keepSummary({
    requestId: 'request-1',
    sessionId: sessionId(1),
    text,
    model: 'editor-model',
    lastSequence: question.lastSequence,
  });
  expect(summary).toMatchObject({
    source: 'editor',
    model: 'editor-model',
    costUsd: 0,
    isPublished: true,
    droppedClaims: 0,
  });
  expect(
    await test.memory.keepSummary({
      requestId: 'request-1',
      sessionId: sessionId(1),
      text: 'never read',
      model: 'editor-model',
      lastSequence: 0,
    }),
  ).toEqual(summary);
  await expect(
    test.memory.keepSummary({
      requestId: 'request-2',
      sessionId: sessionId(1),
      text: 'I cannot',
      model: 'm',
      lastSequence: question.lastSequence,
    }),
  ).rejects.toMatchObject({ code: 'invalid_input' });
  expect(ledger()).toBe(0);
  // The text left this machine all the same.
  expect(await entries()).toHaveLength(2);
  expect((await entries())[0]).toMatchObject({ host: 'vscode.lm', usd: 0, sessionId: sessionId(1), state: 'settled' });
});

it('what a model of the editor was sent is told, also when no answer came, and once', async () => {
  await begin(1, { isAllowed: false });
  const { lastSequence } = await test.memory.summaryQuestion(sessionId(1));
  const asked = { requestId: 'request-1', sessionId: sessionId(1), model: 'editor-model', lastSequence };
  await test.memory.noteSummaryAsked(asked);
  await test.memory.noteSummaryAsked(asked);
  expect(await entries()).toEqual([
    expect.objectContaining({ id: 'request-1', host: 'vscode.lm', usd: 0, sessionId: sessionId(1), state: 'settled' }),
  ]);
  expect((await entries())[0]!.bytes).toBeGreaterThan(100);
  await test.memory.forgetSession(sessionId(1));
  await expect(test.memory.noteSummaryAsked({ ...asked, requestId: 'request-2' })).rejects.toMatchObject({
    code: 'not_found',
  });
});

it('a session that grows while a model of the editor is asked is behind, and its claims keep their lines', async () => {
  await begin(1, { isAllowed: false });
  const question = await test.memory.summaryQuestion(sessionId(1));
  const transcript = new Transcript(sessionId(1), { cwd: '/work/shop1' });
  transcript.prompt('Please rename the basket to cart, part 1');
  transcript.tool('Bash', { command: 'npm test' }, 'ok');
  transcript.answer('I renamed the basket in every file and the tests are green now.');
  transcript.prompt('And now the same for the checkout, please');
  await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop1');
  await test.import();
  expect((await test.memory.summaryQuestion(sessionId(1))).lastSequence).toBeGreaterThan(question.lastSequence);
  const text = api.answer({ messages: [{ role: 'user', content: question.text }] } as never);
  const kept = await test.memory.keepSummary({
    requestId: 'request-1',
    sessionId: sessionId(1),
    text,
    model: 'editor-model',
    lastSequence: question.lastSequence,
  });
  expect(kept).toMatchObject({ isBehind: true, droppedClaims: 0 });
});

it('by itself it asks about sessions that fell idle today, and again when they have grown by half', async () => {
  await test.close();
  test = await openTestMemory({
    distil: { connect: async (access) => connectAnthropic(access), idleMs: 20, random: () => 0 },
  });
  const transcript = new Transcript(sessionId(1), { cwd: '/work/shop1' });
  transcript.prompt('Please rename the basket to cart');
  for (let part = 1; part <= 5; part++) transcript.answer(`Part ${part} of the basket is renamed now.`);
  /** A session is written and summarised, then grows to twice its length and more without another call. */
  const grow = async () => {
    await writeTranscript(test.configDir, sessionId(1), transcript, '-work-shop1');
    await test.import();
    test.driver.run('UPDATE sessions SET updated_at = ? WHERE id = ?', [
      test.now.value - 48 * 60 * 60_000,
      sessionId(2),
    ]);
    test.driver.run('UPDATE sessions SET updated_at = ? WHERE id = ?', [test.now.value, sessionId(1)]);
  };
  const seen = () =>
    test.driver.get<{ rest: number }>(
      `SELECT s.next_sequence - 1 - m.last_sequence AS rest FROM summaries m JOIN sessions s ON s.id = m.session_id
        WHERE m.source = 'local' AND s.id = ?`,
      [sessionId(1)],
    )?.rest;
  const quiet = async (calls: number) => {
    await vi.waitFor(
      () => {
        test.now.value += 20;
        expect(seen()).toBe(0);
        expect(api.bill.calls).toBe(calls);
      },
      { timeout: 3000, interval: 5 },
    );
    await untilIdle();
    expect(api.bill.calls).toBe(calls);
  };
  await write(2);
  await grow();
  await test.memory.configureModel(settings({ isAutomatic: true }));
  test.memory.start();
  await quiet(1);
  transcript.answer('One more thing about the basket.');
  await grow();
  await quiet(1);
  for (let part = 6; part <= 12; part++) transcript.answer(`Part ${part} of the basket is renamed now.`);
  await grow();
  await quiet(2);
  expect(versions(2)).toEqual([]);
});

describe('a restore', () => {
  it('brings back no paid task: what was done since is not paid again', async () => {
    await begin(2, { ceilings: { dayUsd: 0, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 } });
    await test.memory.startBackfill({ isBatch: false });
    expect(await tasks()).toHaveLength(2);
    const { name } = await test.memory.backUp('before');
    await test.memory.configureModel(settings());
    await untilIdle();
    expect(api.bill.calls).toBe(2);
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'restore', name }));
    expect(await tasks()).toEqual([]);
    test.memory.start();
    await test.memory.configureModel(settings());
    await untilIdle();
    expect(api.bill.calls).toBe(2);
  });

  it('keeps to the batch that is out: its answers are still fetched, and nothing is asked twice', async () => {
    await begin(2);
    const { name } = await test.memory.backUp('before');
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 2,
      }),
    );
    await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'restore', name }));
    test.memory.start();
    await test.memory.configureModel(settings());
    await test.memory.startBackfill({ isBatch: true });
    await test.memory.summarizeByModel(sessionId(1));
    await untilIdle();
    api.endBatches();
    await vi.waitFor(() => expect([1, 2].map((number) => versions(number).length)).toEqual([1, 1]));
    expect(api.bill.calls).toBe(2);
    expect(ledger()).toBe(api.bill.nano);
  });

  it('a task of the former memory has the number of another one here: that one is left alone', async () => {
    await begin();
    const call = `INSERT INTO model_calls (id, state, purpose, model, host, task, day, month, most_nanousd, most_tokens,
        nanousd, tokens, created_at) VALUES (?, 'sent', 'summary', 'claude-haiku-4-5', 'api.anthropic.com', ?,
        '2026-11-22', '2026-11', 1, 1, 1, 1, 1)`;
    await test.memory.setQueuePaused(true);
    const put = `INSERT INTO task_queue (id, type, subject, is_paid, status, call_id, worker_id, created_at, updated_at)
        VALUES (?, ?, 'x', ?, ?, ?, ?, 1, 1)`;
    test.driver.run(put, [900, 'learn', 0, 'pending', null, null]);
    test.driver.run(put, [901, 'summarize', 1, 'running', 'own', 'gone']);
    test.driver.run(call, ['other', 900]);
    test.driver.run(call, ['own', 901]);
    await test.reopen();
    test.memory.start();
    const stateOf = (id: number) =>
      test.driver.get<{ status: string }>('SELECT status FROM task_queue WHERE id = ?', [id])?.status;
    expect([stateOf(900), stateOf(901)]).toEqual(['pending', 'unknown']);
    expect(test.driver.all('SELECT DISTINCT state FROM model_calls')).toEqual([{ state: 'unknown' }]);
  });
});

describe('a batch that another host has', () => {
  it('is not asked for where it is not known, and is fetched when its host is back', async () => {
    const other = await startMessagesApi();
    await begin();
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 1,
      }),
    );
    await test.memory.configureModel(settings({ baseUrl: other.url }));
    // It would have been asked for at once; each answer below comes later than that.
    for (let asked = 0; asked < 5; asked++)
      await fetch(`${other.url}/later`, { headers: { authorization: `Bearer ${other.key}` } });
    expect(other.requests.filter(({ path }) => path !== '/later')).toEqual([]);
    expect((await entries()).map(({ state }) => state)).toEqual(['sent']);
    api.endBatches();
    await test.memory.configureModel(settings());
    await untilIdle();
    expect(versions()).toHaveLength(1);
    expect(ledger()).toBe(api.bill.nano);
    await other.close();
  });

  it('is lost when its own host no longer knows it', async () => {
    await begin();
    await test.memory.startBackfill({ isBatch: true });
    await handedIn(1);
    await vi.waitFor(() =>
      expect(test.driver.get('SELECT count(*) AS named FROM model_calls WHERE batch_id IS NOT NULL')).toEqual({
        named: 1,
      }),
    );
    api.batches.length = 0;
    await untilIdle();
    expect((await entries()).map(({ state }) => state)).toEqual(['unknown']);
    expect((await tasks()).map(({ state }) => state)).toEqual(['unknown']);
  });
});

it('money stays spent when an older backup is restored', async () => {
  await begin(2);
  const { name } = await test.memory.backUp('before');
  await test.memory.summarizeByModel(sessionId(1));
  await untilIdle();
  const before = (await test.memory.spend()).today;
  expect(before.calls).toBe(1);
  await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'restore', name }));
  expect(versions()).toEqual([]);
  expect((await test.memory.spend()).today).toEqual(before);
  expect((await entries())[0]).toMatchObject({ sessionId: sessionId(1), state: 'settled' });
});

import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { Line } from '../../../test/fixtures/transcript-lines';
import { localDay } from '../lib/local-day';
import { costOf } from '../lib/prices';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

/** Noon of a day that many days before the clock of the memory. */
const noon = (daysAgo: number) => {
  const date = new Date(test.now.value);
  return new Date(date.getFullYear(), date.getMonth(), date.getDate() - daysAgo, 12).getTime();
};
const on = (daysAgo: number, second = 0): Line => ({
  timestamp: new Date(noon(daysAgo) + second * 1000).toISOString(),
});
const usage = (input: number, output: number, read = 0, written = 0) => ({
  input_tokens: input,
  output_tokens: output,
  cache_read_input_tokens: read,
  cache_creation_input_tokens: written,
});

async function write(number: number, cwd: string, fill: (transcript: Transcript) => void): Promise<void> {
  const transcript = new Transcript(sessionId(number), { cwd });
  fill(transcript);
  await writeTranscript(test.configDir, sessionId(number), transcript, cwd.replaceAll('/', '-'));
}

async function fillHistory(): Promise<void> {
  await write(1, '/work/shop', (made) => {
    made.prompt('first', on(2));
    made.answer('one', { ...on(2, 1), usage: usage(100, 10, 900, 50), messageId: 'm1' });
    made.prompt('second', on(0));
    made.answer('two', { ...on(0, 1), usage: usage(10, 20), messageId: 'm2' });
    // The same message in another line counts once.
    made.answer('two and more', { ...on(0, 2), usage: usage(10, 25), messageId: 'm2' });
    made.line('assistant', {
      ...on(0, 3),
      message: {
        id: 'm3',
        type: 'message',
        role: 'assistant',
        model: 'some/gateway',
        content: [{ type: 'tool_use', id: 't1', name: 'Bash', input: { command: 'npm test' } }],
        usage: usage(7, 3),
      },
    });
    made.result('t1', 'Exit code 1\nfailed', { ...on(0, 4), is_error: true });
  });
  await write(2, '/work/other', (made) => {
    made.prompt('third', on(0));
    made.answer('three', { ...on(0, 1), usage: usage(1, 1), messageId: 'm4' });
  });
  await write(3, '/work/other', (made) => made.prompt('long ago', on(40)));
  await test.import();
}

it('counts what was done on the day it was done, each message once', async () => {
  await fillHistory();
  const { days, tools, models, projects, cache, pricesOf } = await test.memory.insights({ days: 7 });
  expect(days).toHaveLength(7);
  expect(days.map(({ day }) => day)).toEqual(days.map((_, index) => localDay(noon(6 - index))));
  expect(days.at(-1)).toMatchObject({
    sessions: 2,
    prompts: 2,
    toolCalls: 1,
    errors: 1,
    inputTokens: 18,
    outputTokens: 29,
  });
  expect(days.at(-3)).toMatchObject({
    sessions: 1,
    prompts: 1,
    toolCalls: 0,
    inputTokens: 100,
    outputTokens: 10,
    cacheReadTokens: 900,
    cacheWriteTokens: 50,
  });
  expect(days.at(-2)).toMatchObject({ sessions: 0, prompts: 0, usd: 0 });
  const dear =
    costOf(
      'claude-sonnet-4-5',
      { inputTokens: 100, outputTokens: 10, cacheReadTokens: 900, cacheWriteTokens: 50 },
      false,
    ) / 1e9;
  expect(days.at(-3)?.usd).toBeCloseTo(dear, 12);
  expect(tools).toEqual([{ tool: 'Bash', calls: 1, errors: 1 }]);
  expect(models.map(({ model, isPriced, inputTokens }) => [model, isPriced, inputTokens])).toEqual([
    ['claude-sonnet-4-5', true, 111],
    ['some/gateway', false, 7],
  ]);
  expect(
    projects
      .map(({ project, sessions }) => [project.name, sessions])
      .toSorted((a, b) => String(a[0]).localeCompare(String(b[0]))),
  ).toEqual([
    ['other', 1],
    ['shop', 1],
  ]);
  expect(cache.readShare).toBeCloseTo(900 / (118 + 900 + 50), 10);
  // Nine of ten read tokens were saved; writing the cache cost a quarter more.
  expect(cache.savedUsd).toBeCloseTo((900 * 2.7 - 50 * 0.75) / 1e6, 10);
  expect(pricesOf).toMatch(/^\d{4}-\d\d-\d\d$/);
});

it('of the projects that are meant, and of the days that are', async () => {
  await fillHistory();
  const scoped = await test.memory.insights({ days: 7, scope: { roots: ['/work/other'] } });
  expect(scoped.days.at(-1)).toMatchObject({ sessions: 1, prompts: 1, inputTokens: 1 });
  expect(scoped.projects.map(({ project }) => project.name)).toEqual(['other']);
  expect((await test.memory.insights({ days: 60 })).days.filter(({ prompts }) => prompts > 0)).toHaveLength(3);
  expect((await test.memory.insights({ days: 1 })).days).toHaveLength(7);
  expect((await test.memory.insights({ days: 366 })).days).toHaveLength(366);
  await expect(test.memory.insights({ days: 367 })).rejects.toMatchObject({ code: 'invalid_input' });
});

it('an empty memory has days too', async () => {
  expect(await test.memory.insights({})).toMatchObject({
    tools: [],
    models: [],
    projects: [],
    cache: { readShare: 0, savedUsd: 0 },
    memory: { given: 0, givenTokens: 0, sourceTokens: 0 },
  });
});

it('what was given back, once within a while', async () => {
  await fillHistory();
  await test.memory.memoryText(`s${sessionId(1)}`);
  await test.memory.memoryText(`s${sessionId(1)}`);
  test.now.value += 1000;
  await test.memory.memoryText('p1');
  const { memory } = await test.memory.insights({});
  expect(memory.given).toBe(2);
  expect(memory.givenTokens).toBeGreaterThan(0);
  expect(memory.sourceTokens).toBeGreaterThan(memory.givenTokens);
  test.now.value += 20_000;
  await test.memory.memoryText(`s${sessionId(1)}`);
  expect((await test.memory.insights({})).memory.given).toBe(3);
  // Yesterday is left out when the span begins later.
  test.now.value += 8 * 86_400_000;
  expect((await test.memory.insights({ days: 7 })).memory.given).toBe(0);
});

it('a forgotten session is no longer counted', async () => {
  await fillHistory();
  await test.memory.forgetSession(sessionId(1));
  const { days, tools } = await test.memory.insights({ days: 7 });
  expect(days.at(-3)).toMatchObject({ sessions: 0, inputTokens: 0 });
  expect(tools).toEqual([]);
});

it('an old session that is read in later is counted, and a new one too', async () => {
  await fillHistory();
  await test.memory.insights({ days: 60 });
  await write(4, '/work/shop', (made) => {
    made.prompt('late', on(5));
    made.answer('late too', { ...on(5, 1), usage: usage(1000, 1), messageId: 'm9' });
  });
  await write(5, '/work/shop', (made) => {
    made.prompt('now', on(0, 50));
    made.answer('now too', { ...on(0, 51), usage: usage(2000, 1), messageId: 'm10' });
  });
  await test.import();
  const { days } = await test.memory.insights({ days: 60 });
  expect(days.at(-6)).toMatchObject({ prompts: 1, inputTokens: 1000 });
  expect(days.at(-1)?.inputTokens).toBe(2018);
  // After midnight the former day is closed.
  test.now.value += 86_400_000;
  expect((await test.memory.insights({ days: 60 })).days.at(-2)?.inputTokens).toBe(2018);
});

it('of cache writes for an hour, which cost twice the input', async () => {
  await write(1, '/work/shop', (made) => {
    made.prompt('first', on(0));
    made.answer('one', {
      ...on(0, 1),
      messageId: 'm1',
      usage: {
        ...usage(0, 0, 0, 3_000_000),
        cache_creation: { ephemeral_1h_input_tokens: 2_000_000, ephemeral_5m_input_tokens: 1_000_000 },
      },
    });
  });
  await test.import();
  const { models } = await test.memory.insights({ days: 1 });
  // Claude Sonnet 4.5: $3 a million input tokens.
  expect(models[0]?.usd).toBeCloseTo(2 * 6 + 3.75);
  expect(models[0]?.cacheWriteTokens).toBe(3_000_000);
});

describe('placeholder counts of output', () => {
  const long = 'a long answer of many words. '.repeat(40);
  const session = (number: number, fill: (transcript: Transcript) => void) =>
    write(number, '/work/shop', (made) => {
      made.prompt('first', on(0));
      fill(made);
    });
  const counted = async () => {
    await test.import();
    const { counted: counts, days } = await test.memory.insights({ days: 7 });
    return { ...counts, input: days.at(-1)?.inputTokens, output: days.at(-1)?.outputTokens };
  };

  it('are told, and are in no sum', async () => {
    await session(1, (made) => {
      made.answer(long, { ...on(0, 1), messageId: 'm1', usage: usage(100, 2) });
      made.answer('short', { ...on(0, 2), messageId: 'm2', usage: usage(10, 3) });
    });
    expect(await counted()).toEqual({ answers: 2, placeholders: 1, input: 110, output: 3 });
  });

  it('are none once a later line of the answer has the count, or the answer had ended', async () => {
    await session(1, (made) => {
      made.answer(long, { ...on(0, 1), messageId: 'm1', usage: usage(100, 2) });
      made.answer('and more', { ...on(0, 2), messageId: 'm1', usage: usage(100, 300) });
    });
    await session(2, (made) => {
      const line = made.answer(long, { ...on(0, 3), messageId: 'm2', usage: usage(10, 7) });
      Object.assign(line['message'] as Line, { stop_reason: 'end_turn' });
    });
    expect(await counted()).toEqual({ answers: 2, placeholders: 0, input: 110, output: 307 });
  });

  it("are made up for by the client's own sum of the session", async () => {
    await session(1, (made) => {
      made.answer(long, { ...on(0, 1), messageId: 'm1', usage: usage(100, 2) });
      made.meta({
        type: 'cost-state',
        sessionId: sessionId(1),
        modelUsage: { 'claude-sonnet-4-5': { inputTokens: 100, outputTokens: 290 } },
      });
    });
    expect(await counted()).toEqual({ answers: 1, placeholders: 0, input: 100, output: 290 });
  });
});

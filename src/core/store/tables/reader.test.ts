/** Pages of a session and of lists add up to the whole, whatever their size and direction. */
import * as fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { ReaderItem } from '../../../protocol/model';
import type { StepQuery } from '../../../protocol/questions/sessions';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { readPage } from './reader';
import { sessionNumber } from './sessions';

let test: TestMemory;
const [long, fork, empty] = [sessionId(1), sessionId(2), sessionId(3)];
const keysOf = (items: readonly ReaderItem[]) => items.map(({ key }) => key);

beforeAll(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(long);
  for (let turn = 1; turn <= 12; turn++) {
    transcript.prompt(`prompt ${turn} about the basket 100% done_now`);
    for (let step = 0; step < turn % 5; step++)
      transcript.tool('Bash', { command: `echo ${turn} ${step}` }, `output ${turn} ${step}`);
    transcript.answer(`answer ${turn}`);
  }
  await writeTranscript(test.configDir, long, transcript);
  const agent = new Transcript(long, { agentId: 'a1' });
  agent.prompt('research');
  for (let step = 0; step < 9; step++) agent.answer(`finding ${step}`);
  await writeTranscript(test.configDir, `${long}/subagents/agent-a1.jsonl`, agent);
  await test.import();
  const copy = new Transcript(fork);
  for (const line of transcript.lines.slice(0, 9)) copy.meta({ ...(line as object), sessionId: fork });
  copy.meta({
    ...(copy.lines[0] as object),
    uuid: 'f0f0f0f0-0000-4000-8000-000000000001',
    message: { role: 'user', content: 'only in the fork' },
  });
  await writeTranscript(test.configDir, fork, copy);
  await test.import();
});
afterAll(() => test.close());

it('a long page takes as few queries as a short one', () => {
  const session = sessionNumber(test.driver, long)!;
  const queriesOf = (limit: number) => {
    let queries = 0;
    const counting: SqlDriver = Object.assign(Object.create(test.driver) as SqlDriver, {
      get: (sql: string, params?: readonly SqlValue[]) => (queries++, test.driver.get(sql, params)),
      all: (sql: string, params?: readonly SqlValue[]) => (queries++, test.driver.all(sql, params)),
    });
    expect(readPage(counting, session, { limit }).items.length).toBeGreaterThanOrEqual(Math.min(limit, 40));
    return queries;
  };
  expect(queriesOf(200)).toBe(queriesOf(2));
});

describe.each([
  ['a session with sub-agents', long],
  ['a fork, whose rows are partly copies', fork],
])('pages of %s', (_, id) => {
  it('forwards are the whole, in order, for any size of a page', async () => {
    const whole = keysOf((await test.memory.readSession({ sessionId: id, limit: 200 })).items);
    expect(new Set(whole).size).toBe(whole.length);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: whole.length + 2 }), async (limit) => {
        const seen: string[] = [];
        let page = await test.memory.readSession({ sessionId: id, limit });
        expect(page.before).toBeUndefined();
        for (;;) {
          expect(page.items.length).toBeGreaterThan(0);
          seen.push(...keysOf(page.items));
          if (page.after === undefined) break;
          page = await test.memory.readSession({ sessionId: id, limit, cursor: page.after });
        }
        expect(seen).toEqual(whole);
      }),
      { numRuns: 25 },
    );
  });

  it('backwards from anywhere lead to the beginning, and forwards again to the end', async () => {
    const { items } = await test.memory.readSession({ sessionId: id, limit: 200 });
    const whole = keysOf(items);
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 1, max: 20 }),
        fc.nat(items.length - 1),
        fc.boolean(),
        async (limit, index, isTurn) => {
          const target = items[index] as ReaderItem;
          const first = await test.memory.readSession({
            sessionId: id,
            limit,
            ...(isTurn ? { aroundTurn: target.turn } : { aroundKey: target.key }),
          });
          if (isTurn) expect(first.items[0]?.turn).toBe(target.turn);
          else expect(keysOf(first.items)).toContain(target.key);
          const seen = keysOf(first.items);
          for (let cursor = first.before; cursor !== undefined;) {
            const page = await test.memory.readSession({ sessionId: id, limit, cursor });
            expect(page.items.length).toBeGreaterThan(0);
            expect(page.after).toBeDefined();
            seen.unshift(...keysOf(page.items));
            cursor = page.before;
          }
          for (let cursor = first.after; cursor !== undefined;) {
            const page = await test.memory.readSession({ sessionId: id, limit, cursor });
            seen.push(...keysOf(page.items));
            cursor = page.after;
          }
          expect(seen).toEqual(whole);
        },
      ),
      { numRuns: 60 },
    );
  });
});

describe('a page', () => {
  it('around something that is not there begins at the beginning', async () => {
    const first = keysOf((await test.memory.readSession({ sessionId: long, limit: 5 })).items);
    for (const query of [{ aroundKey: 'p999999' }, { aroundTurn: 999 }])
      expect(keysOf((await test.memory.readSession({ sessionId: long, limit: 5, ...query })).items)).toEqual(first);
    await expect(test.memory.readSession({ sessionId: long, aroundKey: 'nonsense' })).rejects.toMatchObject({
      code: 'invalid_input',
    });
  });

  it('has sub-agents after the main thread of their turn, and says where copies come from', async () => {
    const { items } = await test.memory.readSession({ sessionId: long, limit: 200 });
    for (const [index, item] of items.entries()) {
      const next = items[index + 1];
      if (item.agentId !== undefined && next?.turn === item.turn) expect(next.agentId).toBe(item.agentId);
    }
    expect((await test.memory.readSession({ sessionId: fork })).items.map(({ copiedFrom }) => copiedFrom)).toEqual(
      [...Array.from({ length: 9 - 2 }, () => long), undefined].slice(
        -(await test.memory.readSession({ sessionId: fork })).items.length,
      ),
    );
  });

  it.each(['nonsense', 'after:1:2', 'after:1:0:1; DROP TABLE prompts', 'before:x:0:1', ''])(
    'marker %j is refused',
    async (cursor) => {
      await expect(test.memory.readSession({ sessionId: long, cursor })).rejects.toMatchObject({
        code: 'invalid_input',
      });
    },
  );

  it('of a session without rows is none', async () => {
    await writeTranscript(test.configDir, empty, '{"type":"mode","mode":"normal"}\n');
    await test.import();
    await expect(test.memory.readSession({ sessionId: empty })).rejects.toMatchObject({ code: 'not_found' });
  });
});

describe('finding in a session', () => {
  it('gives the rows with all words, in reading order, whatever letters they hold', async () => {
    const find = async (text: string) => (await test.memory.findInSession(long, text)).places.map(({ turn }) => turn);
    expect(await find('prompt')).toEqual(Array.from({ length: 12 }, (_, index) => index + 1));
    expect(await find('PROMPT 12')).toEqual([12]);
    expect(await find('100%')).toHaveLength(12);
    expect(await find('done_now')).toHaveLength(12);
    expect(await find('doneXnow')).toEqual([]);
    expect(await find('1%0')).toEqual([]);
    expect(await find('echo output 4')).toEqual([4, 4, 4, 4]);
    expect(await find('finding')).toHaveLength(9);
    expect(await find('   ')).toEqual([]);
    expect(await find("' OR 1=1 --")).toEqual([]);
  });

  it('gives keys that can be read', async () => {
    for (const { key, turn } of (await test.memory.findInSession(fork, 'prompt')).places) {
      expect(keysOf((await test.memory.readSession({ sessionId: fork, aroundKey: key, limit: 3 })).items)).toContain(
        key,
      );
      expect((await test.memory.getItem(key)).turn).toBe(turn);
    }
  });

  it('begins at the row that is read, and at the first one when there is none after it', async () => {
    const { places } = await test.memory.findInSession(long, 'echo output 4');
    const at = async (from: string) => (await test.memory.findInSession(long, 'echo output 4', from)).at;
    expect(await at(places[2]!.key)).toBe(2);
    const { places: prompts } = await test.memory.findInSession(long, 'prompt');
    expect(await at(prompts[0]!.key)).toBe(0);
    expect(await at(prompts[11]!.key)).toBe(0);
    expect(await at('o999999')).toBe(0);
  });
});

describe('steps through a session', () => {
  const step = (query: Omit<StepQuery, 'sessionId'>) => test.memory.stepInSession({ sessionId: long, ...query });

  it('lead from prompt to prompt and back, and end', async () => {
    const first = await step({ to: 'prompt' });
    const second = await step({ to: 'prompt', from: first!.key });
    expect([first?.turn, second?.turn]).toEqual([1, 2]);
    expect(await step({ to: 'prompt', from: second!.key, isBack: true })).toEqual(first);
    expect(await step({ to: 'prompt', from: first!.key, isBack: true })).toBeNull();
    const last = await step({ to: 'prompt', isBack: true });
    expect(last?.turn).toBe(12);
    expect(await step({ to: 'prompt', from: last!.key })).toBeNull();
  });

  it('lead to sub-agents, which a person did not write to', async () => {
    const task = await step({ to: 'task' });
    expect(await test.memory.getItem(task!.key)).toMatchObject({ agentId: 'a1' });
    const first = (await test.read(long)).find(({ agentId }) => agentId === 'a1');
    expect(task!.key).toBe(first!.key);
    expect(await step({ to: 'task', from: task!.key })).toBeNull();
    expect(await test.memory.getSession(long)).toMatchObject({ agents: 1 });
    expect(await test.memory.getSession(fork)).not.toHaveProperty('agents');
  });

  it('reach the last row, and pass over what is no error', async () => {
    const last = await step({ to: 'row', isBack: true });
    expect(await step({ to: 'row', from: last!.key })).toBeNull();
    expect(await step({ to: 'error' })).toBeNull();
  });
});

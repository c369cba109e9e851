/** Lists by keyset are complete and without duplicates, also while they grow. */
import { appendFile } from 'node:fs/promises';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { LearningCategory } from '../../../protocol/model';
import type { SessionQuery } from '../../../protocol/questions/sessions';
import type { Page } from '../../../protocol/status';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

async function readAll<T>(ask: (cursor: string | undefined) => Promise<Page<T>>): Promise<T[]> {
  const all: T[] = [];
  for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
    const page = await ask(cursor);
    all.push(...page.items);
    cursor = page.next;
  }
  return all;
}
const at = (minutes: number) => ({ timestamp: new Date(Date.UTC(2026, 10, 20) + minutes * 60_000).toISOString() });

async function writeSessions(count: number): Promise<string[]> {
  const files: string[] = [];
  for (let index = 0; index < count; index++) {
    const transcript = new Transcript(sessionId(index), {
      cwd: index % 3 === 0 ? '/work/api' : '/work/shop',
      branch: `b${index}`,
    });
    // Some sessions share a time: the order must be total all the same.
    transcript.prompt(`session number ${index}`, at(Math.floor(index / 4)));
    if (index % 5 === 0)
      transcript.result('toolu_of_nothing', 'Error: no', { is_error: true, ...at(Math.floor(index / 4)) });
    files.push(await writeTranscript(test.configDir, sessionId(index), transcript));
  }
  await test.import();
  return files;
}

describe('sessions', () => {
  const ids = (query: SessionQuery) =>
    readAll((cursor) => test.memory.listSessions({ ...query, ...(cursor !== undefined && { cursor }) })).then((items) =>
      items.map(({ id }) => id),
    );

  it('are listed whole, newest first, for any size of a page', async () => {
    await writeSessions(30);
    const whole = await ids({ limit: 200 });
    expect(whole).toHaveLength(30);
    const times = (await test.memory.listSessions({ limit: 200 })).items.map(({ updatedAt }) => updatedAt);
    expect(times).toEqual([...times].sort((a, b) => b - a));
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 40 }), async (limit) => {
        expect(await ids({ limit })).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it.each(['project', 'branch'] as const)(
    'are listed whole by %s, each together, for any size of a page',
    async (order) => {
      await writeSessions(30);
      const { items } = await test.memory.listSessions({ limit: 200, order });
      const whole = items.map(({ id }) => id);
      expect(new Set(whole).size).toBe(30);
      const groups = items.map(({ project, gitBranch }) =>
        order === 'project' ? project.name : `${project.name} ${gitBranch}`,
      );
      expect(groups.filter((group, index) => group !== groups[index - 1])).toEqual([...new Set(groups)]);
      expect(groups).toEqual(groups.toSorted());
      for (const limit of [1, 7, 30]) expect(await ids({ limit, order })).toEqual(whole);
    },
  );

  it('are counted by the local day of their last line', async () => {
    await writeSessions(30);
    const { items } = await test.memory.listSessions({ limit: 200 });
    const [last] = items.map(({ updatedAt }) => updatedAt).toSorted((a, b) => b - a);
    const days = await test.memory.sessionDays(0, last! + 1, undefined);
    expect(days.reduce((sum, { count }) => sum + count, 0)).toBe(30);
    expect(days.every(({ day }) => /^2026-11-\d\d$/.test(day))).toBe(true);
    expect(await test.memory.sessionDays(0, last! - 86_400_000, undefined)).toEqual([]);
    expect(await test.memory.sessionDays(0, last! + 1, { roots: ['/nowhere'] })).toEqual([]);
  });

  it('that grow while the list is read are never shown twice, and the others once each', async () => {
    const files = await writeSessions(20);
    const seen: string[] = [];
    const grown: string[] = [];
    let cursor: string | undefined;
    for (let page = 0; page < 7; page++) {
      const { items, next } = await test.memory.listSessions({ limit: 3, ...(cursor !== undefined && { cursor }) });
      seen.push(...items.map(({ id }) => id));
      cursor = next;
      if (cursor === undefined) break;
      const index = page * 3;
      const more = new Transcript(sessionId(index));
      more.prompt('ignored');
      await appendFile(files[index] as string, `${JSON.stringify(more.prompt('it goes on', at(1000 + page)))}\n`);
      grown.push(sessionId(index));
      await test.import();
    }
    expect(new Set(seen).size).toBe(seen.length);
    for (let index = 0; index < 20; index++)
      if (!grown.includes(sessionId(index))) expect(seen).toContain(sessionId(index));
  });

  it('are filtered by scope, time, errors, life and words', async () => {
    await writeSessions(20);
    const moment = (minutes: number) => Date.parse(at(minutes).timestamp);
    expect(await ids({ scope: { roots: ['/work/api'] } })).toHaveLength(7);
    expect(await ids({ only: 'errors' })).toEqual([15, 10, 5, 0].map(sessionId));
    expect(await ids({ after: moment(4) })).toHaveLength(4);
    expect(await ids({ before: moment(1) })).toHaveLength(4);
    expect(await ids({ text: 'number 7' })).toEqual([17, 7].map(sessionId));
    expect(await ids({ text: '100%_' })).toEqual([]);
    test.now.value = Date.now() + 3_600_000;
    expect(await ids({ only: 'live' })).toEqual([]);
    test.now.value = Date.now();
    expect(await ids({ only: 'live' })).toHaveLength(20);
    expect(await ids({ scope: { projectIds: [] } })).toEqual([]);
  });
});

describe('learnings', () => {
  const make = (index: number, more = {}) =>
    test.memory.saveLearning({
      id: `learning-${index}`,
      category: (['pattern', 'error'] as LearningCategory[])[index % 2]!,
      title: `Title ${index}`,
      description: 'text',
      ...more,
    });
  const list = (limit: number) =>
    readAll((cursor) => test.memory.listLearnings({ limit, ...(cursor !== undefined && { cursor }) })).then((items) =>
      items.map(({ id }) => id),
    );

  it('are listed whole, pinned ones first, then newest, for any size of a page', async () => {
    for (let index = 0; index < 23; index++) {
      test.now.value += index % 3 === 0 ? 1000 : 0;
      await make(index, { isPinned: index % 7 === 0 });
    }
    const whole = await list(200);
    expect(whole.slice(0, 4)).toEqual([21, 14, 7, 0].map((index) => `learning-${index}`));
    expect(new Set(whole).size).toBe(23);
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 30 }), async (limit) => {
        expect(await list(limit)).toEqual(whole);
      }),
      { numRuns: 20 },
    );
  });

  it('saved twice are one, and a change keeps what it does not name', async () => {
    await make(1, { tags: ['a'] });
    const first = await make(1, { tags: ['a'] });
    test.now.value += 5000;
    const changed = await make(1, { title: 'Another title', isVerified: true, verificationNotes: 'seen' });
    expect(changed).toMatchObject({
      id: 'learning-1',
      title: 'Another title',
      isVerified: true,
      verificationNotes: 'seen',
      createdAt: first.createdAt,
      updatedAt: first.createdAt + 5000,
    });
    expect(await list(200)).toEqual(['learning-1']);
    expect((await test.memory.search({ text: 'another' })).total).toBe(1);
  });

  it('deleted twice and restored twice are as after once', async () => {
    await make(1);
    await test.memory.deleteLearning('learning-1');
    await test.memory.deleteLearning('learning-1');
    expect(await list(200)).toEqual([]);
    await test.memory.restoreLearning('learning-1');
    await test.memory.restoreLearning('learning-1');
    expect(await list(200)).toEqual(['learning-1']);
    expect((await test.memory.search({ text: 'title' })).total).toBe(1);
  });

  it('edited while deleted stay deleted until they are restored', async () => {
    await make(1);
    await test.memory.deleteLearning('learning-1');
    await make(1, { title: 'Quokka title' });
    const isListed = (await list(200)).length === 1;
    const isFound = (await test.memory.search({ text: 'quokka' })).total === 1;
    // Either answer can be right, but both must agree.
    expect(isFound).toBe(isListed);
    await test.memory.restoreLearning('learning-1');
    expect([await list(200), (await test.memory.search({ text: 'quokka' })).total]).toEqual([['learning-1'], 1]);
  });

  it('hold no secret and no private words, in any of their fields', async () => {
    const token = ['gh', 'p_'].join('') + 'a1B2c3D4e5'.repeat(4);
    const saved = await make(1, {
      title: `t ${token}`,
      description: `d ${token}`,
      context: `c <private>hidden</private>`,
      verificationNotes: `v ${token}`,
      tags: [`x${token}`.slice(1)],
    });
    expect(JSON.stringify(saved)).not.toContain(token);
    expect(JSON.stringify(saved)).not.toContain('hidden');
  });
});

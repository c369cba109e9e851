/** The way back for forgotten sessions, projects and everything, as long as the transcripts are there. */
import nodeFs from 'node:fs';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';

let test: TestMemory;
const files = new Map<number, string>();
beforeEach(async () => {
  test = await openTestMemory();
  for (const [number, cwd] of [
    [1, '/work/quarry'],
    [2, '/work/quarry'],
    [3, '/work/other'],
  ] as const) {
    const transcript = new Transcript(sessionId(number), { cwd });
    transcript.prompt(`Why is the marmot ${number} red?`);
    transcript.answer('Because of sk-ant-api03-not-a-key.');
    files.set(number, await writeTranscript(test.configDir, sessionId(number), transcript, cwd.replace(/\W/g, '-')));
  }
  await test.import();
});
afterEach(() => test.close());

const kept = async () => (await test.memory.listSessions({})).items.map(({ id }) => id).toSorted();
const listed = async () => (await test.memory.listForgotten()).map(({ id }) => id).toSorted();
const ids = (...numbers: number[]) => numbers.map(sessionId);

describe('what was forgotten', () => {
  it('is listed by its own words, and only when something was forgotten', async () => {
    expect(await test.memory.listForgotten()).toEqual([]);
    await test.memory.forgetSession(sessionId(2));
    expect(await test.memory.listForgotten()).toEqual([
      {
        id: sessionId(2),
        title: 'Why is the marmot 2 red?',
        project: 'quarry',
        startedAt: expect.any(Number),
        bytes: nodeFs.statSync(files.get(2) ?? '').size,
      },
    ]);
    expect((await test.memory.status()).forgotten).toBe(1);
  });

  it('is not listed when its transcript is gone', async () => {
    await test.memory.forgetSession(sessionId(2));
    nodeFs.rmSync(files.get(2) ?? '');
    expect(await listed()).toEqual([]);
    expect(await test.memory.readAgain(ids(2))).toBe(0);
  });

  it('is read again whole, stays after a restart, and can be forgotten again', async () => {
    const before = await test.read(sessionId(2));
    await test.memory.forgetSession(sessionId(2));
    expect(await kept()).toEqual(ids(1, 3));
    expect(await test.memory.readAgain(ids(2))).toBe(1);
    expect(await kept()).toEqual(ids(1, 2, 3));
    expect((await test.read(sessionId(2))).map(({ kind }) => kind)).toEqual(before.map(({ kind }) => kind));
    await test.reopen();
    await test.import();
    expect(await kept()).toEqual(ids(1, 2, 3));
    await test.memory.forgetSession(sessionId(2));
    await test.import();
    expect(await kept()).toEqual(ids(1, 3));
  });

  it('comes back alone from a project or from everything: all else stays forgotten', async () => {
    const { id } = (await test.memory.projects()).find(({ name }) => name === 'quarry') ?? { id: 0 };
    await test.memory.forgetProject(id);
    expect(await listed()).toEqual(ids(1, 2));
    await test.memory.readAgain(ids(1));
    expect(await kept()).toEqual(ids(1, 3));
    await test.memory.deleteEverything();
    expect(await kept()).toEqual([]);
    expect(await listed()).toEqual(ids(1, 2, 3));
    await test.memory.readAgain(ids(3));
    await test.reopen();
    await test.import();
    expect(await kept()).toEqual(ids(3));
    expect(await listed()).toEqual(ids(1, 2));
  });

  it('stays forgotten when it was on the disk unread: a project that comes back in part does not bring it', async () => {
    const { id } = (await test.memory.projects()).find(({ name }) => name === 'quarry') ?? { id: 0 };
    await test.memory.forgetProject(id);
    const late = new Transcript(sessionId(4), { cwd: '/work/quarry' });
    late.prompt('A session of the same time, found later.');
    await writeTranscript(test.configDir, sessionId(4), late, '-work-quarry');
    await test.memory.readAgain(ids(1));
    await test.import();
    expect(await kept()).toEqual(ids(1, 3));
  });

  it('shows no secret in its title', async () => {
    const secret = `ghp_${'a1B2'.repeat(9)}`;
    const transcript = new Transcript(sessionId(5), { cwd: '/work/other' });
    transcript.prompt(`Use ${secret} for the push`);
    await writeTranscript(test.configDir, sessionId(5), transcript, '-work-other');
    await test.import();
    await test.memory.forgetSession(sessionId(5));
    const [found] = await test.memory.listForgotten();
    expect(found?.title).toContain('for the push');
    expect(found?.title).not.toContain(secret);
  });
});

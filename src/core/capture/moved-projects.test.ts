/** A project that was moved or renamed keeps its history, found by the files of its repository. */
import { cp, mkdir, rename, rm, writeFile } from 'node:fs/promises';
import path from 'node:path';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
});
afterEach(() => test.close());

const day = 86_400_000;
const firstDay = Date.UTC(2026, 10, 1);
const at = (...parts: string[]) => path.join(test.configDir, 'work', ...parts);

/** A repository as files: git itself is never run. */
async function repository(name: string, { remote, start = name }: { remote?: string; start?: string } = {}) {
  await mkdir(at(name, '.git', 'logs'), { recursive: true });
  await writeFile(at(name, '.git', 'HEAD'), 'ref: refs/heads/main\n');
  await writeFile(at(name, '.git', 'config'), remote ? `[remote "origin"]\n\turl = ${remote}\n` : '[core]\n');
  await writeFile(at(name, '.git', 'logs', 'HEAD'), `0000 1111 Ann <a@b.example> 1 +0000\tbegan in ${start}\n`);
}

/** A session of one prompt that was held in a folder on a day. */
async function session(number: number, name: string, onDay: number, text = `prompt ${number}`): Promise<void> {
  const cwd = at(name);
  const transcript = new Transcript(sessionId(number), { cwd, startedAt: firstDay + onDay * day });
  transcript.prompt(text);
  await writeTranscript(test.configDir, sessionId(number), transcript, `-${number}`);
}

const shown = async () =>
  (await test.memory.projects())
    .map(({ root, sessions, joined = [] }) => ({
      name: path.relative(at(), root),
      sessions,
      joined: joined.map((each) => each.name).toSorted(),
    }))
    .toSorted((one, other) => (one.name < other.name ? -1 : 1));
const alone = (name: string, sessions = 1) => ({ name, sessions, joined: [] });

describe('a project whose folder was renamed', () => {
  it.each([
    ['with a remote', { remote: 'git@forge.example:team/shop.git' }],
    ['without one', {}],
  ])('%s is shown as one, under the name that exists', async (_, git) => {
    await repository('kiosk', git);
    await session(1, 'kiosk', 0, 'a persimmon before');
    await test.import();
    await rename(at('kiosk'), at('market'));
    await session(2, 'market', 5, 'a persimmon after');
    await test.import();
    expect(await shown()).toEqual([{ name: 'market', sessions: 2, joined: ['kiosk'] }]);
    const project = (await test.memory.projects())[0]!;
    // Asked from the new folder, the old session is found too.
    const found = await test.memory.search({ text: 'persimmon', scope: { roots: [at('market')] } });
    expect(found.hits.map((hit) => hit.sessionId ?? '').toSorted()).toEqual([sessionId(1), sessionId(2)].toSorted());
    expect(new Set(found.hits.map((hit) => hit.project?.name))).toEqual(new Set(['market']));
    expect(found.facets.project).toEqual([{ value: String(project.id), label: 'market', count: 2 }]);
    expect((await test.memory.status({ roots: [at('market')] })).inScope).toBe(2);
    expect((await test.memory.getSession(sessionId(1))).movedTo).toBe(at('market'));
    expect(
      test.events.filter(({ name, event }) => name === 'changed' && (event as { isReset: boolean }).isReset),
    ).not.toEqual([]);
  });

  it('is known by its remote when it was cloned anew, however that is written', async () => {
    await repository('kiosk', { remote: 'https://ann:s3cret@Forge.example/team/shop.git' });
    await session(1, 'kiosk', 0);
    await test.import();
    await rm(at('kiosk'), { recursive: true });
    await repository('market', { remote: 'git@forge.example:team/shop', start: 'a clone' });
    await session(2, 'market', 5);
    await test.import();
    expect(await shown()).toEqual([{ name: 'market', sessions: 2, joined: ['kiosk'] }]);
    // No address is kept, only keyed marks of it.
    const rows = JSON.stringify(test.driver.all('SELECT * FROM projects'));
    expect(rows).not.toMatch(/forge|s3cret|Ann/i);
    expect(rows).toMatch(/hmac-sha256/);
  });

  it('has its history in the new folder before there is a session in it', async () => {
    await repository('kiosk', { remote: 'https://forge.example/team/shop.git' });
    await session(1, 'kiosk', 0);
    await test.import();
    await rename(at('kiosk'), at('market'));
    const inScope = async () => (await test.memory.status({ roots: [at('market')] })).inScope;
    await test.import({ roots: [at('market')] });
    expect(await inScope()).toBe(0);
    await test.import({ roots: [at('market')], trustedRoots: [at('market')], exclude: [at('market')] });
    expect(await inScope()).toBe(0);
    await test.import({ roots: [at('market')], trustedRoots: [at('market')] });
    expect(await inScope()).toBe(1);
    expect(await shown()).toEqual([alone('kiosk')]);
    expect(test.driver.all('SELECT root FROM projects')).toEqual([{ root: at('kiosk') }]);
    await session(2, 'market', 5);
    await test.import();
    expect(await inScope()).toBe(2);
    expect(await shown()).toEqual([{ name: 'market', sessions: 2, joined: ['kiosk'] }]);
  });

  it('stays one when its rows, and what it was known by, are lost', async () => {
    await repository('kiosk');
    await session(1, 'kiosk', 0);
    await test.import();
    await rename(at('kiosk'), at('market'));
    await session(2, 'market', 5);
    await test.import();
    test.driver.run('UPDATE projects SET remote_mark = NULL, start_mark = NULL');
    await test.import();
    expect(await shown()).toEqual([{ name: 'market', sessions: 2, joined: ['kiosk'] }]);
  });

  it('twice is one under the last name', async () => {
    await repository('kiosk');
    for (const [number, name] of ['kiosk', 'market', 'bazaar'].entries()) {
      if (number > 0) await rename(at(['kiosk', 'market'][number - 1]!), at(name));
      await session(number + 1, name, number);
      await test.import();
    }
    expect(await shown()).toEqual([{ name: 'bazaar', sessions: 3, joined: ['kiosk', 'market'] }]);
  });

  it('is found out when the old folder goes later', async () => {
    await repository('kiosk');
    await session(1, 'kiosk', 0);
    await repository('market', { start: 'kiosk' });
    await session(2, 'market', 5);
    await test.import();
    expect(await shown()).toEqual([alone('kiosk'), alone('market')]);
    await rm(at('kiosk'), { recursive: true });
    await test.import();
    expect(await shown()).toEqual([{ name: 'market', sessions: 2, joined: ['kiosk'] }]);
  });
});

describe('two projects stay two', () => {
  it('while both folders are there, and again when the old one is back', async () => {
    const remote = 'https://forge.example/team/shop.git';
    await repository('kiosk', { remote });
    await repository('market', { remote });
    await session(1, 'kiosk', 0);
    await session(2, 'market', 5);
    await test.import();
    expect(await shown()).toEqual([alone('kiosk'), alone('market')]);
    await rename(at('kiosk'), at('on a drive that is not plugged in'));
    await test.import();
    expect(await shown()).toHaveLength(1);
    await rename(at('on a drive that is not plugged in'), at('kiosk'));
    await test.import();
    expect(await shown()).toEqual([alone('kiosk'), alone('market')]);
  });

  it('when the one that is gone began later: a clone that was thrown away', async () => {
    const remote = 'https://forge.example/team/shop.git';
    await repository('market', { remote });
    await repository('try-out', { remote });
    await session(1, 'market', 0);
    await session(2, 'try-out', 5);
    await test.import();
    await rm(at('try-out'), { recursive: true });
    await test.import();
    expect(await shown()).toEqual([alone('market'), alone('try-out')]);
  });

  it('with other remotes, even if one was made by copying the other', async () => {
    await repository('template', { remote: 'https://forge.example/template.git' });
    await session(1, 'template', 0);
    await test.import();
    await cp(at('template'), at('shop'), { recursive: true });
    await writeFile(at('shop', '.git', 'config'), '[remote "origin"]\n\turl = https://forge.example/shop.git\n');
    await rm(at('template'), { recursive: true });
    await session(2, 'shop', 5);
    await test.import();
    expect(await shown()).toEqual([alone('shop'), alone('template')]);
  });

  it('when the old one was never seen while it was there', async () => {
    await session(1, 'kiosk', 0);
    await repository('market');
    await session(2, 'market', 5);
    await test.import();
    expect(await shown()).toEqual([alone('kiosk'), alone('market')]);
  });

  it('for good, once a person has taken the join back', async () => {
    const remote = 'https://forge.example/team/shop.git';
    await repository('kiosk', { remote });
    await session(1, 'kiosk', 0);
    await test.import();
    await rename(at('kiosk'), at('market'));
    await session(2, 'market', 5);
    await test.import();
    const [join] = await test.memory.projectJoins();
    expect(join).toMatchObject({ from: { name: 'kiosk' }, into: { name: 'market' }, why: 'moved', sessions: 1 });
    await test.memory.undoJoin(join!.id);
    await test.import();
    expect(await shown()).toEqual([alone('kiosk'), alone('market')]);
    await test.reopen();
    await test.import();
    expect(await test.memory.projectJoins()).toEqual([]);
    // Under its next name it is the same other project.
    await rename(at('market'), at('bazaar'));
    await session(3, 'bazaar', 6);
    await test.import();
    expect(await shown()).toEqual([{ name: 'bazaar', sessions: 2, joined: ['market'] }, alone('kiosk')]);
  });
});

it('gives the same projects in whatever order the files are read', { timeout: 120_000 }, async () => {
  const sessions = [
    [1, 'kiosk', 0],
    [2, 'kiosk', 3],
    [3, 'market', 5],
    [4, 'second', 6],
    [5, 'other', 1],
    [6, 'bazaar', 2],
  ] as const;
  const remote = 'https://forge.example/team/shop.git';
  const run = async (order: readonly (typeof sessions)[number][]) => {
    await test.close();
    test = await openTestMemory();
    for (const name of ['kiosk', 'market', 'second']) await repository(name, { remote });
    for (const name of ['other', 'bazaar']) await repository(name, { start: 'other' });
    const isGone = new Set<string>();
    for (const [index, each] of order.entries()) {
      await session(each[0], each[1], each[2]);
      await test.import();
      // Both folders go when half of the files are read and their projects have been seen.
      const seen = new Set(order.slice(0, index + 1).map(([, name]) => name));
      if (index >= 2)
        for (const name of ['kiosk', 'other'])
          if (seen.has(name as 'kiosk') && !isGone.has(name)) {
            isGone.add(name);
            await rename(at(name), at(`${name}-is-gone`));
          }
    }
    await test.import();
    return shown();
  };
  const expected = await run(sessions);
  expect(expected).toEqual([
    { name: 'bazaar', sessions: 2, joined: ['other'] },
    { name: 'market', sessions: 3, joined: ['kiosk'] },
    alone('second'),
  ]);
  await fc.assert(
    fc.asyncProperty(fc.shuffledSubarray([...sessions], { minLength: 6 }), async (order) => {
      expect(await run(order)).toEqual(expected);
    }),
    { numRuns: 10 },
  );
});

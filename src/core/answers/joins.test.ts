/** Projects that a person shows as one: everywhere, and taken back without a trace. */
import nodeFs from 'node:fs';
import { mkdir } from 'node:fs/promises';
import path from 'node:path';
import { gunzipSync } from 'node:zlib';
import * as fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { loadEngine, openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { openOldMemory, putOldSession } from '../../../test/fixtures/old-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { writeWish } from '../care/next-open';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { joinedProjects } from '../store/sqlite/migrations/0007-joined-projects';
import { schemaVersionOf } from '../store/sqlite/schema-of';
import { markOf } from '../store/tables/buried-roots';
import { forgetAgain } from '../store/tables/forget';
import { listJoins, putJoin } from '../store/tables/project-joins';
import { allProjects, listProjects } from '../store/tables/projects';

let test: TestMemory;
const [old, renamed, other] = ['/work/tinkerbarn', '/work/gearloft', '/work/elsewhere'];
beforeEach(async () => {
  test = await openTestMemory();
  for (const [number, cwd, day] of [
    [1, old, 10],
    [2, `${old}/packages/api`, 11],
    [3, renamed, 20],
    [4, other, 12],
  ] as const) {
    const transcript = new Transcript(sessionId(number), { cwd, startedAt: Date.UTC(2026, 10, day) });
    transcript.prompt(`about the kumquat ${number}`);
    transcript.tool('Bash', { command: 'npm test' }, 'ok');
    transcript.answer('done');
    await writeTranscript(test.configDir, sessionId(number), transcript, `-${number}`);
  }
  await test.import();
});
afterEach(() => test.close());

const idOf = (root: string) => allProjects(test.driver).find(({ ownRoot }) => ownRoot === root)!.id;
const join = (one: string, two: string) => test.memory.joinProjects(idOf(one), idOf(two));
const roots = async () => (await test.memory.projects()).map(({ root }) => root).toSorted();
/** All rows of all tables but those of joins. */
const everything = () =>
  test.driver
    .all<{ name: string }>(
      `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext%'
        AND name <> 'project_joins' ORDER BY name`,
    )
    .map(({ name }) => [name, test.driver.all(`SELECT * FROM ${name}`)]);
/** What heads are shown of projects. */
const shown = async () => ({
  projects: await test.memory.projects(),
  cards: (await test.memory.listSessions({})).items,
  facets: (await test.memory.search({ text: 'kumquat' })).facets,
  insights: (await test.memory.insights({})).projects,
  status: (await test.memory.status()).projects,
});

describe('joined projects', () => {
  it('are one in every list, filter and count', async () => {
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'kumquats keep',
      description: 'well',
      sourceSessions: [sessionId(1)],
    });
    await join(old, renamed);
    // The session below the old root has a project of its own, as its folder says nothing.
    await join(`${old}/packages/api`, renamed);
    const into = idOf(renamed);
    expect(await roots()).toEqual([other, renamed].toSorted());
    const [project] = (await test.memory.projects()).filter(({ id }) => id === into);
    expect(project).toMatchObject({ name: 'gearloft', sessions: 3 });
    expect(project?.joined?.map(({ root }) => root)).toEqual([old, `${old}/packages/api`]);

    for (const scope of [{ roots: [renamed] }, { roots: [old] }, { projectIds: [into] }, { projectIds: [idOf(old)] }]) {
      const { items } = await test.memory.listSessions({ scope });
      expect(items.map(({ id }) => id).toSorted()).toEqual([sessionId(1), sessionId(2), sessionId(3)]);
      expect(new Set(items.map((card) => card.project.root))).toEqual(new Set([renamed]));
      expect((await test.memory.search({ text: 'kumquat', scope })).total).toBe(4);
      expect((await test.memory.listLearnings({ scope })).items.map(({ project: of }) => of?.root)).toEqual([renamed]);
      expect((await test.memory.insights({ scope })).projects).toMatchObject([{ project: { id: into }, sessions: 3 }]);
    }
    // Old and new name find the same.
    for (const text of ['kumquat project:gearloft', 'kumquat project:tinkerbarn'])
      expect((await test.memory.search({ text })).total).toBe(4);
    expect((await test.memory.search({ text: 'kumquat -project:tinkerbarn' })).total).toBe(1);
    const facet = (await test.memory.search({ text: 'kumquat' })).facets.project;
    expect(facet).toEqual([
      { value: String(into), label: 'gearloft', count: 4 },
      { value: String(idOf(other)), label: 'elsewhere', count: 1 },
    ]);
    expect((await test.memory.suggest('project:')).map(({ label, count }) => [label, count])).toEqual([
      ['project:gearloft', 3],
      ['project:elsewhere', 1],
    ]);
    expect((await test.memory.status()).projects).toBe(2);
    expect(await test.memory.previewExcludes(['**/tinkerbarn'])).toMatchObject([
      { projects: [{ name: 'gearloft', root: renamed }] },
    ]);
    expect((await test.memory.listSessions({ text: 'tinkerbarn' })).items).toHaveLength(1);
  });

  it('have their old folders below the new one', async () => {
    await join(old, renamed);
    expect(await test.memory.getSession(sessionId(1))).toMatchObject({ cwd: old, movedTo: renamed });
    expect(await test.memory.getSession(sessionId(3))).not.toHaveProperty('movedTo');
    test.driver.run('UPDATE sessions SET cwd = ? WHERE id = ?', [`${old}/docs`, sessionId(1)]);
    expect((await test.memory.getSession(sessionId(1))).movedTo).toBe(`${renamed}/docs`);
  });

  it.each([
    ['one', 'other'],
    ['other', 'one'],
  ])('are shown as the one whose folder exists, or as the later (%s, then %s)', async (first) => {
    const turn = <T>(one: T, two: T): [T, T] => (first === 'one' ? [one, two] : [two, one]);
    expect(await test.memory.previewJoin(...turn(idOf(old), idOf(other)))).toMatchObject({
      from: { root: old, sessions: 1 },
      into: { root: other, sessions: 1 },
    });
    const there = path.join(test.configDir, 'still-here');
    await mkdir(there, { recursive: true });
    const transcript = new Transcript(sessionId(5), { cwd: there, startedAt: Date.UTC(2026, 9, 1) });
    transcript.prompt('long ago');
    await writeTranscript(test.configDir, sessionId(5), transcript, '-5');
    await test.import();
    expect(await test.memory.joinProjects(...turn(idOf(old), idOf(there)))).toMatchObject({
      from: { root: old },
      into: { root: there },
      why: 'hand',
      sessions: 1,
    });
  });

  it('can be joined further, and taken apart in any order', async () => {
    const first = await join(old, other);
    const second = await join(other, renamed);
    expect(await roots()).toHaveLength(2);
    expect((await test.memory.getSession(sessionId(1))).project.root).toBe(renamed);
    await test.memory.undoJoin(first.id);
    expect(await roots()).toHaveLength(3);
    expect(await test.memory.projectJoins()).toEqual([second]);
  });

  it('are joined by hand with another one than what was found, which had no session', async () => {
    putJoin(test.driver, { from: old, into: '/work/never-opened', why: 'moved' }, 1);
    await join(old, other);
    expect(listJoins(test.driver).map(({ into }) => into.root)).toContain(other);
  });

  it('are not joined twice, and not with what is not there', async () => {
    const first = await join(old, other);
    expect(await join(other, old)).toEqual(first);
    await join(other, renamed);
    await expect(join(old, renamed)).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(test.memory.joinProjects(idOf(old), 999)).rejects.toMatchObject({ code: 'not_found' });
    await expect(test.memory.previewJoin(idOf(old), idOf(old))).rejects.toMatchObject({ code: 'invalid_input' });
    await expect(test.memory.undoJoin(999)).rejects.toMatchObject({ code: 'not_found' });
  });

  it('leave nothing when they are taken back, whatever was joined', { timeout: 120_000 }, async () => {
    const before = [everything(), await shown()];
    const all = [old, renamed, other, `${old}/packages/api`];
    const pair = fc.tuple(fc.constantFrom(...all), fc.constantFrom(...all)).filter(([one, two]) => one !== two);
    let joins = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(pair, { minLength: 1, maxLength: 5 }), fc.nat(), async (pairs, seed) => {
        for (const [one, two] of pairs)
          await join(one, two).then(
            () => joins++,
            () => {},
          );
        expect(everything()).toEqual(before[0]);
        // Each project is shown as one that is shown as itself.
        const projects = allProjects(test.driver);
        for (const { shownId } of projects) expect(projects.find(({ id }) => id === shownId)?.shownId).toBe(shownId);
        const made = await test.memory.projectJoins();
        for (const { id } of made.toSorted((a, b) => ((a.id * 7 + seed) % 5) - ((b.id * 7 + seed) % 5)))
          await test.memory.undoJoin(id);
        expect([everything(), await shown()]).toEqual(before);
      }),
      { numRuns: 25 },
    );
    expect(joins).toBeGreaterThan(25);
  });
});

describe('forgetting a joined project', () => {
  /** Files of the data folder that contain a word; compressed ones are decompressed. */
  const holding = (word: string) =>
    nodeFs.readdirSync(test.dataDir, { recursive: true, encoding: 'utf8' }).filter((name) => {
      const file = path.join(test.dataDir, name);
      if (!nodeFs.statSync(file).isFile()) return false;
      const bytes = nodeFs.readFileSync(file);
      return (name.endsWith('.gz') ? gunzipSync(bytes) : bytes).toString('latin1').includes(word);
    });

  it.each([
    ['as it is shown', renamed],
    ['by its old number', old],
  ])('forgets all of it, %s, in the backups too', async (_, root) => {
    await join(old, renamed);
    await join(`${old}/packages/api`, renamed);
    await test.memory.saveLearning({ id: 'learning-own', category: 'general', title: 'own', description: '' });
    await test.memory.backUp('one');
    expect(holding('tinkerbarn')).not.toEqual([]);
    await test.memory.forgetProject(idOf(root));
    for (const word of ['tinkerbarn', 'gearloft', 'kumquat 1', 'kumquat 2', 'kumquat 3'])
      expect([word, holding(word)]).toEqual([word, []]);
    await test.import();
    expect(await roots()).toEqual([other]);
    expect(await test.memory.projectJoins()).toEqual([]);
  });

  it('names the learnings of all of it before', async () => {
    await join(old, renamed);
    await test.memory.saveLearning({
      id: 'learning-1',
      category: 'pattern',
      title: 'kumquats keep',
      description: '',
      sourceSessions: [sessionId(1)],
    });
    expect(await test.memory.quotingLearnings({ projectId: idOf(renamed) })).toEqual(['kumquats keep']);
  });

  it('takes its joins from a backup that knows no session of it', async () => {
    putJoin(test.driver, { from: '/work/unread', into: '/work/unread-too', why: 'hand' }, 1);
    putJoin(test.driver, { from: old, into: renamed, why: 'hand' }, 1);
    forgetAgain(test.driver, [{ kind: 'project', target: markOf(test.driver, '/work/unread-too'), at: 2 }]);
    expect((await test.memory.projectJoins()).map(({ from }) => from.root)).toEqual([old]);
  });

  it('leaves no old name when only its last session is forgotten', async () => {
    await join(old, renamed);
    await test.memory.forgetSession(sessionId(1));
    expect(JSON.stringify(test.driver.all('SELECT * FROM project_joins'))).not.toContain('tinkerbarn');
    await test.memory.deleteEverything();
    expect(test.driver.all('SELECT * FROM project_joins')).toEqual([]);
  });
});

describe('a join is still there', () => {
  it('in a backup that is restored, and one that was made since stays', async () => {
    const since = (name: string, isExact: boolean) =>
      test.throughReopening(() => test.memory.restoreBackup({ requestId: `restore-${isExact}`, name, isExact }));
    const before = await test.memory.backUp('one');
    const made = await join(old, renamed);
    const after = await test.memory.backUp('two');
    await since(before.name, false);
    expect(await test.memory.projectJoins()).toEqual([made]);
    await test.memory.undoJoin(made.id);
    await since(after.name, true);
    expect(await test.memory.projectJoins()).toEqual([made]);
    expect(await roots()).toHaveLength(3);
  });

  it('when the memory was lost, and all its sessions are read again', async () => {
    await join(old, renamed);
    await join(other, renamed);
    const [last] = await test.memory.projectJoins();
    await test.memory.undoJoin(last!.id);
    await test.memory.saveLearning({ id: 'learning-own', category: 'general', title: 'own', description: '' });
    await test.memory.beat();
    test.now.value += 2 * 3_600_000;
    await test.memory.beat();
    const before = test.driver.all(
      'SELECT from_root, into_root, why, at, undone_at FROM project_joins ORDER BY at, from_root',
    );
    await test.memory.close();
    nodeFs.truncateSync(path.join(test.dataDir, 'memory.db'), 0);
    writeWish(test.dataDir, { requestId: 'repair', kind: 'repair' });
    await test.reopen();
    await test.import();
    expect(
      test.driver.all('SELECT from_root, into_root, why, at, undone_at FROM project_joins ORDER BY at, from_root'),
    ).toEqual(before);
    expect(await roots()).toHaveLength(3);
  });
});

it('is brought to a memory of the schema before, which keeps its rows', async () => {
  const engine = await loadEngine();
  const dataDir = path.join(test.configDir, 'before');
  const { driver, close } = openOldMemory(engine, dataDir, joinedProjects.version - 1);
  try {
    putOldSession(driver, sessionId(1), 'an old text');
    migrate(driver, memorySchema);
    expect(schemaVersionOf(driver)).toBe(memorySchema.migrations.at(-1)?.version);
    expect(listProjects(driver)).toEqual([{ id: 1, name: 'shop', root: '/work/shop', sessions: 1, lastAt: 2000 }]);
    expect(listJoins(driver)).toEqual([]);
    expect(driver.all('SELECT remote_mark, start_mark FROM projects')).toEqual([
      { remote_mark: null, start_mark: null },
    ]);
  } finally {
    close();
  }
});

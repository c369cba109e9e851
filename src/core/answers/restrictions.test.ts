/** What is restricted is read and found, but not distilled, given or sent; and it ends by itself. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { sightOf } from '../../model-tools/project-scope';
import type { ToolPorts } from '../../model-tools/tool';
import { dayMs } from '../lib/clock';

let test: TestMemory;
const one = sessionId(1);
beforeEach(async () => {
  test = await openTestMemory();
  const session = new Transcript(one, { cwd: '/work/shop' });
  session.prompt('Why does the flamingo parser fail on an empty file?');
  session.answer('It read the first line before it looked whether there is one.');
  await writeTranscript(test.configDir, one, session);
  await test.import();
  await test.memory.saveLearning({
    id: 'learning-1',
    category: 'pattern',
    title: 'The flamingo parser looks before it reads',
    description: 'An empty file has no first line, so the flamingo parser looks first.',
    tags: [],
    sourceSessions: [one],
    isPinned: true,
  });
});
afterEach(() => test.close());

const given = async () => {
  const { text: brief } = await test.memory.brief({ folder: '/work/shop' });
  const { text: packed } = await test.memory.packContext({ text: 'flamingo parser empty file' });
  const { items } = await test.memory.basket([{ ref: 'p1' }]);
  return { brief: brief !== '', packed: packed !== '', basket: items.length };
};
const isSeen = async (project: string | undefined) => {
  const ports: ToolPorts = { memory: test.memory, folder: '/work/shop', readFile: async () => undefined };
  return sightOf(ports, project).then(
    ({ projects }) => project === 'all' || projects.length > 0,
    () => false,
  );
};
const days = (count: number) => test.now.value + count * dayMs;

it.each([['a project'], ['everything']])('%s: nothing is given, until it ends by itself', async (what) => {
  const before = await given();
  expect(before).toMatchObject({ brief: true, packed: true, basket: 1 });
  const [project] = await test.memory.projects();
  await test.memory.restrictProcessing(days(30), what === 'a project' ? project!.id : undefined);
  expect(await given()).toEqual({ brief: false, packed: false, basket: 0 });
  expect(await isSeen(undefined)).toBe(false);
  expect(await isSeen('shop')).toBe(false);
  expect((await test.memory.search({ text: 'flamingo' })).hits.length, 'a person still finds it').toBeGreaterThan(0);
  expect((await test.memory.status()).restrictions).toHaveLength(1);
  expect((await test.memory.diagnose()).findings.find(({ id }) => id === 'store.restricted')).toBeDefined();
  test.now.value += 31 * dayMs;
  expect(await test.memory.restrictions()).toEqual([]);
  expect(await given()).toEqual(before);
  expect(await isSeen(undefined)).toBe(true);
});

it('can be lifted, and does not reach other projects', async () => {
  const other = new Transcript(sessionId(2), { cwd: '/work/garden' });
  other.prompt('Plant the walrus.');
  await writeTranscript(test.configDir, sessionId(2), other, '-work-garden');
  await test.import();
  const garden = (await test.memory.projects()).find(({ name }) => name === 'garden')!;
  const [made] = await test.memory.restrictProcessing(days(1), garden.id);
  expect(await given()).toMatchObject({ brief: true, packed: true, basket: 1 });
  expect(await isSeen('garden')).toBe(false);
  expect(await test.memory.liftRestriction(made!.id)).toEqual([]);
  expect(await isSeen('garden')).toBe(true);
});

it('sends nothing to a model', async () => {
  await test.memory.restrictProcessing(days(1));
  await expect(test.memory.summaryQuestion(one)).rejects.toMatchObject({ data: { reason: 'restricted' } });
});

it.each([0, -1, 91])('is refused for %s days', async (count) => {
  await expect(test.memory.restrictProcessing(days(count))).rejects.toMatchObject({ code: 'invalid_input' });
});

it('goes with the project that is forgotten, whose folder it names; one of everything stays', async () => {
  const [project] = await test.memory.projects();
  await test.memory.restrictProcessing(days(30), project!.id);
  await test.memory.restrictProcessing(days(1));
  await test.memory.forgetProject(project!.id);
  expect(await test.memory.restrictions()).toEqual([expect.not.objectContaining({ project: expect.anything() })]);
  await test.memory.deleteEverything();
  expect(await test.memory.restrictions()).toHaveLength(1);
});

it('does not come back with a backup once its project is forgotten', async () => {
  const [project] = await test.memory.projects();
  await test.memory.restrictProcessing(days(30), project!.id);
  const { name } = await test.memory.backUp('b');
  await test.memory.forgetProject(project!.id);
  await test.throughReopening(() => test.memory.restoreBackup({ requestId: 'r', name }));
  expect(await test.memory.restrictions()).toEqual([]);
});

it('holds for learnings that come from no session, too', async () => {
  const input = { category: 'general' as const, description: 'By hand.' };
  await test.memory.saveLearning({ ...input, id: 'learning-2', title: 'Pelicans come last' });
  const basket = async () => (await test.memory.basket([{ ref: 'llearning-2' }])).items.length;
  expect(await basket()).toBe(1);
  await test.memory.restrictProcessing(days(1));
  expect(await basket()).toBe(0);
  expect(await test.memory.basketFrom({ text: 'Pelicans come last' })).toEqual([]);
});

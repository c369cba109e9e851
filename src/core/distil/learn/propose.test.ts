/** What Claude Code wanted remembered: in the inbox, as Claude's, without secrets, and gone with its project. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { fakeSecrets } from '../../../../test/fixtures/secrets';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { LearningProposal } from '../../../protocol/questions/learnings';

let test: TestMemory;
let projectId: number;
beforeEach(async () => {
  test = await openTestMemory();
  for (const [number, cwd] of [
    [1, '/work/quince'],
    [2, '/work/other'],
  ] as const) {
    const transcript = new Transcript(sessionId(number), { cwd });
    transcript.prompt('how are quinces weighed');
    await writeTranscript(test.configDir, sessionId(number), transcript, `-${number}`);
  }
  await test.import();
  projectId = (await test.memory.projects()).find(({ name }) => name === 'quince')!.id;
});
afterEach(() => test.close());

const wish = (more: Partial<LearningProposal> = {}): LearningProposal => ({
  category: 'pattern',
  title: 'Quinces are weighed in grams',
  description: 'Never in ounces.',
  projectId,
  ...more,
});
const inbox = async () => (await test.memory.listLearnings({ state: 'proposed' })).items;

it('is a proposal of Claude, with its session and project, and nothing that is found or given yet', async () => {
  const { id } = await test.memory.proposeLearning(wish({ sessionId: sessionId(1) }));
  expect(await inbox()).toMatchObject([
    { id, origin: 'claude', state: 'proposed', sourceSessions: [sessionId(1)], project: { name: 'quince' } },
  ]);
  expect((await test.memory.learningProof(id)).trail).toMatchObject([{ by: 'claude', action: 'proposed' }]);
  expect((await test.memory.search({ text: 'ounces' })).hits).toEqual([]);
  await test.memory.reviewLearning(id, 'accept');
  expect((await test.memory.search({ text: 'ounces' })).hits).toHaveLength(1);
  expect((await test.memory.learningProof(id)).trail.map(({ by }) => by)).toEqual(['claude', 'person']);
});

it('is kept once, and is not proposed again when it was rejected', async () => {
  const { id } = await test.memory.proposeLearning(wish());
  await test.memory.reviewLearning(id, 'reject');
  expect(await test.memory.proposeLearning(wish({ sessionId: sessionId(1) }))).toMatchObject({ id, state: 'rejected' });
  expect(await inbox()).toEqual([]);
});

it('has no secret in it, and names no session that is not in memory', async () => {
  const secret = fakeSecrets.find(({ name }) => name === 'GitHub token')!.value;
  await test.memory.proposeLearning(wish({ description: `use ${secret}`, sessionId: 'never-seen' }));
  const [kept] = await inbox();
  expect(kept?.description).toMatch(/^use \[REDACTED:/);
  expect(kept?.sourceSessions).toEqual([]);
});

it('goes with its project although its session is not known, unless a person accepted it', async () => {
  await test.memory.proposeLearning(wish());
  const { id } = await test.memory.proposeLearning(wish({ title: 'Quinces are yellow' }));
  await test.memory.reviewLearning(id, 'accept');
  const other = (await test.memory.projects()).find(({ name }) => name === 'other')!.id;
  await test.memory.proposeLearning(wish({ title: 'About another project', projectId: other }));
  await test.memory.forgetProject(projectId);
  expect((await inbox()).map(({ title }) => title)).toEqual(['About another project']);
  expect((await test.memory.listLearnings({})).items.map(({ title }) => title)).toEqual(['Quinces are yellow']);
});

it('of a project that is not in memory is refused', async () => {
  await expect(test.memory.proposeLearning(wish({ projectId: 77_777 }))).rejects.toThrow('not in memory');
});

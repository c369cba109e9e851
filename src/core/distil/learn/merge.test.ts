/** A merge that is taken back leaves everything as it was before: learnings, evidence, sessions, counts. */
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import { learningStates } from '../../../protocol/learning';
import type { Learning } from '../../../protocol/model';
import { forgetSession } from '../../store/tables/forget';

const said = [
  'Always sign your commits in this project.',
  'Never push a commit without a signature in this repo.',
  'From now on use npm for everything.',
];
let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  for (const [index, words] of said.entries()) {
    const id = sessionId(index + 1);
    const transcript = new Transcript(id, { startedAt: Date.UTC(2026, 10, index + 1, 9) });
    transcript.prompt(words);
    transcript.answer('I will.');
    // One after the other: a session is at its own time.
    await writeTranscript(test.configDir, id, transcript); // oxlint-disable-line no-await-in-loop
  }
  await test.import();
  await test.memory.relearn();
});
afterEach(() => test.close());

const proposals = async () => (await test.memory.listLearnings({ state: 'proposed' })).items;
const merge = async (into: Learning, ...others: Learning[]) => {
  test.now.value += 1000;
  return test.memory.mergeLearnings(
    into.id,
    others.map(({ id }) => id),
  );
};
const undo = async (...merged: Learning[]) => {
  test.now.value += 1000;
  for (const { id } of merged) await test.memory.reviewLearning(id, 'reopen'); // oxlint-disable-line no-await-in-loop
};

/** All that a person sees of all learnings, but the history, which tells of the merge. */
async function everything() {
  // What is shown of a memory's strength depends on the time of day.
  const { value } = test.now;
  test.now.value = Date.UTC(2026, 11, 24);
  const lists = await Promise.all(
    learningStates.map(async (state) => (await test.memory.listLearnings({ state })).items),
  );
  const proofs = await Promise.all(
    lists.flat().map(async ({ id }) => {
      const { trail: _, ...proof } = await test.memory.learningProof(id);
      return proof;
    }),
  );
  test.now.value = value;
  return { lists, proofs };
}

describe('a merge that is taken back', () => {
  it('leaves no piece of the other behind', async () => {
    const [one, other] = await proposals();
    const before = await everything();
    const merged = await merge(one!, other!);
    expect([merged.evidence.for, merged.sourceSessions.length]).toEqual([
      one!.evidence.for + other!.evidence.for,
      one!.sourceSessions.length + other!.sourceSessions.length,
    ]);
    await undo(other!);
    expect(await everything()).toEqual(before);
  });

  it.each([
    [0, 1],
    [1, 0],
  ])('of several is taken back one by one, in any order', async (first, second) => {
    const [one, ...others] = await proposals();
    const before = await everything();
    await merge(one!, ...others);
    await undo(others[first]!);
    const half = (await test.memory.learningProof(one!.id)).learning;
    expect(half.sourceSessions).toEqual([...one!.sourceSessions, ...others[second]!.sourceSessions]);
    await undo(others[second]!);
    expect(await everything()).toEqual(before);
  });

  it('of one that was accepted gives it back as accepted, and keeps the accepted one as it was', async () => {
    const [one, other] = await proposals();
    await test.memory.reviewLearning(one!.id, 'accept');
    await test.memory.reviewLearning(other!.id, 'accept');
    const before = await everything();
    await merge(one!, other!);
    await undo(other!);
    expect(await everything()).toEqual(before);
  });

  it('into one that was merged on takes its pieces back from there too', async () => {
    const [one, two, three] = await proposals();
    const before = await everything();
    await merge(two!, three!);
    await merge(one!, two!);
    await undo(three!);
    const top = (await test.memory.learningProof(one!.id)).learning;
    expect(top.sourceSessions).toEqual([...one!.sourceSessions, ...two!.sourceSessions]);
    await undo(two!);
    expect(await everything()).toEqual(before);
  });

  it('does not take what the learning found itself since', async () => {
    const [one, other] = await proposals();
    await merge(one!, other!);
    test.driver.run('UPDATE learning_evidence SET merged_from = NULL WHERE learning_id = ?', [one!.id]);
    await undo(other!);
    expect((await test.memory.learningProof(one!.id)).evidence).toHaveLength(2);
  });

  it('shares a piece of both once, and keeps it while one of them is merged', async () => {
    const [one, two, three] = await proposals();
    test.driver.run('UPDATE learnings SET source_sessions_json = ? WHERE id = ?', [
      JSON.stringify(two!.sourceSessions),
      three!.id,
    ]);
    await merge(one!, two!, three!);
    await undo(two!);
    expect((await test.memory.learningProof(one!.id)).learning.sourceSessions).toEqual([
      ...one!.sourceSessions,
      ...two!.sourceSessions,
    ]);
    await undo(three!);
    expect((await test.memory.learningProof(one!.id)).learning.sourceSessions).toEqual(one!.sourceSessions);
  });

  it('of which a session was forgotten brings nothing of it back', async () => {
    const [one, other] = await proposals();
    await test.memory.reviewLearning(one!.id, 'accept');
    await merge(one!, other!);
    const [gone] = other!.sourceSessions;
    forgetSession(test.driver, gone!, test.now.value);
    expect(test.driver.all('SELECT * FROM learning_merges')).toEqual([]);
    expect((await test.memory.learningProof(one!.id)).learning.sourceSessions).toEqual(one!.sourceSessions);
  });
});

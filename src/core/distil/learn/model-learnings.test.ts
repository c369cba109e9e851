/** Learnings worded by a model: stored with their quotes, never reliable by themselves, and never replacing facts. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { Learning } from '../../../protocol/model';
import { sureFrom } from './confidence';

let test: TestMemory;
/** The question as a model of the editor gets it. */
let question = '';
let lastSequence = 0;
beforeEach(async () => {
  test = await openTestMemory();
  const transcript = new Transcript(sessionId(1));
  transcript.prompt('the basket check fails, please fix it');
  transcript.tool(
    'Bash',
    { command: 'npm test' },
    "Exit code 1\nTypeError: cannot read properties of null (reading 'items')\n Tests  1 failed",
    { is_error: true },
  );
  transcript.answer('The items cannot be read because nobody guards a basket that is still empty.');
  transcript.tool(
    'Edit',
    {
      file_path: '/work/shop/src/basket.ts',
      old_string: 'const items = basket.items;',
      new_string: "if (!basket) throw new Error('no basket yet');\nconst items = basket.items;",
    },
    'updated',
  );
  transcript.tool('Bash', { command: 'npm test' }, ' Tests  4 passed');
  transcript.answer('Prices are kept in cents everywhere in this project, so the total is a whole number.');
  await writeTranscript(test.configDir, sessionId(1), transcript);
  await test.import();
  ({ text: question, lastSequence } = await test.memory.summaryQuestion(sessionId(1)));
});
afterEach(() => test.close());

/** Number of the line with these words. */
const lineWith = (words: string) =>
  Number([...question.slice(0, question.indexOf(words)).matchAll(/^\[(\d+)\]/gm)].at(-1)?.[1]);
const nothing = { failsWhen: '', because: '', instead: '' };
const answer = async (learnings: object[], requestId = 'request-1') => {
  const said = {
    title: 'Basket',
    asked: [],
    done: [],
    decisions: [],
    openEnds: [],
    keyPoints: [
      {
        text: 'Prices are cents.',
        quotes: [{ line: lineWith('Prices are kept'), quote: 'Prices are kept in cents everywhere' }],
      },
    ],
    learnings,
  };
  await test.memory.keepSummary({
    requestId,
    sessionId: sessionId(1),
    text: JSON.stringify(said),
    model: 'a model',
    lastSequence,
  });
  return { proposed: await list(), said };
};
const list = async (): Promise<Learning[]> => (await test.memory.listLearnings({ state: 'proposed' })).items;
const cents = {
  category: 'pattern',
  title: 'Prices are whole cents',
  text: 'All prices are kept in cents.',
  ...nothing,
};

it('is proposed with its quote, and not sure by itself', async () => {
  const { proposed } = await answer([
    { ...cents, quotes: [{ line: lineWith('Prices are kept'), quote: 'Prices are kept in cents everywhere' }] },
  ]);
  expect(proposed).toMatchObject([
    { origin: 'model', title: 'Prices are whole cents', state: 'proposed', sourceSessions: [sessionId(1)] },
  ]);
  expect(proposed[0]!.confidence).toBeLessThan(sureFrom);
  const { evidence } = await test.memory.learningProof(proposed[0]!.id);
  expect(evidence[0]?.lines).toMatchObject([{ quote: 'Prices are kept in cents everywhere', sessionId: sessionId(1) }]);
  expect(evidence[0]?.lines[0]?.key).toMatch(/^p\d+$/);
});

it('is dropped when its quote does not stand in the line', async () => {
  const { proposed } = await answer([
    { ...cents, quotes: [{ line: lineWith('Prices are kept'), quote: 'Prices are kept in euros everywhere' }] },
  ]);
  expect(proposed).toEqual([]);
});

it('words what a rule had found, and leaves its evidence and its change', async () => {
  await test.memory.relearn();
  const before = (await list()).find(({ category }) => category === 'solution')!;
  const { proposed } = await answer([
    {
      category: 'solution',
      title: 'Guard the basket before reading it',
      text: 'The basket may be null at the start.',
      ...nothing,
      quotes: [{ line: lineWith('no basket yet'), quote: "if (!basket) throw new Error('no basket yet');" }],
    },
  ]);
  const after = proposed.find(({ id }) => id === before.id)!;
  expect(after).toMatchObject({
    title: 'Guard the basket before reading it',
    origin: 'model',
    confidence: before.confidence,
    evidence: before.evidence,
  });
  expect(after.description).toContain('The basket may be null at the start.');
  expect(after.description).toContain('```diff');
  expect(proposed.filter(({ category }) => category === 'solution')).toHaveLength(1);
  await test.memory.relearn();
  expect((await list()).find(({ id }) => id === before.id)?.title).toBe('Guard the basket before reading it');
});

it('that is told twice is there once', async () => {
  const learning = {
    ...cents,
    quotes: [{ line: lineWith('Prices are kept'), quote: 'Prices are kept in cents everywhere' }],
  };
  await answer([learning]);
  expect((await answer([learning], 'request-2')).proposed).toHaveLength(1);
});

it('keeps a dead end as what fails', async () => {
  const { proposed } = await answer([
    {
      category: 'error',
      title: 'Reading the basket too early',
      text: '',
      failsWhen: 'the basket is read before it is made',
      because: 'it is null',
      instead: 'throw an error first',
      quotes: [
        {
          line: lineWith('cannot read properties'),
          quote: "TypeError: cannot read properties of null (reading 'items')",
        },
      ],
    },
  ]);
  expect(proposed[0]?.deadEnd).toEqual({
    when: 'the basket is read before it is made',
    because: 'it is null',
    instead: 'throw an error first',
  });
});

import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../../test/fakes/test-memory';
import type { TestMemory } from '../../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../../test/fixtures/transcript-lines';
import type { Seal } from '../../observe/redact';
import { createRedactor } from '../../observe/redact';
import { sessionHead, sessionLines } from '../../store/tables/session-lines';
import {
  listVersions,
  publishSummary,
  publishedSummary,
  putSummary,
  sessionsToSummarize,
  summaryById,
  summaryOfRequest,
} from '../../store/tables/summaries';
import type { NewSummary } from '../../store/tables/summaries';
import { sealSummary } from './seal-summary';

const id = sessionId(1);
let test: TestMemory;
let transcript: Transcript;
beforeEach(async () => {
  test = await openTestMemory();
  transcript = new Transcript(id, { cwd: '/work/shop' });
  transcript.prompt('rename the basket to cart');
  transcript.answer('Done: it is a cart now.');
  await writeTranscript(test.configDir, id, transcript, '-work-shop');
  await test.import();
});
afterEach(() => test.close());

const redactor = createRedactor({ salt: 'salt' });
const seal: Seal = async (texts) => (await redactor.redact(texts)).texts;

function made(more: Partial<NewSummary> = {}): NewSummary {
  const head = sessionHead(test.driver, id)!;
  const [line] = sessionLines(test.driver, head.no);
  const evidence = [{ uid: line!.uid, turn: line!.turn, at: line!.at, quote: 'rename the basket' }];
  return {
    sessionId: id,
    source: 'local',
    model: '',
    title: 'Rename the basket',
    droppedClaims: 0,
    quality: 0.5,
    costUsd: 0,
    lastSequence: head.lastSequence,
    rawTokens: 100,
    tokens: 10,
    body: {
      asked: [{ text: 'Rename the basket.', evidence }],
      done: [],
      decisions: [],
      files: [],
      errors: [],
      commands: [],
      openEnds: [],
      keyPoints: [{ text: 'Rename the basket.', evidence }],
    },
    ...more,
  };
}
const put = async (more: Partial<NewSummary> = {}) =>
  putSummary(test.driver, await sealSummary(made(more), seal), test.now.value);

it('comes back as it was kept, with the key of its line', async () => {
  const no = await put();
  const summary = publishedSummary(test.driver, id);
  expect(summary).toMatchObject({
    id: no,
    version: 1,
    source: 'local',
    isPublished: true,
    isBehind: false,
    title: 'Rename the basket',
    quality: 0.5,
  });
  const [claim] = summary!.asked;
  const item = await test.memory.getItem(claim!.evidence[0]!.key!);
  expect(item).toMatchObject({ kind: 'message', text: 'rename the basket to cart' });
});

it('the local one is made anew in its place, others are versions', async () => {
  const local = await put();
  expect(await put({ title: 'Another' })).toBe(local);
  const model = await put({ source: 'model', model: 'm-1', requestId: 'call-1', costUsd: 0.01 });
  expect(
    listVersions(test.driver, id).map(({ version, source, isPublished }) => [version, source, isPublished]),
  ).toEqual([
    [2, 'model', true],
    [1, 'local', false],
  ]);
  // A summary by a model stays published when the session grows and the local one is made again.
  await put({ title: 'A third' });
  expect(publishedSummary(test.driver, id)?.id).toBe(model);
  publishSummary(test.driver, local);
  expect(publishedSummary(test.driver, id)).toMatchObject({ id: local, title: 'A third' });
});

it('the same request is kept once', async () => {
  const first = await put({ source: 'model', model: 'm-1', requestId: 'call-1' });
  expect(await put({ source: 'model', model: 'm-1', requestId: 'call-1', title: 'Twice' })).toBe(first);
  expect(summaryOfRequest(test.driver, 'call-1')?.title).toBe('Rename the basket');
  expect(listVersions(test.driver, id)).toHaveLength(1);
});

it('is behind when the session has grown', async () => {
  await put();
  expect(sessionsToSummarize(test.driver, 10)).toEqual([]);
  transcript.prompt('and the tests?');
  await writeTranscript(test.configDir, id, transcript, '-work-shop');
  await test.import();
  expect(publishedSummary(test.driver, id)?.isBehind).toBe(true);
  expect(sessionsToSummarize(test.driver, 10)).toEqual([id]);
});

it('keeps its lines when the rows are gone, without their keys', async () => {
  await put();
  test.driver.run('DELETE FROM prompts');
  expect(publishedSummary(test.driver, id)?.asked[0]?.evidence).toEqual([
    { sessionId: id, turn: 1, at: expect.any(Number), quote: 'rename the basket' },
  ]);
});

it('no secret gets in, and none that is not there is found', async () => {
  await put({ title: `the key is sk-ant-api03-${'a1B2'.repeat(24)}AA` });
  expect(publishedSummary(test.driver, id)?.title).toContain('[REDACTED:');
  expect(() => summaryById(test.driver, 99)).toThrow(expect.objectContaining({ code: 'not_found' }));
});

it('goes with its session', async () => {
  await put();
  await test.memory.forgetSession(id);
  expect(test.driver.all('SELECT id FROM summaries')).toEqual([]);
});

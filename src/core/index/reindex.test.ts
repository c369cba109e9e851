/** After an update the index of an older version is filled again, in the background and to the end. */
import { afterEach, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { CaptureState } from '../../protocol/status';
import { Timers } from '../lib/timers';
import { indexOfAllScripts } from '../store/sqlite/migrations/0005-index-of-all-scripts';
import { indexProgress, indexSome, waitingDocuments } from '../store/tables/index-queue';
import { startReindex } from './reindex';

let test: TestMemory;
afterEach(() => test.close());

async function write(count: number): Promise<void> {
  for (let index = 0; index < count; index++) {
    const transcript = new Transcript(sessionId(index));
    transcript.prompt(`wombat number ${index} 🐛 สวัสดี`);
    await writeTranscript(test.configDir, sessionId(index), transcript);
  }
  await test.import();
}
const total = async (text: string) => (await test.memory.search({ text })).total;

it('an emptied index is filled slice by slice, with progress, and then everything is found', async () => {
  test = await openTestMemory();
  await write(12);
  const { driver } = test;
  driver.transaction(() => indexOfAllScripts.up(driver));
  expect(indexProgress(driver)).toMatchObject({ done: 0 });
  const told: (CaptureState['indexing'] | undefined)[] = [];
  let now = 0;
  await new Promise<void>((resolve) => {
    startReindex({
      driver,
      timers: new Timers({ debug() {}, info() {}, warn() {}, error: (message) => expect(message).toBe('') }),
      // Every look at the clock takes long, so each slice has one text.
      elapsed: () => (now += 100),
      onProgress(progress) {
        told.push(progress);
        if (!progress) resolve();
      },
    });
  });
  expect(told.length).toBe(13);
  expect(told.slice(0, 3)).toEqual([
    { done: 0, total: 12 },
    { done: 1, total: 12 },
    { done: 2, total: 12 },
  ]);
  expect(indexProgress(driver)).toEqual({ done: 12, total: 12 });
  expect(await total('wombat')).toBe(12);
  expect(await total('🐛')).toBe(12);
  expect(await total('วัส')).toBe(12);
});

it('a slice that cannot be written is tried again later, and no text is left out', async () => {
  test = await openTestMemory();
  await write(4);
  const { driver } = test;
  driver.transaction(() => indexOfAllScripts.up(driver));
  const due: { ms: number; work: () => void }[] = [];
  const told: (CaptureState['indexing'] | undefined)[] = [];
  let now = 0;
  startReindex({
    driver,
    timers: {
      later: (ms, work) => {
        due.push({ ms, work });
        return 0 as never;
      },
    },
    elapsed: () => (now += 100),
    onProgress: (progress) => told.push(progress),
  });
  const next = () => due.shift()!.work();
  next();
  const real = driver.transaction.bind(driver);
  const transaction = vi.spyOn(driver, 'transaction').mockImplementation((work) =>
    real(() => {
      work();
      throw new Error('database or disk is full');
    }),
  );
  expect(next).toThrow('disk is full');
  expect(next).toThrow('disk is full');
  expect(due.map(({ ms }) => ms)).toEqual([60_000]);
  transaction.mockRestore();
  while (due.length > 0) next();
  expect(told.at(-1)).toBeUndefined();
  expect(told.at(-2)).toEqual({ done: 3, total: 4 });
  expect(indexProgress(driver)).toEqual({ done: 4, total: 4 });
  expect(await total('wombat')).toBe(4);
});

it('what is written, changed or forgotten meanwhile is neither lost nor damaged', async () => {
  test = await openTestMemory();
  await write(6);
  const { driver } = test;
  driver.transaction(() => indexOfAllScripts.up(driver));
  const waiting = waitingDocuments(driver);
  let left = 2;
  indexSome(driver, waiting, () => --left === 0);
  expect(waiting).toHaveLength(4);
  // One that is in the index, and one that waits.
  await test.memory.forgetSession(sessionId(5));
  await test.memory.forgetSession(sessionId(0));
  const more = new Transcript(sessionId(9));
  more.prompt('wombat who came late');
  await writeTranscript(test.configDir, sessionId(9), more);
  await test.import();
  indexSome(driver, waiting, () => false);
  expect(indexProgress(driver)).toEqual({ done: 5, total: 5 });
  driver.run("INSERT INTO fulltext (fulltext) VALUES ('integrity-check')");
  expect(await total('wombat')).toBe(5);
  await test.memory.deleteEverything();
  expect(indexProgress(driver)).toEqual({ done: 0, total: 0 });
});

/** The hot set is filled in slices, and forgetting in between is not undone by the rest of a list. */
import { afterEach, beforeEach, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { silentLog } from '../lib/log';
import { breathe } from '../lib/turns';
import { forgetSession } from '../store/tables/forget';
import { Finder } from './finder';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  for (const [number, word] of [
    [1, 'armadillo'],
    [2, 'buffalo'],
    [3, 'capybara'],
  ] as const) {
    const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
    for (let turn = 0; turn < 60; turn++) transcript.prompt(`${word}${number} ${turn} is to be looked at`);
    await writeTranscript(test.configDir, sessionId(number), transcript);
  }
  await test.import();
});
afterEach(() => test.close());

function waitingFinder() {
  const waiting: (() => void)[] = [];
  let now = 0;
  const finder = new Finder({
    driver: test.driver,
    clock: { now: () => now },
    log: silentLog,
    dataDir: test.dataDir,
    // Each look at the clock ends a slice.
    elapsed: () => (now += 1000),
    salt: 'salt',
    machine: undefined,
    commits: undefined,
    isImporting: () => false,
    turn: breathe,
  });
  const later = (_ms: number, work: () => void) => void waiting.push(work);
  const found = () => ['armad', 'buffa', 'capyb'].map((typed) => finder.suggest(typed, undefined).length > 0);
  return { finder, later, found, waiting };
}

it('is filled slice by slice', () => {
  const { finder, later, found, waiting } = waitingFinder();
  finder.refill(later);
  expect(waiting).toHaveLength(1);
  let slices = 1;
  for (let next = waiting.shift(); next; next = waiting.shift(), slices++) next();
  expect(found()).toEqual([true, true, true]);
  expect(slices).toBeGreaterThan(3);
});

it('has nothing of a session that is forgotten between two slices, whichever list is gone on with', () => {
  const { finder, later, found, waiting } = waitingFinder();
  finder.refill(later);
  forgetSession(test.driver, sessionId(3), 1);
  finder.refill(later);
  expect(waiting).toHaveLength(2);
  for (let next = waiting.shift(); next; next = waiting.shift()) next();
  expect(found()).toEqual([true, true, false]);
});

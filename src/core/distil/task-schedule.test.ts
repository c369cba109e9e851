/** When work begins: quiet sessions, the history at the start, what follows a summary. */
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { silentLog } from '../lib/log';
import { breathe } from '../lib/turns';
import type { TaskHandler } from './task';
import { createTaskSchedule } from './task-schedule';
import type { TaskSchedule } from './task-schedule';

let test: TestMemory;
let schedule: TaskSchedule;
let isImporting = false;
const done: string[] = [];
const note: TaskHandler = async ({ type, subject }) => void done.push(`${type} ${subject.slice(7, 8)}`);

beforeEach(async () => {
  test = await openTestMemory();
  done.length = 0;
  isImporting = false;
  for (const number of [1, 2]) {
    const transcript = new Transcript(sessionId(number), { cwd: '/work/shop' });
    transcript.prompt(`Question ${number}`);
    transcript.answer('Answer');
    await writeTranscript(test.configDir, sessionId(number), transcript, '-work-shop');
  }
  await test.import();
  make();
});
afterEach(async () => {
  await schedule.close();
  await test.close();
});

function make(): void {
  schedule = createTaskSchedule({
    driver: test.driver,
    clock: { now: () => test.now.value },
    log: silentLog,
    redactor: { redact: () => Promise.reject(new Error('Nothing is sent here.')) },
    handlers: { summarize: note, learn: note },
    isImporting: () => isImporting,
    turn: breathe,
    scopeProjects: async () => undefined,
    onProgress: () => {},
    onSummary: () => {},
    settings: { idleMs: 40, random: () => 0 },
  });
}
const until = (expected: string[]) =>
  vi.waitFor(() => expect(done.toSorted((a, b) => a.localeCompare(b))).toEqual(expected), {
    timeout: 3000,
    interval: 5,
  });

it('at the start every session without a summary gets one, and what follows from it', async () => {
  schedule.start();
  await until(['learn 1', 'learn 2', 'summarize 1', 'summarize 2']);
});

it('a type that nobody does is not queued', async () => {
  schedule.start();
  await until(['learn 1', 'learn 2', 'summarize 1', 'summarize 2']);
  expect(test.driver.all("SELECT * FROM task_queue WHERE type = 'index'")).toEqual([]);
});

it('a session that grows is summarised when it has been quiet, not before', async () => {
  schedule.start();
  await until(['learn 1', 'learn 2', 'summarize 1', 'summarize 2']);
  done.length = 0;
  test.driver.run('UPDATE sessions SET updated_at = ?', [test.now.value]);
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
  schedule.noteRows(sessionId(1));
  // The queue checks repeatedly, but while the clock stands still the session is not quiet.
  await vi.advanceTimersByTimeAsync(500);
  await schedule.queue.whenIdle();
  expect(done).toEqual([]);
  test.now.value += 40;
  await vi.advanceTimersByTimeAsync(500);
  await schedule.queue.whenIdle();
  expect(done).toEqual(['summarize 1', 'learn 1']);
  vi.useRealTimers();
});

it('nothing begins while transcripts are imported; then those that are over begin at once', async () => {
  isImporting = true;
  schedule.start();
  await schedule.queue.whenIdle();
  expect(done).toEqual([]);
  isImporting = false;
  schedule.noteCapture();
  await until(['learn 1', 'learn 2', 'summarize 1', 'summarize 2']);
});

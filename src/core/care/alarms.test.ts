/** What a person is told without asking, and that nothing is said where all is well. */
import { appendFileSync, utimesSync } from 'node:fs';
import path from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { dayMs, hourMs } from '../lib/clock';
import { findAlarms } from './alarms';
import type { AlarmFacts } from './alarms';
import { changeCareState } from './state';

const now = Date.UTC(2026, 10, 22, 12);
const well: AlarmFacts = {
  now,
  startedAt: now - 3 * dayMs,
  sessions: 9,
  diskFree: 40e9,
  backedUpAt: now - 5 * hourMs,
  backupFailures: 1,
  secondFailedSince: undefined,
  latestNoteAt: now - hourMs,
  deadTasks: 0,
  future: 0,
  unread: 0,
};
const told = (change: Partial<AlarmFacts>) => findAlarms({ ...well, ...change }).map(({ code }) => code);

describe('alarms', () => {
  it('are silent where all is well, and where something is not known', () => {
    expect(told({})).toEqual([]);
    expect(told({ diskFree: undefined })).toEqual([]);
    expect(told({ sessions: 0, backedUpAt: 0 })).toEqual([]);
  });

  it.each<[string, Partial<AlarmFacts>, Partial<AlarmFacts>]>([
    ['disk_low', { diskFree: 999e6 }, { diskFree: 1e9 }],
    ['capture_silent', { unread: 1 }, {}],
    ['backup_failing', { backupFailures: 2 }, { backupFailures: 1 }],
    ['backup_old', { backedUpAt: now - 25 * hourMs }, { backedUpAt: now - 23 * hourMs }],
    ['backup_old', { backedUpAt: 0 }, { backedUpAt: 0, startedAt: now - hourMs / 2 }],
    ['second_folder_away', { secondFailedSince: now - 25 * hourMs }, { secondFailedSince: now - 23 * hourMs }],
    ['clock_back', { latestNoteAt: now + hourMs }, { latestNoteAt: now + 60_000 }],
    ['tasks_died', { deadTasks: 2 }, {}],
    ['future_sessions', { future: 1 }, {}],
  ])('%s', (code, is, isNot) => {
    expect(told(is)).toEqual([code]);
    expect(told(isNot)).toEqual([]);
  });

  it('name what costs memory first', () => {
    expect(told({ future: 1, deadTasks: 1, diskFree: 0 })).toEqual(['disk_low', 'tasks_died', 'future_sessions']);
  });

  it('say nothing of an old backup by a clock that was set back', () => {
    expect(told({ backedUpAt: now + 5 * dayMs, latestNoteAt: now + 5 * dayMs })).toEqual(['clock_back']);
  });
});

describe('a memory', () => {
  let test: TestMemory;
  afterEach(() => test.close());
  /** But for the disk, which is that of the machine. */
  const codes = async () =>
    (await test.memory.status()).warnings.map(({ code }) => code).filter((code) => code !== 'disk_low');

  it('tells when the next beat has seen it, and takes it back', async () => {
    test = await openTestMemory();
    const transcript = new Transcript(sessionId(1), { cwd: '/work/shop' });
    transcript.prompt('hello');
    const file = await writeTranscript(test.configDir, sessionId(1), transcript);
    await test.import();
    await test.care.beat();
    expect(await codes()).toEqual([]);

    changeCareState(test.dataDir, () => ({ failures: 2 }));
    appendFileSync(path.resolve(file), `${JSON.stringify({ type: 'summary', summary: 'unread' })}\n`);
    utimesSync(file, new Date(test.now.value - 15 * 60_000), new Date(test.now.value - 15 * 60_000));
    const before = test.events.length;
    await test.care.beat();
    expect(await codes()).toEqual(['capture_silent', 'backup_failing']);
    // Heads are told to ask again.
    expect(test.events.slice(before).some(({ name }) => name === 'capture')).toBe(true);
    const { findings } = await test.memory.diagnose();
    expect(findings.find(({ id }) => id === 'transcripts.silent')?.level).toBe('warning');

    await test.import();
    changeCareState(test.dataDir, () => ({ failures: 0 }));
    await test.care.beat();
    expect(await codes()).toEqual([]);
  });

  it('says nothing of transcripts that nobody is to read', async () => {
    test = await openTestMemory();
    const transcript = new Transcript(sessionId(1), { cwd: '/work/shop' });
    transcript.prompt('hello');
    const file = await writeTranscript(test.configDir, sessionId(1), transcript);
    await test.import();
    await test.memory.setPaused(true);
    appendFileSync(file, `${JSON.stringify({ type: 'summary', summary: 'unread' })}\n`);
    utimesSync(file, new Date(test.now.value - 15 * 60_000), new Date(test.now.value - 15 * 60_000));
    await test.care.beat();
    expect(await codes()).toEqual([]);
  });
});

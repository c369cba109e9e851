/**
 * A restore or undo that is killed between two writes, or fails: the memory stays complete, and the only copy of
 * anything is never deleted.
 */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEngine, openTestMemory } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import type { CareOutcome } from '../../protocol/care';
import { silentLog } from '../lib/log';
import type { SqlDriver } from '../store/sqlite/driver';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { forgetSession } from '../store/tables/forget';
import { performWish, readWish, writeWish } from './next-open';
import type { NextOpenPorts, Wish } from './next-open';
import { createCareTasks } from './tasks';

const engine = await loadEngine();
const run = createCareTasks(engine);
const [memory, next, before] = ['memory.db', 'memory.next.db', 'memory.before-restore.db'] as const;
let test: TestMemory;
const at = (name: string) => path.join(test.dataDir, name);
const isThere = (name: string) => nodeFs.existsSync(at(name));
const performIn = (dataDir: string, more: Partial<NextOpenPorts> = {}) =>
  performWish({ dataDir, engine, run, clock: { now: () => test.now.value }, log: silentLog, ...more });
const perform = (wish: Wish, more: Partial<NextOpenPorts> = {}): Promise<CareOutcome | undefined> => {
  writeWish(test.dataDir, wish);
  return performIn(test.dataDir, more);
};
const leftovers = () => nodeFs.readdirSync(test.dataDir).filter((name) => name.includes('.next.db'));
const titles = async () => (await test.memory.listLearnings({})).items.map(({ title }) => title);
const problemsOf = async (dataDir: string) => (await run('checkLive', { file: path.join(dataDir, memory) })).problems;
function damage(file: string): void {
  const handle = nodeFs.openSync(file, 'r+');
  for (let page = 3; page < 12; page++) nodeFs.writeSync(handle, Buffer.alloc(4096, 7), 0, 4096, page * 4096);
  nodeFs.closeSync(handle);
}

let backup: string;
beforeEach(async () => {
  test = await openTestMemory();
  for (let number = 1; number <= 4; number++) {
    const transcript = new Transcript(sessionId(number));
    for (let turn = 0; turn < 20; turn++)
      transcript.prompt(
        `about ${number} ${turn} ${Array.from({ length: 60 }, (_, index) => `w${(index * 7919 * number + turn) % 10_007}`).join(' ')}`,
      );
    await writeTranscript(test.configDir, sessionId(number), transcript);
  }
  await test.import();
  backup = (await test.memory.backUp('backup')).name;
  await test.memory.saveLearning({
    id: 'learning-since',
    category: 'general',
    title: 'written since',
    description: '',
  });
});
afterEach(async () => {
  vi.restoreAllMocks();
  await test.close();
});

/** The closed memory, as the next keeper finds it. */
const closed = () => test.memory.close().then(() => test.driver.close());
const opened = () => test.reopen();

describe('a restore', () => {
  it('killed at any write of its merge is whole at the next start', async () => {
    // Forgotten after the backup: the merge erases in the copy and so writes most of its pages.
    for (const number of [1, 2]) forgetSession(test.driver, sessionId(number), test.now.value);
    await closed();
    const handles = new Set<number>();
    const copies: string[] = [];
    let writes = 0;
    let isMerging = false;
    const { openSync, writeSync } = nodeFs;
    vi.spyOn(nodeFs, 'openSync').mockImplementation((file, ...rest) => {
      const handle = openSync(file, ...rest);
      if (String(file).endsWith(next)) handles.add(handle);
      else handles.delete(handle);
      return handle;
    });
    vi.spyOn(nodeFs, 'writeSync').mockImplementation((handle: number, ...rest: unknown[]) => {
      if (isMerging && handles.has(handle) && [1, 2, 5, 12, 30, 60].includes(++writes)) {
        const copy = `${test.dataDir}.${writes}`;
        nodeFs.cpSync(test.dataDir, copy, { recursive: true });
        copies.push(copy);
      }
      return (writeSync as (...all: unknown[]) => number)(handle, ...rest);
    });
    const done = await perform(
      { requestId: 'restore', kind: 'restore', name: backup },
      {
        onStep(step) {
          isMerging = step === 'merge';
        },
      },
    );
    vi.restoreAllMocks();
    expect(done).toMatchObject({ isDone: true, learningsKept: 1 });
    expect(copies.length).toBeGreaterThanOrEqual(4);
    for (const copy of copies) {
      expect(await performIn(copy)).toMatchObject({ isDone: true, learningsKept: 1 });
      expect(await problemsOf(copy)).toEqual([]);
    }
    await opened();
    expect((await test.memory.listSessions({})).items.map(({ id }) => id).toSorted()).toEqual([
      sessionId(3),
      sessionId(4),
    ]);
  });

  it('is refused when its file is damaged before the swap, and the memory is as it was', async () => {
    await closed();
    const outcome = await perform(
      { requestId: 'restore', kind: 'restore', name: backup },
      { onStep: (step) => step === 'check' && damage(at(next)) },
    );
    expect(outcome).toMatchObject({ isDone: false });
    expect(await problemsOf(test.dataDir)).toEqual([]);
    expect(leftovers()).toEqual([]);
    await opened();
    expect(await titles()).toEqual(['written since']);
  });

  it.each([1, 2])('whose names cannot be changed (rename %s) leaves the memory where it was', async (which) => {
    await closed();
    const { renameSync } = nodeFs;
    let renames = -Infinity;
    vi.spyOn(nodeFs, 'renameSync').mockImplementation((from, to) => {
      if (++renames === which) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      renameSync(from, to);
    });
    const outcome = await perform(
      { requestId: 'restore', kind: 'restore', name: backup },
      { onStep: (step) => step === 'put aside' && (renames = 0) },
    );
    vi.restoreAllMocks();
    expect(outcome).toMatchObject({ isDone: false });
    expect([isThere(memory), leftovers()]).toEqual([true, []]);
    await opened();
    expect(await titles()).toEqual(['written since']);
  });
});

/** The database as the version before marks and vectors left it. */
function asFirstVersion(driver: SqlDriver): void {
  const added = [
    'state',
    'origin',
    'fact_key',
    'dead_end_json',
    'memory_kind',
    'importance_score',
    'cites_json',
    'stale_reason',
    'superseded_by',
    'promoted_at',
    'watches_json',
  ];
  const { sql } = driver.get<{ sql: string }>("SELECT sql FROM sqlite_master WHERE name = 'fulltext_source'")!;
  const firstView = sql.replace(/ *WHEN 4 .*\n/, '').replace(' || char(10) || own_title', '');
  driver.exec(`DROP VIEW fulltext_source; ${firstView}; DROP TABLE notes; DROP TABLE row_aliases;
    DROP TABLE imported_rows; DROP TABLE restrictions; DROP TABLE classes;
    DROP INDEX prompts_with_secret; DROP INDEX observations_with_secret;
    DROP TABLE session_marks; ALTER TABLE sessions DROP COLUMN own_title; ALTER TABLE sessions DROP COLUMN own_title_rank;
    DROP TABLE erased_rows; DROP TABLE erasures; DROP TABLE receipts; DROP TABLE audit_logs;
    CREATE TABLE audit_logs (id INTEGER PRIMARY KEY, at INTEGER, action TEXT, resource TEXT, result TEXT);
    DROP TABLE learning_merges; DROP TABLE edit_marks;
    DROP TABLE past_fixes; DROP TABLE past_fix_refusals; ALTER TABLE message_usage DROP COLUMN said;
    DROP TABLE shadow_reads; DROP TABLE shadows; DROP TABLE give_choices;
    DROP TABLE amendment_reads; DROP TABLE amending_turns; DROP TABLE amendments; DROP TABLE given;
    DROP INDEX learnings_by_title; DROP VIEW shown_projects; DROP VIEW joined_projects; DROP TABLE project_joins;
    ALTER TABLE projects DROP COLUMN remote_mark; ALTER TABLE projects DROP COLUMN start_mark;
    DROP TABLE session_costs; ALTER TABLE copies DROP COLUMN at;
    ALTER TABLE message_usage DROP COLUMN cache_write_hour; DROP VIEW session_details;
    DROP TABLE summaries; DROP TABLE learning_evidence; DROP TABLE learning_trail; DROP TABLE task_queue;
    DROP TABLE model_calls; DROP TABLE relations; DROP TABLE entities; DROP TABLE stats_snapshots;
    DROP INDEX learnings_by_fact; DROP INDEX learnings_by_state; DROP INDEX message_usage_by_time; ALTER TABLE message_usage DROP COLUMN at;
    ${added.map((column) => `ALTER TABLE learnings DROP COLUMN ${column};`).join(' ')}`);
  driver.exec('DROP TABLE marks; DROP TABLE vector_embeddings; DROP TABLE session_uses; PRAGMA user_version = 1;');
}

describe('a restore from the version before', () => {
  it('keeps every flag and tag, and leaves out those of what was forgotten', async () => {
    asFirstVersion(test.driver);
    const { name, schemaVersion } = await test.memory.backUp('before');
    expect(schemaVersion).toBe(1);
    migrate(test.driver, memorySchema);
    const keyOf = (text: string) =>
      `p${test.driver.get<{ id: number }>('SELECT id FROM prompts WHERE content LIKE ?', [`${text} %`])!.id}`;
    await test.memory.setFlagged(keyOf('about 1 3'), true);
    await test.memory.setTags(keyOf('about 2 4'), ['invoices']);
    await test.memory.setTags(keyOf('about 3 1'), ['gone']);
    forgetSession(test.driver, sessionId(3), test.now.value);
    await closed();
    expect(await perform({ requestId: 'restore', kind: 'restore', name })).toMatchObject({ isDone: true });
    await opened();
    const find = async (text: string) => (await test.memory.search({ text })).hits.map(({ key }) => key);
    expect(await find('is:flagged')).toEqual([keyOf('about 1 3')]);
    expect(await find('tag:invoices')).toEqual([keyOf('about 2 4')]);
    expect((await test.memory.listTags()).map(({ tag }) => tag)).toEqual(['invoices']);
  });
});

describe('an undoing', () => {
  beforeEach(async () => {
    await closed();
    await perform({ requestId: 'restore', kind: 'restore', name: backup, isExact: true });
    await opened();
    expect(await titles()).toEqual([]);
    await closed();
  });

  it.each(['prepare', 'merge', 'check', 'make room', 'put aside', 'take its place'])(
    'that fails at "%s" keeps the only copy, and can be asked for again',
    async (step) => {
      const fail = (each: string) => {
        if (each === step) throw Object.assign(new Error('EIO'), { code: 'EIO' });
      };
      expect(await perform({ requestId: 'undo', kind: 'undo_restore' }, { onStep: fail })).toMatchObject({
        isDone: false,
      });
      expect([isThere(memory), isThere(before), leftovers()]).toEqual([true, true, []]);
      await opened();
      expect(await titles()).toEqual([]);
      await closed();
      expect(await perform({ requestId: 'again', kind: 'undo_restore' })).toMatchObject({ isDone: true });
      await opened();
      expect(await titles()).toEqual(['written since']);
    },
  );

  it('that was tried too often, or whose marker was lost, keeps it too', async () => {
    nodeFs.renameSync(at(before), at(next));
    expect(await perform({ requestId: 'undo', kind: 'undo_restore', phase: 'merging', attempts: 3 })).toMatchObject({
      isDone: false,
    });
    expect([isThere(before), leftovers()]).toEqual([true, []]);
    nodeFs.renameSync(at(before), at(next));
    expect(await performIn(test.dataDir)).toBeUndefined();
    expect([isThere(before), leftovers()]).toEqual([true, []]);
    await opened();
  });
});

describe('what a kill left', () => {
  const names = [
    'memory.next.db.tmp',
    'memory.next.db.work.tmp',
    'memory.next.db.work.tmp.pages',
    'archive.next.db.tmp',
  ];
  const plant = () => [...names, 'archive.next.db'].forEach((name) => nodeFs.writeFileSync(at(name), 'left'));

  it('goes at the next start without a wish, but not a whole archive that waits for its place', async () => {
    await closed();
    plant();
    nodeFs.writeFileSync(at(next), 'left');
    await performIn(test.dataDir);
    expect(leftovers()).toEqual(['archive.next.db']);
    nodeFs.rmSync(at('archive.next.db'));
    await opened();
  });

  it('goes when the wish is given up', async () => {
    await closed();
    plant();
    expect(await perform({ requestId: 'poison', kind: 'repair', attempts: 3 })).toMatchObject({ isDone: false });
    expect(leftovers()).toEqual(['archive.next.db']);
    expect(readWish(test.dataDir)).toBeUndefined();
    nodeFs.rmSync(at('archive.next.db'));
    await opened();
  });
});

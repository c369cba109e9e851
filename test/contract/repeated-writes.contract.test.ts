/**
 * A call whose answer was lost is repeated on the next keeper, which has read the same files again. So every method
 * that changes something must have the same result when it is called twice with a hand-over in between.
 */
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { memoryMethods, memoryQuestions } from '../../src/protocol/memory-api';
import type { MemoryApi } from '../../src/protocol/memory-api';
import type { ModelSettings } from '../../src/protocol/questions/spend';
import { openTestMemory } from '../fakes/test-memory';
import type { TestMemory } from '../fakes/test-memory';
import { makeTinyModel } from '../fixtures/tiny-model';
import { Transcript, sessionId, writeTranscript } from '../fixtures/transcript-lines';

let test: TestMemory;
beforeEach(async () => {
  test = await openTestMemory();
  for (const number of [1, 2]) {
    const transcript = new Transcript(sessionId(number), { cwd: `/work/shop${number}` });
    transcript.prompt(`rename the basket ${number}`);
    transcript.tool('Bash', { command: 'npm test' }, 'ok');
    await writeTranscript(test.configDir, sessionId(number), transcript, `-work-shop${number}`);
  }
  makeTinyModel(path.join(test.configDir, 'model'));
  await test.import();
  await test.memory.saveLearning({
    id: 'learning-1',
    category: 'pattern',
    title: 'Known',
    description: 'before',
    sourceSessions: [sessionId(1)],
  });
  await test.memory.saveLearning({ id: 'learning-2', category: 'pattern', title: 'Deleted', description: 'before' });
  await test.memory.saveLearning({
    id: 'learning-4',
    category: 'pattern',
    title: 'Known too',
    description: 'before',
    sourceSessions: [sessionId(2)],
  });
  test.driver.run("INSERT INTO project_joins (from_root, into_root, why, at) VALUES ('/work/a', '/work/b', 'hand', 1)");
  await test.memory.deleteLearning('learning-2');
  await test.memory.saveSearch({ id: 'search-01', name: 'known', text: 'basket' });
  test.driver.run(
    "INSERT INTO task_queue (id, type, subject, is_paid, status, created_at, updated_at) VALUES (1, 'summarize', 'gone', 1, 'dead', 1, 1)",
  );
});
afterEach(() => test.close());

const model: ModelSettings = {
  source: 'test',
  isAllowed: true,
  isAutomatic: false,
  key: 'sk-test',
  baseUrl: 'http://127.0.0.1:9',
  fastModel: 'claude-haiku-5-5',
  strongModel: '',
  ceilings: { dayUsd: 1, monthUsd: 1, dayTokens: 1e6, monthTokens: 1e6 },
};
const claim = { text: 'A claim.', quotes: [{ line: 1, quote: 'rename the basket' }] };
const answer = JSON.stringify({
  title: 'Renamed',
  asked: [claim],
  done: [claim],
  decisions: [],
  openEnds: [],
  keyPoints: [claim],
});

const watched = { kind: 'import', subject: 'moment', instead: '', files: '', isRegex: false } as const;
const confirmed = async (memory: MemoryApi): Promise<string> =>
  (await memory.setWatch({ learningId: 'learning-1', predicate: watched, state: 'on' })).find(
    ({ state }) => state === 'on',
  )!.id;

const writes: Partial<Record<keyof MemoryApi, (memory: MemoryApi) => Promise<unknown>>> = {
  configure: (memory) =>
    memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: ['**/shop2'],
      source: 'test',
      maxLineBytes: 1 << 20,
    }),
  importNow: (memory) => memory.importNow(),
  cancelImport: (memory) => memory.cancelImport(),
  setPaused: (memory) => memory.setPaused(true),
  setEmbeddingPaused: (memory) => memory.setEmbeddingPaused(true),
  memoryText: (memory) => memory.memoryText('llearning-1'),
  saveLearning: (memory) =>
    memory.saveLearning({
      id: 'learning-3',
      category: 'error',
      title: 'New',
      description: 'with words',
      tags: ['a'],
      sourceSessions: [sessionId(2)],
    }),
  proposeLearning: (memory) =>
    memory.proposeLearning({
      category: 'pattern',
      title: 'Asked for',
      description: 'by Claude',
      projectId: 1,
      sessionId: sessionId(1),
    }),
  deleteLearning: (memory) => memory.deleteLearning('learning-1'),
  restoreLearning: (memory) => memory.restoreLearning('learning-2'),
  keepSummary: (memory) =>
    memory.keepSummary({
      requestId: 'request-1',
      sessionId: sessionId(1),
      text: answer,
      model: 'of the editor',
      lastSequence: 9,
    }),
  noteSummaryAsked: (memory) =>
    memory.noteSummaryAsked({
      requestId: 'request-1',
      sessionId: sessionId(1),
      model: 'of the editor',
      lastSequence: 9,
    }),
  configureModel: (memory) => memory.configureModel(model),
  setQueuePaused: (memory) => memory.setQueuePaused(true),
  // Settings of models are in memory only, so a window sends them to every keeper.
  startBackfill: (memory) => memory.configureModel(model).then(() => memory.startBackfill({ isBatch: true })),
  summarizeByModel: (memory) => memory.configureModel(model).then(() => memory.summarizeByModel(sessionId(1))),
  // Nothing is asked here: that a call which was made is not made again is tried in src/core/answers/ask.
  askModel: (memory) =>
    memory
      .configureModel(model)
      .then(() => memory.askModel({ requestId: 'request-ask', text: 'What is the basket?' }))
      .catch(({ code }: { code: string }) => code),
  cancelBackfill: (memory) => memory.cancelBackfill(),
  retryTask: (memory) => memory.retryTask(1),
  dropTask: (memory) => memory.dropTask(1),
  setFlagged: (memory) => memory.setFlagged('p1', true),
  setClasses: (memory) => memory.setClasses([{ key: 'p1', class: 'confidential' }]),
  setTags: (memory) => memory.setTags('p1', ['later']),
  setPinned: (memory) => memory.setPinned(sessionId(1), true),
  renameSession: (memory) => memory.renameSession(sessionId(1), 'Mine'),
  saveSearch: (memory) => memory.saveSearch({ id: 'search-02', name: 'new', text: 'basket' }),
  deleteSearch: (memory) => memory.deleteSearch('search-01'),
  noteSearch: (memory) => memory.noteSearch('basket'),
  dropRecentSearch: (memory) => memory.dropRecentSearch('basket'),
  noteSearchUse: (memory) => memory.noteSearchUse('search-01'),
  noteGiven: (memory) =>
    memory.noteGiven({
      requestId: 'given-1',
      sessionId: sessionId(1),
      source: 'prompt',
      tokens: 9,
      items: [{ id: 'x' }],
    }),
  setNeverGiven: (memory) => memory.setNeverGiven('learning/learning-1', true),
  setSessionGiven: (memory) => memory.setSessionGiven(sessionId(1), false),
  setSourceKept: (memory) => memory.setSourceKept(1, 'said', true),
  forgetSession: (memory) => memory.forgetSession(sessionId(1)),
  readAgain: (memory) => memory.readAgain([sessionId(2)]),
  joinProjects: (memory) => memory.joinProjects(1, 2),
  undoJoin: (memory) => memory.undoJoin(1),
  forgetProject: async (memory) => memory.forgetProject(1),
  deleteEverything: (memory) => memory.deleteEverything(),
  restoreTranscript: (memory) => memory.restoreTranscript(sessionId(1)),
  deleteArchive: (memory) => memory.deleteArchive(),
  backUp: (memory) => memory.backUp('request-1'),
  rebuildIndex: (memory) => memory.rebuildIndex(),
  compact: (memory) => memory.compact(),
  scanAgain: (memory) => memory.scanAgain('request-scan'),
  erase: async (memory) => memory.erase('request-erase', { kind: 'turn', sessionId: sessionId(1), turn: 1 }),
  noteChatRead: (memory) => memory.noteChatRead('search'),
  noteExport: (memory) => memory.noteExport('sessions', 1),
  exportMemory: (memory) =>
    memory.exportMemory({ requestId: 'request-export', folder: path.dirname(test.dataDir), format: 'jsonl' }),
  importMemory: (memory) => memory.importMemory('request-import', path.join(test.dataDir, 'memory.db')),
  restrictProcessing: (memory) => memory.restrictProcessing(Date.UTC(2026, 10, 30), 1),
  liftRestriction: (memory) => memory.liftRestriction(1),
  refusePastFix: (memory) => {
    test.driver.run(
      `INSERT OR IGNORE INTO past_fixes (no, session, same, alike, kind, red_uid, line, edits_json, at)
        SELECT 1, no, 's', 'a', 'k', 'red-1', 0, '[]', 0 FROM sessions WHERE id = ?`,
      [sessionId(1)],
    );
    const wish = { text: 'TypeError: client.retryBudget is not a function\n    at run (shop.ts:4:2)' };
    return memory.refusePastFix(wish, 'red-1', true);
  },
  chooseModel: (memory) => memory.chooseModel({ kind: 'folder', folder: path.join(test.configDir, 'model') }),
  reviewLearning: (memory) => memory.reviewLearning('learning-1', 'reject'),
  mergeLearnings: (memory) => memory.mergeLearnings('learning-1', ['learning-4']),
  notePromotion: (memory) => memory.notePromotion(['learning-1']),
  relearn: (memory) => memory.relearn(),
  setWatch: (memory) => memory.setWatch({ learningId: 'learning-1', predicate: watched, state: 'on' }),
  exceptWatch: async (memory) =>
    memory.exceptWatch({ watchId: await confirmed(memory), file: '/work/shop/a.ts', root: '/work/shop' }, true),
  clearExceptions: async (memory) => memory.clearExceptions(await confirmed(memory)),
  supersedeLearning: (memory) => memory.supersedeLearning('learning-1', 'It is done otherwise now'),
  removeModel: (memory) => memory.removeModel('all-MiniLM-L6-v2'),
  summary: (memory) => memory.summary(sessionId(1)),
  publishSummary: async (memory) => memory.publishSummary((await memory.summary(sessionId(1)))!.id),
};
/** These restart the keeper anyway; their own tests check that a request is done once. */
const reopening: readonly (keyof MemoryApi)[] = ['restoreBackup', 'undoRestore', 'repair'];

it('tries every question that the table says writes', () => {
  const writing = memoryMethods.filter((name) => memoryQuestions[name].writes);
  expect([...Object.keys(writes), ...reopening].toSorted()).toEqual(writing.toSorted());
});

it.each(Object.keys(writes) as (keyof MemoryApi)[])(
  '%s, called again on the next keeper, changes nothing more',
  async (name) => {
    const call = writes[name]!;
    const first = await call(test.memory);
    // What was forgotten is proved afterwards.
    await test.memory.whenErased();
    const once = everything();
    test.now.value += 2000;
    await test.reopen();
    await test.memory.configure({
      configDirs: [test.configDir],
      roots: [],
      exclude: [],
      source: 'other',
      maxLineBytes: 1 << 20,
    });
    expect(withoutTimes(await call(test.memory))).toEqual(withoutTimes(first));
    expect(everything()).toEqual(once);
  },
);

it('sees a write that counts twice: the control', async () => {
  await test.memory.memoryText('llearning-1');
  const once = everything();
  // A minute later it counts as another use.
  test.now.value += 60_000;
  await test.memory.memoryText('llearning-1');
  expect(everything()).not.toEqual(once);
});

/** All rows of all tables, without times, without row numbers, and without the audit log, which records every call. */
function everything(): unknown {
  const tables = test.driver.all<{ name: string }>(
    `SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'fulltext%'
      AND name <> 'audit_logs'`,
  );
  return tables.map(({ name }) => {
    const rows = test.driver.all(`SELECT * FROM ${name}`).filter((row) => row['key'] !== 'exclude:other');
    return [name, withoutTimes(name === 'documents' ? rows.map(({ id: _, ...row }) => row) : rows)];
  });
}

function withoutTimes(value: unknown): unknown {
  return JSON.parse(
    JSON.stringify(value ?? null, (key, each: unknown) =>
      /(^at|At|_at|ago|filesRead|filesDone|version|bytesBefore|bytesAfter|proposed|changed)$/.test(key)
        ? undefined
        : each,
    ),
  ) as unknown;
}

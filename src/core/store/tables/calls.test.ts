import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { loadEngine } from '../../../../test/fakes/test-memory';
import { openDatabase } from '../open';
import { memorySchema } from '../sqlite/migrate';
import { listCalls, reserveCall, spentIn } from './calls';
import type { NewCall } from './calls';

const engine = await loadEngine();
let dataDir: string;
const open = (upTo: number) =>
  openDatabase({
    engine,
    dataDir,
    version: 'test',
    now: 0,
    schema: {
      fileName: memorySchema.fileName,
      migrations: memorySchema.migrations.filter(({ version }) => version <= upTo),
    },
  });
beforeEach(async () => {
  dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-calls-'));
});
afterEach(() => rm(dataDir, { recursive: true, force: true }));

const call = (id: string, purpose: NewCall['purpose']): NewCall => ({
  id,
  purpose,
  model: 'm',
  host: 'h',
  isBatch: false,
  task: null,
  sessionId: null,
  projectRoot: null,
  lastSequence: 0,
  day: '2026-11-22',
  maxNano: 7,
  maxTokens: 9,
  bytes: 1,
  redactions: 2,
});
const ceilings = { dayNano: 100, monthNano: 100, dayTokens: 100, monthTokens: 100 };

it('keeps every call when the ledger learns about answers, with its indexes', () => {
  const before = open(18);
  expect(reserveCall(before.driver, call('one', 'summary'), ceilings, 5)).toBe(true);
  expect(() => reserveCall(before.driver, call('two', 'answer'), ceilings, 6)).toThrow(/CHECK/);
  const indexes = before.driver.all("SELECT name FROM sqlite_master WHERE tbl_name = 'model_calls' ORDER BY name");
  before.close();
  const after = open(19);
  expect(after.driver.all("SELECT name FROM sqlite_master WHERE tbl_name = 'model_calls' ORDER BY name")).toEqual(
    indexes,
  );
  expect(reserveCall(after.driver, call('two', 'answer'), ceilings, 6)).toBe(true);
  expect(listCalls(after.driver, undefined, 9).items.map(({ id, purpose }) => [id, purpose])).toEqual([
    ['two', 'answer'],
    ['one', 'summary'],
  ]);
  expect(spentIn(after.driver, 'day', '2026-11-22')).toMatchObject({ calls: 2, tokens: 18 });
  expect(() => reserveCall(after.driver, call('three', 'other' as never), ceilings, 7)).toThrow(/CHECK/);
  after.close();
});

/** Damages a memory in many ways and looks how each ends: open, repaired or restored, never in a dead end. */
import nodeFs from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { performWish, writeWish } from '../../../src/core/care/next-open';
import { createCareTasks } from '../../../src/core/care/tasks';
import { indexText } from '../../../src/core/index/tokenize';
import { silentLog } from '../../../src/core/lib/log';
import { catchUp } from '../../../src/core/store/backup/beside';
import { openDatabase } from '../../../src/core/store/open';
import { checkDatabase } from '../../../src/core/store/sqlite/check';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import type { SqliteEngine } from '../../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../../src/core/store/tables/documents';
import { asMemoryError } from '../../../src/protocol/errors';
import type { MemoryError } from '../../../src/protocol/errors';
import { openTestMemory } from '../../fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../fixtures/transcript-lines';

export type Remedy = 'restore' | 'repair';
/** How a damaged memory ended: it opens and answers, or it was named and this remedy helped. */
type Ending = 'open' | 'restored' | 'repaired';
export interface Verdict {
  ending?: Ending;
  /** Code and reason with which the damage was named. */
  named?: string;
  /** Why this is a dead end. */
  fault?: string;
}

export interface WholeMemory {
  dataDir: string;
  backup: string;
  /** `memory.db` as it was before the backup. */
  older: string;
  remove: () => void;
}

const forgotten = sessionId(3);
const kept = sessionId(1);

/** A closed memory with sessions, learnings, a forgotten session, a whole backup and one of what was written. */
export async function makeWhole(): Promise<WholeMemory> {
  const test = await openTestMemory();
  for (let number = 1; number <= 3; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: `/work/shop${number}` });
    for (let turn = 0; turn < 8; turn++) {
      transcript.prompt(`please look at part ${turn} of number ${number}`);
      transcript.tool('Bash', { command: `run ${turn}` }, `output ${turn} `.repeat(turn * 60));
      transcript.answer(`done with ${turn}`);
    }
    await writeTranscript(test.configDir, sessionId(number), transcript);
  }
  await test.import();
  const folder = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-damage-'));
  const older = path.join(folder, 'older.db');
  test.driver.checkpoint();
  nodeFs.copyFileSync(path.join(test.dataDir, 'memory.db'), older);
  await test.memory.saveLearning({ id: 'learning-kept', category: 'general', title: 'kept', description: 'all of it' });
  const { name } = await test.memory.backUp('backup');
  // After the backup: only its tombstone keeps it from coming back with a restore.
  await test.memory.forgetSession(forgotten);
  await test.care.beat();
  await test.memory.close();
  test.archive.close();
  test.driver.close();
  const dataDir = path.join(folder, 'data');
  nodeFs.cpSync(test.dataDir, dataDir, { recursive: true });
  nodeFs.rmSync(path.dirname(test.dataDir), { recursive: true, force: true });
  return { dataDir, backup: name, older, remove: () => nodeFs.rmSync(folder, { recursive: true, force: true }) };
}

/**
 * Copies the memory, damages `memory.db` of the copy, and tries to open, restore or repair it. `isAsked`: the remedy is
 * used although the memory opens, as by a person who misses something.
 */
export async function tryDamage(
  engine: SqliteEngine,
  { dataDir, backup }: Pick<WholeMemory, 'dataDir' | 'backup'>,
  damage: (file: string) => void,
  remedy: Remedy = 'restore',
  isAsked = false,
): Promise<Verdict> {
  const copy = nodeFs.mkdtempSync(path.join(tmpdir(), 'claude-mem-damaged-'));
  try {
    nodeFs.cpSync(dataDir, copy, { recursive: true });
    damage(path.join(copy, 'memory.db'));
    const failure = failureOf(engine, copy);
    if (!failure && !isAsked) return { ending: 'open' };
    const named = failure && nameOf(failure);
    if (failure && !['corrupt', 'too_new'].includes(failure.code))
      return { named: nameOf(failure), fault: `not named: ${failure.message}` };
    const kind = failure?.code === 'too_new' ? 'restore' : remedy;
    writeWish(copy, { requestId: 'wish', kind, ...(kind === 'restore' && { name: backup }) });
    const outcome = await performWish({
      dataDir: copy,
      engine,
      run: createCareTasks(engine),
      clock: { now: () => 1 },
      log: silentLog,
    });
    const facts = named === undefined ? {} : { named };
    if (outcome?.isDone !== true) return { ...facts, fault: `${kind} was not done: ${outcome?.reason}` };
    const after = failureOf(engine, copy, kind === 'restore');
    if (after) return { ...facts, fault: `after the ${kind}: ${after.message}` };
    return failure ? { ...facts, ending: kind === 'restore' ? 'restored' : 'repaired' } : { ending: 'open' };
  } finally {
    nodeFs.rmSync(copy, { recursive: true, force: true });
  }
}

function nameOf({ code, data }: MemoryError): string {
  const reason = data?.['reason'];
  return typeof reason === 'string' ? `${code}, ${reason}` : code;
}

/** Opens the memory as the keeper does and asks what heads ask. Undefined when all is answered. */
function failureOf(engine: SqliteEngine, dataDir: string, mustBeWhole = false): MemoryError | undefined {
  let close = () => {};
  try {
    const opened = openDatabase({ engine, dataDir, version: 'damage' });
    close = opened.close;
    defineTokens(opened.driver, indexText);
    catchUp(opened.driver, dataDir);
    ask(opened.driver);
    if (mustBeWhole) refuseLosses(opened.driver);
    if (opened.driver.get('SELECT 1 FROM sessions WHERE id = ?', [forgotten]))
      throw new Error('what was forgotten is back');
    return undefined;
  } catch (error) {
    return asMemoryError(error);
  } finally {
    try {
      close();
    } catch {
      // A damaged database may fail to close.
    }
  }
}

function ask(driver: SqlDriver): void {
  for (const table of ['sessions', 'prompts', 'observations', 'learnings', 'tombstones', 'configurations', 'sources'])
    driver.all(`SELECT * FROM ${table}`);
  driver.all('SELECT docid FROM fulltext WHERE fulltext MATCH ?', [indexText('output').split(' ')[0] ?? '']);
  driver.run("INSERT OR REPLACE INTO configurations (key, value_json, updated_at) VALUES ('keeper.try', '1', 0)");
}

function refuseLosses(driver: SqlDriver): void {
  const { problems } = checkDatabase(driver);
  if (problems.length > 0) throw new Error(`damaged still: ${problems[0]}`);
  if (!driver.get('SELECT 1 FROM sessions WHERE id = ?', [kept])) throw new Error('a session is lost');
  if (!driver.get("SELECT 1 FROM learnings WHERE id = 'learning-kept'")) throw new Error('a learning is lost');
}

export function flip(at: number, bits = 0xff): (file: string) => void {
  return (file) => {
    const bytes = nodeFs.readFileSync(file);
    bytes[at] = (bytes[at] ?? 0) ^ bits;
    nodeFs.writeFileSync(file, bytes);
  };
}

export const cut = (size: number) => (file: string) => nodeFs.truncateSync(file, size);

export const empty = cut(0);

/** A database of another program, with a version in it. */
export const foreign = (engine: SqliteEngine) => (file: string) => {
  nodeFs.rmSync(file);
  const driver = engine.openFile(file);
  driver.exec('CREATE TABLE history (url TEXT); PRAGMA user_version = 2;');
  driver.close();
};

export const overwrite = (bytes: string | Uint8Array) => (file: string) => nodeFs.writeFileSync(file, bytes);

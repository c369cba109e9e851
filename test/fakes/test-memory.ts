/** A whole memory in a temporary folder, without worker and socket. All its parts are real. */
import nodeFs from 'node:fs';
import { cp, mkdtemp, readFile, rename, rm } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import path from 'node:path';
import type { Care } from '../../src/core/care/care';
import { performWish } from '../../src/core/care/next-open';
import { createCareTasks } from '../../src/core/care/tasks';
import { silentLog } from '../../src/core/lib/log';
import { Meaning } from '../../src/core/meaning/choice';
import { createMemory } from '../../src/core/memory';
import type { Memory, MemoryPorts } from '../../src/core/memory-ports';
import { openDatabase } from '../../src/core/store/open';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import type { SqliteEngine } from '../../src/core/store/sqlite/sqlite';
import { openArchive } from '../../src/keeper/open-archive';
import type { MemoryEventName } from '../../src/protocol/memory-api';
import type { ReaderItem } from '../../src/protocol/model';
import type { CaptureSettings } from '../../src/protocol/questions/capture';
import type { ImportReport } from '../../src/protocol/status';

export interface TestMemory {
  memory: Memory;
  driver: SqlDriver;
  archive: SqlDriver;
  configDir: string;
  dataDir: string;
  events: { name: MemoryEventName; event: unknown }[];
  /** Care, for tests that decide when it runs. */
  care: Pick<Care, 'beat'>;
  /** Time of the memory's clock in epoch milliseconds. */
  now: { value: number };
  import(settings?: Partial<CaptureSettings>): Promise<ImportReport>;
  /** All rows of a session in reading order. */
  read(sessionId: string): Promise<ReaderItem[]>;
  /** Closes the memory and opens the same folder again, as the next keeper would. */
  reopen(onStep?: (step: string) => void): Promise<void>;
  /** Opens the folder like a keeper that could not open the archive. Must be reopened afterwards. */
  withoutArchive(work: (memory: Memory) => Promise<void>): Promise<void>;
  /** Continues with the files of another folder. The memory must be closed. */
  replaceFolder(from: string): Promise<void>;
  /** Makes a call that ends in the next keeper, by repeating it as a head does. */
  throughReopening<T>(ask: () => Promise<T>): Promise<T>;
  close(): Promise<void>;
}

export async function loadEngine(): Promise<SqliteEngine> {
  return loadSqlite({
    wasm: await readFile(path.resolve('node_modules/sql.js/dist/sql-wasm.wasm')),
    platform: process.platform,
  });
}

/** A data folder with empty databases. Each worker makes it once: the migrations take longer than most tests. */
let template: Promise<string> | undefined;

async function makeTemplate(engine: SqliteEngine): Promise<string> {
  const dataDir = await mkdtemp(path.join(tmpdir(), 'claude-mem-template-'));
  const database = openDatabase({ engine, dataDir, version: 'test' });
  const ports = { engine, dataDir, version: 'test', fs: nodeFs, run: createCareTasks(engine), log: silentLog };
  (await openArchive(ports))!.close();
  database.close();
  process.once('exit', () => nodeFs.rmSync(dataDir, { recursive: true, force: true }));
  return dataDir;
}

/** `more`: further ports for some tests. */
export async function openTestMemory(more: Partial<MemoryPorts> = {}): Promise<TestMemory> {
  const folder = await mkdtemp(path.join(tmpdir(), 'claude-mem-test-'));
  const engine = await loadEngine();
  const dataDir = path.join(folder, 'data');
  template ??= makeTemplate(engine);
  await cp(await template, dataDir, { recursive: true, preserveTimestamps: true });
  const configDir = path.join(folder, 'config');
  const events: TestMemory['events'] = [];
  const now = { value: Date.UTC(2026, 10, 22, 12) };
  const run = createCareTasks(engine);
  const reopenings: (() => void)[] = [];
  let reopened = 0;
  const remember = (driver: SqlDriver, archive: SqlDriver | undefined): Memory =>
    createMemory({
      driver,
      archive,
      clock: { now: () => now.value },
      log: silentLog,
      dataDir,
      surroundings: { home: homedir(), foldsCase: false },
      version: 'test',
      pid: 1,
      makeSalt: () => 'salt',
      elapsed: () => performance.now(),
      meaning: withoutNetwork(driver, dataDir),
      ...more,
      warnings: [],
      emit: (name, event) => void events.push({ name, event }),
      care: { run, machine: 'test', reopen: () => (reopened++, reopenings.splice(0).forEach((tell) => tell())) },
    });
  const start = async () => {
    const database = openDatabase({ engine, dataDir, version: 'test' });
    const archive = (await openArchive({ engine, dataDir, version: 'test', fs: nodeFs, run, log: silentLog }))!;
    const memory = remember(database.driver, archive.driver);
    return { database, archive, memory };
  };
  let open = await start();
  const settings: CaptureSettings = {
    configDirs: [configDir],
    roots: [],
    exclude: [],
    source: 'test',
    maxLineBytes: 16 << 20,
  };
  const test: TestMemory = {
    memory: open.memory,
    driver: open.database.driver,
    archive: open.archive.driver,
    care: { beat: () => test.memory.beat() },
    configDir,
    dataDir,
    events,
    now,
    async import(change = {}) {
      await test.memory.configure({ ...settings, ...change });
      return test.memory.importNow();
    },
    async read(sessionId) {
      const items: ReaderItem[] = [];
      for (let cursor: string | undefined, isFirst = true; isFirst || cursor !== undefined; isFirst = false) {
        const page = await test.memory.readSession({ sessionId, limit: 50, ...(cursor !== undefined && { cursor }) });
        items.push(...page.items);
        cursor = page.after;
      }
      return items;
    },
    async reopen(onStep) {
      await test.memory.close();
      open.archive.close();
      open.database.close();
      await performWish({
        dataDir,
        engine,
        run,
        clock: { now: () => now.value },
        log: silentLog,
        ...(onStep && { onStep }),
      });
      open = await start();
      test.memory = open.memory;
      test.driver = open.database.driver;
      test.archive = open.archive.driver;
    },
    async withoutArchive(work) {
      await test.memory.close();
      open.archive.close();
      const memory = remember(open.database.driver, undefined);
      await work(memory);
      await memory.close();
    },
    async replaceFolder(from) {
      open.archive.close();
      open.database.close();
      await rm(dataDir, { recursive: true, force: true });
      await rename(from, dataDir);
      await performWish({ dataDir, engine, run, clock: { now: () => now.value }, log: silentLog });
      open = await start();
      test.memory = open.memory;
      test.driver = open.database.driver;
      test.archive = open.archive.driver;
    },
    async throughReopening(ask) {
      const before = reopened;
      const asked = ask();
      // The call is rejected or never answered; then it is repeated on the next keeper.
      await Promise.race([asked, new Promise<void>((tell) => (reopened > before ? tell() : reopenings.push(tell)))]);
      if (reopened === before) return asked;
      await test.reopen();
      return ask();
    },
    async close() {
      await test.memory.close();
      open.archive.close();
      open.database.close();
      await rm(folder, { recursive: true, force: true });
    },
  };
  return test;
}

/** Models can be chosen by folder, but there is no thread for them. */
function withoutNetwork(driver: SqlDriver, dataDir: string): Meaning {
  const refuse = async (): Promise<never> => {
    throw new Error('A test asked the network.');
  };
  return new Meaning({
    driver,
    dataDir,
    clock: { now: () => 1 },
    log: silentLog,
    fetch: refuse,
    freeBytes: async () => undefined,
    onEmbedder: () => {},
    createEmbedder: ({ id, dimension, maxTokens }) => ({
      id,
      dimension,
      maxTokens,
      embed: async (texts) => texts.map(() => new Float32Array(dimension)),
      load: async () => {},
      close: async () => {},
    }),
  });
}

/** A memory in the same process, to measure without worker and socket. */
import { readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { setTimeout } from 'node:timers/promises';
import { startReindex } from '../../src/core/index/reindex';
import { silentLog } from '../../src/core/lib/log';
import { Timers } from '../../src/core/lib/timers';
import { createMemory } from '../../src/core/memory';
import type { MemoryPorts } from '../../src/core/memory-ports';
import { archiveSchema } from '../../src/core/store/archive/archive';
import { openDatabase } from '../../src/core/store/open';
import { indexOfAllScripts } from '../../src/core/store/sqlite/migrations/0005-index-of-all-scripts';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';

/** `more`: further ports for some benchmarks. */
export async function openBench(folder: string, more: Partial<MemoryPorts> = {}) {
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const dataDir = path.join(folder, 'data');
  const database = openDatabase({ engine, dataDir, version: 'bench' });
  const archive = openDatabase({ engine, dataDir, version: 'bench', schema: archiveSchema });
  const memory = createMemory({
    driver: database.driver,
    archive: archive.driver,
    clock: { now: () => Date.now() },
    log: silentLog,
    dataDir,
    surroundings: { home: homedir(), foldsCase: false },
    version: 'bench',
    pid: process.pid,
    makeSalt: () => 'salt',
    elapsed: () => performance.now(),
    warnings: [],
    emit: () => {},
    ...more,
  });
  const configDir = path.join(folder, 'config');
  return {
    memory,
    driver: database.driver,
    archive: archive.driver,
    dataDir,
    configDir,
    async import(change: { isArchiving?: boolean } = {}) {
      await memory.configure({
        configDirs: [configDir],
        roots: [],
        exclude: [],
        source: 'bench',
        maxLineBytes: 16 << 20,
        ...change,
      });
      return memory.importNow();
    },
    /** Starts what runs in the background, and waits until every session has been summarised. */
    async startAndWait() {
      memory.start();
      for (let waiting = 1, isBegun = false; waiting > 0 || !isBegun;) {
        await setTimeout(20);
        const { counts, done } = await memory.queue();
        waiting = counts.pending + counts.running;
        isBegun = done > 0;
      }
    },
    /** Empties the index and fills it as after a migration. */
    async reindex() {
      const timers = new Timers(silentLog);
      indexOfAllScripts.up(database.driver);
      await new Promise<void>((resolve) =>
        startReindex({
          driver: database.driver,
          timers,
          elapsed: () => performance.now(),
          onProgress: (progress) => progress ?? resolve(),
        }),
      );
    },
    async close() {
      await memory.close();
      archive.close();
      database.close();
    },
  };
}

/** A memory in the same process, to measure without worker and socket. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { silentLog } from '../../src/core/lib/log';
import { createMemory } from '../../src/core/memory';
import { archiveSchema } from '../../src/core/store/archive/archive';
import { openDatabase } from '../../src/core/store/open';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';

export async function openBench(folder: string) {
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
    version: 'bench',
    pid: process.pid,
    makeSalt: () => 'salt',
    elapsed: () => performance.now(),
    warnings: [],
    emit: () => {},
  });
  const configDir = path.join(folder, 'config');
  return {
    memory,
    driver: database.driver,
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
    async close() {
      await memory.close();
      archive.close();
      database.close();
    },
  };
}

/**
 * Tool calls per second written to the real schema by the real store functions: our driver and node:sqlite,
 * alternating.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { indexText } from '../../src/core/index/tokenize';
import type { ToolRow } from '../../src/core/observe/observe';
import { createRedactor, literal } from '../../src/core/observe/redact';
import type { Redacted } from '../../src/core/observe/redact';
import { sealRows } from '../../src/core/observe/seal';
import { openDatabase } from '../../src/core/store/open';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { memorySchema, migrate } from '../../src/core/store/sqlite/migrate';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../src/core/store/tables/documents';
import { ensureProject } from '../../src/core/store/tables/projects';
import { putTool } from '../../src/core/store/tables/rows';
import { ensureSession } from '../../src/core/store/tables/sessions';
import { makeRows } from './fill';
import { machine, percentile, printTable, ratio, sizesOr, withFolder } from './measure';
import { NativeDriver } from './native';

/** Rows per transaction: about as many as a 2 MiB batch of a transcript has. */
const batch = 1000;
const words = 60;
const rounds = 8;

type Layer = 'rows alone' | '+ documents' | '+ full text';
const layers: readonly Layer[] = ['rows alone', '+ documents', '+ full text'];

/** The same driver without the statements of later layers. */
function upTo(driver: SqlDriver, layer: Layer): SqlDriver {
  const left =
    layer === 'rows alone'
      ? /^INSERT INTO (documents|fulltext) /
      : layer === '+ documents'
        ? /^INSERT INTO fulltext /
        : /^$/;
  return Object.assign(Object.create(driver) as SqlDriver, {
    run: (sql: string, params: never) => (left.test(sql) ? 0 : driver.run(sql, params)),
    get: (sql: string, params: never) => driver.get(sql, params),
    lastInsertId: () => driver.lastInsertId(),
  });
}

function putBatch(driver: SqlDriver, rows: readonly ToolRow<Redacted>[], layer: Layer): number {
  const limited = upTo(driver, layer);
  const started = performance.now();
  driver.transaction(() => {
    const projectId = ensureProject(driver, literal('/work/shop'), literal('shop'));
    const session = ensureSession(driver, 'bench', { projectId, cwd: literal('/work/shop'), at: 1, isAgent: false });
    for (const row of rows) putTool(limited, row, { session: session.no, projectId, next: () => ++sequence }, null);
  });
  return performance.now() - started;
}
let sequence = 0;

async function main(): Promise<void> {
  console.log(`# bulk (${machine()})`);
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const redactor = createRedactor({ salt: 'bench' });
  const megabytes = sizesOr([100])[0] ?? 100;
  await withFolder(async (folder) => {
    const table: string[][] = [];
    for (const layer of layers) {
      const ours = openDatabase({ engine, dataDir: path.join(folder, layer), version: 'bench' });
      const theirs = openNative(path.join(folder, `${layer}.db`));
      const drivers = { ours: ours.driver, theirs };
      for (const driver of Object.values(drivers)) defineTokens(driver, indexText);
      const make = () => makeRows(batch, words);
      while (ours.driver.sizeBytes() < megabytes * 1e6) {
        const rows = make();
        for (const driver of Object.values(drivers)) putBatch(driver, rows, layer);
      }
      const times = { ours: [] as number[], theirs: [] as number[], whole: [] as number[] };
      for (let round = 0; round < rounds; round++) {
        const rows = make();
        for (const who of round % 2 === 0 ? (['ours', 'theirs'] as const) : (['theirs', 'ours'] as const))
          times[who].push(putBatch(drivers[who], rows, layer));
        const raw = make();
        const started = performance.now();
        const sealed = await sealRows(raw, [], redactor);
        const sealing = performance.now() - started;
        times.whole.push(sealing + putBatch(ours.driver, sealed.rows as ToolRow<Redacted>[], layer));
      }
      const perSecond = (values: number[]) => (batch * rounds) / (values.reduce((sum, each) => sum + each, 0) / 1000);
      table.push([
        layer,
        perSecond(times.ours).toFixed(0),
        perSecond(times.theirs).toFixed(0),
        ratio(perSecond(times.theirs), perSecond(times.ours)),
        `${percentile(times.ours, 0.5).toFixed(0)} / ${Math.max(...times.ours).toFixed(0)}`,
        perSecond(times.whole).toFixed(0),
      ]);
      console.log(table.at(-1)?.join(' | '));
      ours.close();
      theirs.close();
    }
    printTable(
      `Tool calls a second at ${megabytes} MB, ${batch} a transaction, ${words} words each`,
      ['', 'ours', 'node:sqlite', 'theirs / ours', 'ms a transaction, ours, p50 / longest', 'ours, redaction included'],
      table,
    );
  });
}

function openNative(file: string): SqlDriver {
  const driver = new NativeDriver(file);
  driver.exec(
    'PRAGMA page_size = 4096; PRAGMA auto_vacuum = INCREMENTAL; PRAGMA locking_mode = EXCLUSIVE; ' +
      'PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL; PRAGMA temp_store = MEMORY; ' +
      'PRAGMA foreign_keys = ON; PRAGMA secure_delete = ON; PRAGMA cache_size = -16000; PRAGMA wal_autocheckpoint = 4000;',
  );
  migrate(driver, memorySchema);
  return driver;
}

void main();

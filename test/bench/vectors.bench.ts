/**
 * Time to find the nearest of 10,000 to 1,000,000 vectors, including the table, compared with the machine's reading
 * speed: a kernel that only adds up the same memory is timed in between.
 */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import loadWabt from 'wabt';
import { indexText } from '../../src/core/index/tokenize';
import { Scan, packRow } from '../../src/core/meaning/scan';
import { VectorIndex } from '../../src/core/meaning/vector-index';
import { openDatabase } from '../../src/core/store/open';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { loadSqlite } from '../../src/core/store/sqlite/sqlite';
import { defineTokens } from '../../src/core/store/tables/documents';
import { putVectors } from '../../src/core/store/tables/vectors';
import { makeVectors, unit } from '../fakes/vectors';
import { gate, machine, ms, percentile, printTable, randomFrom, withFolder } from './measure';

const dimension = 384;
const queries = 100;
const perRecall = 10;
const isBig = !process.argv.includes('--small');

/** Adds up a range of memory, eight sums at a time: the fastest WebAssembly can read here. */
async function makeReader(memory: WebAssembly.Memory): Promise<(at: number, steps: number) => bigint> {
  const lanes = [0, 1, 2, 3, 4, 5, 6, 7];
  const add = (lane: number) =>
    `(local.set $a${lane} (i64x2.add (local.get $a${lane}) (v128.load offset=${lane * 16} (local.get $p))))`;
  const wat = `(module (import "scan" "memory" (memory 1 65536)) (func (export "read") (param $p i32) (param $n i32) (result i64)
    ${lanes.map((lane) => `(local $a${lane} v128)`).join('')}
    (loop $in ${lanes.map(add).join('\n')}
      (local.set $p (i32.add (local.get $p) (i32.const 128))) (br_if $in (local.tee $n (i32.sub (local.get $n) (i32.const 1)))))
    (i64x2.extract_lane 0 ${lanes.slice(1).reduce((sum, lane) => `(i64x2.add ${sum} (local.get $a${lane}))`, '(local.get $a0)')})))`;
  const wabt = await loadWabt();
  const { buffer } = wabt.parseWat('read.wat', wat, { simd: true }).toBinary({});
  return (await WebAssembly.instantiate(buffer, { scan: { memory } })).instance.exports['read'] as (
    at: number,
    steps: number,
  ) => bigint;
}

function fill(driver: SqlDriver, count: number, next: () => Float32Array): void {
  for (let done = 0; done < count; done += 1000) {
    driver.transaction(() => {
      driver.run(
        `INSERT INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
          SELECT 0, value, value / 50, 0, 1, 'user', '', value FROM generate_rows WHERE value > ? AND value <= ?`,
        [done, Math.min(count, done + 1000)],
      );
      const documents = Array.from({ length: Math.min(1000, count - done) }, (_, index) => ({
        document: done + index + 1,
        rows: [{ document: done + index + 1, chunk: 0, hash: String(done + index), vector: next() }],
      }));
      putVectors(driver, 'bench', dimension, documents, 1);
    });
  }
}

/** Queries like the texts, half of them near to one of the texts. */
const queriesFrom = (
  next: () => Float32Array,
  all: (at: number) => Float32Array,
  count: number,
  random: () => number,
) =>
  Array.from({ length: queries }, (_, index) =>
    index % 2 === 0
      ? next()
      : unit(next().map((value, at) => value * 0.35 + (all(Math.floor(random() * count))[at] ?? 0))),
  );

async function main(): Promise<void> {
  console.log(`# vectors (${machine()})`);
  const engine = await loadSqlite({ wasm: readFileSync('dist/sql-wasm.wasm'), platform: process.platform });
  const table: string[][] = [];
  const medians: { size: number; time: number }[] = [];
  for (const count of isBig ? [10_000, 100_000, 1_000_000] : [10_000, 100_000]) {
    await withFolder(async (folder) => {
      const { driver, close } = openDatabase({ engine, dataDir: folder, version: 'bench' });
      defineTokens(driver, indexText);
      driver.exec(
        `CREATE TEMP TABLE generate_rows (value INTEGER PRIMARY KEY); WITH RECURSIVE n (v) AS (SELECT 1 UNION ALL
          SELECT v + 1 FROM n WHERE v < ${count}) INSERT INTO generate_rows SELECT v FROM n;`,
      );
      const exact = new Float32Array(count * dimension);
      const make = makeVectors(dimension);
      let made = 0;
      fill(driver, count, () => {
        const vector = make();
        exact.set(vector, made++ * dimension);
        return vector;
      });
      const options = {
        driver,
        model: 'bench',
        dimension,
        dataDir: folder,
        file: path.join(folder, 'vectors-bench.int8'),
      };
      const first = new VectorIndex(options);
      const started = performance.now();
      await first.load();
      const fromTable = performance.now() - started;
      await first.save(true);
      const index = new VectorIndex(options);
      const again = performance.now();
      await index.load();
      const fromFile = performance.now() - again;

      const random = randomFrom(9);
      const asked = queriesFrom(
        makeVectors(dimension, 7),
        (at) => exact.subarray(at * dimension, (at + 1) * dimension),
        count,
        random,
      );
      // The scan alone over the same rows, alternating with the reader.
      const scan = new Scan(dimension);
      for (let at = 0; at < count; at++)
        scan.add(packRow(exact.subarray(at * dimension, (at + 1) * dimension), scan.rowBytes));
      const read = await makeReader(scan.memory);
      const bytes = count * (dimension + 4);
      const times: { ask: number[]; scan: number[]; read: number[] } = { ask: [], scan: [], read: [] };
      let found = 0;
      index.nearest(asked[0]!, 100);
      scan.nearest(asked[0]!, 100);
      for (const query of asked) {
        const a = performance.now();
        const near = index.nearest(query, 100);
        const b = performance.now();
        scan.nearest(query, 100);
        const c = performance.now();
        read(0, Math.floor(bytes / 128));
        const d = performance.now();
        times.ask.push(b - a);
        times.scan.push(c - b);
        times.read.push(d - c);
        const truth = new Set(exactNearest(exact, query, count, perRecall));
        found += near.slice(0, perRecall).filter(({ document }) => truth.has(document - 1)).length;
      }
      const [ask, scanned, whole] = [
        percentile(times.ask, 0.5),
        percentile(times.scan, 0.5),
        percentile(times.read, 0.5),
      ];
      medians.push({ size: count, time: ask });
      table.push([
        String(count),
        ms(ask),
        ms(percentile(times.ask, 0.99)),
        ms(scanned),
        `${(bytes / scanned / 1e6).toFixed(1)} GB/s`,
        `${(bytes / whole / 1e6).toFixed(1)} GB/s`,
        `${((whole / scanned) * 100).toFixed(0)} %`,
        (found / queries / perRecall).toFixed(4),
        ms(fromTable),
        ms(fromFile),
      ]);
      close();
    });
  }
  printTable(
    `Nearest 100 of vectors with ${dimension} values, ms`,
    [
      'vectors',
      'p50',
      'p99',
      'scan alone p50',
      'scan reads',
      'machine reads (WASM)',
      'share',
      'recall@10',
      'load from the table',
      'load from the file',
    ],
    table,
  );
  for (let at = 1; at < medians.length; at++)
    gate(`search by meaning, ${medians[at - 1]!.size} to ${medians[at]!.size}`, medians[at - 1]!, medians[at]!, 1.5);
}

function exactNearest(all: Float32Array, query: Float32Array, count: number, most: number): number[] {
  const best: { at: number; score: number }[] = [];
  let least = -Infinity;
  for (let at = 0, offset = 0; at < count; at++, offset += dimension) {
    let score = 0;
    for (let index = 0; index < dimension; index++) score += (all[offset + index] as number) * (query[index] as number);
    if (score <= least) continue;
    best.push({ at, score });
    best.sort((a, b) => b.score - a.score);
    if (best.length > most) best.pop();
    if (best.length === most) least = best[most - 1]!.score;
  }
  return best.map(({ at }) => at);
}

void main();

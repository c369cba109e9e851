/** The index finds what the table contains, whatever happens to its copies. */
import {
  existsSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { makeVectors } from '../../../test/fakes/vectors';
import { openDatabase } from '../store/open';
import type { SqlDriver } from '../store/sqlite/driver';
import { defineTokens, documentKinds, indexRow, unindexRow } from '../store/tables/documents';
import { putVectors, vectorsUpTo } from '../store/tables/vectors';
import { flatFileOf } from './flat-file';
import { VectorIndex } from './vector-index';

const model = 'fake/model@1';
const dimension = 48;
const count = 900;

let folder: string;
let driver: SqlDriver;
let close: () => void;
let vectors: Float32Array[];
let next: () => Float32Array;
beforeEach(async () => {
  folder = mkdtempSync(path.join(tmpdir(), 'claude-mem-vectors-'));
  ({ driver, close } = openDatabase({ engine: await loadEngine(), dataDir: folder, version: 'test' }));
  defineTokens(driver, (text) => text);
  next = makeVectors(dimension);
  vectors = [];
  add(count);
});
afterEach(() => {
  vi.restoreAllMocks();
  close();
  rmSync(folder, { recursive: true, force: true });
});

/** Adds documents with one vector each; document n has vector n - 1. */
function add(many: number): void {
  driver.transaction(() => {
    for (let index = 0; index < many; index++) {
      const row = vectors.push(next());
      indexRow(driver, {
        kind: documentKinds.prompt,
        row,
        session: 1,
        turn: 0,
        projectId: 1,
        facet: 'user',
        tool: '',
        at: row,
      });
      putVectors(
        driver,
        model,
        dimension,
        [{ document: row, rows: [{ document: row, chunk: 0, hash: `hash-${row}`, vector: vectors[row - 1]! }] }],
        1,
      );
    }
  });
}

const file = () => flatFileOf(folder, model);
async function open(): Promise<VectorIndex> {
  const index = new VectorIndex({ driver, model, dimension, dataDir: folder, file: file() });
  await index.load();
  return index;
}

/** Computes the answer from the table, row by row. */
function truth(query: Float32Array, most: number, isThere: (document: number) => boolean = () => true): number[] {
  const score = (at: number) => vectors[at]!.reduce((sum, value, index) => sum + value * (query[index] ?? 0), 0);
  return vectors
    .map((_, at) => ({ document: at + 1, score: score(at) }))
    .filter(({ document }) => isThere(document))
    .sort((a, b) => b.score - a.score)
    .slice(0, most)
    .map(({ document }) => document);
}
const found = (index: VectorIndex, query: Float32Array, most = 10) =>
  index.nearest(query, most).map(({ document }) => document);

it('finds what an exact comparison finds, with its cosine', async () => {
  const index = await open();
  expect(index.size).toBe(count);
  for (let turn = 0; turn < 30; turn++) {
    const query = next();
    expect(found(index, query)).toEqual(truth(query, 10));
  }
  const [self] = index.nearest(vectors[7]!, 1);
  expect(self).toMatchObject({ document: 8, chunk: 0 });
  expect(self?.similarity).toBeCloseTo(1, 5);
});

it('asks for what is allowed only, and still gives as many', async () => {
  const index = await open();
  const query = next();
  expect(index.nearest(query, 10, (document) => document % 3 === 0).map(({ document }) => document)).toEqual(
    truth(query, 10, (document) => document % 3 === 0),
  );
});

it('takes in a great many in slices, letting others speak in between', async () => {
  const index = await open();
  add(4200);
  const each = vi.spyOn(driver, 'each');
  const rows = () =>
    each.mock.calls
      .filter(([sql]) => sql.includes('ORDER BY id LIMIT'))
      .reduce((sum, [, params]) => sum + Number(params[2]), 0);
  const slices: number[] = [];
  const over = new AbortController();
  const others = (async () => {
    for (let before = 0; !over.signal.aborted; before = rows()) {
      await new Promise((resolve) => setImmediate(resolve));
      slices.push(rows() - before);
    }
  })();
  index.nearest(next(), 10);
  expect(rows()).toBeLessThanOrEqual(500);
  await index.save();
  over.abort();
  await others;
  // A slice of a search and one in the background may run in the same step.
  expect(Math.max(...slices)).toBeLessThanOrEqual(1000);
  expect(index.size).toBe(count + 4200);
  const query = next();
  expect(found(index, query)).toEqual(truth(query, 10));
});

it('sees rows that were added, and does not answer rows that went', async () => {
  const index = await open();
  add(5);
  expect(found(index, vectors[count + 2]!, 1)).toEqual([count + 3]);
  unindexRow(driver, documentKinds.prompt, count + 3);
  expect(found(index, vectors[count + 2]!)).toEqual(
    truth(vectors[count + 2]!, 10, (document) => document !== count + 3),
  );
});

it('lets go of all that was forgotten at once, and of the file', async () => {
  const index = await open();
  await index.save(true);
  expect(existsSync(file())).toBe(true);
  for (let row = 1; row <= 300; row++) unindexRow(driver, documentKinds.prompt, row);
  index.invalidate(true);
  expect(existsSync(file())).toBe(false);
  const query = next();
  expect(found(index, query, 600)).toEqual(expect.arrayContaining(truth(query, 300, (document) => document > 300)));
  expect(found(index, query, 600).every((document) => document > 300)).toBe(true);
  expect(index.size).toBe(600);
  await index.save(true);
  expect(statSync(file()).size).toBe(1024 + 600 * (16 + dimension));
});

describe('the file', () => {
  beforeEach(async () => (await open()).save(true));

  /** True when the file was accepted at the start: one that is not accepted is deleted. */
  const isRead = async (): Promise<boolean> => {
    const index = await open();
    return index.nearest(vectors[0]!, count).length === count && existsSync(file());
  };

  it('is read instead of the table, and only one is kept', async () => {
    writeFileSync(path.join(folder, 'vectors-old-model-0.int8'), 'x');
    expect(await isRead()).toBe(true);
    add(600);
    const index = await open();
    await index.save();
    expect(readdirSync(folder).filter((name) => name.endsWith('.int8'))).toEqual([path.basename(file())]);
    expect(statSync(file()).size).toBe(1024 + (count + 600) * (16 + dimension));
    const query = next();
    expect(found(await open(), query)).toEqual(truth(query, 10));
  });

  it.each<[string, () => void]>([
    ['a changed byte', () => writeFileSync(file(), flipped(readFileSync(file()), 5000))],
    ['a changed header', () => writeFileSync(file(), flipped(readFileSync(file()), 40))],
    ['a missing end', () => truncateSync(file(), 20_000)],
    ['an empty file', () => truncateSync(file(), 0)],
    ['a table of another day, with as many rows', () => driver.run('UPDATE vector_embeddings SET created_at = 2')],
    [
      'another model in it',
      () =>
        writeFileSync(
          file(),
          Buffer.from(readFileSync(file()).toString('latin1').replace('fake/model@1', 'fake/model@2'), 'latin1'),
        ),
    ],
  ])('with %s is not believed and goes', async (_, harm) => {
    const query = next();
    harm();
    const index = await open();
    expect(existsSync(file())).toBe(false);
    expect(found(index, query)).toEqual(truth(query, 10));
    await index.save(true);
    expect(found(await open(), query)).toEqual(truth(query, 10));
  });

  it('that was cut short while it grew counts only what its header counts', async () => {
    const before = readFileSync(file());
    writeFileSync(file(), Buffer.concat([before, Buffer.alloc(777, 1)]));
    const index = await open();
    const query = next();
    expect(existsSync(file())).toBe(true);
    expect(found(index, query)).toEqual(truth(query, 10));
    add(600);
    await index.save();
    expect(found(await open(), query)).toEqual(truth(query, 10));
    expect(existsSync(file())).toBe(true);
  });

  it('may be deleted while all is running', async () => {
    const index = await open();
    rmSync(file());
    const query = next();
    expect(found(index, query)).toEqual(truth(query, 10));
    add(600);
    await index.save();
    expect(statSync(file()).size).toBe(1024 + (count + 600) * (16 + dimension));
    expect(found(await open(), query)).toEqual(truth(query, 10));
  });

  it('keeps nothing of a row that was renewed since', async () => {
    unindexRow(driver, documentKinds.prompt, 8);
    const index = await open();
    expect(found(index, vectors[7]!)).toEqual(truth(vectors[7]!, 10, (document) => document !== 8));
    expect(existsSync(file())).toBe(false);
    await index.save(true);
    expect(statSync(file()).size).toBe(1024 + (count - 1) * (16 + dimension));
  });

  it('does not come back when rows are forgotten while it is written', async () => {
    add(600);
    const index = await open();
    const saving = index.save();
    unindexRow(driver, documentKinds.prompt, 3);
    index.invalidate(true);
    await saving;
    expect(existsSync(file())).toBe(false);
  });

  it('the control: a file that says what the table does not is seen to be read', async () => {
    // Two rows are swapped in the file, with a matching header: an index that trusts the file answers the wrong one.
    const { appendFlat, readFlat } = await import('./flat-file');
    const records: { id: number; document: number; chunk: number; values: Int8Array; scale: number }[] = [];
    const header = await readFlat(
      file(),
      () => true,
      (record) => records.push({ ...record, values: record.values.slice() }),
    );
    [records[0]!.document, records[1]!.document] = [2, 1];
    await appendFlat(
      file(),
      undefined,
      { model, dimension, lastId: header!.lastId, mark: vectorsUpTo(driver, model, header!.lastId).mark },
      records,
    );
    expect(found(await open(), vectors[0]!, 1)).toEqual([2]);
  });
});

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1;
  return bytes;
}

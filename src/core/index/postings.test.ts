/** Postings read from the segments equal FTS4's own answers after any writes, deletes and merges. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import type { SqlDriver } from '../store/sqlite/driver';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import { Segments } from '../store/sqlite/segments';
import { defineTokens, indexRow, mergeIndex, optimizeIndex, unindexRow } from '../store/tables/documents';
import { joinPostings, placesAt, readPostings, readPrefix } from './postings';
import type { Postings } from './postings';
import { indexText } from './tokenize';

const engine = await loadEngine();
const words = [
  'a',
  'alpha',
  'alphabet',
  'beta',
  'gamma',
  '购物',
  'ˑx',
  'zz9',
  ...Array.from({ length: 60 }, (_, index) => `word${index}`),
];

function makeStore() {
  const driver = engine.openMemory();
  defineTokens(driver, indexText);
  migrate(driver, memorySchema);
  driver.run("INSERT INTO projects (root, name) VALUES ('/work', 'work')");
  driver.run("INSERT INTO sessions (id, project_id, created_at, updated_at) VALUES ('s', 1, 0, 0)");
  let row = 0;
  return {
    driver,
    write: (text: string): number => {
      row++;
      driver.run(
        `INSERT INTO prompts (id, uid, session, sequence_num, turn, prompt_type, content, content_hash, created_at)
          VALUES (?, ?, 1, ?, 1, 'user', ?, '', 0)`,
        [row, `u${row}`, row, text],
      );
      indexRow(driver, { kind: 0, row, session: 1, turn: 1, projectId: 1, facet: 'user', tool: '', at: row });
      return row;
    },
  };
}

const answerOf = (driver: SqlDriver, expression: string): number[] =>
  driver
    .all<{ id: number }>('SELECT docid AS id FROM fulltext WHERE fulltext MATCH ? ORDER BY docid', [expression])
    .map(({ id }) => id);
const idsOf = (postings: Postings | undefined): number[] => [...(postings?.documents ?? [])].sort((a, b) => a - b);

describe('postings', () => {
  it('are those of FTS4 after any writing, deleting and merging', () => {
    const text = fc.array(fc.constantFrom(...words), { minLength: 1, maxLength: 30 }).map((parts) => parts.join(' '));
    const step = fc.record({
      kind: fc.constantFrom('write', 'write', 'write', 'batch', 'remove', 'merge', 'optimize'),
      text,
      pick: fc.nat(),
    });
    fc.assert(
      fc.property(fc.array(step, { minLength: 1, maxLength: 30 }), (steps) => {
        const { driver, write } = makeStore();
        const segments = new Segments(driver);
        const rows: number[] = [];
        for (const { kind, text: body, pick } of steps) {
          // Cached data must not be used after the next write.
          segments.refresh();
          readPostings(segments, 'alpha');
          if (kind === 'write') rows.push(write(body));
          else if (kind === 'batch')
            driver.transaction(
              () =>
                void rows.push(...Array.from({ length: 50 }, (_, index) => write(`${body} word${index % 60} alpha`))),
            );
          else if (kind === 'merge') mergeIndex(driver);
          else if (kind === 'optimize') optimizeIndex(driver);
          else if (rows.length > 0) unindexRow(driver, 0, rows.splice(pick % rows.length, 1)[0]!);
        }
        segments.refresh();
        for (const word of ['a', 'alpha', 'alphabet', '购物', 'word1', 'word59', 'nowhere'])
          expect(idsOf(readPostings(segments, word)), word).toEqual(answerOf(driver, word));
        for (const prefix of ['a', 'alph', 'word', 'word5', 'zz', 'q'])
          expect(idsOf(readPrefix(segments, prefix, 1 << 20)), prefix).toEqual(answerOf(driver, `${prefix}*`));
        driver.close();
      }),
      { numRuns: 60 },
    );
  });

  it('know how often and where a word stands', () => {
    const { driver, write } = makeStore();
    write('beta alpha beta gamma');
    write(`${'gamma '.repeat(300)}alpha`);
    const segments = new Segments(driver);
    const beta = readPostings(segments, 'beta')!;
    expect([...beta.documents, ...beta.counts, ...placesAt(beta, 0, 9)]).toEqual([1, 2, 0, 2]);
    const alpha = readPostings(segments, 'alpha')!;
    const far = alpha.documents.indexOf(2);
    expect(placesAt(alpha, far, 9)).toEqual([300]);
    const gamma = readPostings(segments, 'gamma')!;
    expect(gamma.counts[gamma.documents.indexOf(2)]).toBe(300);
    expect(placesAt(gamma, gamma.documents.indexOf(2), 5)).toEqual([0, 1, 2, 3, 4]);
    const both = joinPostings([beta, alpha]);
    expect(idsOf(both)).toEqual([1, 2]);
    expect(both.counts[both.documents.indexOf(1)]).toBe(3);
    driver.close();
  });

  it('are found in trees of several levels', () => {
    const { driver, write } = makeStore();
    driver.transaction(() => {
      const tail = 'x'.repeat(60);
      for (let index = 0; index < 4000; index++)
        write(
          `number${index} number${index + 1} zzz ${Array.from({ length: 9 }, (_, each) => `${index}tail${each}${tail}`).join(' ')}`,
        );
    });
    optimizeIndex(driver);
    // The first byte of a root is its height.
    expect(driver.get<{ root: Uint8Array }>('SELECT root FROM fulltext_segdir')!.root[0]).toBeGreaterThanOrEqual(2);
    const segments = new Segments(driver);
    for (let index = 0; index <= 4000; index += 37)
      expect(idsOf(readPostings(segments, `number${index}`)), `${index}`).toEqual(answerOf(driver, `number${index}`));
    expect(idsOf(readPrefix(segments, 'number39', 1 << 24))).toEqual(answerOf(driver, 'number39*'));
    expect(idsOf(readPostings(segments, 'zzz'))).toHaveLength(4000);
    expect(idsOf(readPrefix(segments, 'number1', 500)).length).toBeLessThan(answerOf(driver, 'number1*').length);
    driver.close();
  });
});

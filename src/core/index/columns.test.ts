/** The columns equal a scan of the table after any sequence of inserts and deletes. */
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { loadEngine } from '../../../test/fakes/test-memory';
import { memorySchema, migrate } from '../store/sqlite/migrate';
import type { DocumentFacts } from '../store/tables/documents';
import { defineTokens, indexRow, unindexRow } from '../store/tables/documents';
import { DocumentColumns } from './columns';
import { indexText } from './tokenize';

const engine = await loadEngine();

function makeStore() {
  const driver = engine.openMemory();
  defineTokens(driver, indexText);
  migrate(driver, memorySchema);
  driver.run("INSERT INTO projects (root, name) VALUES ('/work', 'work')");
  driver.run("INSERT INTO sessions (id, project_id, created_at, updated_at) VALUES ('s', 1, 0, 0)");
  const scan = () =>
    driver.all<DocumentFacts>(
      'SELECT id, kind, row_id AS row, session, turn, project_id AS projectId, facet, tool, at FROM documents ORDER BY id',
    );
  return { driver, scan };
}

describe('columns', () => {
  it('equal a scan after random adding, renewing, moving and removing', () => {
    fc.assert(
      fc.property(
        fc.array(
          fc.record({
            step: fc.constantFrom('add', 'add', 'renew', 'remove', 'move', 'update', 'clear'),
            pick: fc.nat(),
            turn: fc.nat(50),
            at: fc.nat({ max: 2 ** 50 }),
            facet: fc.constantFrom('user', 'assistant', 'error', 'info'),
            tool: fc.constantFrom('', 'Bash', 'Edit'),
          }),
          { maxLength: 40 },
        ),
        (steps) => {
          const { driver, scan } = makeStore();
          const columns = new DocumentColumns();
          const rows: number[] = [];
          let next = 1;
          const add = (row: number, { turn, at, facet, tool }: (typeof steps)[number]) =>
            indexRow(driver, { kind: 0, row, session: 1, turn, projectId: 1, facet, tool, at });
          for (const step of steps) {
            const row = rows[step.pick % Math.max(1, rows.length)];
            if (step.step === 'add') {
              rows.push(next);
              add(next++, step);
            } else if (step.step === 'update') columns.update(driver);
            else if (step.step === 'clear') columns.clear();
            else if (step.step === 'move')
              driver.run('UPDATE documents SET turn = ? WHERE kind = 0 AND row_id = ?', [step.turn, row ?? 0]);
            else if (row !== undefined) {
              unindexRow(driver, 0, row);
              if (step.step === 'renew') add(row, step);
              else rows.splice(rows.indexOf(row), 1);
            }
          }
          columns.update(driver);
          for (const facts of scan()) expect(columns.facts(columns.position(facts.id))).toEqual(facts);
          // Replaced and deleted rows are not visited, without a rebuild.
          const there = () => [...columns.each()].map((at) => columns.facts(at).id);
          expect(there()).toEqual(scan().map(({ id }) => id));
          columns.clear();
          columns.update(driver);
          expect(columns.size).toBe(scan().length);
          expect(there()).toEqual(scan().map(({ id }) => id));
          driver.close();
        },
      ),
      { numRuns: 40 },
    );
  });

  it('grow past their first capacity', () => {
    const { driver, scan } = makeStore();
    driver.transaction(() => {
      for (let row = 1; row <= 9000; row++)
        driver.run(
          "INSERT INTO documents (kind, row_id, session, turn, project_id, facet, tool, at) VALUES (1, ?, 1, ?, 1, 'info', ?, ?)",
          [row, row % 100, `tool ${row % 300}`, row * 1000],
        );
      driver.run('DELETE FROM documents WHERE id % 3 = 0');
    });
    const columns = new DocumentColumns();
    // Updates in slices, as a memory that was just opened does.
    expect([
      columns.update(driver, 2500),
      columns.update(driver, 2500),
      columns.size,
      columns.update(driver, 2500),
    ]).toEqual([false, false, 5000, true]);
    expect(columns.size).toBe(6000);
    for (const facts of scan()) expect(columns.facts(columns.position(facts.id))).toEqual(facts);
    expect([columns.position(3), columns.position(0), columns.position(1e9)]).toEqual([-1, -1, -1]);
    driver.close();
  });
});

/** Files damaged in many ways: every row that is not on a damaged page is recovered, what a person wrote first. */
import nodeFs from 'node:fs';
import path from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { openTestMemory, loadEngine } from '../../../test/fakes/test-memory';
import type { TestMemory } from '../../../test/fakes/test-memory';
import { Transcript, sessionId, writeTranscript } from '../../../test/fixtures/transcript-lines';
import { indexText } from '../index/tokenize';
import { openCopy } from '../store/backup/aside';
import { salvage } from '../store/repair/salvage';
import type { SalvageReport } from '../store/repair/salvage';
import { checkDatabase } from '../store/sqlite/check';
import type { SqlDriver } from '../store/sqlite/driver';
import { defineTokens, rebuildIndex } from '../store/tables/documents';

const engine = await loadEngine();
const pageSize = 4096;
const learnings = 120;
let test: TestMemory;
let whole: string;
let rows: Record<string, number>;
const file = () => path.join(test.dataDir, 'damaged.db');
const target = () => path.join(test.dataDir, 'salvaged.db');

beforeAll(async () => {
  test = await openTestMemory();
  for (let number = 1; number <= 12; number++) {
    const transcript = new Transcript(sessionId(number), { cwd: `/work/shop${number % 3}` });
    for (let turn = 0; turn < 12; turn++) {
      transcript.prompt(`please look at part ${turn} of number ${number}`);
      transcript.tool('Bash', { command: `run ${turn}` }, `output ${turn} `.repeat(turn * 60));
      transcript.answer(`done with ${turn}`);
    }
    await writeTranscript(test.configDir, sessionId(number), transcript);
  }
  await test.import();
  for (let number = 0; number < learnings; number++) {
    // Some are longer than a page and use overflow pages.
    await test.memory.saveLearning({
      id: idOf(number),
      category: 'solution',
      title: `learnt ${number}`,
      description: `about ${number} `.repeat(number % 10 === 0 ? 700 : 50),
    });
  }
  await test.memory.forgetSession(sessionId(12));
  test.driver.checkpoint();
  whole = path.join(test.dataDir, 'memory.db');
  rows = checkDatabase(test.driver).rows;
});
afterAll(() => test.close());
beforeEach(() => nodeFs.copyFileSync(whole, file()));

const idOf = (number: number) => `learning-${String(number).padStart(4, '0')}`;
const damage = (work: (bytes: Buffer) => Buffer | void) => {
  const bytes = nodeFs.readFileSync(file());
  nodeFs.writeFileSync(file(), work(bytes) ?? bytes);
};
/** The page with the table row that contains this text; indexes may contain it too. */
const pageOf = (bytes: Buffer, text: string): number => {
  for (let at = bytes.indexOf(text); at !== -1; at = bytes.indexOf(text, at + 1))
    if (bytes[Math.floor(at / pageSize) * pageSize] === 0x0d) return Math.floor(at / pageSize);
  return -1;
};
const zero = (bytes: Buffer, page: number) => bytes.fill(0, page * pageSize, (page + 1) * pageSize);
/** Learnings that begin on this page. */
const learningsOn = (bytes: Buffer, page: number) =>
  Array.from({ length: learnings }, (_, number) => idOf(number)).filter((id) => pageOf(bytes, id) === page);

interface Salvaged {
  report: SalvageReport;
  ids: Set<string>;
  counts: Record<string, number>;
  search: (word: string) => number;
}
function run(dataDir = path.join(test.dataDir, 'no-backups')): Salvaged {
  const report = salvage(engine, { dataDir, file: file(), target: target(), now: 1, indexText });
  const driver: SqlDriver = openCopy(engine, target());
  try {
    const check = checkDatabase(driver);
    expect(check.problems).toEqual([]);
    defineTokens(driver, indexText);
    const search = new Map(
      ['output', 'learnt', 'please'].map((word) => [
        word,
        driver.get<{ n: number }>('SELECT count(*) AS n FROM fulltext WHERE fulltext MATCH ?', [
          indexText(word).split(' ')[0] ?? '',
        ])?.n ?? 0,
      ]),
    );
    return {
      report,
      counts: check.rows,
      ids: new Set(driver.all<{ id: string }>('SELECT id FROM learnings').map(({ id }) => id)),
      search: (word) => search.get(word) ?? 0,
    };
  } finally {
    driver.close();
  }
}
/** All tables that a repair keeps, with their rows. */
const kept = [
  'projects',
  'sessions',
  'prompts',
  'observations',
  'learnings',
  'tombstones',
  'configurations',
  'message_usage',
] as const;
const only = (counts: Record<string, number>) => Object.fromEntries(kept.map((name) => [name, counts[name]]));

describe('salvage', () => {
  it('of a whole file brings back every row, and an index that finds them', () => {
    const { report, counts, search } = run();
    expect(report.gaps).toBe(0);
    expect(only(counts)).toEqual(only(rows));
    expect(search('learnt')).toBe(learnings);
    expect(search('output')).toBeGreaterThan(100);
    // The full-text index has the same words for the same number of documents.
    rebuildIndex(test.driver);
    expect(counts['documents']).toBe(test.driver.get<{ n: number }>('SELECT count(*) AS n FROM documents')?.n);
  });

  it('takes in what only the write-ahead log had', async () => {
    await test.memory.saveLearning({ id: 'only-in-the-log', category: 'general', title: 'x', description: '' });
    nodeFs.copyFileSync(`${whole}.vwal`, `${file()}.vwal`);
    try {
      expect(run().ids).toContain('only-in-the-log');
    } finally {
      nodeFs.rmSync(`${file()}.vwal`);
      test.driver.run(
        "DELETE FROM documents WHERE kind = 2 AND row_id = (SELECT no FROM learnings WHERE id = 'only-in-the-log')",
      );
      test.driver.run("DELETE FROM learnings WHERE id = 'only-in-the-log'");
    }
    // Control: without the damage nothing is missing.
    expect(run().ids.size).toBe(learnings);
  });

  it('of a zeroed page of learnings loses those on it and no other', () => {
    let lost: string[] = [];
    damage((bytes) => {
      const page = pageOf(bytes, idOf(61));
      lost = learningsOn(bytes, page);
      zero(bytes, page);
    });
    const { ids, report, counts } = run();
    expect(lost.length).toBeGreaterThan(1);
    for (let number = 0; number < learnings; number++)
      expect([idOf(number), ids.has(idOf(number)) || lost.includes(idOf(number))]).toEqual([idOf(number), true]);
    expect(report.gaps).toBeGreaterThan(0);
    expect(counts['prompts']).toBe(rows['prompts']);
  });

  it('of a zeroed inner page of learnings loses none: their pages are found without it', () => {
    const root =
      test.driver.get<{ rootpage: number }>("SELECT rootpage FROM sqlite_master WHERE name = 'learnings'")?.rootpage ??
      0;
    damage((bytes) => {
      // Control: it is an inner page.
      expect(bytes[(root - 1) * pageSize]).toBe(5);
      zero(bytes, root - 1);
    });
    const { ids, counts } = run();
    expect(ids.size).toBe(learnings);
    expect(only(counts)).toEqual(only(rows));
  });

  it.each(['header', 'first page', 'schema'])('without its %s brings back every row', (what) => {
    damage((bytes) => {
      if (what === 'header') bytes.fill(0, 0, 100);
      else if (what === 'first page') zero(bytes, 0);
      else zero(bytes, pageOf(bytes, 'CREATE TABLE learnings'));
    });
    expect(only(run().counts)).toEqual(only(rows));
  });

  it.each(['observations_by_turn', 'learnings_by_time', 'fulltext_segments', 'fulltext_segdir'])(
    'of damaged pages of %s only loses nothing: they are made anew',
    (name) => {
      const root =
        test.driver.get<{ rootpage: number }>('SELECT rootpage FROM sqlite_master WHERE name = ?', [name])?.rootpage ??
        0;
      damage((bytes) => void bytes.fill(0x5a, (root - 1) * pageSize, root * pageSize));
      const { counts, search } = run();
      expect(only(counts)).toEqual(only(rows));
      expect(search('learnt')).toBe(learnings);
    },
  );

  it('of a file cut off in the middle of the learnings brings back what stands before', () => {
    let there: string[] = [];
    damage((bytes) => {
      const half = bytes.subarray(0, pageOf(bytes, idOf(learnings / 2)) * pageSize + 100);
      // A row whose overflow pages are damaged is lost too.
      there = Array.from({ length: learnings }, (_, number) => number)
        .filter(
          (number) =>
            number % 10 !== 0 &&
            pageOf(half, idOf(number)) >= 0 &&
            pageOf(half, idOf(number)) < Math.floor(half.length / pageSize),
        )
        .map(idOf);
      return half;
    });
    const { ids } = run();
    expect(there.length).toBeGreaterThan(0);
    expect(there.filter((id) => !ids.has(id))).toEqual([]);
  });

  it('of flipped bits everywhere never fails, and brings back most', () => {
    damage((bytes) => {
      for (let at = 5000; at < bytes.length; at += 50_021) bytes[at] = (bytes[at] ?? 0) ^ 0x10;
    });
    const { ids, counts } = run();
    expect(ids.size).toBeGreaterThan(learnings / 2);
    expect(counts['sessions']).toBeGreaterThan(5);
  });

  it('gives a session to rows whose own is lost', () => {
    const root =
      test.driver.get<{ rootpage: number }>("SELECT rootpage FROM sqlite_master WHERE name = 'sessions'")?.rootpage ??
      0;
    damage((bytes) => {
      for (let number = 1; number <= 12; number++)
        for (let at = bytes.indexOf(sessionId(number)); at !== -1; at = bytes.indexOf(sessionId(number), at + 1))
          if (
            bytes[Math.floor(at / pageSize) * pageSize] === 0x0d &&
            bytes.subarray(at - 60, at + 60).includes('default')
          )
            zero(bytes, Math.floor(at / pageSize));
      zero(bytes, root - 1);
    });
    const { counts } = run();
    expect(counts['prompts']).toBe(rows['prompts']);
    expect(counts['observations']).toBe(rows['observations']);
  });

  it('takes learnings that are missing from the newest hourly backup', async () => {
    await test.care.beat();
    nodeFs.writeFileSync(file(), 'this is my diary, not a database. '.repeat(900));
    const { ids, report } = run(test.dataDir);
    expect(ids.size).toBe(learnings);
    expect(report.fromBackup).toBe(learnings);
  });

  it('of something that is no database ends with an empty one', () => {
    nodeFs.writeFileSync(file(), 'this is my diary, not a database. '.repeat(900));
    expect(run().ids.size).toBe(0);
    nodeFs.writeFileSync(file(), '');
    expect(run().ids.size).toBe(0);
  });
});

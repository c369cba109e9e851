/**
 * Time of ranked search as the memory grows: ranking alone, the whole answer with snippets and facets, and each
 * keystroke of a word; compared with FTS5's bm25 in node:sqlite over the same words. `--sizes 500000` for other sizes.
 */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { askedQuery } from '../../src/core/index/asked-query';
import { FullText } from '../../src/core/index/full-text';
import { parseQuery } from '../../src/core/index/query';
import { Merits, rerank } from '../../src/core/search/rerank';
import { vocabulary, writeHistory } from './history';
import { gate, machine, ms, percentile, printTable, randomFrom, sizesOr, withFolder } from './measure';
import { openBench } from './open';

const queries = 300;

async function main(): Promise<void> {
  console.log(`# search (${machine()})`);
  const table: string[][] = [];
  const medians: { size: number; time: number }[] = [];
  for (const size of sizesOr([1000, 10_000, 100_000])) {
    await withFolder(async (folder) => {
      const { row, median, documents } = await measure(folder, size);
      table.push(row);
      medians.push({ size: documents, time: median });
    });
  }
  printTable(
    'Search, ms p50 / p99 (1 to 3 words)',
    [
      'tool calls',
      'documents',
      'ranking',
      'whole answer, 20 hits with snippets and facets',
      'a keystroke, whole answer',
      'FTS5 bm25 in node:sqlite, first 100',
      'first search after opening',
      'hits a query',
    ],
    table,
  );
  const [small] = medians;
  const big = medians.at(-1);
  if (small && big && small !== big) gate('ranking', small, big, 1);
}

async function measure(folder: string, size: number) {
  const bench = await openBench(folder);
  writeHistory(bench.configDir, size);
  await bench.import({ isArchiving: false });
  bench.driver.run("INSERT INTO fulltext (fulltext) VALUES ('optimize')");
  const reference = openReference(folder, bench.driver);
  const index = new FullText(bench.driver);
  const merits = new Merits(bench.driver);
  const now = Date.now();
  const opened = performance.now();
  index.search(askedQuery({ text: 'warm' }, undefined, now));
  const first = performance.now() - opened;
  await bench.memory.search({ text: 'warm' });
  const times = { ranking: [] as number[], whole: [] as number[], typing: [] as number[], theirs: [] as number[] };
  const time = async (into: number[], work: () => unknown) => {
    const started = performance.now();
    await work();
    into.push(performance.now() - started);
  };
  let hits = 0;
  for (const text of questions()) {
    // As after every write: no doclist is decoded. The four variants alternate, so that other load on the machine
    // affects all of them.
    index.invalidate();
    await time(times.ranking, () => {
      const { sessions, matches } = index.search(askedQuery({ text }, undefined, now));
      rerank(sessions, matches.columns, merits, now);
    });
    await time(times.whole, async () => (hits += (await bench.memory.search({ text })).hits.length));
    await time(times.theirs, () => reference.ask(text));
    for (let end = text.lastIndexOf(' ') + 3; end <= text.length; end++)
      await time(times.typing, () => bench.memory.search({ text: text.slice(0, end), isTyping: true, roads: 'words' }));
  }
  reference.close();
  const documents = index.columns().size;
  await bench.close();
  const both = (values: readonly number[]) => `${ms(percentile(values, 0.5))} / ${ms(percentile(values, 0.99))}`;
  return {
    documents,
    median: percentile(times.ranking, 0.5),
    row: [
      String(size),
      String(documents),
      both(times.ranking),
      both(times.whole),
      both(times.typing),
      both(times.theirs),
      ms(first),
      (hits / queries).toFixed(1),
    ],
  };
}

/** One to three words as people remember them: distinctive ones, with ranks from 300 to 30,000. */
function questions(): string[] {
  const random = randomFrom(3);
  return Array.from({ length: queries }, (_, index) =>
    Array.from({ length: 1 + (index % 3) }, () => vocabulary[Math.floor(300 * 100 ** random())] ?? '').join(' '),
  );
}

function openReference(folder: string, driver: Awaited<ReturnType<typeof openBench>>['driver']) {
  const database = new DatabaseSync(path.join(folder, 'reference.db'));
  database.exec('PRAGMA journal_mode = WAL; CREATE VIRTUAL TABLE words USING fts5 (body, content = "")');
  const insert = database.prepare('INSERT INTO words (rowid, body) VALUES (?, ?)');
  database.exec('BEGIN');
  driver.each(
    'SELECT rowid, body FROM fulltext_source',
    [],
    ([id, body]) => void insert.run(id as number, body as string),
  );
  database.exec("COMMIT; INSERT INTO words (words) VALUES ('optimize')");
  const statement = database.prepare(
    'SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT 100',
  );
  return {
    ask(text: string) {
      const expression = parseQuery(text, { now: 0 })
        .terms.map((term) => `"${term}"`)
        .join(' OR ');
      statement.all(expression === '' ? '"a"' : expression);
    },
    close: () => database.close(),
  };
}

void main();

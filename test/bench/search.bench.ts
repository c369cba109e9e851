/** Ranked search as memory grows: ours, and FTS5's own bm25 in node:sqlite over the same words beside it. */
import path from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { parseQuery } from '../../src/core/index/query';
import { vocabulary, writeHistory } from './history';
import { gate, machine, ms, percentile, printTable, randomFrom, withFolder } from './measure';
import { openBench } from './open';

const queries = 300;
const isBig = !process.argv.includes('--small');

async function main(): Promise<void> {
  console.log(`# search (${machine()})`);
  const table: string[][] = [];
  const medians: { size: number; time: number }[] = [];
  for (const size of isBig ? [1000, 10_000, 100_000] : [1000, 10_000]) {
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      writeHistory(bench.configDir, size);
      await bench.import();
      bench.driver.run("INSERT INTO fulltext (fulltext) VALUES ('optimize')");
      const reference = new DatabaseSync(path.join(folder, 'reference.db'));
      reference.exec('PRAGMA journal_mode = WAL; CREATE VIRTUAL TABLE words USING fts5 (body, content = "")');
      const insert = reference.prepare('INSERT INTO words (rowid, body) VALUES (?, ?)');
      reference.exec('BEGIN');
      bench.driver.each('SELECT rowid, body FROM fulltext_source', [], ([id, body]) => void insert.run(id as number, body as string));
      reference.exec("COMMIT; INSERT INTO words (words) VALUES ('optimize')");
      const ask = reference.prepare('SELECT rowid, bm25(words) AS score FROM words WHERE words MATCH ? ORDER BY score LIMIT 100');
      const random = randomFrom(3);
      // One to three words as people remember them: distinctive ones, of rank 300 to 30,000.
      const texts = Array.from({ length: queries }, (_, index) => Array.from({ length: 1 + (index % 3) }, () => vocabulary[Math.floor(300 * 100 ** random())] ?? '').join(' '));
      const times: { ours: number[]; theirs: number[] } = { ours: [], theirs: [] };
      let hits = 0;
      await bench.memory.search({ text: 'warm' });
      for (const text of texts) {
        const started = performance.now();
        hits += (await bench.memory.search({ text })).hits.length;
        times.ours.push(performance.now() - started);
        const expression = parseQuery(text, { now: Date.now() }).terms.map((term) => `"${term}"`).join(' OR ');
        const reStarted = performance.now();
        ask.all(expression === '' ? '"a"' : expression);
        times.theirs.push(performance.now() - reStarted);
      }
      reference.close();
      await bench.close();
      medians.push({ size, time: percentile(times.ours, 0.5) });
      table.push([
        String(size), ms(percentile(times.ours, 0.5)), ms(percentile(times.ours, 0.99)), ms(percentile(times.theirs, 0.5)), ms(percentile(times.theirs, 0.99)), (hits / queries).toFixed(1),
      ]);
    });
  }
  printTable('Ranked search, ms (1 to 3 words; ours with snippets, facets and session ranking)', ['tool calls', 'ours p50', 'ours p99', 'FTS5 bm25 in node:sqlite p50', 'p99', 'hits a query'], table);
  const [small] = medians;
  const big = medians.at(-1);
  if (small && big) gate('ranked search', small, big, 1);
}

void main();

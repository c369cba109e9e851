/** Time of a keystroke besides the search itself: completion of each kind of piece, and facets over everything. */
import { DocumentColumns } from '../../src/core/index/columns';
import { Completer } from '../../src/core/index/complete';
import { countFacets } from '../../src/core/index/facets';
import { parseQuery } from '../../src/core/index/query';
import { Scores } from '../../src/core/index/score';
import type { GroupedPlaces } from '../../src/core/index/score';
import { shownProjects } from '../../src/core/store/tables/projects';
import { writeHistory } from './history';
import { gate, machine, ms, percentile, printTable, withFolder } from './measure';
import { openBench } from './open';

const isBig = !process.argv.includes('--small');
const rounds = 200;
/** Prefixes as they are typed. */
const typed = [
  'pro',
  'project:',
  'project:project-3',
  'tool:',
  'tool:Ba',
  'file:',
  'file:a',
  'file:an',
  'branch:ma',
  'type:er',
  'tag:x',
  'after:',
  'words before file:e',
];

async function main(): Promise<void> {
  console.log(`# query (${machine()})`);
  const table: string[][] = [];
  const counted: { size: number; time: number }[] = [];
  for (const size of isBig ? [10_000, 100_000] : [1000, 10_000]) {
    await withFolder(async (folder) => {
      const bench = await openBench(folder);
      writeHistory(bench.configDir, size);
      await bench.import({ isArchiving: false });
      const columns = new DocumentColumns();
      const began = performance.now();
      columns.update(bench.driver);
      const filled = performance.now() - began;
      const grouped = groupBySession(columns);
      const facets = time(50, () => countFacets({ columns, ...grouped }, shownProjects(bench.driver)));
      const completer = new Completer(
        bench.driver,
        () => columns,
        () => performance.now(),
      );
      const first = time(1, () => typed.forEach((prefix) => completer.complete(prefix, undefined)));
      const completions = typed.flatMap((prefix) => time(rounds, () => completer.complete(prefix, undefined)));
      const parsed = time(rounds, () =>
        parseQuery('basket "exact words" -not tool:Bash,Edit file:cart.ts after:7d -project:shop', { now: Date.now() }),
      );
      // With the hot set and saved searches, as a head would ask.
      bench.memory.start();
      // The lists are made by the first request of each kind.
      for (const prefix of typed) await bench.memory.suggest(prefix);
      const suggested: number[] = [];
      for (let round = 0; round < rounds; round++) {
        const started = performance.now();
        await bench.memory.suggest(typed[round % typed.length] ?? '');
        suggested.push(performance.now() - started);
      }
      counted.push({ size: columns.size, time: percentile(facets, 0.5) });
      table.push([
        String(columns.size),
        String(grouped.groups.length),
        ms(filled),
        ms(percentile(facets, 0.5)),
        ms(percentile(facets, 0.99)),
        ms(first[0] ?? 0),
        ms(percentile(completions, 0.5)),
        ms(percentile(completions, 0.99)),
        ms(percentile(suggested, 0.5)),
        ms(percentile(suggested, 0.99)),
        ms(percentile(parsed, 0.5)),
      ]);
      await bench.close();
    });
  }
  printTable(
    'Beside the search, ms: columns filled once; facets over every document; completion (13 prefixes: ' +
      'first time all of them, then each); suggest as asked; parsing',
    [
      'documents',
      'sessions',
      'columns',
      'facets p50',
      'p99',
      'lists made',
      'complete p50',
      'p99',
      'suggest p50',
      'p99',
      'parse p50',
    ],
    table,
  );
  const [small] = counted;
  const big = counted.at(-1);
  if (small && big) gate('counting facets', small, big, 1.2);
}

function groupBySession(columns: DocumentColumns): GroupedPlaces {
  const scores = new Scores();
  scores.set(
    columns.size,
    Array.from({ length: columns.size }, (_, at) => at),
    () => 1,
  );
  return scores.byGroup(columns, () => true);
}

function time(times: number, work: () => unknown): number[] {
  return Array.from({ length: times }, () => {
    const started = performance.now();
    work();
    return performance.now() - started;
  });
}

void main();

/** Tables of learnings from sessions with known endings, over several seeds. */
import { sureFrom } from '../../src/core/distil/learn/confidence';
import { GitLog } from '../../src/keeper/git-log';
import { printTable, withFolder } from '../bench/measure';
import { openTestMemory } from '../fakes/test-memory';
import { endings, plantCorpus } from '../fixtures/planted-corpus';
import type { Ending } from '../fixtures/planted-corpus';
import { judge } from './planted';
import type { Judgement } from './planted';

const seeds = [1, 2, 3];

export async function reportPlanted(each: number): Promise<void> {
  for (const hasGit of [true, false]) await reportOne(each, hasGit);
}

async function reportOne(each: number, hasGit: boolean): Promise<void> {
  const judgements: Judgement[] = [];
  for (const seed of seeds) judgements.push(await withFolder((folder) => judgeSeed(folder, seed, each, hasGit)));
  const sum = (read: (judgement: Judgement) => number) =>
    judgements.reduce((total, judgement) => total + read(judgement), 0);
  const share = (part: number, all: number) => `${part} of ${all} (${((100 * part) / Math.max(1, all)).toFixed(1)} %)`;
  printTable(
    `learnings of the planted corpus, ${hasGit ? 'in an open, trusted repository' : 'without git'} ` +
      `(${seeds.length} seeds, ${each} of each of ${endings.length} stories)`,
    ['measure', 'value'],
    [
      [
        'sure and right',
        share(
          sum(({ right }) => right),
          sum(({ sure }) => sure),
        ),
      ],
      ['dead ends called sure as facts', String(sum(({ deadEndsPromoted }) => deadEndsPromoted))],
      [
        'good changes and rules found',
        share(
          sum(({ found }) => found),
          sum(({ planted }) => planted),
        ),
      ],
      [
        'dead ends kept as such',
        share(
          sum(({ deadEndsKept }) => deadEndsKept),
          sum(({ deadEndsPlanted }) => deadEndsPlanted),
        ),
      ],
      [
        'quotes that stand in their line',
        share(
          sum(({ resolved }) => resolved),
          sum(({ quotes }) => quotes),
        ),
      ],
      [
        'fixes told in summaries that were kept',
        share(
          sum(({ fixes }) => fixes.kept),
          sum(({ fixes }) => fixes.told),
        ),
      ],
      [
        'sentences of summaries whose quotes stand in their line',
        share(
          sum(({ sentences }) => sentences.resolved),
          sum(({ sentences }) => sentences.told),
        ),
      ],
    ],
  );
  const of = (ending: Ending, read: 'learnings' | 'sure' | 'deadEnds' | 'stale') =>
    String(sum(({ byEnding }) => byEnding.get(ending)?.[read] ?? 0));
  if (!hasGit) return;
  printTable(
    'by ending',
    ['story', 'learnings', 'sure', 'dead ends', 'stale'],
    endings.map((ending) => [
      ending,
      of(ending, 'learnings'),
      of(ending, 'sure'),
      of(ending, 'deadEnds'),
      of(ending, 'stale'),
    ]),
  );
}

async function judgeSeed(folder: string, seed: number, each: number, hasGit: boolean): Promise<Judgement> {
  const corpus = await plantCorpus(folder, { seed, each });
  const test = await openTestMemory(hasGit ? { commits: new GitLog() } : {});
  await test.import({ configDirs: [corpus.configDir], roots: [corpus.root], trustedRoots: [corpus.root] });
  await test.memory.relearn();
  const judgement = await judge(test.memory, corpus, sureFrom);
  await test.close();
  return judgement;
}

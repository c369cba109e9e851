/** What is given for the questions about a generated history, counted. */
import { findAmendmentsStep } from '../../../src/core/give/find-amendments';
import { packFor } from '../../../src/core/give/need';
import { FullText } from '../../../src/core/index/full-text';
import { estimateTokens } from '../../../src/core/lib/tokens';
import type { SqlDriver } from '../../../src/core/store/sqlite/driver';
import { sessionHead, sessionLines } from '../../../src/core/store/tables/session-lines';
import { withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { makeHistory } from './made';
import type { CaseKind, InjectCase } from './made';

interface Count {
  hits: number;
  of: number;
}

export type MadeMeasures = Record<CaseKind | 'amendedFirst' | 'otherProject' | 'rightSessions' | 'tokens', Count> & {
  seed: number;
  least: number;
};

const budget = 500;

/** One row for each threshold, over all seeds. */
export async function measureMade(seeds: readonly number[], thresholds: readonly number[]): Promise<MadeMeasures[]> {
  const rows = thresholds.map((least) => emptyRow(seeds[0] ?? 0, least));
  for (const seed of seeds) await withFolder((folder) => measureSeed(folder, seed, rows));
  return rows;
}

async function measureSeed(folder: string, seed: number, rows: readonly MadeMeasures[]): Promise<void> {
  const bench = await openBench(folder);
  const { cases, folderOf, now } = await makeHistory(bench.configDir, seed);
  await bench.import({ isArchiving: false });
  const { driver } = bench;
  for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) await bench.memory.summary(id);
  const index = new FullText(driver);
  while (findAmendmentsStep({ driver, index, now: () => now }));
  const projects = new Map(
    driver
      .all<{ id: number; root: string }>('SELECT id, root FROM projects')
      .map(({ id, root }) => [root, id] as const),
  );
  for (const row of rows)
    for (const each of cases) {
      const scopeIds = [projects.get(each.folder) ?? -1];
      const { items, tokens } = packFor({ driver, index }, { text: each.prompt, scopeIds, budget, now }, row.least);
      const given = [...new Set(items.flatMap(({ sessionId }) => sessionId ?? []))];
      count(row, each, given, folderOf);
      if (each.gold.length > 0 && given.length > 0)
        add(
          row.tokens,
          tokens,
          given.reduce((sum, id) => sum + rawTokens(driver, id), 0),
        );
      if (process.env['SHOW'] === each.kind)
        console.log(
          `${each.gold.some((id) => given.includes(id)) ? 'given' : 'MISSED'} ${given.length}: ${each.prompt}`,
        );
    }
  await bench.close();
}

function count(row: MadeMeasures, each: InjectCase, given: string[], folderOf: ReadonlyMap<string, string>): void {
  const isGold = (id: string) => each.gold.includes(id);
  add(row[each.kind], (each.gold.length > 0 ? given.some(isGold) : given.length > 0) ? 1 : 0);
  if (each.superseded.length > 0) {
    const place = (ids: readonly string[]) => Math.min(...given.flatMap((id, at) => (ids.includes(id) ? [at] : [])));
    add(row.amendedFirst, place(each.gold) < place(each.superseded) ? 1 : 0);
  }
  for (const id of given) add(row.otherProject, folderOf.get(id) === each.folder ? 0 : 1);
  if (each.gold.length > 0)
    for (const id of given) add(row.rightSessions, isGold(id) || each.superseded.includes(id) ? 1 : 0);
}

function add(part: Count, hits: number, of = 1): void {
  part.hits += hits;
  part.of += of;
}

function rawTokens(driver: SqlDriver, id: string): number {
  const head = sessionHead(driver, id);
  if (!head) return 0;
  return sessionLines(driver, head.no).reduce(
    (sum, line) => sum + estimateTokens(line.kind === 'said' ? line.text : line.input + line.output),
    0,
  );
}

function emptyRow(seed: number, least: number): MadeMeasures {
  const zero = () => ({ hits: 0, of: 0 });
  return {
    seed,
    least,
    positive: zero(),
    reworded: zero(),
    amended: zero(),
    amendedFirst: zero(),
    everyday: zero(),
    unknown: zero(),
    unanswerable: zero(),
    otherProject: zero(),
    rightSessions: zero(),
    tokens: zero(),
  };
}

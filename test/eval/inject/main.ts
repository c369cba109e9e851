/**
 * `npm run eval:inject -- [--tune] [--sde DIR] [--replay DIR [--strangers DIR]]`: what would be given for a prompt, and
 * whether it should have
 * been. Always on generated histories, by seeds that were not used to tune; with paths also on other people's sessions,
 * of which nothing is stored in the project.
 */
import { parseArgs } from 'node:util';
import { defaultLeast } from '../../../src/core/give/need';
import { machine, printTable } from '../../bench/measure';
import { measureMade } from './measure-made';
import type { MadeMeasures } from './measure-made';
import { reportReplay } from './replay';
import { reportSde } from './sde';

const { values } = parseArgs({
  options: {
    tune: { type: 'boolean', default: false },
    sde: { type: 'string' },
    replay: { type: 'string' },
    strangers: { type: 'string' },
  },
});
const tuningSeeds = [1, 2, 3, 4];
const heldBackSeeds = [101, 102, 103, 104];
const thresholds = [0.4, 0.5, 0.6, 0.7, 0.8, 1, 1.2];

void main();

async function main(): Promise<void> {
  console.log(`# injection (${machine()})`);
  if (values.tune) await tune();
  const held = await measureMade(heldBackSeeds, [defaultLeast]);
  printTable('generated history, seeds held back', head, held.map(rowOf));
  if (values.sde !== undefined) await reportSde(values.sde);
  if (values.replay !== undefined) await reportReplay(values.replay, values.strangers);
}

/** Chosen on all seeds but one, measured on that one. */
async function tune(): Promise<void> {
  const rows: MadeMeasures[] = [];
  for (const seed of tuningSeeds) rows.push(...(await measureMade([seed], thresholds)));
  printTable(
    'threshold, seeds to tune on',
    head,
    thresholds.map((least) => rowOf(mergeOf(rows.filter((row) => row.least === least)))),
  );
  const folds = tuningSeeds.map((seed) => {
    const others = thresholds.map((least) => mergeOf(rows.filter((row) => row.least === least && row.seed !== seed)));
    const best = others.toSorted((a, b) => worthOf(b) - worthOf(a))[0]!;
    return rows.find((row) => row.seed === seed && row.least === best.least)!;
  });
  printTable(
    'chosen on the other seeds, measured on this one',
    ['seed', ...head],
    folds.map((fold) => [`${fold.seed}`, ...rowOf(fold)]),
  );
}

const share = ({ hits, of }: { hits: number; of: number }): number => hits / Math.max(1, of);
/** A false fire costs as much as five misses. */
const worthOf = (row: MadeMeasures): number =>
  share(row.positive) + share(row.reworded) + share(row.amended) - 5 * (share(row.everyday) + share(row.unknown));

function mergeOf(rows: readonly MadeMeasures[]): MadeMeasures {
  const first = rows[0]!;
  const sum = (read: (row: MadeMeasures) => { hits: number; of: number }) => ({
    hits: rows.reduce((total, row) => total + read(row).hits, 0),
    of: rows.reduce((total, row) => total + read(row).of, 0),
  });
  return {
    ...first,
    seed: 0,
    positive: sum((row) => row.positive),
    reworded: sum((row) => row.reworded),
    amended: sum((row) => row.amended),
    amendedFirst: sum((row) => row.amendedFirst),
    everyday: sum((row) => row.everyday),
    unknown: sum((row) => row.unknown),
    unanswerable: sum((row) => row.unanswerable),
    otherProject: sum((row) => row.otherProject),
    rightSessions: sum((row) => row.rightSessions),
    tokens: sum((row) => row.tokens),
  };
}

const head = [
  'least relevance',
  'asked in its words',
  'reworded',
  'amended: given',
  'amendment first',
  'false: every day',
  'false: unknown subject',
  'false: not decided',
  'from another project',
  'sessions given that are right',
  'tokens of raw sessions',
];

function rowOf(row: MadeMeasures): string[] {
  const cell = (part: { hits: number; of: number }) => `${(100 * share(part)).toFixed(1)} % of ${part.of}`;
  return [
    `${row.least}`,
    cell(row.positive),
    cell(row.reworded),
    cell(row.amended),
    cell(row.amendedFirst),
    cell(row.everyday),
    cell(row.unknown),
    cell(row.unanswerable),
    cell(row.otherProject),
    cell(row.rightSessions),
    `${(100 * share(row.tokens)).toFixed(1)} %`,
  ];
}

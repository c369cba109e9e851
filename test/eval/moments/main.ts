/**
 * `npm run eval:moments -- [--only fixes|why|decisions|story|left|ask] [--seeds 1,2] [--lines N] [--folder DIR [--tell]]
 * [--sde DIR]`: whether an error on the screen is taken for one that was fixed before, whether questions are answered right
 * or not at all, whether code contradicts decisions, whether lines are said to be whose they are, and whether files stood as
 * they are said to have stood. Always on pairs and repositories of our own making; with a folder also on real sessions, of
 * which nothing is stored.
 */
import { parseArgs } from 'node:util';
import { leastLikeness } from '../../../src/core/distil/past-fixes/likeness';
import { machine, printTable } from '../../bench/measure';
import { reportAsk } from './ask-report';
import { reportDecisions } from './decisions-report';
import { blindPairs, countAt } from './judge';
import { reportRealLeft } from './left-real';
import { reportLeft } from './left-report';
import { heldBackPairs, tuningPairs } from './pairs';
import type { Pair } from './pairs';
import { reportReplay } from './replay';
import { reportRealStory } from './story-real';
import { reportStory } from './story-report';
import { reportRealWhy } from './why-real';
import { reportWhy } from './why-report';

const { values } = parseArgs({
  options: {
    folder: { type: 'string' },
    tell: { type: 'boolean', default: false },
    only: { type: 'string', default: '' },
    seeds: { type: 'string', default: '1,2,3' },
    sde: { type: 'string' },
    lines: { type: 'string', default: '10000' },
  },
});
const thresholds = [0.5, 0.6, 0.7, leastLikeness, 0.8, 0.9, 1];
const head = ['pairs', 'least likeness', 'shown', 'right', 'precision', 'recall'];

void main();

async function main(): Promise<void> {
  console.log(`# moments (${machine()})`);
  const seeds = values.seeds.split(',').map(Number);
  const isAsked = (part: string) => values.only === '' || values.only === part;
  if (isAsked('fixes')) await reportFixes();
  if (isAsked('decisions')) await reportDecisions(seeds);
  if (isAsked('why')) {
    await reportWhy(seeds, Number(values.lines));
    if (values.folder !== undefined) await reportRealWhy(values.folder);
  }
  if (isAsked('left')) {
    reportLeft();
    if (values.folder !== undefined) await reportRealLeft(values.folder, values.tell);
  }
  if (isAsked('ask')) await reportAsk(seeds, values.sde);
  if (isAsked('story')) {
    await reportStory(seeds, Number(values.lines));
    if (values.folder !== undefined) await reportRealStory(values.folder);
  }
}

async function reportFixes(): Promise<void> {
  const all = [...tuningPairs, ...heldBackPairs];
  const sets = [
    ...thresholds.map((least) => rowOf('to tune on', tuningPairs, least)),
    rowOf('written later', heldBackPairs, leastLikeness),
    rowOf('control: others', blindPairs(all), leastLikeness),
  ];
  printTable('labelled pairs', head, sets);
  const tools = [...new Set(all.map(({ tool }) => tool))];
  printTable(
    'by toolchain, at the threshold',
    head,
    tools.map((tool) =>
      rowOf(
        tool,
        all.filter((pair) => pair.tool === tool),
        leastLikeness,
      ),
    ),
  );
  if (values.folder !== undefined) await reportReplay(values.folder, values.tell);
}

function rowOf(name: string, pairs: readonly Pair[], least: number): string[] {
  const { shown, right, missed } = countAt(pairs, least);
  const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`);
  const same = right + missed;
  return [`${name} (${pairs.length})`, `${least}`, `${shown}`, `${right}`, share(right, shown), share(right, same)];
}

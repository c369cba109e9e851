/** Questions to memory, in tables: what is answered right, what is left unanswered, and what the checker strikes out. */
import { defaultTuning } from '../../../src/core/answers/ask/choose';
import type { AskTuning } from '../../../src/core/answers/ask/choose';
import { whyUnsupported } from '../../../src/core/answers/ask/supported';
import { documentKinds, documentText } from '../../../src/core/store/tables/documents';
import { parseLineKey } from '../../../src/protocol/row-key';
import { ms, printTable, withFolder } from '../../bench/measure';
import { openBench } from '../../bench/open';
import { askAll, countAsked } from './ask';
import type { AskCase, AskOutcome, AskedMemory } from './ask';
import { alter } from './ask-altered';
import type { Altered } from './ask-altered';
import { finalSet, lastSet } from './ask-last-set';
import { casesOfSet, copyChats, findAmendments, makeAskHistory, readReports, writeTalks } from './ask-made';
import { laterSet, tuningSet } from './ask-set';

/** Answers whatever is nearest: what a search with sentences would do. */
const always: AskTuning = { ...defaultTuning, leastShort: 0.01, leastLong: 0.01 };
const thresholds = [0.6, 0.7, 0.8, 0.85, defaultTuning.leastShort, 0.95];
const head = [
  'questions',
  'with an answer',
  'answered',
  'right',
  'first hit right',
  'without one',
  'answered',
  'not in memory',
];

interface Measured {
  name: string;
  outcomes: AskOutcome[];
}

type Asked = (memory: AskedMemory) => readonly AskCase[];

/** @param sde folder of sde-bench, whose reports are also asked with their chats taken away */
export async function reportAsk(seeds: readonly number[], sde: string | undefined): Promise<void> {
  const altered: Altered[] = [];
  const rows: Measured[] = [];
  const controls: Measured[] = [];
  const byThreshold = new Map(thresholds.map((least) => [least, [] as AskOutcome[]]));
  for (const set of [tuningSet, laterSet, lastSet, finalSet])
    await withTalk(
      (configDir) => writeTalks(configDir, set),
      async (memory) => {
        const outcomes = await askAll(memory, casesOfSet(set));
        rows.push({ name: set.name, outcomes });
        altered.push(...alteredOf(memory, outcomes));
        controls.push({ name: `control: ${set.name}`, outcomes: await askAll(memory, casesOfSet(set), always) });
      },
    );
  for (const seed of seeds)
    await withHistory(seed, async (memory, cases) => {
      const outcomes = await askAll(memory, cases(memory));
      const parts = ['question', 'report'].map((kind) => ({
        name: `history ${seed}: ${kind}s`,
        outcomes: outcomes.filter(({ each }) => each.kind.startsWith(kind)),
      }));
      rows.push(...parts);
      altered.push(...alteredOf(memory, outcomes));
      controls.push({ name: `control: history ${seed}`, outcomes: await askAll(memory, cases(memory), always) });
      for (const [least, all] of byThreshold)
        all.push(...(await askAll(memory, cases(memory), { ...defaultTuning, leastShort: least })));
    });
  if (sde !== undefined) rows.push(...(await askReports(sde)));
  printTable('questions to memory', head, [...rows, ...controls].map(rowOf));
  printTable(
    'by the least share of a short question, all histories',
    head,
    [...byThreshold].map(([least, outcomes]) => rowOf({ name: `${least}`, outcomes })),
  );
  reportKinds(rows.flatMap(({ outcomes }) => outcomes));
  reportAltered(altered);
}

function rowOf({ name, outcomes }: Measured): string[] {
  const able = countAsked(outcomes.filter(({ each }) => each.isAnswerable));
  const unable = countAsked(outcomes.filter(({ each }) => !each.isAnswerable));
  const share = (part: number, of: number) => (of === 0 ? '' : `${((100 * part) / of).toFixed(1)} %`);
  return [
    name,
    `${able.asked}`,
    `${able.answered}`,
    able.asked === 0 ? '' : `${able.right} (${share(able.right, able.answered)} of those answered)`,
    able.asked === 0 ? '' : `${able.hitRight}`,
    `${unable.asked}`,
    `${unable.answered}`,
    share(unable.asked - unable.answered, unable.asked),
  ];
}

function reportKinds(outcomes: readonly AskOutcome[]): void {
  const kinds = [...new Set(outcomes.map(({ each }) => each.kind))];
  printTable(
    'by kind of question',
    head,
    kinds.map((name) => rowOf({ name, outcomes: outcomes.filter(({ each }) => each.kind === name) })),
  );
  const amended = outcomes.flatMap(({ isAmendedFirst }) => isAmendedFirst ?? []);
  const times = outcomes.map((each) => each.ms).toSorted((a, b) => a - b);
  const cited = outcomes.reduce((sum, { sentences }) => sum + sentences.length, 0);
  const broken = outcomes.reduce((sum, each) => sum + each.broken, 0);
  const at = (share: number) => ms(times[Math.min(times.length - 1, Math.floor(share * times.length))] ?? 0);
  console.log(
    `\nCitations: ${cited}, of which lead nowhere: ${broken}. Amendment before what it amends: ` +
      `${amended.filter(Boolean).length} of ${amended.length}. ` +
      `In the keeper: ${at(0.5)} ms at the median, ${at(0.95)} (95 of 100), ${at(1)} at most.`,
  );
  if (broken > 0) process.exitCode = 1;
}

function reportAltered(all: readonly Altered[]): void {
  const hows = [...new Set(all.map(({ how }) => how))];
  printTable(
    'what the checker strikes out',
    ['sentence', 'sentences', 'struck out', 'share'],
    hows.map((how) => {
      const own = all.filter((each) => each.how === how);
      const struck = own.filter(({ text, quote, row }) => whyUnsupported(text, [{ quote, row }]) !== undefined).length;
      return [how, `${own.length}`, `${struck}`, `${((100 * struck) / own.length).toFixed(1)} %`];
    }),
  );
}

export function alteredOf({ driver }: Pick<AskedMemory, 'driver'>, outcomes: readonly AskOutcome[]): Altered[] {
  const sentences = outcomes.flatMap((each) => each.sentences.filter(({ voice }) => voice !== 'learning'));
  const rows = sentences.map(({ key }) => {
    const line = parseLineKey(key)!;
    return documentText(driver, line.kind === 'prompt' ? documentKinds.prompt : documentKinds.observation, line.row);
  });
  return alter(sentences, rows);
}

async function withTalk(
  write: (configDir: string) => Promise<number>,
  work: (memory: AskedMemory) => Promise<void>,
): Promise<void> {
  await withFolder(async (folder) => {
    const bench = await openBench(folder);
    const now = await write(bench.configDir);
    await bench.import({ isArchiving: false });
    findAmendments(bench.driver, now);
    await work({ memory: bench.memory, driver: bench.driver, now });
    await bench.close();
  });
}

async function withHistory(seed: number, work: (memory: AskedMemory, cases: Asked) => Promise<void>): Promise<void> {
  let casesOf: ((idOf: (root: string) => number) => AskCase[]) | undefined;
  await withTalk(
    async (configDir) => {
      const made = await makeAskHistory(configDir, seed);
      casesOf = made.cases;
      return made.now;
    },
    (memory) => {
      const ids = new Map(
        memory.driver
          .all<{ id: number; root: string }>('SELECT id, root FROM projects')
          .map(({ id, root }) => [root, id]),
      );
      return work(memory, () => casesOf!((root) => ids.get(root) ?? -1));
    },
  );
}

/** Each report in the whole memory, and in one without the chats that it hinges on. */
async function askReports(folder: string): Promise<Measured[]> {
  const reports = readReports(folder);
  const whole: AskOutcome[] = [];
  const away: AskOutcome[] = [];
  const write = (without: readonly string[]) => (configDir: string) => {
    copyChats(folder, configDir, without);
    return Promise.resolve(Date.now());
  };
  await withTalk(write([]), async (memory) => {
    const cases = reports.map(({ query, sessions, superseded }) => ({
      kind: 'sde-bench',
      question: query,
      gold: sessions,
      superseded,
      isAnswerable: true,
    }));
    whole.push(...(await askAll(memory, cases)));
  });
  for (const query of new Set(reports.map((report) => report.query))) {
    const about = reports.filter((report) => report.query === query);
    const without = about.flatMap(({ sessions, superseded }) => [...sessions, ...superseded]);
    // oxlint-disable-next-line no-await-in-loop -- one memory after the other
    await withTalk(write(without), async (memory) => {
      away.push(...(await askAll(memory, [{ kind: 'taken away', question: query, isAnswerable: false }])));
    });
  }
  return [
    { name: 'sde-bench', outcomes: whole },
    { name: 'sde-bench, what they hinge on taken away', outcomes: away },
  ];
}

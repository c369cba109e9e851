/**
 * `npm run eval -- [--queries FILE --projects DIR]… [--locomo FILE] [--model FOLDER] [--tune] [--only planted|pairs]`: how
 * often the right session is ranked first, and how many learnings from planted sessions are right. Each folder of
 * sessions is also asked what its own rows answer. Vectors are those of the model in FOLDER, or with `use-lite` of a
 * small one that npm ships; without it, of a stand-in that hashes words. Prints tables, and as its last line one JSON
 * object {set: {road: {hit1, hit5, hit10, mrr, n}}}, hits in percent. `--proposals DIR`: only shows the first proposals
 * of the inbox over the transcripts in DIR, to be read.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { silentLog } from '../../src/core/lib/log';
import type { Embedder } from '../../src/core/meaning/embedder';
import { examineFolder } from '../../src/core/meaning/model-folder';
import { modelSpecs } from '../../src/core/meaning/models';
import { EmbedThread } from '../../src/keeper/embed-thread';
import { machine, ms, percentile, printTable, withFolder } from '../bench/measure';
import { wordBag } from '../fakes/embedders';
import { makeSet } from './made';
import { Memories } from './memories';
import { reportPairs } from './pairs';
import { reportPlanted } from './planted-report';
import { reportProposals } from './proposals';
import { keyword, meaningRoads, miniSearchDefaults } from './roads';
import type { Ask } from './roads';
import { compare, interval, isHit, measure, outcomeOf } from './score';
import type { Measures, Outcome } from './score';
import { derivedSet, loadLocomo, loadQueries } from './sets';
import type { EvaluationSet, Question } from './sets';
import { saysNothing, tune } from './tune';
import type { OpenCase } from './tune';
import { SessionTuning } from './tune-sessions';
import { openUseLite, useLiteName } from './use-lite';

const { values } = parseArgs({
  options: {
    queries: { type: 'string', multiple: true, default: [] },
    projects: { type: 'string', multiple: true, default: [] },
    locomo: { type: 'string' },
    model: { type: 'string' },
    tune: { type: 'boolean', default: false },
    planted: { type: 'string' },
    only: { type: 'string' },
    proposals: { type: 'string' },
  },
});
const reference = 'minisearch';

interface Answered {
  question: Question;
  outcome: Outcome;
}

type Roads = Map<string, Answered[]>;

async function main(): Promise<void> {
  if (values.queries.length > values.projects.length)
    throw new Error('--queries FILE and --projects DIR belong together.');
  if (values.proposals !== undefined) return reportProposals(values.proposals);
  if (values.only === 'pairs') return withFolder((folder) => reportPairs(folder, values.projects[0] ?? '', 1));
  if (values.only === 'planted') return reportPlanted(Number(values.planted ?? 12));
  const sets = [
    ...(values.locomo === undefined ? [] : [loadLocomo(values.locomo)]),
    ...values.queries.map((file, index) => loadQueries(file, values.projects[index]!)),
    ...[...new Set(values.projects)].map(derivedSet),
    makeSet(),
  ];
  const embedder = values.model === undefined ? wordBag() : await openModel(values.model);
  console.log(
    `# evaluation (${machine()})\n\nVectors: ${values.model === undefined ? 'a bag of hashed words, a stand-in for a model' : embedder.id}`,
  );
  const results: Record<string, Record<string, Measures>> = {};
  await withFolder(async (folder) => {
    const memories = new Memories(folder);
    const tuning = new SessionTuning();
    for (const set of sets) {
      const cases = await openCases(set, memories);
      const roads = await answerAll(cases, embedder);
      Object.assign(results, report(set.name, roads));
      reportUnanswerable(set, cases);
      if (values.tune) {
        tune(set.name, cases);
        tuning.add(set.name, cases);
      }
      // A set's own memories are not needed again.
      await memories.close(({ memory }) => memory === undefined);
    }
    if (values.tune) tuning.report();
    await memories.close();
  });
  await reportPlanted(Number(values.planted ?? 12));
  console.log(
    JSON.stringify(results, (_key, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ),
  );
}

async function openCases(set: EvaluationSet, memories: Memories): Promise<OpenCase[]> {
  const cases: OpenCase[] = [];
  for (const each of set.cases) {
    const { driver, dataDir, now } = await memories.open(each);
    const questions = typeof each.questions === 'function' ? each.questions(driver) : each.questions;
    cases.push({
      driver,
      dataDir,
      questions: questions.filter(({ gold }) => gold.size > 0),
      unanswerable: questions.filter(({ gold }) => gold.size === 0),
      now,
    });
  }
  return cases;
}

async function openModel(folder: string): Promise<Embedder> {
  if (folder === useLiteName) return openUseLite();
  return new EmbedThread({
    workerFile: path.resolve('dist/embed.cjs'),
    model: await examineFolder(path.resolve(folder), modelSpecs),
    log: silentLog,
  });
}

async function answerAll(cases: readonly OpenCase[], embedder: Embedder): Promise<Roads> {
  const roads: Roads = new Map();
  const weights: number[] = [];
  for (const { driver, dataDir, questions, now } of cases) {
    const meaning = await meaningRoads(driver, dataDir, embedder, now);
    weights.push(meaning.weight);
    const asks: [string, Ask][] = [
      [reference, miniSearchDefaults(driver)],
      ['keyword', keyword(driver, now)],
      ['vectors', meaning.vectors],
      ['fused', meaning.fused],
      ['full weight', meaning.atWeight],
    ];
    for (const [road, ask] of asks) {
      const answers = roads.get(road) ?? [];
      roads.set(road, answers);
      await ask('warm up');
      for (const question of questions) {
        const started = performance.now();
        const ids = await ask(question.text);
        answers.push({ question, outcome: outcomeOf(ids, question, performance.now() - started) });
      }
    }
    await meaning.close();
  }
  console.log(`\nWeight that the vectors earned beside words: ${[...new Set(weights)].join(', ')}`);
  return roads;
}

function report(name: string, roads: Roads): Record<string, Record<string, Measures>> {
  const results: Record<string, Record<string, Measures>> = {};
  const parts = [
    ...new Set([...roads.values()].flatMap((answers) => answers.flatMap(({ question }) => question.part ?? []))),
  ];
  for (const part of [undefined, ...parts]) {
    const title = part === undefined ? name : `${name}: ${part}`;
    const of = (road: string) =>
      (roads.get(road) ?? [])
        .filter(({ question }) => part === undefined || question.part === part)
        .map(({ outcome }) => outcome);
    results[title] = Object.fromEntries([...roads.keys()].map((road) => [road, measure(of(road))]));
    const rows = [...roads.keys()].map((road) => row(road, of(road), of(reference)));
    printTable(
      `${title} (${of(reference).length} questions)`,
      ['road', 'hit@1', 'hit@5', 'hit@10', 'MRR', 'recall@10', 'p50 / p95 ms', 'hit@1 more than the reference'],
      rows,
    );
    reportAmended(title, roads, of);
  }
  return results;
}

function reportAmended(title: string, roads: Roads, of: (road: string) => Outcome[]): void {
  const rows = [...roads.keys()].flatMap((road) => {
    const judged = of(road).filter(({ isBefore }) => isBefore !== undefined);
    return judged.length === 0
      ? []
      : [[road, `${judged.filter(({ isBefore }) => isBefore).length} of ${judged.length}`]];
  });
  if (rows.length > 0) printTable(`${title}: what amends before what it amends`, ['road', 'before'], rows);
}

function row(road: string, outcomes: readonly Outcome[], theirs: readonly Outcome[]): string[] {
  const measures = measure(outcomes);
  const hits = ([1, 5, 10] as const).map((most) => {
    const [low, high] = interval(
      outcomes,
      (drawn) => (100 * drawn.filter(isHit(most)).length) / Math.max(1, drawn.length),
    );
    return `${measures[`hit${most}`].toFixed(1)} (${low.toFixed(0)}–${high.toFixed(0)})`;
  });
  const {
    points,
    interval: [low, high],
  } = compare(outcomes, theirs, 1);
  const times = outcomes.map(({ took }) => took);
  const difference = road === reference ? '' : `${points.toFixed(1)} (${low.toFixed(1)} to ${high.toFixed(1)})`;
  return [
    road,
    ...hits,
    measures.mrr.toFixed(3),
    measures.recall10.toFixed(1),
    `${ms(percentile(times, 0.5))} / ${ms(percentile(times, 0.95))}`,
    difference,
  ];
}

/** How often a search reports correctly that nothing matches. */
function reportUnanswerable(set: EvaluationSet, cases: readonly OpenCase[]): void {
  const questions = cases.flatMap(({ unanswerable }) => unanswerable);
  if (questions.length === 0) return;
  const told = cases.flatMap((each) => each.unanswerable.map(({ text }) => saysNothing(each, text)));
  printTable(
    `${set.name}: questions that nothing answers`,
    ['questions', 'told that no message has all the words'],
    [[String(questions.length), String(told.filter(Boolean).length)]],
  );
}

void main();

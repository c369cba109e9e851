/**
 * `npm run eval -- [--queries FILE --projects DIR] [--locomo FILE] [--model FOLDER] [--tune] [--only planted]`: how
 * often the right session is ranked first, and how many learnings from planted sessions are right. Vectors are those of
 * the model in FOLDER; without it, of a stand-in that hashes words. Prints tables, and as its last line one JSON object
 * {set: {road: {hit1, hit5, hit10, mrr, n}}}, hits in percent. `--proposals DIR`: only shows the first proposals of the
 * inbox over the transcripts in DIR, to be read.
 */
import path from 'node:path';
import { parseArgs } from 'node:util';
import { updateGraph } from '../../src/core/distil/graph/graph';
import { silentLog } from '../../src/core/lib/log';
import type { Embedder } from '../../src/core/meaning/embedder';
import { examineFolder } from '../../src/core/meaning/model-folder';
import { modelSpecs } from '../../src/core/meaning/models';
import type { Redacted } from '../../src/core/observe/redact';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { sessionHead, sessionLines } from '../../src/core/store/tables/session-lines';
import { EmbedThread } from '../../src/keeper/embed-thread';
import { machine, ms, percentile, printTable, withFolder } from '../bench/measure';
import { openBench } from '../bench/open';
import { wordBag } from '../fakes/embedders';
import { makeSet } from './made';
import { reportPlanted } from './planted-report';
import { reportProposals } from './proposals';
import { keyword, meaningRoads, miniSearchDefaults } from './roads';
import type { Ask } from './roads';
import { compare, interval, isHit, measure, outcomeOf } from './score';
import type { Measures, Outcome } from './score';
import { loadLocomo, loadQueries } from './sets';
import type { EvaluationSet, Question } from './sets';
import { saysNothing, tune } from './tune';
import type { OpenCase } from './tune';

const { values } = parseArgs({
  options: {
    queries: { type: 'string' },
    projects: { type: 'string' },
    locomo: { type: 'string' },
    model: { type: 'string' },
    tune: { type: 'boolean', default: false },
    planted: { type: 'string' },
    only: { type: 'string' },
    proposals: { type: 'string' },
  },
});
const reference = 'minisearch';
const graphWeights = [0.15];

interface Answered {
  question: Question;
  outcome: Outcome;
}

type Roads = Map<string, Answered[]>;

async function main(): Promise<void> {
  if ((values.queries === undefined) !== (values.projects === undefined))
    throw new Error('--queries FILE and --projects DIR belong together.');
  if (values.proposals !== undefined) return reportProposals(values.proposals);
  if (values.only === 'planted') return reportPlanted(Number(values.planted ?? 12));
  const sets = [
    ...(values.locomo === undefined ? [] : [loadLocomo(values.locomo)]),
    ...(values.queries === undefined || values.projects === undefined
      ? []
      : [loadQueries(values.queries, values.projects)]),
    makeSet(),
  ];
  const embedder = values.model === undefined ? wordBag() : await openModel(values.model);
  console.log(
    `# evaluation (${machine()})\n\nVectors: ${values.model === undefined ? 'a bag of hashed words, a stand-in for a model' : embedder.id}`,
  );
  const results: Record<string, Record<string, Measures>> = {};
  for (const set of sets) {
    await withFolder(async (folder) => {
      const cases = await openCases(set, folder);
      const roads = await answerAll(cases, embedder);
      Object.assign(results, report(set.name, roads));
      reportUnanswerable(set, cases);
      if (values.tune) tune(set.name, cases);
      for (const each of cases) await each.close();
    });
  }
  await reportPlanted(Number(values.planted ?? 12));
  console.log(
    JSON.stringify(results, (_key, value: unknown) =>
      typeof value === 'number' ? Math.round(value * 1000) / 1000 : value,
    ),
  );
}

async function openCases(set: EvaluationSet, folder: string): Promise<OpenCase[]> {
  const cases: OpenCase[] = [];
  for (const [index, each] of set.cases.entries()) {
    const bench = await openBench(`${folder}/${index}`);
    each.write(bench.configDir);
    const { questions } = each;
    await bench.import({ isArchiving: false });
    await graphAll(bench.driver);
    // One day after the last session, because recency is part of the rank.
    const last = bench.driver.get<{ at: number }>('SELECT max(updated_at) AS at FROM sessions')?.at ?? 0;
    cases.push({
      driver: bench.driver,
      dataDir: bench.dataDir,
      questions: questions.filter(({ gold }) => gold.size > 0),
      unanswerable: questions.filter(({ gold }) => gold.size === 0),
      now: last + 86_400_000,
      close: () => bench.close(),
    });
  }
  return cases;
}

/** Session by session as the queue does. The texts are redacted already. */
async function graphAll(driver: SqlDriver): Promise<void> {
  for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) {
    const head = sessionHead(driver, id);
    if (head)
      await updateGraph({ driver, seal: async (texts) => texts as Redacted[] }, head, sessionLines(driver, head.no));
  }
}

async function openModel(folder: string): Promise<Embedder> {
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
      ...graphWeights.map((graph): [string, Ask] => [`keyword and graph ${graph}`, keyword(driver, now, { graph })]),
      ['vectors', meaning.vectors],
      ['fused', meaning.fused],
    ];
    for (const [road, ask] of asks) {
      const answers = roads.get(road) ?? [];
      roads.set(road, answers);
      await ask('warm up');
      for (const question of questions) {
        const started = performance.now();
        const ids = await ask(question.text);
        answers.push({ question, outcome: outcomeOf(ids, question.gold, performance.now() - started) });
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
  }
  return results;
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

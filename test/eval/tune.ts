/**
 * Five-fold cross-validation: chooses weights of ranking on four fifths of the questions and reports them on the other
 * fifth.
 */
import { askedQuery } from '../../src/core/index/asked-query';
import { FullText } from '../../src/core/index/full-text';
import { defaultRanking } from '../../src/core/index/weigh';
import type { RankWeights } from '../../src/core/index/weigh';
import { defaultWeights } from '../../src/core/search/rerank';
import type { PartWeights } from '../../src/core/search/rerank';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { printTable, randomFrom } from '../bench/measure';
import { keyword } from './roads';
import { compare, measure, outcomeOf } from './score';
import type { Outcome } from './score';
import type { Question } from './sets';

export interface OpenCase {
  driver: SqlDriver;
  dataDir: string;
  questions: readonly Question[];
  unanswerable: readonly Question[];
  now: number;
}

interface Choice {
  name: string;
  ranking: RankWeights;
  parts: PartWeights;
}

const folds = 5;
const relevanceOnly: PartWeights = { relevance: 1, importance: 0, recency: 0, use: 0 };
/** The first guess of the design, before anything was measured. */
const startWeights: PartWeights = { relevance: 0.4, importance: 0.25, recency: 0.2, use: 0.15 };
/** Plain BM25: all places of a word count the same. */
const plain: RankWeights = {
  ...defaultRanking,
  lengthWeight: 0.75,
  nearWeight: 0,
  timeWeight: 0,
  said: 1,
  aside: 1,
  edited: 1,
  command: 1,
  call: 1,
  error: 1,
  printed: 1,
};

function choices(): Choice[] {
  const random = randomFrom(3);
  const pick = (list: readonly number[]) => list[Math.floor(random() * list.length)] ?? 0;
  const drawn = Array.from({ length: 24 }, (_, index): Choice => ({
    name: `drawn ${index}`,
    parts: defaultWeights,
    ranking: {
      ...defaultRanking,
      lengthWeight: pick([0.3, 0.4, 0.6]),
      nearWeight: pick([0.2, 0.4, 0.5, 0.7]),
      saidDecay: pick([0.45, 0.6, 0.75]),
      workDecay: pick([0.55, 0.7, 0.85]),
      edited: pick([1, 1.5, 2]),
      command: pick([0.5, 0.8, 1.2]),
      call: pick([0.7, 1]),
      printed: pick([0.15, 0.3, 0.6]),
      timeWeight: pick([0.15, 0.3, 0.5]),
    },
  }));
  return [{ name: 'ours', ranking: defaultRanking, parts: defaultWeights }, ...drawn];
}

export function tune(name: string, cases: readonly OpenCase[]): void {
  const answer = ({ ranking, parts }: Choice): Outcome[] =>
    cases.flatMap(({ driver, now, questions }) => {
      const ask = keyword(driver, now, { ranking, parts });
      return questions.map((question) => outcomeOf(ask(question.text), question));
    });
  const all = choices().map((choice) => ({ choice, outcomes: answer(choice) }));
  const [ours] = all;
  if (!ours) return;
  const fixed = [
    { name: 'BM25, sum of the best places', ranking: plain, parts: relevanceOnly },
    { name: 'ours, relevance alone', ranking: defaultRanking, parts: relevanceOnly },
    { name: 'ours, parts .40 .25 .20 .15', ranking: defaultRanking, parts: startWeights },
  ].map((choice) => ({ choice, outcomes: answer(choice) }));
  // Questions about one conversation are in the same fold, so that related questions are not in the training part.
  const foldOf =
    cases.length > 1
      ? cases.flatMap(({ questions }, index) => questions.map(() => index % folds))
      : ours.outcomes.map((_, index) => index % folds);
  const held: Outcome[] = [];
  const chosen: string[] = [];
  for (let fold = 0; fold < folds; fold++) {
    const best = all.reduce((a, b) => (gain(b.outcomes, foldOf, fold) > gain(a.outcomes, foldOf, fold) ? b : a));
    chosen.push(best.choice.name);
    best.outcomes.forEach((outcome, index) => {
      if (foldOf[index] === fold) held[index] = outcome;
    });
  }
  const rows = [
    ...fixed,
    ours,
    { choice: { name: `chosen on four folds (${chosen.join(', ')}), held-back fold` }, outcomes: held },
  ].map(({ choice, outcomes }) => {
    const { hit1, hit5, hit10, mrr } = measure(outcomes);
    const { points, interval } = compare(outcomes, ours.outcomes, 1);
    return [
      choice.name,
      hit1.toFixed(1),
      hit5.toFixed(1),
      hit10.toFixed(1),
      mrr.toFixed(3),
      `${points.toFixed(1)} (${interval.map((each) => each.toFixed(1)).join(' to ')})`,
    ];
  });
  printTable(
    `${name}: numbers of ranking, on folds`,
    ['numbers', 'hit@1', 'hit@5', 'hit@10', 'MRR', 'hit@1 against ours, paired'],
    rows,
  );
}

/** What is optimised: all three hit rates and the reciprocal rank over the training folds. */
function gain(outcomes: readonly Outcome[], foldOf: readonly number[], held: number): number {
  const kept = outcomes.filter((_, index) => foldOf[index] !== held);
  const { hit1, hit5, hit10, mrr } = measure(kept);
  return hit1 + hit5 + hit10 + 100 * mrr;
}

/** True when a search reports that nothing has all words of the query. */
export function saysNothing({ driver, now }: OpenCase, text: string): boolean {
  const found = new FullText(driver).search(askedQuery({ text }, undefined, now));
  return (
    found.total === 0 ||
    found.relaxed.some((each) => (each.kind === 'some' || each.kind === 'apart') && each.sessions === 0)
  );
}

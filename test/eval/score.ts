/** Computes the usual measures from ranks, with intervals from resampling the questions. */
import { randomFrom } from '../bench/measure';
import type { Question } from './sets';

/** Result of one question. */
export interface Outcome {
  /** Rank of the first right session, from 0; -1 when it was not found. */
  rank: number;
  /** Share of the right sessions in the first ten. */
  recall10: number;
  /** Milliseconds. */
  took: number;
  /** Whether the right one stands before what it amends; absent where it amends nothing. */
  isBefore?: boolean;
}

export interface Measures {
  hit1: number;
  hit5: number;
  hit10: number;
  mrr: number;
  recall10: number;
  n: number;
}

export function outcomeOf(
  ids: readonly string[],
  { gold, amended }: Pick<Question, 'gold' | 'amended'>,
  took = 0,
): Outcome {
  const rank = ids.findIndex((id) => gold.has(id));
  const old = amended ? ids.findIndex((id) => amended.has(id)) : -1;
  return {
    rank,
    recall10: [...gold].filter((id) => ids.slice(0, 10).includes(id)).length / gold.size,
    took,
    ...(amended && { isBefore: rank >= 0 && (old < 0 || rank < old) }),
  };
}

const percentOf = (outcomes: readonly Outcome[], test: (outcome: Outcome) => boolean): number =>
  (100 * outcomes.filter(test).length) / Math.max(1, outcomes.length);
const meanOf = (outcomes: readonly Outcome[], value: (outcome: Outcome) => number): number =>
  outcomes.reduce((sum, outcome) => sum + value(outcome), 0) / Math.max(1, outcomes.length);
export const isHit =
  (most: number) =>
  ({ rank }: Outcome): boolean =>
    rank >= 0 && rank < most;

/** Hits and recall in percent. */
export function measure(outcomes: readonly Outcome[]): Measures {
  return {
    hit1: percentOf(outcomes, isHit(1)),
    hit5: percentOf(outcomes, isHit(5)),
    hit10: percentOf(outcomes, isHit(10)),
    mrr: meanOf(outcomes, ({ rank }) => (rank < 0 ? 0 : 1 / (rank + 1))),
    recall10: 100 * meanOf(outcomes, ({ recall10 }) => recall10),
    n: outcomes.length,
  };
}

const resamples = 2000;

/** The middle 95 % of a measure over resampled questions. */
export function interval<T>(items: readonly T[], value: (drawn: readonly T[]) => number): [number, number] {
  const random = randomFrom(11);
  const values = Array.from({ length: resamples }, () =>
    value(items.map(() => items[Math.floor(random() * items.length)]!)),
  ).sort((a, b) => a - b);
  return [values[Math.floor(resamples * 0.025)] ?? 0, values[Math.floor(resamples * 0.975)] ?? 0];
}

/** Difference in hit@`most` between `mine` and `theirs` in points, paired by question, with its interval. */
export function compare(
  mine: readonly Outcome[],
  theirs: readonly Outcome[],
  most: number,
): { points: number; interval: [number, number] } {
  const differences = mine.map((outcome, index) => Number(isHit(most)(outcome)) - Number(isHit(most)(theirs[index]!)));
  const mean = (values: readonly number[]) =>
    (100 * values.reduce((sum, each) => sum + each, 0)) / Math.max(1, values.length);
  return { points: mean(differences), interval: interval(differences, mean) };
}

/**
 * Weights of the signals of a session, chosen on four fifths of the questions of all sets together and reported on the
 * other fifth of each set. Questions with one right session, or about one conversation, are in the same fold.
 */
import { defaultSessionWeights } from '../../src/core/index/session-weights';
import type { SessionWeights } from '../../src/core/index/session-weights';
import { defaultRanking } from '../../src/core/index/weigh';
import { printTable } from '../bench/measure';
import { keyword } from './roads';
import { compare, measure, outcomeOf } from './score';
import type { Outcome } from './score';
import type { OpenCase } from './tune';

const folds = 5;

interface Answered {
  set: string;
  foldOf: number[];
  /** By choice. */
  outcomes: Outcome[][];
}

const without: SessionWeights = { length: 0, coverage: 0, together: 0 };
const choices: readonly { name: string; weights: SessionWeights }[] = [
  { name: 'none', weights: without },
  { name: 'length alone', weights: { ...without, length: defaultSessionWeights.length } },
  { name: 'ours', weights: defaultSessionWeights },
  ...[0, -0.14, -0.2].flatMap((length) =>
    [0, 0.2, 0.5].flatMap((coverage) =>
      [0, 1, 2].map((together) => ({
        name: `${length} ${coverage} ${together}`,
        weights: { length, coverage, together },
      })),
    ),
  ),
];

export class SessionTuning {
  readonly #sets: Answered[] = [];

  add(set: string, cases: readonly OpenCase[]): void {
    const foldOf = cases.flatMap(({ questions }, index) =>
      questions.map(({ gold }) => (cases.length > 1 ? index : sumOf([...gold].sort()[0] ?? '')) % folds),
    );
    const outcomes = choices.map(({ weights }) =>
      cases.flatMap(({ driver, now, questions }) => {
        const ask = keyword(driver, now, { ranking: { ...defaultRanking, session: weights } });
        return questions.map((question) => outcomeOf(ask(question.text), question));
      }),
    );
    this.#sets.push({ set, foldOf, outcomes });
  }

  report(): void {
    const chosen = Array.from({ length: folds }, (_, fold) => this.#best(fold));
    const rows = this.#sets.flatMap(({ set, foldOf, outcomes }) => {
      const held = foldOf.map((fold, index) => outcomes[chosen[fold]!]![index]!);
      const [none, length, ours] = outcomes as [Outcome[], Outcome[], Outcome[]];
      return (
        [
          ['none', none],
          ['length alone', length],
          ['ours', ours],
          ['held back', held],
        ] as const
      ).map(([name, list]) => {
        const { hit1, hit5, hit10, mrr } = measure(list);
        const { points, interval } = compare(list, none, 1);
        const [low, high] = interval.map((each) => each.toFixed(1));
        return [
          `${set} (${list.length})`,
          name,
          ...[hit1, hit5, hit10].map((each) => each.toFixed(1)),
          mrr.toFixed(3),
          name === 'none' ? '' : `${points.toFixed(1)} (${low} to ${high})`,
        ];
      });
    });
    printTable(
      `signals of sessions, chosen on folds of all sets: ${chosen.map((choice) => choices[choice]!.name).join('; ')}`,
      ['set', 'signals', 'hit@1', 'hit@5', 'hit@10', 'MRR', 'hit@1 more than none, paired'],
      rows,
    );
  }

  /** The choice with the best mean over the sets, without one fold: a large set counts no more than a small one. */
  #best(fold: number): number {
    const gains = choices.map((_, choice) =>
      this.#sets.reduce((sum, { foldOf, outcomes }) => {
        const { hit1, hit5, hit10, mrr } = measure(outcomes[choice]!.filter((__, index) => foldOf[index] !== fold));
        return sum + hit1 + hit5 + hit10 + 100 * mrr;
      }, 0),
    );
    return gains.indexOf(Math.max(...gains));
  }
}

/** Spreads ids over the folds. */
const sumOf = (id: string): number => Buffer.from(id).reduce((sum, byte) => (31 * sum + byte) % 65_521, 7);

/** Whether a later report is taken for what did an open end, on pairs of our own making. */
import { isDoneBy, reportOf, workOf } from '../../../src/core/answers/left/same-work';
import { overlap, termsOf } from '../../../src/core/distil/reading/turns';
import { printTable } from '../../bench/measure';
import {
  finalLeftPairs,
  freshLeftPairs,
  lastLeftPairs,
  laterLeftPairs,
  leftPairs,
  unseenLeftPairs,
} from './left-pairs';
import type { LeftPair } from './left-pairs';

type Judge = (pair: LeftPair) => boolean;

export const judgeLeft: Judge = ({ open, report }) => {
  const done = reportOf(report);
  return done !== undefined && isDoneBy(workOf(open.replace(/^Not done: /, '')), done);
};
/** The control: most words are the same. */
export const judgeByWords: Judge = ({ open, report }) => overlap(termsOf(open), termsOf(report)) >= 0.5;

export function countLeft(pairs: readonly LeftPair[], judge: Judge): { closed: number; right: number; of: number } {
  const closed = pairs.filter(judge);
  return {
    closed: closed.length,
    right: closed.filter(({ isDone }) => isDone).length,
    of: pairs.filter(({ isDone }) => isDone).length,
  };
}

export function reportLeft(): void {
  const row = (name: string, pairs: readonly LeftPair[], judge: Judge) => {
    const { closed, right, of } = countLeft(pairs, judge);
    const share = (part: number, all: number) => (all === 0 ? '' : `${((100 * part) / all).toFixed(1)} %`);
    return [`${name} (${pairs.length})`, `${closed}`, `${right}`, share(right, closed), share(right, of)];
  };
  printTable(
    'open ends that a later session did',
    ['pairs', 'closed', 'right', 'precision', 'recall'],
    [
      row('to tune on', leftPairs, judgeLeft),
      row('written later', laterLeftPairs, judgeLeft),
      row('written after that', lastLeftPairs, judgeLeft),
      row('written after that', freshLeftPairs, judgeLeft),
      row('written after that', unseenLeftPairs, judgeLeft),
      row('written last', finalLeftPairs, judgeLeft),
      row(
        'control: by words alone',
        [...leftPairs, ...laterLeftPairs, ...lastLeftPairs, ...freshLeftPairs, ...unseenLeftPairs, ...finalLeftPairs],
        judgeByWords,
      ),
    ],
  );
}

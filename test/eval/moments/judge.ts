/** How alike the errors of labelled pairs are found to be, and what a threshold makes of that. */
import { errorsIn } from '../../../src/core/distil/past-fixes/errors-in';
import { likenessOf } from '../../../src/core/distil/past-fixes/likeness';
import { askedErrors } from '../../../src/core/distil/past-fixes/past-fixes';
import { fileName } from '../../../src/protocol/paths';
import type { Pair } from './pairs';

/** The most alike two errors of a pair. */
export const likenessOfPair = ({ past, asked }: Pair): number =>
  Math.max(
    0,
    ...errorsIn(past).flatMap((then) =>
      askedErrors(asked).map((now) =>
        likenessOf(now, then, now.file !== '' && fileName(now.file) === fileName(then.file)),
      ),
    ),
  );

interface Counted {
  shown: number;
  right: number;
  missed: number;
}

export function countAt(pairs: readonly Pair[], least: number): Counted {
  const judged = pairs.map((pair) => ({ isSame: pair.isSame, isShown: likenessOfPair(pair) >= least }));
  return {
    shown: judged.filter(({ isShown }) => isShown).length,
    right: judged.filter(({ isShown, isSame }) => isShown && isSame).length,
    missed: judged.filter(({ isShown, isSame }) => !isShown && isSame).length,
  };
}

/** The control: each question beside the answer of the pair before it. Nothing of it may be shown. */
export const blindPairs = (pairs: readonly Pair[]): Pair[] =>
  pairs.map((pair, at) => ({ ...pair, isSame: false, past: pairs.at(at - 7)?.past ?? '' }));

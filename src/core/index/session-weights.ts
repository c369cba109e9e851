/**
 * What decides between sessions besides their best places. The score of a session is multiplied by one factor for each
 * signal: e to the power of weight × value, so a weight of 0 leaves the signal out. Chosen on folds of all sets together
 * and reported on the folds held back: docs/evaluation.md, and decision 0039 for what was left out.
 */
import type { SignalName } from '../../protocol/search-hit';

export type SessionWeights = Readonly<Record<SignalName, number>>;

export const defaultSessionWeights: SessionWeights = {
  /**
   * The value is the logarithm of the session's words as a share of the average session's, so this is a power of its
   * length: a long session has some of every word, and its best places are the best of many.
   */
  length: -0.14,
  /**
   * The value is the share of the question's words, by their rarity, that stand anywhere in the session. Small, because
   * what people remember of a session is often said in other words than theirs.
   */
  coverage: 0.2,
  /**
   * The value is the share of the question's words that stand in one message or call, times the share of the question
   * that is written as code: a command, an error or a name is remembered to the letter, and stands in one place.
   */
  together: 1,
};

/** Below this share of the average, length tells nothing: a session of three words is not better than one of thirty. */
export const shortestLength = 0.25;

/** Which words contributed how much to a session's score; computed only for the sessions shown. */
import type { HitReasons } from '../../protocol/search-hit';
import type { DocumentColumns } from './columns';
import { findDocument } from './postings';
import { scoreIn } from './score';
import type { ScoredTerm } from './score';
import { inverseFrequency } from './weigh';

/** A session may match in thousands of places; the first of them are enough. */
const maxPlaces = 100;

/** Words that occur in one of the places, each with its best score. */
export function explainWords(
  columns: DocumentColumns,
  terms: readonly ScoredTerm[],
  places: Int32Array,
): HitReasons['words'] {
  return terms.flatMap((term) => {
    let best = 0;
    for (const at of places.subarray(0, maxPlaces)) {
      const index = findDocument(term.postings, columns.id(at));
      if (index >= 0) best = Math.max(best, scoreIn(columns, term, at, index));
    }
    return best > 0 ? [{ term: term.text, score: best }] : [];
  });
}

/** Places of a long session that are looked through for the best one of each word. */
const maxCertainPlaces = 5000;

/**
 * How sure the words are of a session, 0 to 1: the best score that each has in it, of the highest that all could have.
 * `unknown`: number of words of the question that the memory does not have; they count as the rarest.
 */
export function certaintyOf(
  columns: DocumentColumns,
  terms: readonly ScoredTerm[],
  unknown: number,
  places: Int32Array,
): number {
  const { said, saturation } = columns.ranking;
  let most = unknown * inverseFrequency(0, columns.size);
  let reached = 0;
  for (const term of terms) {
    most += inverseFrequency(term.postings.documents.length, columns.size);
    let best = 0;
    for (const at of places.subarray(0, maxCertainPlaces)) {
      const index = findDocument(term.postings, columns.id(at));
      if (index >= 0) best = Math.max(best, scoreIn(columns, term, at, index));
    }
    reached += best;
  }
  return most === 0 ? 0 : Math.min(1, reached / (said * (saturation + 1) * most));
}

export function countTurns(columns: DocumentColumns, places: Int32Array): number {
  const turns = new Set<number>();
  for (const at of places) turns.add(columns.turn(at));
  return turns.size;
}

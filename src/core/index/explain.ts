/** Which words contributed how much to a session's score; computed only for the sessions shown. */
import type { HitReasons } from '../../protocol/search-hit';
import type { DocumentColumns } from './columns';
import { findDocument } from './postings';
import { scoreIn } from './score';
import type { ScoredTerm } from './score';

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

export function countTurns(columns: DocumentColumns, places: Int32Array): number {
  const turns = new Set<number>();
  for (const at of places) turns.add(columns.turn(at));
  return turns.size;
}

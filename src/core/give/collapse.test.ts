import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { withoutRepeats } from './collapse';
import type { Weighed } from './pack';

const letters = 'abcdefghijklmnop'.split('');
const piece = (id: number, terms: readonly string[], value: number): Weighed => ({
  id: `s/${id}`,
  kind: 'said',
  text: `${id} ${terms.join(' ')}`,
  sessionId: 's',
  title: 'Session',
  project: { id: 1, name: 'shop', root: '/work/shop' },
  at: 0,
  value,
  terms: new Set(terms),
});
const anyPieces = fc
  .array(fc.tuple(fc.subarray(letters), fc.double({ min: 0.01, max: 1, noNaN: true })), { maxLength: 40 })
  .map((all) => all.map(([terms, value], id) => piece(id, terms, value)));

/** Each with each, as the definition says it: shared words as a share of all words of both. */
function eachWithEach(pieces: readonly Weighed[]): string[] {
  const kept: Weighed[] = [];
  const sorted = pieces.toSorted((a, b) => b.value - a.value || (a.id < b.id ? -1 : 1));
  for (const next of sorted) {
    const isAlike = ({ terms }: Weighed) => {
      const shared = [...terms.keys()].filter((term) => next.terms.has(term)).length;
      return 10 * shared > 6 * (terms.size + next.terms.size - shared);
    };
    if (!kept.some(isAlike)) kept.push(next);
  }
  return kept.map(({ id }) => id);
}

it('leaves out what comparing each with each leaves out', () => {
  fc.assert(
    fc.property(anyPieces, (pieces) => {
      expect(withoutRepeats(pieces, new Set()).map(({ id }) => id)).toEqual(eachWithEach(pieces));
    }),
    { numRuns: 500 },
  );
});

it('does not take exactly six tenths for more than that', () => {
  const [one, other] = [piece(1, ['a', 'b', 'c', 'd'], 0.9), piece(2, ['a', 'b', 'c', 'e'], 0.8)];
  expect(withoutRepeats([one, other], new Set())).toEqual([one, other]);
});

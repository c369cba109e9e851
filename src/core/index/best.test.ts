/** The heap keeps the same entries that sorting all of them would. */
import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { Best } from './best';

it('keeps the best few of any scores, equal ones by the smaller key', () => {
  fc.assert(
    fc.property(
      fc.array(fc.integer({ min: -5, max: 5 }), { maxLength: 60 }),
      fc.integer({ min: 0, max: 20 }),
      (scores, most) => {
        const best = new Best(most);
        scores.forEach((score, key) => best.offer(key, score));
        const sorted = [...scores.keys()].sort((a, b) => scores[b]! - scores[a]! || a - b);
        expect(best.sorted()).toEqual(sorted.slice(0, most));
        expect(best.size).toBe(Math.min(most, scores.length));
      },
    ),
  );
});

import { describe, expect, it } from 'vitest';
import { edited, ran } from '../../../../test/fixtures/session-lines';
import { growthOf, maxGrowth } from '../../../../test/growth';
import { maxCompared, undoingsAmong } from './undoings';

const stock = '/home/me/shop/src/stock.ts';
const wordsOf = (name: string, at: number) => `const ${name}Of${at} = countAllTheShelvesOf(${at});`;
/** Edits of one file, none of which undoes another. */
const edits = (count: number, name: string) =>
  Array.from({ length: count }, (_, at) => edited(stock, wordsOf(name, at), wordsOf(`${name}New`, at)));
const back = (at: number, name: string) => edited(stock, wordsOf(`${name}New`, at), wordsOf(name, at));

describe('what undoes edits', () => {
  it('is an edit that puts back what was there, of one among many', () => {
    const later = [...edits(5, 'pallet'), back(3, 'crate'), ran('npm test', 'ok')];
    expect(undoingsAmong(later, edits(9, 'crate'))).toEqual([{ line: later[5], how: 'editedBack' }]);
  });

  it('is a command that discards the file, unless it was committed before', () => {
    const [commit, discard] = [ran('git commit -am "Count shelves"'), ran('git checkout -- src/stock.ts')];
    expect(undoingsAmong([discard], edits(2, 'crate'))).toEqual([{ line: discard, how: 'thrownAway' }]);
    expect(undoingsAmong([commit, discard], edits(2, 'crate'))).toEqual([]);
  });

  it('is looked for near the edits only: among the last of them, and the next of each file', () => {
    expect(undoingsAmong([...edits(maxCompared - 1, 'pallet'), back(0, 'crate')], edits(1, 'crate'))).toHaveLength(1);
    expect(undoingsAmong([...edits(maxCompared, 'pallet'), back(0, 'crate')], edits(1, 'crate'))).toEqual([]);
    const [first, last] = [back(0, 'crate'), back(maxCompared, 'crate')];
    expect(undoingsAmong([first, last], edits(maxCompared + 1, 'crate')).map(({ line }) => line)).toEqual([last]);
  });

  it('is found in time that grows with the edits', async () => {
    const work = (count: number) => undoingsAmong(edits(count, 'pallet'), edits(count, 'crate'));
    expect(await growthOf(work, 400)).toBeLessThan(maxGrowth);
  });
});

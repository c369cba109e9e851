/** Whatever stands in a row, it is read; how long that takes is measured by `npm run bench -- growth`. */
import { describe, expect, it } from 'vitest';
import { hostileOf, manyTurns, units, works } from '../../../test/fixtures/hostile-rows';
import { headOf } from '../../../test/fixtures/session-lines';
import { factsOf } from './learn/session-facts';

describe('rows full of', () => {
  it.each(Object.entries(units))('%s are read by everything', (_, unit) => {
    const hostile = hostileOf(unit, 4096);
    for (const [name, work] of Object.entries(works)) expect(() => work(hostile), name).not.toThrow();
  });
});

it('a session of many turns has what was fixed in it', () => {
  const rows = manyTurns(40);
  expect(factsOf(headOf(rows), rows).pairs.length).toBeGreaterThan(10);
});

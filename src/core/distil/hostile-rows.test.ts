/** Rows with any content are read without an error; `npm run bench -- growth` measures the time. */
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

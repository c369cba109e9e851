/** A session of many turns: four times the rows may take four times as long, not sixteen. */
import { expect, it } from 'vitest';
import { asked, edited, headOf, ran, said } from '../../../test/fixtures/session-lines';
import type { SessionLine } from '../store/session-lines';
import { readGraph } from './graph/entities';
import { deadEndsIn } from './learn/rules/dead-ends';
import { fixesIn } from './learn/rules/fixes';
import { factsOf } from './learn/session-facts';
import { summarizeLocally } from './summary/summarize';

function rowsOf(turns: number): SessionLine[] {
  return Array.from({ length: turns }, (_, turn) => {
    const file = `/home/me/shop/src/part${turn % 50}.ts`;
    return [
      asked(`please fix part ${turn} of kind${turn}, that is still broken`, { turn }),
      said(`Let me try to guard the basket of part ${turn}.`, { turn }),
      edited(file, `const items${turn} = basket.items;`, `const items${turn} = basket?.items ?? [];`, { turn }),
      turn % 2 === 0 ? ran('npm test', ` FAIL  src/b.test.ts\nTypeError: cannot read properties of null (reading 'items${turn}')\n Tests  1 failed`, 1, { turn }) : ran('npm test', ' Tests  4 passed', 0, { turn }),
      ran(`npm test part${turn}`, ` FAIL  src/b.test.ts\nTypeError: cannot read items${turn}\n Tests  1 failed`, 1, { turn }),
      said(`The problem was that items${turn} is missing because basket is null. Fixed in part${turn % 50}.ts.`, { turn }),
    ];
  }).flat();
}

const works = {
  factsOf: (rows: SessionLine[]) => factsOf(headOf(rows), rows), fixesIn: (rows: SessionLine[]) => fixesIn(factsOf(headOf(rows), rows)), deadEndsIn: (rows: SessionLine[]) => deadEndsIn(factsOf(headOf(rows), rows)),
  summarizeLocally: (rows: SessionLine[]) => summarizeLocally(headOf(rows), rows), readGraph: (rows: SessionLine[]) => readGraph(headOf(rows), rows),
};

it.each(Object.entries(works))('%s', (_, work) => {
  const growths = Array.from({ length: 3 }, () => {
    const [few = NaN, many = NaN] = [300, 1200].map((turns) => {
      const rows = rowsOf(turns);
      const started = performance.now();
      work(rows);
      return performance.now() - started;
    });
    return many / few;
  });
  expect(Math.min(...growths)).toBeLessThan(9);
}, 60_000);

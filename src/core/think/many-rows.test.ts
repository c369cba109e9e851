/** A session of many turns: four times the rows may take four times as long, not sixteen. */
import { expect, it } from 'vitest';
import { asked, edited, headOf, ran, said } from '../../../test/fixtures/session-lines';
import type { SessionLine } from '../store/session-lines';
import { readGraph } from './graph/entities';
import { deadEndsIn } from './learn/rules/dead-ends';
import { fixesIn } from './learn/rules/fixes';
import { factsOf } from './learn/session-facts';
import type { SessionFacts } from './learn/session-facts';
import { pairChecks } from './reading/outcomes';
import { summarizeLocally } from './summary/summarize';

function rowsOf(turns: number): SessionLine[] {
  return Array.from({ length: turns }, (_, turn) => {
    const file = `/home/me/shop/src/part${turn % 5}.ts`;
    return [
      asked(`please fix part ${turn} of kind${turn}, that is still broken`, { turn }),
      said(`Let me try to guard the basket of part ${turn}.`, { turn }),
      edited(file, `const items${turn} = basket.items;`, `const items${turn} = basket?.items ?? [];`, { turn }),
      turn % 2 === 0 ? ran('npm test', ` FAIL  src/b.test.ts\nTypeError: cannot read properties of null (reading 'items${turn}')\n Tests  1 failed`, 1, { turn }) : ran('npm test', ' Tests  4 passed', 0, { turn }),
      ran(`npm test part${turn}`, ` FAIL  src/b.test.ts\nTypeError: cannot read items${turn}\n Tests  1 failed`, 1, { turn }),
      said(`The problem was that items${turn} is missing because basket is null. Fixed in part${turn % 5}.ts.`, { turn }),
    ];
  }).flat();
}

/** What was read of a row is kept: only the rules themselves are in the clock. */
const works: Readonly<Record<string, (facts: SessionFacts) => unknown>> = {
  pairChecks: ({ lines }) => pairChecks(lines), fixesIn, deadEndsIn, summarizeLocally: ({ head, lines }) => summarizeLocally(head, lines), readGraph: ({ head, lines }) => readGraph(head, lines),
};

it.each(Object.entries(works))('%s', (_, work) => {
  const [few, many] = [400, 1600].map((turns) => {
    const rows = rowsOf(turns);
    return factsOf(headOf(rows), rows);
  });
  const growths = Array.from({ length: 3 }, () => {
    const [short = NaN, long = NaN] = [few, many].map((facts) => {
      const started = performance.now();
      work(facts as SessionFacts);
      return performance.now() - started;
    });
    return long / short;
  });
  expect(Math.min(...growths)).toBeLessThan(9);
}, 60_000);

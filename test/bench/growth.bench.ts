/**
 * Time grows linearly with the size of what is read and not with its square: texts of many kinds on their way from file
 * to page, rows full of one letter or sign, and sessions of many turns, each at four times the size. Compares times
 * within one run. `--only texts` or `--only rows` for one part, `--stages parse,render` for some stages.
 */
import { parseArgs } from 'node:util';
import { factsOf } from '../../src/core/distil/learn/session-facts';
import { hostileOf, hostileRows, manyTurns, units, works } from '../fixtures/hostile-rows';
import type { Hostile } from '../fixtures/hostile-rows';
import { headOf } from '../fixtures/session-lines';
import { growthStages } from './growth-stages';
import { measureTexts } from './growth-texts';
import { gate, machine, ms, printTable, processorTimeOf, withFolder } from './measure';
import { openBench } from './open';

const [small, large] = [16 * 1024, 64 * 1024];
const rounds = 6;
/** Relative to linear growth; quadratic growth would be 4. */
const maxGrowth = 2.25;

const { values } = parseArgs({ options: { only: { type: 'string' }, stages: { type: 'string' } } });

console.log(`# growth (${machine()})`);
void (async () => {
  if (values.only !== 'rows') await measureStages();
  if (values.only !== 'texts') measureRows();
})();

async function measureStages(): Promise<void> {
  const wanted = values.stages?.split(',');
  await withFolder(async (folder) => {
    const bench = await openBench(folder);
    const stages = Object.entries(growthStages(bench)).filter(([name]) => wanted?.includes(name) ?? true);
    await measureTexts(Object.fromEntries(stages), maxGrowth);
    await bench.close();
  });
}

function measureRows(): void {
  const slowest: { name: string; few: number; many: number }[] = [];
  for (const [name, unit] of Object.entries(units)) {
    const [few, many] = [hostileOf(unit, small), hostileOf(unit, large)];
    for (const [what, work] of Object.entries(works))
      slowest.push({ name: `${what} of ${name}`, ...compare((hostile) => work(hostile), few, many) });
  }
  report('rows of 64 KiB beside 16 KiB, ms: the ten that grow most', slowest);

  const [short, long] = [400, 1600].map((turns): Hostile => {
    const rows = manyTurns(turns);
    return { text: '', rows, facts: factsOf(headOf(rows), rows) };
  }) as [Hostile, Hostile];
  report(
    'sessions of 9,600 rows beside 2,400, ms',
    ['pairChecks', 'fixesIn', 'deadEndsIn', 'summarizeLocally', 'readGraph'].map((name) => ({
      name,
      ...compare((session) => works[name]?.(session), short, long, false),
    })),
  );
}

/** Linear work is added to each, so that the resolution of the clock does not look like growth. */
function compare(
  work: (hostile: Hostile) => unknown,
  few: Hostile,
  many: Hostile,
  isHostile = true,
): { few: number; many: number } {
  const times = Array.from({ length: rounds }, () =>
    [few, many].map((each) => {
      // Rows are made outside of the measurement and anew each time, because some results are cached per row.
      const fresh = isHostile ? { ...each, rows: hostileRows(each.text) } : each;
      return processorTimeOf(() => {
        if (isHostile) readLetters(each.text.length);
        work(fresh);
      });
    }),
  );
  const [fewest = 0, most = 0] = times.toSorted((a, b) => a[1]! / a[0]! - b[1]! / b[0]!)[0] ?? [];
  return { few: fewest, many: most };
}

function readLetters(length: number): number {
  const text = 'the quick brown fox '.repeat(length / 20);
  let sum = 0;
  for (let round = 0; round < 20; round++)
    for (let at = 0; at < text.length; at++) sum = (Math.imul(sum, 31) + text.charCodeAt(at)) | 0;
  return sum;
}

function report(title: string, found: readonly { name: string; few: number; many: number }[]): void {
  const worst = found.toSorted((a, b) => b.many / b.few - a.many / a.few).slice(0, 10);
  printTable(
    title,
    ['work', 'small', 'large', 'growth'],
    worst.map(({ name, few, many }) => [name, ms(few), ms(many), `${(many / few).toFixed(1)}×`]),
  );
  const [first] = worst;
  if (first) gate(first.name, { size: 1, time: first.few }, { size: 4, time: first.many }, maxGrowth);
}

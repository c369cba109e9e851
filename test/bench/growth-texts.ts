/** How the time of each stage from file to page grows with texts of every hostile kind, at one, two and four sizes. */
import { hostileKinds, hostileText } from '../fixtures/hostile-texts';
import type { Stage } from './growth-stages';
import { gate, ms, printTable } from './measure';

const sizes = [16 * 1024, 32 * 1024, 64 * 1024] as const;
const [leastRounds, mostRounds] = [3, 12];
/** Of linear growth: further rounds would change the last digit. */
const near = 1.2;
/** A shorter measurement is one of the clock. */
const leastMs = 2;
/** A few kinds are shown for each stage; all are held. */
const shown = 2;

interface Grown {
  kind: string;
  times: [one: number, two: number, four: number];
}

const growthOf = ({ times: [one, , four] }: Grown): number => four / one;

/** Prints a table and gates; `maxGrowth` is relative to linear growth. */
export async function measureTexts(stages: Readonly<Record<string, Stage>>, maxGrowth: number): Promise<void> {
  const rows: string[][] = [];
  const worst: [stage: string, grown: Grown][] = [];
  for (const [name, stage] of Object.entries(stages)) {
    const all: Grown[] = [];
    for (const kind of hostileKinds) all.push(await measure(kind, stage));
    const grown = all.toSorted((a, b) => growthOf(b) - growthOf(a));
    for (const each of grown.slice(0, shown)) {
      const [one, two, four] = each.times;
      rows.push([name, each.kind, ms(one), `${(two / one).toFixed(1)}×`, `${(four / one).toFixed(1)}×`]);
    }
    for (const each of grown.filter((one, place) => place === 0 || growthOf(one) > 4 * maxGrowth))
      worst.push([name, each]);
  }
  printTable(
    `${hostileKinds.length} kinds of texts of 16, 32 and 64 KiB: for each stage those that grow most`,
    ['stage', 'kind', '16 KiB, ms', '32 KiB', '64 KiB'],
    rows,
  );
  for (const [name, { kind, times }] of worst)
    gate(`${name} of ${kind}`, { size: 1, time: times[0] }, { size: 4, time: times[2] }, maxGrowth);
}

/** The least processor time of several rounds at each size: other work on the machine only adds to it. */
async function measure(kind: string, stage: Stage): Promise<Grown> {
  const texts = sizes.map((size) => hostileText(kind, size));
  const [smallest = ''] = texts;
  await time(smallest, stage, 1);
  const repeats = Math.ceil(leastMs / Math.max(await time(smallest, stage, 1), 0.01));
  const grown: Grown = { kind, times: [Infinity, Infinity, Infinity] };
  for (let round = 0; round < mostRounds; round++) {
    for (const [place, text] of texts.entries())
      grown.times[place] = Math.min(grown.times[place] ?? Infinity, (await time(text, stage, repeats)) / repeats);
    if (round + 1 >= leastRounds && growthOf(grown) <= 4 * near) break;
  }
  return grown;
}

async function time(text: string, stage: Stage, repeats: number): Promise<number> {
  const before = process.cpuUsage();
  for (let count = 0; count < repeats; count++) await stage(text);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

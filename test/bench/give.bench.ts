/**
 * Giving memory back: how long it takes to pack a thousand pieces, to answer a prompt and to make a brief over a generated
 * history of two projects, and how packing grows.
 */
import { briefFor } from '../../src/core/give/brief';
import { findAmendmentsStep } from '../../src/core/give/find-amendments';
import { packFor } from '../../src/core/give/need';
import { pack } from '../../src/core/give/pack';
import type { Weighed } from '../../src/core/give/pack';
import { FullText } from '../../src/core/index/full-text';
import { tokensOf } from '../../src/core/index/tokenize';
import { makeHistory } from '../eval/inject/made';
import { randomFrom } from '../torture/random';
import { gate, machine, ms, percentile, printTable, processorTimeOf, withFolder } from './measure';
import { openBench } from './open';

const rounds = 15;
const words = Array.from({ length: 2000 }, (_, number) => `word${number.toString(36)}`);

async function main(): Promise<void> {
  console.log(`# giving back (${machine()})`);
  const sizes = [500, 1000, 2000];
  const times = sizes.map((size) => timesOf([piecesOf(size)], (pieces) => pack(pieces, 1500)));
  printTable(
    'pack, processor ms',
    ['pieces', 'p50', 'p95'],
    sizes.map((size, index) => [`${size}`, ms(percentile(times[index]!, 0.5)), ms(percentile(times[index]!, 0.95))]),
  );
  gate(
    'pack',
    { size: sizes[0]!, time: percentile(times[0]!, 0.5) },
    { size: sizes[1]!, time: percentile(times[1]!, 0.5) },
    3,
  );
  await withFolder(measureHistory);
}

async function measureHistory(folder: string): Promise<void> {
  const bench = await openBench(folder);
  const { cases, now } = await makeHistory(bench.configDir, 101);
  await bench.import({ isArchiving: false });
  const { driver } = bench;
  for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) await bench.memory.summary(id);
  const index = new FullText(driver);
  while (findAmendmentsStep({ driver, index, now: () => now }));
  const ports = { driver, index };
  const prompts = timesOf(cases, ({ prompt }) =>
    packFor(ports, { text: prompt, scopeIds: undefined, budget: 500, now }),
  );
  const briefs = timesOf([undefined], () => briefFor(ports, { scopeIds: undefined, budget: 500, now }));
  printTable(
    'over 112 sessions, processor ms',
    ['', 'p50', 'p95'],
    [
      ['a prompt', ms(percentile(prompts, 0.5)), ms(percentile(prompts, 0.95))],
      ['a brief', ms(percentile(briefs, 0.5)), ms(percentile(briefs, 0.95))],
    ],
  );
  await bench.close();
}

function timesOf<T>(items: readonly T[], work: (item: T) => unknown): number[] {
  return Array.from({ length: rounds }, () => items.map((item) => processorTimeOf(() => void work(item)))).flat();
}

function piecesOf(count: number): Weighed[] {
  const random = randomFrom(count);
  return Array.from({ length: count }, (_, number) => {
    const text = Array.from({ length: 8 + random.below(25) }, () => words[random.below(words.length)]).join(' ');
    return {
      id: `s${number % 200}/done/${number}`,
      kind: 'done' as const,
      text,
      sessionId: `s${number % 200}`,
      title: `Session ${number % 200}`,
      at: number,
      value: random.below(1000) / 1000,
      terms: new Set(tokensOf(text).map(({ term }) => term)),
    };
  });
}

void main();

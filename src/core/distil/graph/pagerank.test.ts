import * as fc from 'fast-check';
import { expect, it } from 'vitest';
import { rankNodes } from './pagerank';
import type { Link } from './pagerank';

const sum = (ranks: Float64Array) => ranks.reduce((total, rank) => total + rank, 0);
const graph = fc.integer({ min: 1, max: 12 }).chain((count) =>
  fc.record({
    count: fc.constant(count),
    links: fc.array(
      fc.record({
        from: fc.nat(count - 1),
        to: fc.nat(count - 1),
        weight: fc.double({ min: 0.01, max: 100, noNaN: true }),
      }),
      { maxLength: 40 },
    ),
    seeds: fc.array(fc.nat(count - 1), { minLength: 1, maxLength: 3 }),
  }),
);

it('sums to one, never below nothing, the same each time', () => {
  fc.assert(
    fc.property(graph, ({ count, links, seeds }) => {
      const ranks = rankNodes(count, links, seeds);
      expect(sum(ranks)).toBeCloseTo(1, 8);
      expect(Math.min(...ranks)).toBeGreaterThanOrEqual(0);
      expect(rankNodes(count, links, seeds)).toEqual(ranks);
    }),
  );
});

it('is the fixed point of its own step', () => {
  const links: Link[] = [
    { from: 0, to: 1, weight: 1 },
    { from: 1, to: 2, weight: 1 },
  ];
  const [a = 0, b = 0, c = 0] = rankNodes(3, links, [0]);
  // From the middle both ends are equally near: each gets half.
  expect(a).toBeCloseTo(0.15 + 0.85 * (b / 2), 8);
  expect(b).toBeCloseTo(0.85 * (a + c), 8);
  expect(c).toBeCloseTo(0.85 * (b / 2), 8);
});

it('what is near ranks above what is far, and unlinked nodes have nothing', () => {
  const line = Array.from({ length: 5 }, (_, from) => ({ from, to: from + 1, weight: 1 }));
  const ranks = rankNodes(7, line, [0]);
  // The node at the end has only one link and may rank below its neighbour; from there on ranks only fall.
  for (let node = 1; node < 5; node++) expect(ranks[node]).toBeGreaterThan(ranks[node + 1] ?? 1);
  expect(ranks[6]).toBe(0);
});

it('a hub is damped', () => {
  // 0 is linked equally to 1 (a hub with twenty other links) and to 2 (linked to 0 and 3 only).
  const links = [
    { from: 0, to: 1, weight: 1 },
    { from: 0, to: 2, weight: 1 },
    { from: 2, to: 3, weight: 1 },
    ...Array.from({ length: 20 }, (_, index) => ({ from: 1, to: 4 + index, weight: 1 })),
  ];
  const ranks = rankNodes(24, links, [0]);
  expect(ranks[3]).toBeGreaterThan((ranks[4] ?? 1) * 3);
  expect(ranks[2]).toBeGreaterThan(ranks[1] ?? 1);
});

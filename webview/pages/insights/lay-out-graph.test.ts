import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { GraphEdge, GraphNode } from '../../../src/protocol/insights';
import { entityKinds } from '../../../src/protocol/insights';
import { frameFor, nodeRoom, layOutGraph } from './lay-out-graph';

const node = (id: number, depth: number): GraphNode => ({
  id,
  kind: entityKinds[id % entityKinds.length] ?? 'file',
  name: `n${id}`,
  label: `n${id}`,
  rank: 1 / (id + 1),
  sessions: 1,
  lastAt: 0,
  depth,
});
const graph = (count: number): { nodes: GraphNode[]; edges: GraphEdge[] } => ({
  nodes: Array.from({ length: count }, (_, id) => node(id, id === 0 ? 0 : id <= count / 2 ? 1 : 2)),
  edges: Array.from({ length: count - 1 }, (_, index) => ({
    from: index + 1,
    to: index + 1 <= count / 2 ? 0 : 1 + (index % Math.max(1, Math.floor(count / 2))),
    kind: 'uses',
    weight: 1,
    lastAt: 0,
    sessionId: 's',
  })),
});

describe('a picture', () => {
  it('is the same each time', () => {
    const { nodes, edges } = graph(24);
    const frame = frameFor(24, 340);
    expect(layOutGraph(nodes, edges, frame)).toEqual(layOutGraph(nodes, edges, frame));
  });

  it('has the asked one in the middle and all others inside, none on another', () => {
    fc.assert(
      fc.property(fc.integer({ min: 2, max: 40 }), fc.integer({ min: 260, max: 900 }), (count, width) => {
        const { nodes, edges } = graph(count);
        const frame = frameFor(count, width);
        const placed = layOutGraph(nodes, edges, frame);
        expect(placed[0]).toMatchObject({ x: width / 2, y: frame.height / 2 });
        for (const { x, y } of placed) {
          expect(x).toBeGreaterThanOrEqual(nodeRoom.width / 2);
          expect(x).toBeLessThanOrEqual(width - nodeRoom.width / 2);
          expect(y).toBeGreaterThanOrEqual(nodeRoom.height / 2);
          expect(y).toBeLessThanOrEqual(frame.height - nodeRoom.height / 2);
        }
        expect(countOverlaps(placed)).toBe(0);
      }),
      { numRuns: 60 },
    );
  });

  it('that is not laid out would be seen to overlap', () => {
    const { nodes } = graph(3);
    expect(countOverlaps(nodes.map((each) => ({ node: each, x: 100, y: 100 })))).toBe(3);
  });
});

function countOverlaps(placed: readonly { x: number; y: number }[]): number {
  return placed.flatMap((one, index) =>
    placed
      .slice(index + 1)
      .filter(
        (other) => Math.abs(one.x - other.x) < nodeRoom.width - 1 && Math.abs(one.y - other.y) < nodeRoom.height - 1,
      ),
  ).length;
}

/** Where the nodes of a picture go: rings around the asked one, then pushed apart until no label lies on another. Same in, same out. */
import type { GraphEdge, GraphNode } from '../../../src/protocol/insights';

export interface Placed {
  node: GraphNode;
  x: number;
  y: number;
}

export interface Frame {
  width: number;
  height: number;
}

/** Room one node takes with its label, in pixels. */
export const nodeRoom = { width: 88, height: 38 };
/** Least room between two of them, so that the lines can be seen. */
const gap = { width: 10, height: 18 };
const rounds = 200;

/** How high a picture of so many nodes must be to be read at this width. */
export function frameFor(count: number, width: number): Frame {
  const perRow = Math.max(1, Math.floor(width / (nodeRoom.width * 1.15)));
  return { width, height: Math.max(240, Math.ceil(count / perRow) * (nodeRoom.height + gap.height) * 1.3) };
}

export function settleGraph(nodes: readonly GraphNode[], edges: readonly GraphEdge[], frame: Frame): Placed[] {
  const placed = placeOnRings(nodes, edges, frame);
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  for (let round = 0; round < rounds; round += 1) {
    pushApart(placed);
    for (const each of placed) Object.assign(each, each.node.depth === 0 ? middle : inside(each, frame));
  }
  return placed;
}

/** Neighbours of the asked one on the inner ring, by kind; theirs on the outer one, near whom they belong to. */
function placeOnRings(nodes: readonly GraphNode[], edges: readonly GraphEdge[], { width, height }: Frame): Placed[] {
  const angles = new Map<number, number>();
  const inner = nodes.filter(({ depth }) => depth === 1).toSorted((one, other) => one.kind.localeCompare(other.kind) || other.rank - one.rank || one.id - other.id);
  inner.forEach(({ id }, index) => angles.set(id, (2 * Math.PI * index) / inner.length - Math.PI / 2));
  const outer = nodes.filter(({ depth }) => depth > 1).toSorted((one, other) => other.rank - one.rank || one.id - other.id);
  outer.forEach(({ id }, index) => {
    const parent = edges.flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : [])).find((each) => angles.has(each));
    const around = (parent === undefined ? undefined : angles.get(parent)) ?? (2 * Math.PI * index) / outer.length;
    // Brothers and sisters a little to each side.
    angles.set(id, around + (((index % 5) - 2) * Math.PI) / 16);
  });
  return nodes.map((node) => {
    const angle = angles.get(node.id) ?? 0;
    const reach = node.depth === 0 ? 0 : node.depth === 1 ? 0.34 : 0.5;
    return { node, x: width / 2 + Math.cos(angle) * reach * width, y: height / 2 + Math.sin(angle) * reach * height };
  });
}

/** Labels are wide and low: whoever overlaps moves along the axis on which least is needed. */
function pushApart(placed: readonly Placed[]): void {
  for (let one = 0; one < placed.length; one += 1) {
    for (let other = one + 1; other < placed.length; other += 1) {
      const [a, b] = [placed[one], placed[other]];
      if (!a || !b) continue;
      const [dx, dy] = [b.x - a.x, b.y - a.y];
      const overlap = { x: nodeRoom.width + gap.width - Math.abs(dx), y: nodeRoom.height + gap.height - Math.abs(dy) };
      if (overlap.x <= 0 || overlap.y <= 0) continue;
      const isSideways = overlap.x / nodeRoom.width < overlap.y / nodeRoom.height;
      const step = (isSideways ? overlap.x : overlap.y) / 2 + 0.5;
      const way = (isSideways ? dx : dy) || (one % 2 === 0 ? 1 : -1);
      const axis = isSideways ? 'x' : 'y';
      a[axis] -= Math.sign(way) * step;
      b[axis] += Math.sign(way) * step;
    }
  }
}

function inside({ x, y }: Placed, { width, height }: Frame): { x: number; y: number } {
  return {
    x: Math.min(Math.max(x, nodeRoom.width / 2), width - nodeRoom.width / 2),
    y: Math.min(Math.max(y, nodeRoom.height / 2), height - nodeRoom.height / 2),
  };
}

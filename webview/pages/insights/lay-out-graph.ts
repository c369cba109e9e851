/**
 * Computes positions of the graph's nodes: rings around the centre, then pushed apart until no labels overlap.
 * Deterministic.
 */
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

/** Size of a node with its label in pixels. */
export const nodeRoom = { width: 88, height: 38 };
/** Least distance between two nodes, so that lines are visible. */
const gap = { width: 10, height: 18 };
const cell = { width: nodeRoom.width + gap.width, height: nodeRoom.height + gap.height };
const rounds = 120;

/** The height a picture with this many nodes needs at this width. */
export function frameFor(count: number, width: number): Frame {
  // Two rows more than a full grid, because the central node may block four cells.
  const rows = Math.ceil(count / columnsIn(width)) + 2;
  return { width, height: Math.max(240, rows * cell.height) };
}

export function layOutGraph(nodes: readonly GraphNode[], edges: readonly GraphEdge[], frame: Frame): Placed[] {
  const placed = placeOnRings(nodes, edges, frame);
  const middle = { x: frame.width / 2, y: frame.height / 2 };
  for (let round = 0; round < rounds; round += 1) {
    pushApart(placed);
    for (const each of placed) Object.assign(each, each.node.depth === 0 ? middle : inside(each, frame));
  }
  return placed.some((one, index) => placed.slice(index + 1).some((other) => isOver(one, other)))
    ? snapToGrid(placed, frame)
    : placed;
}

const isOver = (one: Pick<Placed, 'x' | 'y'>, other: Pick<Placed, 'x' | 'y'>): boolean =>
  Math.abs(one.x - other.x) < nodeRoom.width && Math.abs(one.y - other.y) < nodeRoom.height;

const columnsIn = (width: number): number => Math.max(1, Math.floor(width / cell.width));

/** When pushing apart found no free positions: moves each node to the nearest free cell of a grid. */
function snapToGrid(placed: readonly Placed[], { width, height }: Frame): Placed[] {
  const [columns, rows] = [columnsIn(width), Math.floor(height / cell.height)];
  const middle = placed.filter(({ node }) => node.depth === 0);
  const free = Array.from({ length: columns * rows }, (_, index) => ({
    x: ((index % columns) + 0.5) * (width / columns),
    y: (Math.floor(index / columns) + 0.5) * (height / rows),
  })).filter((place) => !middle.some((each) => isOver(each, place)));
  return placed.map((each) => {
    if (each.node.depth === 0) return each;
    const distance = ({ x, y }: { x: number; y: number }) => (x - each.x) ** 2 + (y - each.y) ** 2;
    const best = free.reduce(
      (nearest, place, index) => (distance(place) < distance(free[nearest] ?? place) ? index : nearest),
      0,
    );
    const [place] = free.splice(best, 1);
    return { ...each, ...place };
  });
}

/** Neighbours of the central node on the inner ring by kind; their neighbours on the outer ring, near them. */
function placeOnRings(nodes: readonly GraphNode[], edges: readonly GraphEdge[], { width, height }: Frame): Placed[] {
  const angles = new Map<number, number>();
  const inner = nodes
    .filter(({ depth }) => depth === 1)
    .toSorted((one, other) => one.kind.localeCompare(other.kind) || other.rank - one.rank || one.id - other.id);
  inner.forEach(({ id }, index) => angles.set(id, (2 * Math.PI * index) / inner.length - Math.PI / 2));
  const outer = nodes
    .filter(({ depth }) => depth > 1)
    .toSorted((one, other) => other.rank - one.rank || one.id - other.id);
  outer.forEach(({ id }, index) => {
    const parent = edges
      .flatMap(({ from, to }) => (from === id ? [to] : to === id ? [from] : []))
      .find((each) => angles.has(each));
    const around = (parent === undefined ? undefined : angles.get(parent)) ?? (2 * Math.PI * index) / outer.length;
    // Nodes with the same neighbour are spread to both sides.
    angles.set(id, around + (((index % 5) - 2) * Math.PI) / 16);
  });
  return nodes.map((node) => {
    const angle = angles.get(node.id) ?? 0;
    const reach = node.depth === 0 ? 0 : node.depth === 1 ? 0.34 : 0.5;
    return { node, x: width / 2 + Math.cos(angle) * reach * width, y: height / 2 + Math.sin(angle) * reach * height };
  });
}

/** Labels are wide and low, so overlapping nodes move along the axis with the smaller overlap. */
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

/** Personalised PageRank: how near each node is to the seeds, over all paths between them. */

export interface Link {
  from: number;
  to: number;
  /** More than 0. */
  weight: number;
}

const damping = 0.85;
const maxRounds = 200;
const close = 1e-10;

/**
 * Ranks of nodes 0 to `count` − 1, which sum to 1; all of it on the seeds when there are no links. Links count in both
 * directions. Links to nodes with very many links are damped; otherwise all paths would lead through the project and
 * its test command.
 */
export function rankNodes(count: number, links: readonly Link[], seeds: readonly number[]): Float64Array {
  const degree = new Float64Array(count);
  for (const { from, to } of links) {
    degree[from] = (degree[from] ?? 0) + 1;
    degree[to] = (degree[to] ?? 0) + 1;
  }
  const damped = links.map(({ from, to, weight }) => ({
    from,
    to,
    there: weight / hub(degree[to]),
    back: weight / hub(degree[from]),
  }));
  const out = new Float64Array(count);
  for (const { from, to, there, back } of damped) {
    out[from] = (out[from] ?? 0) + there;
    out[to] = (out[to] ?? 0) + back;
  }
  const start = new Float64Array(count);
  for (const seed of seeds) start[seed] = (start[seed] ?? 0) + 1 / seeds.length;
  let ranks = Float64Array.from(start);
  for (let round = 0; round < maxRounds; round++) {
    const next = new Float64Array(count);
    let lost = 0;
    for (let node = 0; node < count; node++) if (out[node] === 0) lost += ranks[node] ?? 0;
    for (const { from, to, there, back } of damped) {
      next[to] = (next[to] ?? 0) + ((ranks[from] ?? 0) * there) / (out[from] ?? 1);
      next[from] = (next[from] ?? 0) + ((ranks[to] ?? 0) * back) / (out[to] ?? 1);
    }
    let moved = 0;
    for (let node = 0; node < count; node++) {
      const rank = damping * ((next[node] ?? 0) + lost * (start[node] ?? 0)) + (1 - damping) * (start[node] ?? 0);
      moved += Math.abs(rank - (ranks[node] ?? 0));
      next[node] = rank;
    }
    ranks = next;
    if (moved < close) break;
  }
  return ranks;
}

const hub = (degree: number | undefined): number => Math.sqrt(Math.max(1, degree ?? 1));

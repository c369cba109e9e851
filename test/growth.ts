/// <reference types="node" />
/**
 * How much more processor time an input of four times the length takes: about 4 for linear time, 16 for quadratic time.
 * No absolute time is compared, because a slow or busy machine takes longer for both.
 */
const times = 4;
const attempts = 12;
/** Between linear and quadratic. */
export const maxGrowth = 8;
/** Below a millisecond the measurement itself dominates. */
const minMicros = 1000;

/**
 * The smallest growth of several rounds: other work of the process can only increase it, while quadratic growth appears
 * in every round.
 */
export async function growthOf(run: (size: number) => unknown, from: number): Promise<number> {
  await run(from);
  let smallest = Infinity;
  for (let attempt = 0; attempt < attempts && smallest > maxGrowth; attempt += 1) {
    const small = await microsOf(() => run(from));
    const large = await microsOf(() => run(from * times));
    smallest = Math.min(smallest, large / Math.max(small, minMicros));
  }
  return smallest;
}

async function microsOf(run: () => unknown): Promise<number> {
  const before = process.cpuUsage();
  await run();
  const { user, system } = process.cpuUsage(before);
  return user + system;
}

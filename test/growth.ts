/// <reference types="node" />
/**
 * How much more processor time four times as much takes: about 4 where time grows with the length, 16 where it grows
 * with the square. No clock is read and no speed is asked for: a slow or busy machine takes longer for both.
 */
const times = 4;
const attempts = 5;
/** Between the line and the square. */
export const maxGrowth = 8;
/** Below a millisecond the measure itself is what is measured. */
const minMicros = 1000;

/** The smallest growth seen: other work of the process can only add to one side, and the square is there each time. */
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

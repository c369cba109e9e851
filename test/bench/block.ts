/**
 * The longest step in which a thread answers nothing, and where it was. Measured in processor time between two turns of
 * the event loop, because a busy machine stretches the time on the clock.
 */
import type { Profiler } from 'node:inspector';
import { Session } from 'node:inspector/promises';

export interface Blocks {
  /** In milliseconds; 0 when there was no step. */
  longest: number;
  /** Steps above the limit, the longest first, each with the functions it spent most of its time in. */
  long: { ms: number; where: string }[];
}

/** Of this thread alone, without collectors of garbage and workers; the types are of an older Node than the host's. */
const { threadCpuUsage } = process as unknown as { threadCpuUsage: typeof process.cpuUsage };
const sampleMicros = 1000;
const shownFunctions = 8;

/** Watches this thread until `work` is done. */
export async function blocksOf(limitMs: number, work: () => unknown): Promise<Blocks> {
  const session = new Session();
  session.connect();
  await session.post('Profiler.enable');
  await session.post('Profiler.setSamplingInterval', { interval: sampleMicros });
  await session.post('Profiler.start');
  const steps: { ms: number; from: number; to: number }[] = [];
  let isOver = false;
  let before = threadCpuUsage();
  let from = process.hrtime.bigint();
  const turn = () => {
    const { user, system } = threadCpuUsage(before);
    const to = process.hrtime.bigint();
    steps.push({ ms: (user + system) / 1000, from: Number(from / 1000n), to: Number(to / 1000n) });
    // What this costs belongs to no step.
    before = threadCpuUsage();
    from = to;
    if (!isOver) setImmediate(turn);
  };
  setImmediate(turn);
  try {
    await work();
  } finally {
    isOver = true;
  }
  await new Promise(setImmediate);
  const { profile } = await session.post('Profiler.stop');
  session.disconnect();
  const long = steps.filter(({ ms }) => ms > limitMs).toSorted((a, b) => b.ms - a.ms);
  return {
    longest: steps.reduce((most, { ms }) => Math.max(most, ms), 0),
    long: long.map((step) => ({ ms: step.ms, where: placesIn(profile, step.from, step.to) })),
  };
}

/** Our functions on the stacks between two times, by their share. */
function placesIn(profile: Profiler.Profile, from: number, to: number): string {
  const parents = new Map<number, number>();
  for (const { id, children } of profile.nodes) for (const child of children ?? []) parents.set(child, id);
  const nodes = new Map(profile.nodes.map((node) => [node.id, node]));
  const shares = new Map<string, number>();
  let at = profile.startTime;
  let count = 0;
  for (const [index, sample] of (profile.samples ?? []).entries()) {
    at += profile.timeDeltas?.[index] ?? 0;
    if (at < from || at > to) continue;
    count++;
    const names = new Set<string>();
    for (let id: number | undefined = sample; id !== undefined; id = parents.get(id)) {
      const name = nodes.get(id)?.callFrame.functionName ?? '';
      if (name !== '' && !/^[(]|wasm/.test(name)) names.add(name);
    }
    for (const name of names) shares.set(name, (shares.get(name) ?? 0) + 1);
  }
  return [...shares]
    .filter(([, share]) => share > count / 4)
    .toSorted((a, b) => b[1] - a[1])
    .slice(0, shownFunctions)
    .map(([name, share]) => `${name} ${Math.round((100 * share) / count)} %`)
    .join(', ');
}

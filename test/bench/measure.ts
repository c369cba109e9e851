/** Numbers, tables and generated data for benchmarks. */
import { mkdtempSync, rmSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import path from 'node:path';

export function percentile(values: readonly number[], part: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? NaN;
}

export function timeOf(work: () => unknown): number {
  const started = performance.now();
  work();
  return performance.now() - started;
}

/** Unlike time on the clock it does not grow with what others do on the machine. */
export function processorTimeOf(work: () => void): number {
  const before = process.cpuUsage();
  work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

export const ms = (value: number): string => (value < 10 ? value.toFixed(2) : value.toFixed(0));
export const ratio = (ours: number, theirs: number): string => `${(ours / theirs).toFixed(2)}×`;

/** Sizes in MB: `--sizes 10,100` instead of the usual ones. */
export function sizesOr(usual: readonly number[]): readonly number[] {
  const at = process.argv.indexOf('--sizes');
  return at < 0 ? usual : (process.argv[at + 1] ?? '').split(',').map(Number);
}

/** A Markdown table for docs/benchmarks.md. */
export function printTable(title: string, head: readonly string[], rows: readonly (readonly string[])[]): void {
  console.log(`\n### ${title}\n\n| ${head.join(' | ')} |\n|${head.map(() => '---').join('|')}|`);
  for (const row of rows) console.log(`| ${row.join(' | ')} |`);
}

/**
 * Growth of time divided by growth of size must stay below a limit. As a ratio within one run it holds on any machine.
 */
export function gate(
  name: string,
  small: { size: number; time: number },
  big: { size: number; time: number },
  most: number,
): void {
  const growth = big.time / small.time / (big.size / small.size);
  const isHeld = growth <= most;
  console.log(`${isHeld ? 'held' : 'BROKEN'}: ${name} grows ${growth.toFixed(2)} of linear (at most ${most})`);
  if (!isHeld) process.exitCode = 1;
}

export const machine = (): string =>
  `${cpus().length} × ${cpus()[0]?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Node ${process.versions.node}`;

/** A folder on the project's disk, because a temporary folder may be in memory. */
export function withFolder<T>(work: (folder: string) => T): T {
  const folder = mkdtempSync(path.resolve('.cache/bench/data-'));
  const clean = () => rmSync(folder, { recursive: true, force: true });
  const result = work(folder);
  if (result instanceof Promise) return result.finally(clean) as T;
  clean();
  return result;
}

/** Reproducible numbers in [0, 1). */
export function randomFrom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Words distributed as in real text (Zipf); half of them look like identifiers. */
export function makeWords(count: number): string[] {
  const random = randomFrom(7);
  const syllables = ['ba', 'co', 'di', 'fu', 'ge', 'lo', 'ma', 'ne', 'pi', 'ra', 'se', 'ti', 'vo', 'xu', 'za'];
  const word = () =>
    Array.from({ length: 2 + Math.floor(random() * 3) }, () => syllables[Math.floor(random() * syllables.length)]).join(
      '',
    );
  return Array.from({ length: count }, (_, index) =>
    index % 2 === 0 ? word() : `${word()}${word().replace(/^./, (letter) => letter.toUpperCase())}`,
  );
}

export function makeText(words: readonly string[], length: number, random: () => number): string {
  // Rank r has a probability of about 1/r.
  return Array.from(
    { length },
    () => words[Math.min(words.length - 1, Math.floor(Math.exp(random() * Math.log(words.length))) - 1)] ?? 'a',
  ).join(' ');
}

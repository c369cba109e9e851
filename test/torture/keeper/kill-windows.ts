/**
 * Four windows write into one memory: learnings by the API, transcript lines that the keeper reads, imports on request.
 * Windows join, leave, are suspended and killed, the keeper's most of all. At the end every acknowledged write and
 * every line must exist exactly once, and there were never two keepers at a time.
 */
import { mkdir, readFile } from 'node:fs/promises';
import path from 'node:path';
import { prepareDesk } from '../../process/windows';
import type { Desk, Reply, Window } from '../../process/windows';
import { lateAnswers } from './faults';
import type { Fault } from './faults';
import { Scribe } from './scribe';

export interface TortureOptions {
  kills: number;
  windows: number;
  seed: number;
  fault?: Fault;
  /** Called after each kill. */
  onKill?: (done: number) => void;
}

export interface TortureResult {
  kills: number;
  keeperKills: number;
  left: number;
  stopped: number;
  keepers: number;
  acknowledged: number;
  lines: number;
  imports: number;
  lost: string[];
  doubled: string[];
  owners: string[];
  /** Calls of surviving windows that were never answered, or were refused. */
  refused: string[];
  failoverMs: number[];
}

interface Term {
  generation: number;
  pid: number;
  from: number;
  until: number;
}

/** Far more than a window needs to close, even on a busy machine. */
const leaveMs = 15_000;

function random(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
}

export async function killWindows({
  kills,
  windows: most,
  seed,
  fault,
  onKill,
}: TortureOptions): Promise<TortureResult> {
  const desk = await prepareDesk(fault?.window);
  try {
    const run = new Run(desk, most, random(seed), [
      await desk.buildKeeper('keeper', fault?.keeper ?? []),
      await desk.buildKeeper('late', fault?.keeper ?? lateAnswers),
    ]);
    try {
      await run.begin();
      while (run.result.kills < kills) {
        await run.step();
        onKill?.(run.result.kills);
      }
      return await run.judge();
    } catch (error) {
      // With keepers that replace each other a window may not open at all; what was found so far counts.
      if (!fault) throw error;
      return run.breakOff();
    }
  } finally {
    await desk.clear();
  }
}

class Run {
  readonly result: TortureResult = {
    kills: 0,
    keeperKills: 0,
    left: 0,
    stopped: 0,
    keepers: 0,
    acknowledged: 0,
    lines: 0,
    imports: 0,
    lost: [],
    doubled: [],
    owners: [],
    refused: [],
    failoverMs: [],
  };
  readonly #open = new Set<Window>();
  readonly #terms: Term[] = [];
  readonly #acknowledged = new Set<string>();
  readonly #promises: Promise<void>[] = [];
  readonly #scribe: Scribe;
  #puts = 0;

  constructor(
    readonly desk: Desk,
    readonly most: number,
    readonly next: () => number,
    readonly keepers: readonly string[],
  ) {
    this.#scribe = new Scribe(path.join(desk.folder, 'config'), next);
  }

  async begin(): Promise<void> {
    await mkdir(this.desk.dataDir, { recursive: true });
    await this.#scribe.begin();
    await Promise.all(Array.from({ length: this.most }, () => this.#join()));
  }

  /** Writes at every window, then something happens to one of them. */
  async step(): Promise<void> {
    const open = [...this.#open];
    for (const window of open) for (let put = 0; put < 3; put++) this.#put(window);
    await this.#scribe.write();
    if (this.next() < 0.3) this.#import(this.#pick(open));
    // Kills at any point between the arrival of the calls and their end.
    await new Promise((resolve) => setTimeout(resolve, this.next() * 60));
    const dice = this.next();
    const keeper = open.find((window) => window.process.pid === this.#terms.at(-1)?.pid);
    if (dice < 0.1) await this.#leave(this.#pick(open));
    else if (dice < 0.2) await this.#stop(this.#pick(open));
    else await this.#kill(keeper && this.next() < 0.7 ? keeper : this.#pick(open));
    while (this.#open.size < this.most) await this.#join();
  }

  breakOff(): TortureResult {
    return { ...this.result, owners: overlaps(this.#terms), keepers: this.#terms.length };
  }

  async judge(): Promise<TortureResult> {
    // Every call of a surviving window must be answered.
    await Promise.all(this.#promises);
    const last = await this.#join();
    if ((await last.ask('import')) !== true) this.result.refused.push('the last import');
    const titles = count((await last.ask('titles')) as string[]);
    const lines = count((await last.ask('prompts')) as string[]);
    this.#judge(
      [...this.#acknowledged].map((id) => `learning ${id}`),
      titles,
    );
    this.#judge([...this.#scribe.written], lines);
    this.result.owners.push(...overlaps(this.#terms), ...(await this.#lastNumber()));
    return {
      ...this.result,
      keepers: this.#terms.length,
      acknowledged: this.#acknowledged.size,
      lines: this.#scribe.written.size,
    };
  }

  #judge(expected: readonly string[], found: ReadonlyMap<string, number>): void {
    for (const each of expected) if (!found.has(each)) this.result.lost.push(each);
    for (const [each, times] of found) if (times > 1) this.result.doubled.push(each);
  }

  /** The number in keeper.json must be that of the last keeper. */
  async #lastNumber(): Promise<string[]> {
    const { generation } = JSON.parse(await readFile(path.join(this.desk.dataDir, 'keeper.json'), 'utf8')) as {
      generation?: number;
    };
    const expected = Math.max(...this.#terms.map((term) => term.generation));
    return generation === expected ? [] : [`keeper.json says ${generation}, the last keeper ${expected}`];
  }

  async #join(): Promise<Window> {
    const keeper = this.keepers[this.next() < 0.5 ? 0 : 1];
    const window = await this.desk.open({
      keeper: keeper!,
      env: { WINDOW_CONFIG_DIR: this.#scribe.configDir },
      onReply: (reply, from) => this.#hear(reply, from),
    });
    this.#open.add(window);
    return window;
  }

  #hear({ message, done, value }: Reply, { process: { pid = 0 } }: Window): void {
    const owns = /owns the memory, as number (\d+)/.exec(message ?? '');
    if (owns)
      this.#terms.push({ generation: Number(owns[1]), pid, from: performance.now(), until: Number.POSITIVE_INFINITY });
    if (done?.startsWith('put ')) this.#acknowledged.add(value as string);
  }

  #endTerms(window: Window): void {
    for (const term of this.#terms)
      if (term.pid === window.process.pid) term.until = Math.min(term.until, performance.now());
  }

  #put(window: Window): void {
    this.#promise(window, `put write-${String(++this.#puts).padStart(6, '0')}`);
  }

  #import(window: Window): void {
    this.result.imports++;
    const before = this.#scribe.lastWord;
    this.#promise(window, 'import', async (isComplete) => {
      // When an import reports success, lines written before it must be found.
      if (isComplete !== true || (before !== undefined && (await window.ask(`find ${before}`)) === 0))
        this.result.refused.push(`import (${String(isComplete)}) before ${before}`);
    });
  }

  /** A call that must be answered unless its window dies. */
  #promise(window: Window, command: string, then: (value: unknown) => Promise<void> = async () => {}): void {
    const work = window
      .ask(command)
      .then(then)
      .catch((error: unknown) => {
        if (this.#open.has(window)) this.result.refused.push(error instanceof Error ? error.message : String(error));
      });
    this.#promises.push(work);
  }

  async #leave(window: Window): Promise<void> {
    this.#open.delete(window);
    window.process.stdin!.end();
    // A window that was told to close must end; otherwise it is killed so that the others can be checked.
    const patience = setTimeout(() => {
      this.result.refused.push(`window ${window.process.pid} did not end`);
      window.process.kill('SIGKILL');
    }, leaveMs);
    await window.exited;
    clearTimeout(patience);
    this.#endTerms(window);
    this.result.left++;
  }

  /** Suspends a window for a moment; it must lose nothing. */
  async #stop(window: Window): Promise<void> {
    window.process.kill('SIGSTOP');
    await new Promise((resolve) => setTimeout(resolve, this.next() * 200));
    window.process.kill('SIGCONT');
    this.result.stopped++;
  }

  async #kill(window: Window): Promise<void> {
    const wasKeeper = window.process.pid === this.#terms.at(-1)?.pid;
    this.#open.delete(window);
    this.#endTerms(window);
    const startedAt = performance.now();
    window.process.kill('SIGKILL');
    this.result.kills++;
    const survivor = [...this.#open].at(-1);
    if (wasKeeper && survivor) {
      this.result.keeperKills++;
      await survivor.ask('keeper').catch((error: unknown) => this.result.refused.push(String(error)));
      this.result.failoverMs.push(performance.now() - startedAt);
    }
    await window.exited;
  }

  #pick(open: readonly Window[]): Window {
    return open[Math.floor(this.next() * open.length)]!;
  }
}

/** Keepers that ran at the same time, and generations that did not increase. */
function overlaps(terms: readonly Term[]): string[] {
  const found: string[] = [];
  for (const [index, term] of terms.entries()) {
    const before = terms[index - 1];
    if (!before) continue;
    if (term.generation <= before.generation) found.push(`number ${term.generation} after ${before.generation}`);
    for (const other of terms.slice(0, index))
      if (other.until > term.from) found.push(`${other.generation} and ${term.generation} at the same time`);
  }
  return found;
}

function count(all: readonly string[]): Map<string, number> {
  const times = new Map<string, number>();
  for (const each of all) times.set(each, (times.get(each) ?? 0) + 1);
  return times;
}

export const hasDamage = ({ lost, doubled, owners, refused }: TortureResult): boolean =>
  lost.length + doubled.length + owners.length + refused.length > 0;

export function percentile(values: readonly number[], share: number): number {
  const sorted = [...values].sort((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))] ?? 0;
}

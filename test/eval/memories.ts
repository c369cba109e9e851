/** Memories of an evaluation: each is imported once, with what the queue makes of it that a search uses. */
import { findAmendmentsStep } from '../../src/core/give/find-amendments';
import { FullText } from '../../src/core/index/full-text';
import type { SqlDriver } from '../../src/core/store/sqlite/driver';
import { openBench } from '../bench/open';
import type { Case } from './sets';

export interface OpenMemory {
  driver: SqlDriver;
  dataDir: string;
  /** One day after the last session, because recency is part of the rank. */
  now: number;
  memory: string | undefined;
  close(): Promise<void>;
}

export class Memories {
  readonly #open = new Map<string, OpenMemory>();
  #count = 0;

  constructor(readonly folder: string) {}

  async open(each: Case): Promise<OpenMemory> {
    const { memory } = each;
    const number = this.#count++;
    const key = memory ?? String(number);
    const known = this.#open.get(key);
    if (known) return known;
    const bench = await openBench(`${this.folder}/${number}`);
    each.write(bench.configDir);
    await bench.import({ isArchiving: false });
    const { driver, dataDir } = bench;
    const last = driver.get<{ at: number }>('SELECT max(updated_at) AS at FROM sessions')?.at ?? 0;
    const now = last + 86_400_000;
    const index = new FullText(driver);
    while (findAmendmentsStep({ driver, index, now: () => now }));
    const opened: OpenMemory = { driver, dataDir, now, memory, close: () => bench.close() };
    this.#open.set(key, opened);
    return opened;
  }

  /** Closes those that pass. */
  async close(test: (memory: OpenMemory) => boolean = () => true): Promise<void> {
    for (const [key, memory] of this.#open) {
      if (!test(memory)) continue;
      this.#open.delete(key);
      await memory.close();
    }
  }
}

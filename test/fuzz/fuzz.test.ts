/**
 * Every input that once failed (test/fuzz/corpus), and a hundred new ones, the same in every run. `npm run fuzz [--
 * MINUTES [TARGET…]]` tries as many as the time allows, from a seed of its own, and keeps what fails in the corpus.
 */
import { existsSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { mutated } from './mutate';
import { corpusOf, readInput, targets } from './targets';

const timeMs = Number(process.env['FUZZ_MS'] ?? 0);
const only = (process.env['FUZZ_TARGETS'] ?? '').split(',').filter(Boolean);
const options =
  timeMs > 0
    ? {
        seed: Date.now() % 2 ** 31,
        numRuns: 10_000_000,
        interruptAfterTimeLimit: timeMs,
        markInterruptAsFailure: false,
      }
    : { numRuns: 100 };

describe.each(targets.filter(({ name }) => only.length === 0 || only.includes(name)))(
  '$name',
  ({ name, seeds, ...target }) => {
    const check = (input: Buffer) => target.check(input);
    const corpus = corpusOf(name);
    const kept = existsSync(corpus) ? readdirSync(corpus) : [];

    it('takes what it takes', async () => {
      for (const seed of seeds) await expect(Promise.resolve(check(Buffer.from(seed)))).resolves.toBeUndefined();
    });

    it.each(kept)('takes %s', async (file) => {
      await check(readInput(path.join(corpus, file)));
    });

    it('takes anything', { timeout: timeMs + 60_000 }, async () => {
      let failed: Buffer | undefined;
      const checked = fc.assert(
        fc.asyncProperty(mutated(seeds), async (input) => {
          try {
            await check(input);
          } catch (error) {
            // The last one is the smallest.
            failed = input;
            throw error;
          }
        }),
        options,
      );
      await checked.catch((error: unknown) => {
        if (timeMs > 0 && failed) {
          mkdirSync(corpus, { recursive: true });
          writeFileSync(path.join(corpus, `${Date.now().toString(36)}.bin`), failed);
        }
        throw error;
      });
    });
  },
);

// Says every few seconds that a long step goes on: which, for how long, and about how much it has written.
import { statfsSync } from 'node:fs';
import { root } from './run.mjs';

/** A silent stretch of more than five seconds looks as if the program hung. */
const everyMs = 4000;
const megabyte = 1_000_000;

/**
 * Runs `work` and says how it goes on.
 * @template T
 * @param {string} what a step, like "Installing dependencies"
 * @param {() => Promise<T>} work
 * @returns {Promise<T>}
 */
export async function telling(what, work) {
  const startedAt = Date.now();
  const free = freeBytes();
  console.log(`${what} …`);
  const timer = setInterval(() => console.log(`  ${what}: ${describe(startedAt, free)}`), everyMs);
  try {
    return await work();
  } finally {
    clearInterval(timer);
  }
}

function describe(startedAt, freeBefore) {
  const seconds = Math.round((Date.now() - startedAt) / 1000);
  // What became less free is about what this step wrote: asking each folder for its size would cost more than the step.
  const written = Math.round((freeBefore - freeBytes()) / megabyte);
  return written > 0 ? `${seconds} s, about ${written} MB written` : `${seconds} s`;
}

function freeBytes() {
  const { bavail, bsize } = statfsSync(root);
  return bavail * bsize;
}

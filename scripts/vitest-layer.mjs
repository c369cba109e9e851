// Runs vitest for a layer. The whole run has no time limit: each test has its own, and the layer is ended only when
// nothing has finished for much longer than the longest of them; the running tests are then named.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, isCi, root, run } from './run.mjs';
import { filesToRunAgain, joinRuns, judgeProgress, readProgress } from './test-report.mjs';

const maxLookMs = 5_000;
/** Files of a layer that may be run once more: more that fail in one run are a fault and no accident. */
const mostAgain = 2;

/**
 * @param {string} name of the layer
 * @param {string[]} args for vitest
 * @param {{ maxSilenceMinutes?: number, within?: string[] }} [options] `within`: a program, with arguments, that starts it
 */
export async function runVitest(name, args, { maxSilenceMinutes = 10, within = [] } = {}) {
  const file = join(cacheDir, `tests-${name}.jsonl`);
  mkdirSync(cacheDir, { recursive: true });
  rmSync(file, { force: true });
  const ending = new AbortController();
  const stopWatching = watchProgress(file, maxSilenceMinutes * 60_000, () => ending.abort());
  const vitest = [process.execPath, join(root, 'node_modules/vitest/vitest.mjs'), 'run', ...args];
  const [program, ...words] = [...within, ...vitest];
  const code = await run(program, words, {
    signal: ending.signal,
    env: { VITE_CONFIG_NATIVE_IGNORE_WARNING: 'true', TEST_PROGRESS: file },
  });
  stopWatching();
  const events = existsSync(file) ? readProgress(readFileSync(file, 'utf8')) : [];
  const stuck = ending.signal.aborted ? { stuck: `nothing had finished for ${maxSilenceMinutes} minutes` } : {};
  return judgeProgress(events, { code, root, isCi, ...stuck });
}

/**
 * Like `runVitest`, for a layer whose tests operate programs of others that lose a click now and then: one or two files
 * that failed are run once more, each failure that did not come again is printed as UNSTABLE, and what fails twice fails.
 */
export async function runVitestTwice(name, args, options = {}) {
  const first = await runVitest(name, args, options);
  const files = filesToRunAgain(first, mostAgain);
  if (files.length === 0) return first;
  console.log(`\nOnce more, because tests of them failed: ${files.join(', ')}`);
  const { checks, unstable } = joinRuns(first, await runVitest(`${name}-again`, [...args, ...files], options), files);
  for (const [check, complaints] of unstable)
    for (const complaint of complaints) console.log(`UNSTABLE ${name} › ${check}: ${complaint}`);
  return checks;
}

/** Counts checks instead of time, because a suspended machine was not silent. */
function watchProgress(file, maxSilenceMs, onSilence) {
  const lookMs = Math.min(maxLookMs, maxSilenceMs / 5);
  let size = -1;
  let silentMs = 0;
  const timer = setInterval(() => {
    const now = existsSync(file) ? statSync(file).size : -1;
    silentMs = now === size ? silentMs + lookMs : 0;
    size = now;
    if (silentMs < maxSilenceMs) return;
    clearInterval(timer);
    onSilence();
  }, lookMs);
  return () => clearInterval(timer);
}

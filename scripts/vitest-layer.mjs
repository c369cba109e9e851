// Runs vitest for a layer. The whole run has no time limit: each test has its own, and the layer is ended only when
// nothing has finished for much longer than the longest of them; the running tests are then named.
import { existsSync, mkdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { cacheDir, isCi, root, run } from './run.mjs';
import { judgeProgress, readProgress } from './test-report.mjs';

const maxLookMs = 5_000;

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

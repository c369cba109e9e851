// Turns the lines of scripts/progress-reporter.mjs into checks. A file that did not load, an error outside a test, a
// test that never ended, and a test skipped on a build machine count as failures too.
import { relative, sep } from 'node:path';

const driverContract = 'test/contract/driver.contract.test.ts › driver:';

/** Tests that may be skipped on a build machine, by `file › full name`, in groups with a reason. */
const maySkip = new Set([
  // One contract for all drivers: tests about stored data apply to drivers that store, tests about losing it to the one
  // that does not.
  `${driverContract} disk keeps nothing`,
  `${driverContract} image keeps nothing`,
  `${driverContract} memory has everything again after closing and opening, and after a checkpoint`,
  `${driverContract} memory has every committed row when nobody closed it`,
]);

/** The events that the reporter has written so far; the last line may be incomplete. */
export function readProgress(text) {
  return text
    .split('\n')
    .slice(0, -1)
    .map((line) => JSON.parse(line));
}

/**
 * Each test as a check: its name and its complaints.
 * @param {ReturnType<typeof readProgress>} events
 * @param {{ code: number, root: string, isCi: boolean, stuck?: string }} options `stuck` says why the run was ended.
 * @returns {[string, string[]][]}
 */
export function judgeProgress(events, { code, root, isCi, stuck }) {
  const checks = [];
  let skipped = 0;
  const shortName = (file) => (file ? relative(root, file).split(sep).join('/') : 'vitest');
  for (const { event, file, name, state, messages, message } of events) {
    if (event === 'error') checks.push([shortName(file), [message]]);
    if (event !== 'result') continue;
    const id = `${shortName(file)} › ${name}`;
    if (state === 'passed') checks.push([id, []]);
    else if (state === 'failed') checks.push([id, [firstLine(messages[0])]]);
    else if (isCi && !maySkip.has(id)) checks.push([id, [`was skipped (${state})`]]);
    else skipped += 1;
  }
  if (skipped > 0) console.log(`${skipped} skipped`);
  if (stuck) for (const name of listRunning(events, root)) checks.push([name, [`was running when ${stuck}`]]);
  const hasFailed = checks.some(([, complaints]) => complaints.length > 0);
  if (!events.some(({ event }) => event === 'end')) {
    checks.push(['vitest', [stuck ? `was ended: ${stuck}` : `ended with ${code} before its tests did`]]);
  } else if (stuck && !hasFailed) checks.push(['vitest', ['did not end after its tests']]);
  else if (code !== 0 && !hasFailed)
    checks.push(['vitest', [`ended with ${code} although no test failed: an error outside the tests`]]);
  if (checks.length === 0) checks.push(['vitest', ['no test ran']]);
  return checks;
}

/** Files with failures that may be run once more: more than a few are no accident, and what has no file cannot be. */
export function filesToRunAgain(checks, most) {
  const failed = checks.filter(([, complaints]) => complaints.length > 0);
  const files = [...new Set(failed.map(([name]) => fileOf(name)))];
  return files.length <= most && files.every((file) => file.endsWith('.test.ts')) ? files : [];
}

/**
 * The checks after a second run of some files. What failed at first and passed then counts as passed, and is returned
 * as unstable too, with its first complaint: it has to be told, and its cause to be found.
 * @returns {{ checks: [string, string[]][], unstable: [string, string[]][] }}
 */
export function joinRuns(first, second, files) {
  const isAgain = ([name]) => files.includes(fileOf(name));
  const passedAgain = new Set(second.filter(([, complaints]) => complaints.length === 0).map(([name]) => name));
  const unstable = first.filter(
    ([name, complaints]) => complaints.length > 0 && (passedAgain.has(name) || name === fileOf(name)),
  );
  const isClean = files.length > 0 && second.every(([, complaints]) => complaints.length === 0);
  return {
    checks: [...first.filter((check) => !isAgain(check)), ...second],
    unstable: isClean ? unstable : unstable.filter(([name]) => passedAgain.has(name)),
  };
}

const fileOf = (name) => name.split(' › ')[0];

/** What has begun and not ended: tests, and files without a running test, with their last finished test. */
export function listRunning(events, root) {
  const files = new Map();
  for (const { event, file, name } of events) {
    if (event === 'file') files.set(file, { running: new Set(), last: undefined });
    const known = files.get(file);
    if (event === 'test') known?.running.add(name);
    if (event === 'result' && known) {
      known.running.delete(name);
      known.last = name;
    }
    if (event === 'fileEnd') files.delete(file);
  }
  return [...files].flatMap(([file, { running, last }]) => {
    const short = relative(root, file).split(sep).join('/');
    if (running.size > 0) return [...running].map((name) => `${short} › ${name}`);
    // A test that blocks its thread cannot report that it has begun.
    return [last === undefined ? `${short}, before its first test` : `${short}, after "${last}"`];
  });
}

const firstLine = (text) => (text ?? 'failed').split('\n')[0];

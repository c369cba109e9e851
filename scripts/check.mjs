// `npm run check`: all checks of the sources that do not run them, one line each.
import { fileURLToPath } from 'node:url';
import { runTool } from './run.mjs';

const steps = [
  ['types', 'typescript/bin/tsc', '-p', '.'],
  ['types of the webview', 'typescript/bin/tsc', '-p', 'webview'],
  ['format', 'oxfmt/bin/oxfmt', '--check'],
  ['lint', 'oxlint/bin/oxlint', '--type-aware', '--deny-warnings'],
  ['unused exports, files and dependencies', 'knip/bin/knip.js', '--no-progress'],
];

/** Runs each step; returns its name and complaints. */
export async function checkSources() {
  const checks = [];
  for (const [name, script, ...args] of steps) {
    const code = await runTool(script, args);
    console.log(`${code === 0 ? 'passed' : 'FAILED'}: ${name}`);
    checks.push([name, code === 0 ? [] : [`ended with ${code}`]]);
  }
  // Loaded only here: on a bare machine `npm test` loads this file before it installs the parser.
  const { checkRegexes } = await import('./check-regexes.mjs');
  const complaints = await checkRegexes();
  console.log(`${complaints.length === 0 ? 'passed' : 'FAILED'}: time of regular expressions`);
  checks.push(['time of regular expressions', complaints]);
  const { checkGate } = await import('./gate.mjs');
  for (const [name, found] of await checkGate()) {
    console.log(`${found.length === 0 ? 'passed' : 'FAILED'}: ${name}`);
    checks.push([name, found]);
  }
  return checks;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const checks = await checkSources();
  for (const [, complaints] of checks) for (const complaint of complaints) console.log(complaint);
  process.exitCode = checks.some(([, complaints]) => complaints.length > 0) ? 1 : 0;
}

/**
 * Reads the result of a run from its output, by phrases of common tool chains. Needed when a pipe hides the exit
 * status.
 */
import type { CheckKind } from '../../../protocol/summary';
import { regex } from '../../lib/regex';

/** Prefix that task runners put before each line: `[lint:go] …`. */
const prefix = /^\s*(?:\[[\w:.@/-]{1,40}\]|#\d+ [\d.]+|\S{1,30} \|)\s+/;

/** Lines that name an error. Kinds are tried in order, and the first that matches gives the displayed line. */
const badLines: readonly RegExp[] = [
  /^\s*--- FAIL[:\s]/,
  /^\s*(?:FAILED|ERROR) \S+(?:::|\.py)/,
  /^\s*(?:FAIL {1,2}|[✗✖×❌]\s{1,3})(?!\d+ problem)(?!.*\[(?:setup|build) failed\])\S+/,
  /^\s*●\s\S.*›/,
  /^\s*not ok \d+/,
  /^test \S+ \.\.\. FAILED$/,
  /^\s*(?:E\s{2,}\S)/,
  /^\s*(?:\w+(?:Error|Exception))\b[:(]/,
  /^\s*\S[^\s:]*\.\w+[:(]\d+[:,]\d+\)?:?\s.{3}/,
  /^(?:[A-Z]{1,4}\d{2,4}|\w+\/[\w-]+) \S/,
  /^\S[^\s:]*\.\w+:\d+: (?:error|fatal|undefined|warning)\b/,
  /^error(?:\[\w+\])?: (?!could not compile|aborting)/i,
  /^\s*\d+:\d+\s+error\s/,
  /\berror TS\d+:/,
  /^panic: /,
  /^make(?:\[\d+\])?: \*\*\*/,
  regex()`
    ^\s*(?:go: |.{0,200}: )(?:updates to go\.mod needed|import cycle not allowed|no required module|
    cannot write multiple|build constraints exclude)
  `,
  /^npm (?:ERR!|error) (?!A complete log|code|errno)/,
  /^\s*(?:fatal|FATAL)(?: error)?: /,
  /^\s*Error: (?!Exit code)/,
  /^(?:\w+: )?.{0,80}(?:command not found|No such file or directory|cannot find|not found)\b/,
  /^FAIL\s\S/,
  /^\w+ (?:error|failure): \S/i,
];
/** Lines that report a failed run. */
const badTotals: readonly RegExp[] = [
  /^FAIL(?:\s|$)/m,
  /\b[1-9]\d{0,6} (?:tests? |examples? |suites? |assertions? )?(?:failed|failures?|failing)\b/i,
  /\b(?:failed|failures|errors)[:=] ?[1-9]/i,
  /\bTests?:\s+[1-9]\d* failed/,
  /\btest result: FAILED/,
  /\bERROR task failed/,
  /^[ \t]*(?:✖|×) [1-9]\d* (?:problems?|errors?)/m,
  /^(?:\S+ )?[1-9]\d{0,6} issues?:/m,
  /\bFound [1-9]\d{0,6} (?:errors?|issues?|diagnostics?)\b/i,
  /\b[1-9]\d{0,6} (?:errors?|offenses?)\b(?! in 0)/,
  /\bBUILD FAIL(?:ED|URE)\b|\bFAILURE: Build failed|\bBuild failed\b|\bcould not compile\b|\bnpm ERR!|\bELIFECYCLE\b/,
  /\berror TS\d+:/,
  /^make(?:\[\d+\])?: \*\*\*/m,
  /^Traceback \(most recent call last\)/m,
  /^Command timed out\b|^Command failed\b/m,
];
const goodTotals: readonly RegExp[] = [
  /^PASS$/m,
  /^ok\s{1,4}\S+\s/m,
  /\b[1-9]\d{0,6} (?:tests? )?pass(?:ed|ing)\b/i,
  /\b(?:0|no) (?:failed|failures|failing|errors?|issues|problems|warnings|offenses)\b/i,
  /\btest result: ok\b/,
  /^OK(?: \(|$)/m,
  /\bAll checks passed|\bSuccess: no issues found|\bAll matched files use Prettier/i,
  /\bBUILD SUCCESS(?:FUL)?\b|\bBuild succeeded\b|\b[Cc]ompiled successfully\b|\bbuilt in \d|\bbuild complete\b/i,
  /^[ \t]*Finished .{0,60}(?:profile|target\(s\)|in \d)/m,
  /^--- PASS: /m,
  /\bno (?:lint )?(?:errors|issues|problems) found\b/i,
];
/** Programs that print nothing on success. */
const silentPrograms = regex()`
  (?:^|\s)(?:go (?:build|vet|install)|tsc|vue-tsc|eslint|oxlint|javac|gcc|g\+\+|clang\+?\+?|cc|
  cargo (?:build|check)|flake8|gofmt|shellcheck|staticcheck)\b
`;

const maxLooked = 60_000;
const maxLineLength = 500;

/** A longer line says something. Also a bound on the time of the pattern, which takes that of the cube for some lines. */
const maxNothing = 200;
/** The line says that something failed, but not what. */
const saysNothing = regex()`
  ^(?:\W*(?:FAIL(?:ED|URES?)?|ERROR|error|Error|Failed|exit status \d+|Exit code \d+|make: \*\*\*.*|
  npm ERR!.*|ELIFECYCLE.*|command failed.*|\[\w+\] ERROR.*|.*\btask failed|Task .* failed|\d+ (?:failed|
  errors?|failing|issues?|problems?|tests? failed).*|Tests?:.*failed.*|-{3} FAIL: \S+.*|(?:FAIL|FAILED|
  ✕|×|✗|❯|●)\s+\S+.*|FAIL.*|=+ .* =+|\S+\s+\.{3,}.*|error: (?:script|process|command) .*))\W*$
`;
/** The line says what was expected, thrown or missing. */
const telling = regex('i')`
  \b(?:error|exception|expected|received|assert\w*|panic|cannot|can't|could not|failed to|not found|
  no such|refused|denied|invalid|missing|unexpected|mismatch|timed? ?out|must|should|want|got)\b
`;
const place = /^\s*(?:\[[\w:.-]+\]\s*)?(?:[\w./\\@-]+:\d+(?::\d+)?:?\s*)+/;

/** "FAIL src/cart.test.ts" says only where; a line that says why is worth storing. */
export const isTelling = (line: string): boolean =>
  line.replace(place, '').trim().length >= 12 && !(line.length <= maxNothing && saysNothing.test(line.trim()));

/** The line that says what is wrong, trimmed; when it only names a place, the next line that says more. */
export function firstBadLine(output: string): string | undefined {
  const first = firstBad(output);
  if (first === undefined || isTelling(first)) return first;
  const from = output.indexOf(first) + first.length;
  const further = output
    .slice(from, from + 8000)
    .split('\n')
    .map((line) => line.trim());
  return further.find((line) => line.length <= 300 && telling.test(line) && isTelling(line)) ?? first;
}

function firstBad(output: string): string | undefined {
  const lines = linesOf(output);
  const plain = withoutPrefixes(lines);
  for (const pattern of badLines) {
    const found = lines[plain.findIndex((line) => pattern.test(line))];
    if (found !== undefined) return found.trim().slice(0, 300).trimEnd();
  }
  return undefined;
}

export function judgeOutput(
  output: string,
  command: string,
  check: CheckKind | undefined,
): 'passed' | 'failed' | 'unknown' {
  const lines = linesOf(output);
  if (lines.length === 0) return silentPrograms.test(command) && check !== 'test' ? 'passed' : 'unknown';
  const plain = withoutPrefixes(lines);
  const text = plain.join('\n');
  if (badTotals.some((pattern) => pattern.test(text))) return 'failed';
  const isGood = goodTotals.some((pattern) => pattern.test(text));
  // A passing test suite may print errors on purpose, so such lines count for builds and linters only.
  if (check !== 'test' && !isGood && badLines.some((pattern) => plain.some((line) => pattern.test(line))))
    return 'failed';
  if (/^[ \t]*--- FAIL[:\s]|^[ \t]*not ok \d+/m.test(text)) return 'failed';
  return isGood ? 'passed' : 'unknown';
}

/** The check did not start: no such folder or program. */
export const neverReached = (output: string): boolean =>
  regex('im')`
    ^(?:\(eval\):|\S{0,40}(?:bash|sh|zsh): )?(?:line \d+: |\d+: )?(?:cd(?::\d+)?: .{0,300}(?:no such file|
    not a directory)|(?:.{1,200}: )?command not found|.{1,200}: No such file or directory$|(?:error|fatal)
    : (?:your local changes|pathspec|not a git repository|could not (?:apply|read)|failed to push|
    cannot (?:pull|rebase|stash)).*)
  `.test(linesOf(output).slice(0, 1).join('\n'));

/** The kind of check this output belongs to, to tell which of several checks failed. */
export function kindOfWords(output: string): CheckKind | undefined {
  const text = linesOf(output)
    .map((line) => line.slice(0, maxLineLength))
    .join('\n');
  const task = /^\[([\w:.-]+)\] ERROR task failed/m.exec(text)?.[1];
  if (task !== undefined)
    return /lint|check|vet/.test(task)
      ? 'lint'
      : /test/.test(task)
        ? 'test'
        : /build|compile/.test(task)
          ? 'build'
          : undefined;
  if (/^[ \t]*--- FAIL|^FAIL\s|test result: FAILED|\b\d+ failed\b|^FAILED /m.test(text)) return 'test';
  return /^(?:\[[\w:.-]+\] )?[1-9]\d* issues?:|✖ \d+ problems|offenses? detected/m.test(text) ? 'lint' : undefined;
}

/** Short lines without blank ones, so that patterns that match across lines stay fast. */
const withoutPrefixes = (lines: readonly string[]): string[] =>
  lines.map((line) => line.replace(prefix, '').slice(0, maxLineLength)).map((line) => (line.trim() === '' ? '' : line));

const linesOf = (output: string): string[] =>
  output
    .slice(-maxLooked)
    .split('\n')
    .filter((line) => line.trim() !== '' && !/^(?:Error: )?Exit code \d+$|^Shell cwd was reset to /.test(line));

/**
 * What a command was, how it ended, and which edits turned a failed check green. Read from the rows by rules, without a
 * model.
 */
import { fileName } from '../../../protocol/paths';
import type { CheckKind } from '../../../protocol/summary';
import { shorten } from '../../../protocol/text';
import { regex } from '../../lib/regex';
import type { CallLine, SessionLine } from '../../store/tables/session-lines';
import { checkOf, unwrap } from './check-kinds';
import { splitShell } from './shell';
import type { Segment } from './shell';
import { firstBadLine, judgeOutput, kindOfWords, neverReached } from './verdict';

type Outcome = 'passed' | 'failed' | 'unknown';

interface CheckPart {
  command: string;
  check: CheckKind;
  outcome: Outcome;
}

export interface Run {
  /**
   * One line, without `cd`, assignments, redirections and `| tail`, so that the same check has the same text each time.
   */
  command: string;
  /** Its strongest check: a test, else a build, else a linter. */
  check?: CheckKind;
  outcome: Outcome;
  /** The line of the output that says what is wrong, literally, at most 300 letters. */
  firstBad?: string;
  /** Each check of the command line separately. */
  parts: CheckPart[];
}

/** A check that was red, and then green. */
export interface RedGreen {
  check: CheckKind;
  command: string;
  /** The last failed run before the passing one. */
  red: CallLine;
  green: CallLine;
  /** Successful edits between them. */
  edits: CallLine[];
  /** Commands between them that change files, such as `sed -i`, `go mod tidy`, `git checkout`. */
  commands: CallLine[];
  /** Nothing changed between red and green. */
  isFlaky: boolean;
}

const shells = new Set(['Bash', 'PowerShell', 'Shell', 'run_in_terminal', 'mcp__ide__executeCommand']);
/** Results of calls that did not run, or whose end is unknown. */
const notRun = regex()`
  ^(?:The user doesn't want to proceed|Permission to use |This command requires approval|
  Claude requested permissions|.{0,40}requires approval|<tool_use_error>|Hook .{0,80} denied|
  Cancelled: parallel tool call|User rejected)
`;
const unended =
  /^Command running in background|^Command was manually backgrounded|\[Request interrupted|Command was aborted before completion/;
/** Commands that only prepare the real one. */
const preparations = new Set([
  'cd',
  'pushd',
  'popd',
  'export',
  'set',
  'source',
  '.',
  'sleep',
  'echo',
  'printf',
  'true',
  'clear',
  'unset',
  'wait',
  'pwd',
]);
/** Flags that change the output, not what is checked. */
const printFlags = regex()`
  ^(?:-v|-vv|-q|-s|-xvs|--verbose|--quiet|--silent|-count=1|--colou?r(?:=\S+)?|--no-color|--tb=\S+|
  --nocapture|--reporter=\S+|--progress|--no-progress|--)$
`;
const maxCommand = 200;
const strength: readonly CheckKind[] = ['test', 'build', 'lint'];

/** Rows never change, and several readers need the same run. */
const runs = new WeakMap<CallLine, Run | 'nothing'>();

/** Undefined for a call that ran no command. */
export function readRun(line: CallLine): Run | undefined {
  const run = runs.get(line) ?? makeRun(line) ?? 'nothing';
  runs.set(line, run);
  return run === 'nothing' ? undefined : run;
}

function makeRun(line: CallLine): Run | undefined {
  if (!shells.has(line.tool) || line.input.trim() === '' || notRun.test(line.output)) return undefined;
  const segments = splitShell(line.input.replace(/^command: /, ''));
  const checks = segments.flatMap((segment, index) => {
    const words = segment.pipeline[0] ?? [];
    const check = checkOf(words);
    return check ? [{ command: normalise(words), check, index }] : [];
  });
  const real = segments.filter(({ pipeline: [words] }) => words && !preparations.has(words[0] ?? ''));
  const command = shorten(
    checks.length > 0
      ? unique(checks.map((each) => each.command)).join(' && ')
      : (real.length > 0 ? real : segments).map(({ pipeline: [words = []] }) => words.join(' ')).join(' && '),
    maxCommand,
  );
  if (command === '') return undefined;
  const check = strength.find((kind) => checks.some((each) => each.check === kind));
  const outcome = judge(
    line,
    segments,
    checks.map(({ index }) => index),
    command,
    check,
  );
  const firstBad = outcome === 'failed' ? firstBadLine(line.output) : undefined;
  return {
    command,
    outcome,
    parts: judgeParts(checks, outcome, line.output),
    ...(check && { check }),
    ...(firstBad !== undefined && { firstBad }),
  };
}

function judge(
  line: CallLine,
  segments: readonly Segment[],
  checks: readonly number[],
  command: string,
  check: CheckKind | undefined,
): Outcome {
  if (!line.isAnswered || unended.test(line.output)) return 'unknown';
  const said = () => judgeOutput(line.output, command, check);
  const isBad = line.type === 'error' || (line.exitStatus !== null && line.exitStatus !== 0);
  const last = segments.at(-1);
  const lastFilter = last && last.pipeline.length > 1 ? fileName(last.pipeline.at(-1)?.[0] ?? '') : '';
  if (isBad) {
    // A filter that found nothing exits with 1, whatever ran before it.
    if (checks.length > 0 && /^(?:grep|rg|egrep)$/.test(lastFilter)) return said();
    // `go build && ./program`: the part after the check may have failed.
    return 'failed';
  }
  if (checks.length === 0) return line.exitStatus === 0 ? 'passed' : said();
  if (!isHidden(segments, checks)) return line.exitStatus === 0 ? 'passed' : said();
  const words = said();
  return words === 'passed' && isCutShort(segments, checks, line.output) ? 'unknown' : words;
}

/** True when the exit status of a check is lost behind a pipe, a `;` or a `||`. */
function isHidden(segments: readonly Segment[], checks: readonly number[]): boolean {
  if (segments.some(({ pipeline: [words] }) => words?.[0] === 'set' && words.includes('pipefail'))) return false;
  return checks.some(
    (index) =>
      (segments[index]?.pipeline.length ?? 0) > 1 ||
      segments.slice(index + 1).some(({ join }) => join !== '&&' && join !== ''),
  );
}

/** `| head -50` cut the output, so the result may be in the missing part. */
function isCutShort(segments: readonly Segment[], checks: readonly number[], output: string): boolean {
  return checks.some((index) => {
    const heads = (segments[index]?.pipeline ?? []).filter(([name]) => name === 'head');
    return heads.some(
      (words) => output.trimEnd().split('\n').length >= Number(/\d+/.exec(words.slice(1).join(' '))?.[0] ?? 10),
    );
  });
}

/**
 * In a chain that stopped, the part whose errors are in the output failed, the parts before it passed, and those after
 * it are unknown.
 */
function judgeParts(
  checks: readonly { command: string; check: CheckKind }[],
  outcome: Outcome,
  output: string,
): CheckPart[] {
  if (outcome === 'failed' && neverReached(output))
    return checks.map(({ command, check }) => ({ command, check, outcome: 'unknown' }));
  if (outcome !== 'failed' || checks.length < 2)
    return checks.map(({ command, check }) => ({ command, check, outcome }));
  const kind = kindOfWords(output);
  const at = checks.findIndex(({ check }) => check === kind);
  return checks.map(({ command, check }, index) => ({
    command,
    check,
    outcome: at < 0 ? 'unknown' : index < at ? 'passed' : index === at ? 'failed' : 'unknown',
  }));
}

function normalise(words: readonly string[]): string {
  const [first = '', ...rest] = unwrap(words);
  const isTool = /\/(?:node_modules\/\.bin|\.venv\/bin|bin)\//.test(first);
  return shorten(
    [
      isTool ? fileName(first) : first,
      ...rest.filter((word) => !printFlags.test(word)).map((word) => word.replace(/(.)\/$/, '$1')),
    ].join(' '),
    maxCommand,
  );
}

const unique = <T>(values: readonly T[]): T[] => [...new Set(values)];

/** The same words in another order are the same check. */
const keyOf = ({ command }: CheckPart): string => command.split(' ').sort().join(' ');

// Matches blanks instead of \s: across line ends the search would start again at every blank line.
const changing = regex('m')`
  (?:^|[;&|\n])[ \t]*(?:sudo )?(?:sed\s+(?:-\w+\s+)*-i|perl\s+-\w*i|mv\s|cp\s|rm\s|patch\s|
  gofmt\s+(?:-\w+\s+)*-w|goimports\s+-w|touch\s|git\s+(?:checkout|restore|apply|stash|reset|rebase|
  merge|pull|revert|cherry-pick|switch|clean|mv|rm)|(?:npm|pnpm|yarn|bun)\s+(?:i|install|ci|add|remove|
  update)\b|pip3?\s+install|uv\s+(?:sync|add|pip|lock)|poetry\s+(?:add|install)|go\s+(?:mod|get|
  generate|clean)|cargo\s+(?:add|update|fix|fmt)|bundle\s+install)|--fix\b|--write\b|\brun\s+(?:fmt|
  format)\b|(?:^|\s)>{1,2}\s?[\w./~-]|\btee\s|\b(?:chmod|mkdir|ln|kill|pkill)\s|\.write\w*\(
`;

/** True for a command that may change the result of a check. */
export const changesFiles = (line: CallLine): boolean =>
  shells.has(line.tool) && changing.test(line.input.replace(/\d?>\s?(?:&\d|\/dev\/null)/g, ''));

export const isEdit = (line: SessionLine): line is CallLine =>
  line.kind === 'call' && line.diffs.length > 0 && line.type !== 'error' && line.isAnswered;

/** All checks that went from red to green, in the order of the green runs. */
export function pairChecks(lines: readonly SessionLine[]): RedGreen[] {
  const pairs: RedGreen[] = [];
  // Each open check stores where it starts in these lists. Adding every edit to every open check would take quadratic
  // time.
  const edits: CallLine[] = [];
  const commands: CallLine[] = [];
  const open = new Map<string, { red: CallLine; edits: number; commands: number }>();
  for (const line of lines) {
    if (line.kind !== 'call') continue;
    if (isEdit(line)) edits.push(line);
    const run = readRun(line);
    if (!run) continue;
    // Changes come before the check in one command line: `sed -i … && go test`.
    if (open.size > 0 && changesFiles(line)) commands.push(line);
    for (const part of run.parts) {
      const key = keyOf(part);
      const known = open.get(key);
      if (part.outcome === 'failed') open.set(key, { red: line, edits: edits.length, commands: commands.length });
      else if (part.outcome === 'passed' && known) {
        open.delete(key);
        pairs.push({
          check: part.check,
          command: part.command,
          red: known.red,
          green: line,
          edits: edits.slice(known.edits),
          commands: commands.slice(known.commands),
          isFlaky: known.edits === edits.length && known.commands === commands.length,
        });
      }
    }
  }
  return pairs;
}

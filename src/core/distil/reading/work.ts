/** Files and commands of a session, counted by rules. */
import { regex } from '../../lib/regex';
import type { CallLine } from '../../store/tables/session-lines';
import type { SummaryBody } from '../../store/tables/summaries';
import { quoteFrom } from './evidence';
import { isEdit, readRun } from './outcomes';
import type { Run } from './outcomes';
import type { Reading } from './turns';

const maxFiles = 40;
const maxCommands = 14;
/** Commands that only look around. */
const looking = regex()`
  ^(?:ls|cat|head|tail|grep|rg|egrep|find|fd|wc|pwd|echo|which|tree|sed -n|awk|sort|uniq|cut|jq|file|
  stat|du|df|ps|env|date|whoami|test|\[|for|while|if|true|cd|mkdir|touch|chmod|git (?:status|diff|log|
  show|branch|rev-parse|ls-files|ls-tree|blame|remote|config|stash list|fetch|cat-file|for-each-ref|
  describe|worktree list)|gh (?:pr (?:view|list|diff|checks|status)|api|run (?:view|list)|issue (?:view|
  list)))\b
`;

export interface KnownRun {
  call: CallLine;
  run: Run;
}

export const readRuns = ({ calls }: Pick<Reading, 'calls'>): KnownRun[] =>
  calls.flatMap((call) => {
    const run = readRun(call);
    return run ? [{ call, run }] : [];
  });

/** Sorted by number of edits. */
export function listFiles({ calls }: Reading): SummaryBody['files'] {
  const files = new Map<string, { edits: number; isNew: boolean; last: CallLine; at: number }>();
  for (const call of calls) {
    if (!isEdit(call)) continue;
    for (const file of new Set(call.diffs.map((diff) => diff.file))) {
      if (file === '') continue;
      const known = files.get(file);
      if (known) Object.assign(known, { edits: known.edits + 1, last: call });
      else files.set(file, { edits: 1, isNew: isNewFile(call), last: call, at: files.size });
    }
  }
  return [...files]
    .sort(([, a], [, b]) => b.edits - a.edits || a.at - b.at)
    .slice(0, maxFiles)
    .map(([path, { edits, isNew, last }]) => ({ path, edits, isNew, evidence: [quoteFrom(last, path)] }));
}

/** True when a Write created the file: the client says so, or there is no text before. */
const isNewFile = ({ tool, output, diffs: [diff] }: CallLine): boolean =>
  tool === 'Write' && diff?.before === '' && !/has been (?:updated|overwritten)/.test(output);

/** Checks first, then commands that ran more than once, failed, or reached outside (push, deploy). */
export function listCommands(runs: readonly KnownRun[]): SummaryBody['commands'] {
  const commands = new Map<string, { runs: number; failures: number; last: KnownRun; at: number }>();
  for (const each of runs) {
    const known = commands.get(each.run.command);
    const failed = each.run.outcome === 'failed' ? 1 : 0;
    if (known) Object.assign(known, { runs: known.runs + 1, failures: known.failures + failed, last: each });
    else commands.set(each.run.command, { runs: 1, failures: failed, last: each, at: commands.size });
  }
  const worth = ({ last: { run }, runs: times, failures }: { last: KnownRun; runs: number; failures: number }) =>
    (run.check ? 10 : 0) +
    Math.min(times, 5) +
    Math.min(failures, 3) +
    (/^(?:git (?:commit|push|rebase|merge|revert|reset)|gh pr (?:create|merge))/.test(run.command) ? 3 : 0);
  return [...commands]
    .filter(([command, { last }]) => last.run.check !== undefined || !looking.test(command))
    .filter(
      ([command, { last, runs: times, failures }]) =>
        last.run.check !== undefined ||
        times > 1 ||
        failures > 0 ||
        /^(?:git (?:commit|push|rebase|merge|revert|reset)|gh pr |docker|npm publish|make|\.\/)/.test(command),
    )
    .sort(([, a], [, b]) => worth(b) - worth(a) || a.at - b.at)
    .slice(0, maxCommands)
    .map(([command, { runs: times, failures, last }]) => ({
      command,
      runs: times,
      failures,
      outcome: last.run.outcome,
      ...(last.run.check && { check: last.run.check }),
      evidence: [quoteFrom(last.call, last.run.firstBad ?? firstLine(last.call.input))],
    }));
}

const firstLine = (text: string): string =>
  text.split('\n').find((line) => line.trim() !== '' && line.trim() !== '\\') ?? text;

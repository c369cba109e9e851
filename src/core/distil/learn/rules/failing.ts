/** Commands that cannot work here and the one that did: a missing program, an unknown option, a missing script. */
import { fileName } from '../../../../protocol/paths';
import { regex } from '../../../lib/regex';
import type { CallLine } from '../../../store/tables/session-lines';
import { readRun } from '../../reading/outcomes';
import { errorTopic, wordingOf, quoteOf } from '../candidate';
import type { Candidate } from '../candidate';
import type { SessionFacts } from '../session-facts';

/** Lasting facts about the machine or program. A wrong folder or a missing file is only a slip. */
const lasting = regex('im')`
  ^.*(?:command not found|not recognized as an? |: not found\b|unknown (?:flag|option|command|shorthand|
  subcommand|switch)|unrecognized (?:argument|option|flag|subcommand|command)|(?:invalid|illegal|
  unsupported|unexpected) (?:option|flag|argument|subcommand)|No module named|Missing script|
  is not installed|flag provided but not defined|error: Script not found|no such command).*$
`;
/** Number of following commands that are searched for the one that worked. */
const maxTries = 4;
const minAlike = 0.34;

export function failingCommandsIn({ lines }: SessionFacts): Candidate[] {
  const runs = lines.filter(
    (line): line is CallLine => line.kind === 'call' && line.isAnswered && readRun(line) !== undefined,
  );
  return runs.flatMap((line, index): Candidate[] => {
    const error =
      line.type === 'error' || (line.exitStatus ?? 0) !== 0
        ? lasting.exec(line.output.slice(0, 4000))?.[0].trim()
        : undefined;
    if (error === undefined) return [];
    const wanted = readRun(line)?.command ?? '';
    const other = runs
      .slice(index + 1, index + 1 + maxTries)
      .find(
        (next) =>
          next.agentId === line.agentId &&
          readRun(next)?.outcome === 'passed' &&
          isForTheSame(wanted, readRun(next)?.command ?? '', error),
      );
    if (!other) return [];
    const instead = readRun(other)?.command ?? '';
    // A missing program is missing whatever its arguments are.
    const [tried, worked] = isProgramMissing(error) ? [programOf(wanted), programOf(instead)] : [wanted, instead];
    const deadEnd = {
      when: `\`${wordingOf(tried, 120)}\` is run here`,
      because: wordingOf(error.replace(/^(?:bash|zsh|sh|\(eval\))[:\d\s]*(?:line \d+:\s*)?/, ''), 160),
      instead: `\`${wordingOf(worked, 120)}\``,
    };
    return [
      {
        rule: 'failing',
        topic: errorTopic(error) + programOf(wanted),
        fact: '',
        category: 'error',
        title: wordingOf(`${programOf(wanted)}: ${deadEnd.because}`, 120),
        description: '',
        context: '',
        tags: [],
        deadEnd,
        memoryKind: 'procedural',
        // A mistyped option is noticed at once.
        importance: /\b(?:unrecogni[sz]ed|unknown|invalid|illegal) (?:argument|option|flag)/i.test(error) ? 0.2 : 0.5,
        cites: { files: [], symbols: [] },
        edits: [],
        at: other.at,
        evidence: [
          {
            key: `failing:${line.uid}`,
            kind: 'line',
            speaks: 1,
            message: 'failedThenOther',
            args: [wordingOf(wanted, 80), wordingOf(instead, 80)],
            lines: [
              { uid: line.uid, quote: quoteOf(line.output, error) },
              { uid: other.uid, quote: quoteOf(other.input) },
            ],
            at: other.at,
          },
        ],
      },
    ];
  });
}

const isProgramMissing = (error: string): boolean => /not found|not recognized|is not installed/i.test(error);
const wordsOf = (command: string): Set<string> => new Set(command.split(/[\s=]+/).filter((word) => word.length > 1));
const programOf = (command: string): string => fileName(command.split(/\s+/)[0] ?? '');

/** True when the commands share enough words. When the program is missing: another program with the same arguments. */
function isForTheSame(wanted: string, other: string, error: string): boolean {
  if (wanted === other) return false;
  const [one, two] = [wordsOf(wanted), wordsOf(other)];
  const shared = [...one].filter((word) => two.has(word)).length;
  const alike = shared / Math.max(1, one.size + two.size - shared);
  return (
    alike >= minAlike &&
    (isProgramMissing(error) ? programOf(wanted) !== programOf(other) : programOf(wanted) === programOf(other))
  );
}

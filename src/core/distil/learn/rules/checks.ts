/** How this project is tested, built and linted: commands that passed and do not concern single files only. */
import type { CheckKind } from '../../../../protocol/summary';
import { regex } from '../../../lib/regex';
import type { CallLine } from '../../../store/tables/session-lines';
import { readRun } from '../../reading/outcomes';
import { quoteOf } from '../candidate';
import type { Candidate } from '../candidate';
import type { SessionFacts } from '../session-facts';

const longest = 80;
/** The command names one test, file or folder, so it is about that day's work. */
const isNarrow = regex()`
  (?:^(?:npx |pnpm |yarn |bunx )?(?:(?:npm|pnpm|yarn|bun) (?:run )?test(?::\S+)?|vitest(?: run)?|jest|
  mocha|pytest|rspec) (?!-|run\b)\S|\s-(?:run|k|t|g|m)\b|--(?:grep|testNamePattern|filter|test|package|
  only)\b|::|\s-p\s(?!\.(?:\s|$))|[\w-]+\.(?:[cm]?[jt]sx?|py|go|rs|rb|java|sh|md)\b|
  \.\/\w[\w./-]*(?<!\.\.\.)(?:\s|$)|\s(?:src|tests?|spec|lib|cmd|pkg|internal|packages)\/\S+|\/tmp\/|
  \/\w+\/\w+\/\w+|…|\$|["'*]|\||&&|;|<)
`;
const says: Readonly<Record<CheckKind, string>> = {
  test: 'Tests run with',
  build: 'The build runs with',
  lint: 'The linter runs with',
};

/** True when the command checks the whole project. */
export const isGeneral = (command: string): boolean => command.length <= longest && !isNarrow.test(command);

export function checksIn({ lines }: SessionFacts): Candidate[] {
  const passed = new Map<string, { check: CheckKind; lines: CallLine[] }>();
  for (const line of lines) {
    if (line.kind !== 'call') continue;
    for (const { command, check, outcome } of readRun(line)?.parts ?? []) {
      if (outcome !== 'passed' || !isGeneral(command)) continue;
      const known = passed.get(command) ?? { check, lines: [] };
      known.lines.push(line);
      passed.set(command, known);
    }
  }
  return [...passed].map(([command, { check, lines: runs }]): Candidate => {
    const last = runs.at(-1) as CallLine;
    return {
      rule: 'check',
      topic: command,
      fact: '',
      category: 'config',
      title: `${says[check]} ${command}`,
      description: `${says[check]} \`${command}\`.`,
      context: '',
      tags: [check],
      memoryKind: 'procedural',
      importance: 0.6,
      cites: { files: [], symbols: [] },
      edits: [],
      at: last.at,
      evidence: [
        {
          key: `check:${last.uid}`,
          kind: 'line',
          speaks: 1,
          message: 'passed',
          args: [command],
          lines: [{ uid: last.uid, quote: quoteOf(last.input) }],
          at: last.at,
        },
      ],
    };
  });
}

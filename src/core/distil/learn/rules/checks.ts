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
  \.\/\w[\w./-]*(?:\s|$)|\s(?:src|tests?|spec|lib|cmd|pkg|internal|packages)\/\S+|\/tmp\/|
  \/\w+\/\w+\/\w+|…|\$|["'*]|\||&&|;|<)
`;
const says: Readonly<Record<CheckKind, string>> = {
  test: 'Tests run with',
  build: 'The build runs with',
  lint: 'The linter runs with',
};

/** Options for one run, not for the project: stop at the first, only the last failed, change the files. */
const isForOneRun = regex()`
  \s(?:-x|-u|-w|--(?:exitfirst|maxfail|lf|last-failed|ff|failed-first|markers|fixtures|durations|collect-only|pdb|bail|
  update(?:-?snapshots?)?|max-(?:diagnostics|warnings)|fix|unsafe|write|apply|watch|watchAll|show-fixes|stepwise|
  sw|inspect|debug|trace|
  cov-report|cov|coverage|json|format|output-format|outputFile))(?:[\s=]|$)
`;

/** What everybody runs who knows the language; it says nothing of this project. */
const isUsual = regex()`
  ^(?:go test(?: \.\/\.\.\.)?|go (?:build|vet|install)(?: -\S+(?: [\w,]+)?){0,4}(?: \.\/\.\.\.)?|cargo (?:test|
  build|check|clippy)|(?:npx )?tsc(?: --noEmit)?|
  pytest|make|mvn (?:test|package|install|verify)|(?:\.\/)?gradlew? (?:test|build|check)|dotnet (?:test|build)|mix test|
  swift (?:test|build))$
`;

const isOfTypes =
  /(?:^|[\s:/-])(?:type-?check|types|check-types|tsc|vue-tsc|mypy|pyright|basedpyright|ty check)(?:\s|$)/;

/** True when the command checks the whole project, as it is always checked. */
export const isGeneral = (command: string): boolean =>
  command.length <= longest && !isNarrow.test(command) && !isForOneRun.test(command);

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
    const saying = isOfTypes.test(command) ? 'Types are checked with' : says[check];
    return {
      rule: 'check',
      topic: command,
      fact: '',
      category: 'config',
      title: `${saying} ${command}`,
      description: `${saying} \`${command}\`.`,
      context: '',
      tags: [check],
      memoryKind: 'procedural',
      importance: isUsual.test(command) ? 0.07 : 0.45,
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

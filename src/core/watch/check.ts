/** Whether a file contradicts what was confirmed. Deterministic; a pattern of a person's is ended when it takes too long. */
import picomatch from 'picomatch';
import type { Predicate } from '../../protocol/watch';
import { regex } from '../lib/regex';
import { runWithin } from '../lib/run-within';
import { codeOf } from './code';
import type { Code } from './code';
import { commandsIn, runsCommands } from './commands';
import { dependenciesIn, namesDependencies } from './dependencies';
import { followOf } from './follow';
import type { Edit } from './follow';
import { Lines } from './found';
import type { Span } from './found';
import { importsModules, importsOf } from './imports';
import { textsIn } from './texts';

/** Milliseconds for one predicate in one file. It takes less than one, unless it is a pattern that was misjudged. */
const mostMs = 250;
/** Places in one file: more say the same. */
const mostFound = 20;
/** What is not written here. */
const foreign = regex()`
  (?:^|\/)(?:node_modules|\.git|vendor|third_party|dist|build|out|target|coverage|\.venv|venv|site-packages|__pycache__|
  \.next)\/|\.min\.\w+$|(?:^|\/)(?:package-lock\.json|pnpm-lock\.yaml|yarn\.lock|bun\.lock|Cargo\.lock|poetry\.lock|
  uv\.lock|go\.sum)$
`;

export interface Place extends Span {
  line: number;
  /** Column. */
  column: number;
  endColumn: number;
  follow?: Edit;
}

export interface Checker {
  predicate: Predicate;
  /** Whether a file, by its path from the root, is looked at. */
  regards(file: string): boolean;
  find(file: string, code: Code): Span[];
}

const ofKind: Readonly<Record<Predicate['kind'], (file: string) => boolean>> = {
  import: importsModules,
  dependency: namesDependencies,
  command: runsCommands,
  text: () => true,
};

export function createChecker(predicate: Predicate): Checker {
  const { kind, subject, files, isRegex } = predicate;
  const isThere =
    files === '' ? () => true : picomatch(files, { dot: true, nonegate: true, basename: !files.includes('/') });
  return {
    predicate,
    regards: (file) => ofKind[kind](file) && !foreign.test(file) && isThere(file),
    find(file, code) {
      switch (kind) {
        case 'import':
          return importsOf(file, code, subject);
        case 'dependency':
          return dependenciesIn(file, code.raw, subject);
        case 'command':
          return commandsIn(file, code.raw, subject);
        default:
          return isRegex ? matchesOf(subject, code.withStrings) : textsIn(file, code, subject);
      }
    },
  };
}

function matchesOf(pattern: string, text: string): Span[] {
  const found: Span[] = [];
  for (const { 0: value, index } of text.matchAll(new RegExp(pattern, 'gm'))) {
    if (value !== '') found.push({ from: index, to: index + value.length });
    if (found.length >= mostFound) break;
  }
  return found;
}

/** What of these a file contradicts, in the order of the text. @param onSlow one that took too long */
export function checkFile<Each extends Checker>(
  checkers: readonly Each[],
  file: string,
  text: string,
  onSlow: (checker: Each) => void = () => {},
): { checker: Each; place: Place }[] {
  const regarding = checkers.filter((each) => each.regards(file));
  if (regarding.length === 0) return [];
  const code = codeOf(file, text);
  const lines = new Lines(text);
  const spans = findAll(regarding, file, code, onSlow);
  const found = regarding.flatMap((checker, index) =>
    (spans[index] ?? []).slice(0, mostFound).map((span) => ({ checker, place: placeOf(lines, span, checker, file) })),
  );
  return found.toSorted((a, b) => a.place.from - b.place.from).slice(0, mostFound);
}

/** All within one time, as it costs a tenth of a millisecond to limit it. When that was too short, each has its own. */
function findAll<Each extends Checker>(
  checkers: readonly Each[],
  file: string,
  code: Code,
  onSlow: (checker: Each) => void,
): Span[][] {
  const spans: Span[][] = checkers.map(() => []);
  const find = (checker: Each, index: number) => void (spans[index] = checker.find(file, code));
  if (runWithin(mostMs, () => checkers.forEach(find))) return spans;
  for (const [index, checker] of checkers.entries()) {
    spans[index] = [];
    if (!runWithin(mostMs, () => find(checker, index))) onSlow(checker);
  }
  return spans;
}

function placeOf(lines: Lines, { from, to }: Span, { predicate }: Checker, file: string): Place {
  const line = lines.lineOf(from);
  const start = lines.startOf(line);
  const end = Math.min(to, start + lines.textOf(line).length);
  const follow = followOf(predicate, file, lines, { from, to });
  return { from, to, line, column: from - start, endColumn: end - start, ...(follow && { follow }) };
}

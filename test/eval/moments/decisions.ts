/**
 * Decisions that keep an eye on the code, on learnings with labels and on a real repository: this one. Its own files are the clean
 * repository; contradictions are planted into copies of them, and look-alikes that are none.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { checkFile, createChecker } from '../../../src/core/watch/check';
import type { Checker } from '../../../src/core/watch/check';
import { readDecision } from '../../../src/core/watch/read-decision';
import type { Predicate } from '../../../src/protocol/watch';
import { decidedHere, labelled } from './decisions-set';
import type { Decided } from './decisions-set';
import { chanceOf } from './why-code';

export interface Source {
  file: string;
  text: string;
}

/** Files of this repository, as git lists them, without what decisions are tried on. */
export function ownFiles(root: string): Source[] {
  return execFileSync('git', ['ls-files', '-co', '--exclude-standard'], { cwd: root, encoding: 'utf8' })
    .split('\n')
    .filter(
      (file) =>
        /\.(?:tsx?|mjs|json|ya?ml|sh|css|md)$/.test(file) && !/decisions-set|core\/watch|package-lock/.test(file),
    )
    .flatMap((file) => {
      try {
        const text = readFileSync(`${root}/${file}`, 'utf8');
        return text.length > 1_000_000 ? [] : [{ file, text }];
      } catch {
        return [];
      }
    });
}

/** What looks at words alone, wherever they stand: the control. */
export function naive(predicate: Predicate): Checker {
  const checker = createChecker(predicate);
  return {
    predicate,
    regards: (file) => checker.regards(file),
    find(_, { raw }) {
      const found = [];
      for (let from = raw.indexOf(predicate.subject); from >= 0; from = raw.indexOf(predicate.subject, from + 1))
        found.push({ from, to: from + predicate.subject.length });
      return found;
    },
  };
}

export interface Planted extends Source {
  decided: Decided;
  /** Line of the contradiction; undefined for a look-alike. */
  line: number | undefined;
}

/** Copies of real files with one line more: a contradiction, or what only looks like one. */
export function plantLines(sources: readonly Source[], seed: number, each: number): Planted[] {
  const chance = chanceOf(seed);
  return decidedHere.flatMap((decided) => {
    const checker = createChecker(decided.predicate);
    const own = sources.filter(({ file }) => checker.regards(file));
    const made: Planted[] = [];
    for (const [isWrong, lines] of [
      [true, decided.wrong],
      [false, decided.alike],
    ] as const)
      for (let index = 0; index < each && own.length > 0; index++) {
        const source = own[Math.floor(chance() * own.length)]!;
        const text = lines[index % lines.length]!;
        const planted = decided.put(source.text, text, chance);
        if (planted) made.push({ ...source, ...planted, decided, line: isWrong ? planted.line : undefined });
      }
    return made;
  });
}

export interface Counted {
  found: number;
  missed: number;
  otherPlace: number;
  /** Places in files with a look-alike, and their number. */
  mistaken: number;
  alike: number;
}

export function countPlanted(all: readonly Planted[], check: (predicate: Predicate) => Checker): Counted {
  const counts: Counted = { found: 0, missed: 0, otherPlace: 0, mistaken: 0, alike: 0 };
  for (const { decided, file, text, line } of all) {
    const places = checkFile([check(decided.predicate)], file, text).map(({ place }) => place.line);
    if (line === undefined) {
      counts.alike++;
      counts.mistaken += places.length;
    } else {
      counts[places.includes(line) ? 'found' : 'missed']++;
      counts.otherPlace += places.filter((each) => each !== line).length;
    }
  }
  return counts;
}

/** Diagnostics on the files as they are. */
export const countClean = (sources: readonly Source[], check: (predicate: Predicate) => Checker): number =>
  sources.reduce(
    (sum, { file, text }) =>
      sum +
      checkFile(
        decidedHere.map(({ predicate }) => check(predicate)),
        file,
        text,
      ).length,
    0,
  );

const keyOf = ({ kind, subject, files }: Pick<Predicate, 'kind' | 'subject' | 'files'>): string =>
  `${kind} ${subject} ${files}`;

/** Learnings whose predicates are read: right, wrong, missed. */
export function countRead(): { learnings: number; right: number; wrong: number; missed: number } {
  const counts = { learnings: labelled.length, right: 0, wrong: 0, missed: 0 };
  for (const { title, says } of labelled) {
    const read = new Set(readDecision({ title, description: '' }).map(keyOf));
    const wanted = new Set(says.map(keyOf));
    counts.right += [...read].filter((key) => wanted.has(key)).length;
    counts.wrong += [...read].filter((key) => !wanted.has(key)).length;
    counts.missed += [...wanted].filter((key) => !read.has(key)).length;
  }
  return counts;
}

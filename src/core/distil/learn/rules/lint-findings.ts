/** Rules of a linter that findings named, and edits solved: one learning for a rule, whatever the file. */
import { fileName } from '../../../../protocol/paths';
import { regex } from '../../../lib/regex';
import type { CallLine } from '../../../store/tables/session-lines';
import type { RedGreen } from '../../reading/outcomes';
import { declaredIn, reactionTo, shortPath, withoutPlace, wordingOf } from '../candidate';
import type { Candidate } from '../candidate';
import type { SessionFacts } from '../session-facts';
import { undoingsOf } from '../undone';
import { diffText } from './diff-text';
import { isSlip, placeOf } from './error-line';
import { done, passedAfter, verified } from './fixes';
import { lintRuleOf } from './lint-rule';

/** A linter lists many findings; with more edits than this between red and green it was new work. */
const maxEdits = 40;
/** Output of a linter that is looked through, in letters. */
const maxOutput = 60_000;
const maxLineLength = 1000;
/** The finding was silenced rather than followed. */
const silences = regex('i')`
  nolint|eslint-disable|oxlint-disable|biome-ignore|\bnoqa\b|type: ?ignore|@ts-(?:ignore|expect-error|nocheck)|#!?\[allow\(|
  @SuppressWarnings|rubocop:disable|pylint: ?disable|shellcheck disable|swiftlint:disable|stylelint-disable|@phpstan-ignore
`;

/** One candidate for each rule that was found in an edited file. */
export function lintFixesIn(facts: SessionFacts): Candidate[] {
  return facts.pairs
    .filter(({ check, isFlaky, edits }) => check === 'lint' && !isFlaky && edits.length > 0 && edits.length <= maxEdits)
    .flatMap((pair) => [...findingsOf(pair)].map(([rule, found]) => ruleOf(facts, pair, rule, found)));
}

interface Finding {
  line: string;
  edits: CallLine[];
}

/** The first finding of each rule whose file was edited, with the edits of that file. */
function findingsOf({ red, edits }: RedGreen): Map<string, Finding> {
  const byName = new Map<string, CallLine[]>();
  for (const edit of edits)
    for (const name of new Set(edit.diffs.map(({ file }) => fileName(file))))
      byName.set(name, [...(byName.get(name) ?? []), edit]);
  const found = new Map<string, Finding>();
  // Some linters name the file once, above its findings.
  let heading = '';
  for (const raw of red.output.slice(0, maxOutput).split('\n')) {
    const line = raw.trim();
    if (line.length > maxLineLength) continue;
    if (/^[\w./\\@:-]+\.\w{1,5}$/.test(line)) heading = line;
    const rule = lintRuleOf(line);
    const solved = byName.get(fileName(placeOf(line) ?? heading));
    if (rule === undefined || !solved || found.has(rule)) continue;
    // A finding about a comment for the linter is about that comment.
    if (!isSlip(line) && !silences.test(line) && !isSilenced(solved, rule)) found.set(rule, { line, edits: solved });
  }
  return found;
}

/** True when a comment for this linter was put in, or nothing but comments for linters. */
function isSilenced(edits: readonly CallLine[], rule: string): boolean {
  const diffs = edits.flatMap((edit) => edit.diffs);
  const isNew = (line: string, before: string) => silences.test(line) && !before.includes(line.trim());
  const silencing = diffs.flatMap(({ before, after }) => after.split('\n').filter((line) => isNew(line, before)));
  return (
    silencing.some((line) => rule.split(' ').some((name) => line.includes(name))) ||
    diffs.every(({ before, after }) => silences.test(after) && !silences.test(before))
  );
}

function ruleOf(facts: SessionFacts, pair: RedGreen, rule: string, { line, edits }: Finding): Candidate {
  const { head } = facts;
  const files = [...new Set(edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))];
  const change = diffText(edits, line, head);
  const names = files.map((file) => `\`${shortPath(file, head)}\``);
  const what = generalised(line, rule);
  return {
    rule: 'fix',
    topic: `lint ${rule}`,
    fact: '',
    category: 'solution',
    title: wordingOf(what === '' ? rule : `${rule}: ${what}`, 120),
    description: [
      `\`${pair.command}\` failed: ${wordingOf(line, 240)}`,
      passedAfter(edits, names),
      ...(change ? [change] : []),
    ].join('\n\n'),
    context: '',
    tags: [pair.check],
    memoryKind: 'procedural',
    // A linter says the same again by itself: only a rule that is met again and again is worth knowing before.
    importance: 0.2,
    cites: { files: files.slice(0, 8), symbols: declaredIn(edits) },
    edits: edits.map(({ uid }) => uid),
    at: pair.green.at,
    evidence: [
      verified(pair, line),
      done(edits),
      ...reactionTo(facts, pair.green.turn, [line, change, ...names].join(' ')),
      ...undoingsOf(facts, edits),
    ],
  };
}

/** What the rule wants, without the place, the names and the values of this finding. */
function generalised(line: string, rule: string): string {
  const plain = rule
    .split(' ')
    .flatMap((name) => [`(${name})`, name])
    .reduce((text, name) => text.replaceAll(name, ''), withoutPlace(line));
  return plain
    .replace(/^\d+:\d+:?\s+/, '')
    .replace(/^(?:error|warning|info|note)(?::|\s{2,})\s*/i, '')
    .replace(/:? sig: .*/, '')
    .replace(/[`'"][^`'"\s]{1,80}[`'"]/g, '…')
    .replace(/\s+/g, ' ')
    .replace(/^[\s:()[\]*-]{1,40}|[\s:([-]{1,8}$/g, '')
    .trim();
}

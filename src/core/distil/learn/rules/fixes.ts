/**
 * What turned a failed check green: the error, the edits that solved it, and the reason in Claude's own words when
 * there is one.
 */
import { fileName } from '../../../../protocol/paths';
import { oneLine } from '../../../../protocol/text';
import { regex } from '../../../lib/regex';
import type { CallLine, SaidLine } from '../../../store/tables/session-lines';
import type { RedGreen } from '../../reading/outcomes';
import {
  declaredIn,
  errorTopic,
  wordingOf,
  quoteOf,
  quoteOfEdit,
  reactionTo,
  shortPath,
  withoutPlace,
} from '../candidate';
import type { Candidate, EvidenceDraft } from '../candidate';
import type { SessionFacts } from '../session-facts';
import { undoingsOf } from '../undone';
import { diffText } from './diff-text';
import { errorAbout, isSlip } from './error-line';
import { lintRuleOf } from './lint-rule';

/** With more edits between red and green it was new work, not a fix. */
const maxEdits = 12;
/** Most fixes per session; the newest are kept. */
const maxFixes = 200;
/** Lines before the green in which a reason is searched for. */
const maxBetween = 400;
const explains = regex('i')`
  \b(?:because|root cause|the (?:issue|problem|bug|error|failure|cause|reason) (?:is|was|here)|
  caused by|due to|since|need(?:s|ed)? to|was (?:missing|wrong|not)|(?:is|are|was|were) (?:missing|
  incorrect|outdated|shadowing|unused)|should (?:be|have|use)|expects?)\b|因为|原因|问题(?:是|在)|由于
`;

const namesTests = /\b(?:tests?|assertions?|expectations?|fixtures?|snapshots?)\b/i;
const saysOutdated = regex('i')`
  \bstill (?:expect|us|assert|check|look|refer)|\boutdated\b|
  \bold (?:value|format|behaviou?r|name|path|text|message)s?\b|\bto be updated\b
`;

export function fixesIn(facts: SessionFacts): Candidate[] {
  const found = facts.pairs
    .filter(({ isFlaky, edits }) => !isFlaky && edits.length > 0 && edits.length <= maxEdits)
    .slice(-maxFixes)
    .flatMap((pair) => fixOf(facts, pair) ?? []);
  return oncePerChange(found);
}

/** One change can turn several checks green, each with an error of its own: the one that teaches most is kept. */
function oncePerChange(fixes: readonly Candidate[]): Candidate[] {
  const best = new Map<string, Candidate>();
  for (const fix of fixes) {
    const change = fix.edits.join(' ');
    const known = best.get(change);
    if (!known || fix.importance > known.importance) best.set(change, fix);
  }
  return fixes.filter((fix) => {
    const kept = best.get(fix.edits.join(' '));
    // The same error again is more evidence for the same fact.
    return kept === fix || (kept?.topic === fix.topic && kept.fact === fix.fact);
  });
}

function fixOf(facts: SessionFacts, pair: RedGreen): Candidate | undefined {
  const { head } = facts;
  const files = [...new Set(pair.edits.flatMap(({ diffs }) => diffs.map(({ file }) => file)))].filter(
    (file) => file !== '',
  );
  const error = errorAbout(pair.red, pair.check, files);
  if (error === undefined || isSlip(error) || isNotWrittenYet(error, pair.edits)) return undefined;
  if (isExpectation(error) && files.every(isTestFile)) return undefined;
  // Findings that name their rule are read by lint-findings.ts.
  if (pair.check === 'lint' && lintRuleOf(wholeLine(pair.red.output, error)) !== undefined) return undefined;
  const why = explanationOf(facts, pair, error);
  // The tests were made to expect what the code does now.
  if (why && namesTests.test(why.quote) && saysOutdated.test(why.quote) && files.every(isTestFile)) return undefined;
  const names = files.map((file) => `\`${shortPath(file, head)}\``);
  const change = diffText(pair.edits, error, head);
  return {
    rule: 'fix',
    topic: errorTopic(error),
    fact: pair.check === 'lint' ? '' : changeOf(pair.edits),
    category: 'solution',
    title: wordingOf(errorWords(error), 120),
    description: [
      `\`${pair.command}\` failed: ${wordingOf(error, 240)}`,
      ...(why ? [why.sentence] : []),
      passedAfter(pair.edits, names),
      ...(change ? [change] : []),
    ].join('\n\n'),
    context: '',
    tags: [pair.check],
    memoryKind: 'procedural',
    importance: importanceOf(pair, error, why !== undefined),
    cites: { files: files.slice(0, 8), symbols: declaredIn(pair.edits) },
    edits: pair.edits.map(({ uid }) => uid),
    at: pair.green.at,
    evidence: [
      verified(pair, error),
      done(pair.edits),
      ...(why
        ? [
            {
              key: `why:${why.line.uid}`,
              kind: 'line' as const,
              speaks: 0 as const,
              message: 'explained' as const,
              args: [],
              lines: [{ uid: why.line.uid, quote: quoteOf(why.line.text, why.quote) }],
              at: why.line.at,
            },
          ]
        : []),
      ...reactionTo(facts, pair.green.turn, [error, change, ...names].join(' ')),
      ...undoingsOf(facts, pair.edits),
    ],
  };
}

/** @param names of the edited files, as Markdown */
export const passedAfter = (edits: readonly CallLine[], names: readonly string[]): string =>
  `Passed after ${edits.length === 1 ? 'an edit' : `${edits.length} edits`} in ` +
  `${names.slice(0, 4).join(', ')}${names.length > 4 ? ' …' : ''}.`;

/** How much it would change what is done next time. */
function importanceOf({ check }: RedGreen, error: string, isExplained: boolean): number {
  // A linter says the same again by itself, and so does a compiler.
  if (check === 'lint' || (check === 'build' && !isExplained)) return 0.2;
  // A value that a test wanted, or a crash that could be anywhere, teaches nothing without the reason, and the same words
  // in another session are seldom about the same.
  if (!isExplained) return isExpectation(error) || isAnywhere(error) ? 0.07 : 0.4;
  return 0.7;
}

const isAnywhere = (error: string): boolean =>
  /nil pointer|null pointer|NullPointerException|segmentation fault|undefined is not|of (?:undefined|null)\b/i.test(
    error,
  );

/** A linter's error has one fix, whatever the file. For a failed test the change itself is part of the fact. */
function changeOf(edits: readonly CallLine[]): string {
  const last = edits.findLast(({ diffs }) => diffs.some(({ after }) => after.trim() !== ''));
  return last ? oneLine(quoteOfEdit(last)) : '';
}

export function verified({ command, red, green }: RedGreen, error: string): EvidenceDraft {
  return {
    key: `check:${green.uid}`,
    kind: 'verification',
    speaks: 1,
    message: 'redGreen',
    args: [command],
    lines: [
      { uid: red.uid, quote: quoteOf(red.output, error) },
      { uid: green.uid, quote: quoteOf(green.output === '' ? green.headline : lastWords(green.output)) },
    ],
    at: green.at,
  };
}

export function done(edits: readonly CallLine[]): EvidenceDraft {
  return {
    key: `edits:${edits[0]?.uid ?? ''}`,
    kind: 'line',
    speaks: 0,
    message: 'done',
    args: [],
    lines: edits.map((edit) => ({ uid: edit.uid, quote: quoteOfEdit(edit) })),
    at: edits.at(-1)?.at ?? 0,
  };
}

/** Only the test's expectation was changed, so nothing was learnt about the code. */
const isExpectation = (error: string): boolean =>
  /\b(?:want|expected|expects?|should|to (?:be|equal|have|contain)|got|received|assert\w*)\b/i.test(error);
const isTestFile = (file: string): boolean =>
  /(?:^|[/._-])(?:tests?|specs?|__tests__|fixtures?)(?:[/._-]|$)/i.test(file);

/** A test written before its code fails until the code exists, which teaches nothing. */
function isNotWrittenYet(error: string, edits: readonly CallLine[]): boolean {
  const missing = regex('i')`
    (?:undefined|not defined|cannot find (?:name|module|package)|has no (?:field or method|attribute|
    member)|undeclared|unresolved|no such (?:method|function)|not declared|unknown (?:field|function)|
    is not a function|missing (?:method|function))[:\s'"\x60(]*([\w$.*]+)?
  `.exec(error);
  if (!missing) return false;
  const names = declaredIn(edits);
  return [...error.matchAll(/[A-Za-z_$][\w$]{2,}/g)].some(([word]) => names.includes(word));
}

/**
 * The sentence between red and green that gives a reason, preferably one that shares words with the error or the files.
 */
function explanationOf(
  { lines, places }: SessionFacts,
  { red, green, edits }: RedGreen,
  error: string,
): { line: SaidLine; sentence: string; quote: string } | undefined {
  const words = new Set([...error.toLowerCase().matchAll(/[\p{L}_]{4,}/gu)].map(([word]) => word));
  for (const { diffs } of edits) for (const { file } of diffs) words.add(fileName(file).toLowerCase());
  const [from, until] = [places.get(red.uid) ?? 0, places.get(green.uid) ?? 0];
  let best: { line: SaidLine; sentence: string; quote: string; score: number } | undefined;
  for (const line of lines.slice(Math.max(from, until - maxBetween), until + 1)) {
    if (line.kind !== 'said' || line.role !== 'assistant' || line.note !== '' || line.agentId !== red.agentId) continue;
    for (const quote of line.text
      .split(/(?<=[.!。！])\s+|\n+/)
      .map((each) => each.trim())
      .filter(
        (each) =>
          each.length >= 24 &&
          each.length <= 300 &&
          explains.test(each) &&
          !/^(?:[-*|#>]|let me|i'll|now )/i.test(each),
      )) {
      const score =
        [...quote.toLowerCase().matchAll(/[\p{L}_.]{4,}/gu)].filter(([word]) => words.has(word)).length +
        (/\b(?:because|root cause|the (?:issue|problem|bug|cause|reason))\b/i.test(quote) ? 2 : 0);
      if (score > 0 && score > (best?.score ?? 0))
        best = { line, sentence: wordingOf(quote.replace(/:$/, '.'), 280), quote, score };
    }
  }
  return best;
}

/** Words of the error without its place, which changes while the error stays. */
const errorWords = (error: string): string =>
  withoutPlace(error)
    .replace(/^error:\s+/i, '')
    .trim() || error;

const maxLine = 1000;
/** A long line is cut where errors are read, and its end names the rule. */
const wholeLine = (output: string, error: string): string =>
  output.split('\n').find((line) => line.length <= maxLine && line.includes(error)) ?? error;

const lastWords = (output: string): string =>
  output
    .trimEnd()
    .split('\n')
    .findLast((line) => /\p{L}{2}/u.test(line)) ?? output;

/** How sure it is that two errors have the same cause. Without a model: code, wording and names are compared. */
import { isSlip } from '../learn/rules/error-line';
import { likeness } from '../reading/turns';
import { isTelling, lettersOf, sameMessage } from './error-message';
import type { ErrorMessage } from './error-message';

/** What is less sure is not shown. Calibrated by `npm run eval:moments`. */
export const leastLikeness = 0.75;

/** The same wording about nothing but everyday names, in another file. */
const common = 0.6;
/** A finding of the same rule about another name: the rule says what is wrong. */
const sameRule = 0.8;
/** Wordings that share less are two errors. */
const leastShared = 0.6;
/** Letters of a wording without names that is one error and no other. */
const tellingLetters = 32;

/** 0 to 1. `isSameFile`: both are about a file of this name. */
export function likenessOf(asked: ErrorMessage, past: ErrorMessage, isSameFile: boolean): number {
  if (asked.code !== past.code) return 0;
  const here = isSameFile ? 0.1 : 0;
  if (isChore(asked)) return 0;
  if (sameMessage(asked, past)) return isTellingMessage(asked) || isSameFile ? 1 : common;
  // What was expected here says nothing about another expectation, and everybody knows how a slip is mended.
  if (isExpectation(asked) || isSlip(worded(asked)) || isSlip(worded(past))) return 0;
  const shared = dice(wordsOf(asked), wordsOf(past));
  if (shared < leastShared) return 0;
  const mine = asked.names.filter(isTelling);
  const theirs = past.names.filter(isTelling);
  if (asked.template === past.template && isRule(asked.code)) return Math.min(0.99, sameRule + here);
  const names = mine.length + theirs.length === 0 ? shared * shared : likeness(new Set(mine), new Set(theirs));
  const wording = asked.template === past.template ? 0.5 : 0.5 * shared * 0.95;
  return Math.min(0.99, wording + 0.5 * names * (mine.length + theirs.length === 0 ? 0.7 : 1) + here);
}

/** Has a name of its own, or a wording that is long enough without one. */
const isTellingMessage = (error: ErrorMessage): boolean =>
  error.names.some(isTelling) ||
  (error.names.length === 0 &&
    !isExpectation(error) &&
    !isSlip(worded(error)) &&
    (isRule(error.code) || lettersOf(error.template) >= tellingLetters));

const isExpectation = ({ code, template }: Pick<ErrorMessage, 'code' | 'template'>): boolean =>
  code === 'assertionerror' || /^(?:assert|expect)|^(?:got|want|wanted)\b|, (?:got|want) /.test(template);

/** Mended without a look at how it was done before. */
const isChore = ({ code, template }: ErrorMessage): boolean =>
  /unused|not used|never (?:used|read)|missing return$|expected$|^parsing error/.test(`${code} ${template}`);

/** A linter's rule: `no-console`, `react-hooks/exhaustive-deps`. */
const isRule = (code: string): boolean => /[a-z][-/][a-z]/.test(code);

/** With its names in quotes again, as a tool writes it. */
function worded({ template, names }: ErrorMessage): string {
  let at = 0;
  return template.replace(/<(?:q|path)>/g, () => `'${names[at++] ?? ''}'`);
}

const wordsOf = ({ template }: ErrorMessage): string[] =>
  template.split(/[^\p{L}<>]+/u).filter((word) => word.length > 2 && !word.startsWith('<'));

function dice(one: readonly string[], other: readonly string[]): number {
  if (one.length + other.length === 0) return 1;
  const left = new Map<string, number>();
  for (const word of other) left.set(word, (left.get(word) ?? 0) + 1);
  let shared = 0;
  for (const word of one) {
    const count = left.get(word) ?? 0;
    if (count === 0) continue;
    left.set(word, count - 1);
    shared++;
  }
  return (2 * shared) / (one.length + other.length);
}

/**
 * Whether two sentences ask for opposites. English first: the topics of standing wishes, "use A instead of B", and the
 * same words with another number. Anything else is no contradiction here, because one that is none costs more trust than
 * one that is missed.
 */
import { trimEndOf } from '../../protocol/text';
import { isStandingWish } from '../distil/learn/rules/standing-wishes';
import { subjectOf } from '../distil/learn/rules/told';
import { tokensOf } from '../index/tokenize';
import { regex } from '../lib/regex';
import { foldForComparison } from '../lib/text';

/** Shorter subjects are met by chance. */
const minSubject = 6;
const minShared = 3;
/** Longer sentences say more than one thing. */
const maxLength = 240;

export function contradicts(one: string, other: string): boolean {
  if (one.length > maxLength || other.length > maxLength) return false;
  return areOpposed(one, other) || areSwapped(one, other) || haveOtherNumber(one, other);
}

const asks = regex('i')`
  ^(?:please |we |you (?:should|must) |always |never |only )?(?:always |never |only )?(?:do not |don'?t )?(?:use|run|prefer|
  write|add|put|keep|commit|push|call|name|test|format|indent|install|import|squash|rebase|avoid|create|edit|change|touch|
  delete|leave|check|ask)\b
`;

/** Of the topics with two choices, those of which a project has one. */
const exclusive: ReadonlySet<string> = new Set([
  'either:packages',
  'either:indentation',
  'either:quotes',
  'either:tests',
]);

/** One topic, opposite facts: "never X" and "always X", "use npm" and "use pnpm". */
function areOpposed(one: string, other: string): boolean {
  if (![one, other].every((each) => isStandingWish(each) || asks.test(each))) return false;
  const [a, b] = [subjectOf(one), subjectOf(other)];
  if (a.topic !== b.topic || a.fact === b.fact || a.topic.length < minSubject) return false;
  if (!a.topic.startsWith('either:')) return true;
  if (!exclusive.has(a.topic) || !sameScope(one, other)) return false;
  const [wanted, refused] = [a, b].map(({ fact }) => fact.replace(/^not /, ''));
  const refusals = [a, b].filter(({ fact }) => fact.startsWith('not ')).length;
  // Who wants one thing may also not want another: only two wanted things, or the thing itself, wanted and not.
  if (refusals === 0) return !names(one, b.fact) && !names(other, a.fact);
  return refusals === 1 && wanted === refused;
}

/** A sentence that names the other's choice, and does not refuse it, speaks of both, each in its place. */
const names = (text: string, choice: string): boolean =>
  new RegExp(`\\b${choice}\\b`, 'i').test(text) &&
  !new RegExp(`\\b(?:instead of|rather than|over|not|never|no|don'?t)\\s+(?:use\\s+|run\\s+)?${choice}\\b`, 'i').test(
    text,
  );

/** "In the docs folder use npm" and "use pnpm" may both hold. */
const limited = /\b(?:in|for|inside|under|within|when|if|while|unless|except|only)\s+(?:the\s+)?[`\w./-]+/i;
function sameScope(one: string, other: string): boolean {
  const scope = (text: string) => foldForComparison(limited.exec(text)?.[0] ?? '');
  return scope(one) === scope(other);
}

const wants = /\b(?:use|prefer|choose|pick) /;
const between = /,? (?:instead of|rather than|over|(?:and )?(?:not|never))(?: use)? /;
const afterwards = /[,;.]| (?:for|in|when|because|as|to) /;

/** What is wanted instead of what, or what is wanted and nothing else said. */
function preferenceOf(sentence: string): { wanted: string; refused?: string } | undefined {
  const text = fold(sentence);
  const verb = wants.exec(text);
  if (!verb) return undefined;
  const rest = text.slice(verb.index + verb[0].length);
  const middle = between.exec(rest);
  if (!middle) return /^(?:please |we |always )?$/.test(text.slice(0, verb.index)) ? { wanted: rest } : undefined;
  const [refused = ''] = rest.slice(middle.index + middle[0].length).split(afterwards, 1);
  return { wanted: rest.slice(0, middle.index), refused };
}

/** "Use A instead of B" and "use B instead of A", or "use B" alone. */
function areSwapped(one: string, other: string): boolean {
  const [a, b] = [preferenceOf(one), preferenceOf(other)];
  if (!a || !b || a.wanted === b.wanted || a.wanted === '' || b.wanted === '') return false;
  if (a.refused === undefined && b.refused === undefined) return false;
  const isOther = (wanted: string, refused: string | undefined) => refused === undefined || refused === wanted;
  return isOther(a.wanted, b.refused) && isOther(b.wanted, a.refused) && sameScope(one, other);
}

const fold = (text: string): string => trimEndOf(foldForComparison(text).replace(/[`"'*]/g, ''), ' .!');

/** Numbers as written, without those of names ("utf8", "v2"). */
export const numbersIn = (text: string): string[] => text.match(/(?<![\w.-])\d+(?:[.,]\d+)*(?![\w-])/g) ?? [];

/** "Lines have at most 100 letters" and "… at most 120 letters". */
function haveOtherNumber(one: string, other: string): boolean {
  const [a, b] = [numbersIn(one), numbersIn(other)];
  if (a.length !== 1 || b.length !== 1 || a[0] === b[0]) return false;
  const words = (text: string, number: string) =>
    tokensOf(text.replace(number, ' '))
      .map(({ term }) => term)
      .join(' ');
  const [left, right] = [words(one, a[0]!), words(other, b[0]!)];
  return left === right && left.split(' ').length >= minShared && sets.test(one) && sets.test(other);
}

/** Only a rule is contradicted: "20 tests failed" and "3 tests failed" are two days. */
const sets = regex('i')`
  \b(?:must|should|at (?:most|least)|no more than|never more than|up to|maximum|minimum|max|min|limit(?:ed)?|exactly|
  always|never|use|keep|indent(?:ed)? (?:with|by)|timeout|port|version)\b
`;

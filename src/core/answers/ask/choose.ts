/**
 * Which sentences answer a question, or that none does. The measure is absolute: the best sentence of a memory may still be
 * about something else.
 */
import { sumOf } from '../../give/term-weights';
import type { AskLine } from '../../store/tables/ask-lines';
import { formWorth, hasForm } from './forms';
import { tellingFrom } from './question';
import type { ReadQuestion, Wants } from './question';
import type { Unit } from './units';

/** What was tuned on folds; docs/evaluation.md has the tables. */
export interface AskTuning {
  /** Least share of the question's words that a sentence and what is around it have: of a short question, and of a long one. */
  leastShort: number;
  leastLong: number;
  /** Telling words of a short question, and of a long one. */
  short: number;
  long: number;
  /** How much a word counts that stands beside the sentence, or in what it answers. */
  beside: number;
  around: number;
  /** Share of the least that what amends an answer must meet: it may have other words. */
  amending: number;
  /** The same of a report. */
  amendingReport: number;
}

export const defaultTuning: AskTuning = {
  leastShort: 0.9,
  leastLong: 0.4,
  short: 10,
  long: 12,
  beside: 0.95,
  around: 0.9,
  amending: 0.75,
  amendingReport: 0.3,
};

export interface ChosenUnit {
  unit: Unit;
  /** Share of the question that it meets, 0 to 1. */
  support: number;
  value: number;
}

/** One word alone is no subject. */
const minTelling = 2;
const nameFrom = 0.6;
/** Sentences of one session, and how near to the best one they are. */
const maxOfSession = 3;
const nearBest = 0.8;
const lateWeight = 0.1;

/** How much of the question a sentence meets, with what is around it; of a report, how much was spoken of together. */
function supportOf({ terms, isReport }: ReadQuestion, { own, beside, around, turns }: Unit, tuning: AskTuning): number {
  let met = 0;
  for (const [term, weight] of terms)
    met +=
      weight *
      (own.has(term)
        ? 1
        : isReport
          ? Number(turns.has(term))
          : beside.has(term)
            ? tuning.beside
            : around.has(term)
              ? tuning.around
              : 0);
  return met / Math.max(1e-9, sumOf(terms.values()));
}

/** A long report has words of its own: less of it can be met. */
export function leastFor(question: ReadQuestion, { leastShort, leastLong, short, long }: AskTuning): number {
  if (!question.isReport) return leastShort;
  const far = Math.min(1, Math.max(0, (question.terms.size - short) / (long - short)));
  return leastShort + (leastLong - leastShort) * far;
}

/** A question with a single word has a subject only when the word is a name. */
export const hasSubject = ({ terms }: ReadQuestion): boolean =>
  [...terms.values()].filter((weight) => weight >= tellingFrom).length >= minTelling ||
  [...terms.values()].some((weight) => weight >= nameFrom);

/** The sentences of one session that answer; none when it does not. */
export function chooseIn(question: ReadQuestion, units: readonly Unit[], tuning: AskTuning): ChosenUnit[] {
  const least = leastFor(question, tuning);
  const last = Math.max(1, ...units.map(({ line }) => line.turn));
  const weighed = units
    .map((unit): ChosenUnit => {
      const support = supportOf(question, unit, tuning);
      const isAnswer = support >= least && tells(question, unit);
      // What was said last in a session is what came of it.
      const late = 1 + lateWeight * (unit.line.turn / last);
      return { unit, support, value: isAnswer ? support * worthOf(question, unit) * late : 0 };
    })
    .filter(({ value }) => value > 0)
    .sort((a, b) => b.value - a.value || b.unit.line.at - a.unit.line.at);
  const best = weighed[0]?.value ?? 0;
  const kept: ChosenUnit[] = [];
  for (const each of weighed) {
    if (kept.length >= maxOfSession || each.value < nearBest * best) break;
    if (!kept.some((other) => repeats(other.unit, each.unit))) kept.push(each);
  }
  return kept;
}

/** It says something that the question does not say, of the kind that is wanted. */
function tells({ terms, wants, isReport }: ReadQuestion, unit: Unit): boolean {
  if (unit.isQuestion) return false;
  if (!isReport && !hasForm(wants, unit.text)) return false;
  return wants === 'confirmation' || [...unit.own].some((term) => !terms.has(term));
}

function worthOf({ terms, wants, isReport }: ReadQuestion, unit: Unit): number {
  const own = sumOf([...terms].flatMap(([term, weight]) => (unit.own.has(term) ? [weight] : [])));
  // A report is met in few of its words by the sentence that says what was agreed.
  const share = Math.min(1, own / Math.max(1e-9, sumOf(terms.values())) / (isReport ? 0.25 : 0.6));
  const fresh = [...unit.own].filter((term) => !terms.has(term)).length / Math.max(1, unit.own.size);
  const echo = 0.6 + 0.8 * Math.min(0.5, fresh);
  return (0.5 + 0.5 * share) * formWorth(unit.text, isReport) * echo * voiceWorth(wants, unit.line);
}

function voiceWorth(wants: Wants, { voice }: AskLine): number {
  if (voice !== 'tool') return wants === 'command' ? 0.8 : 1;
  return wants === 'command' ? 1.2 : 0.5;
}

/** Most words are the same: the same was said again. */
function repeats(one: Unit, other: Unit): boolean {
  const [few, many] = one.own.size < other.own.size ? [one.own, other.own] : [other.own, one.own];
  return [...few].filter((term) => many.has(term)).length >= 0.75 * few.size;
}

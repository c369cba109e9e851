/**
 * Finds which earlier sessions a turn amends: it says that it changes something agreed, and its session speaks of the same
 * things. Works in small steps, because after an import there are many sessions to look through.
 */
import { askedQuery } from '../index/asked-query';
import type { FullText } from '../index/full-text';
import { rarestWords } from '../search/similar';
import type { SqlDriver } from '../store/sqlite/driver';
import {
  putAmendingTurns,
  putAmendments,
  turnsAround,
  turnsToCompare,
  unreadSession,
  unreadTurns,
} from '../store/tables/amendments';
import type { AmendingTurn, UnreadSession } from '../store/tables/amendments';
import { joinedWith } from '../store/tables/projects';
import { amendingSentence, amendingTerms } from './amending';
import { likenessOf, sharedWeights, sumOf, termsIn, weighAmong } from './term-weights';

export interface AmendmentPorts {
  driver: SqlDriver;
  index: FullText;
  now: () => number;
}

/** Sessions that a search by words proposes for one amending turn. */
const maxCompared = 20;
/** A turn may amend what was agreed in several sessions, but hardly in more. */
const maxAmended = 3;
/**
 * Half the likeness of both sessions (Dice), half the share of what is amended that the earlier session speaks of. Set by
 * looking at the scores of generated and public chats, not tuned on folds; the second is a share of the best.
 */
const minLikeness = 0.3;
const nearBest = 0.6;
const searchedWords = 24;
/** Turns looked through, and letters of a session compared, in one step: a few milliseconds. */
const turnsAtOnce = 40;
const maxLetters = 16_000;

/** Looks through one session, or compares one turn. False when nothing is left to do. */
export function findAmendmentsStep(ports: AmendmentPorts): boolean {
  const { driver } = ports;
  const session = unreadSession(driver);
  if (session) {
    lookThrough(driver, session);
    return true;
  }
  const [turn] = turnsToCompare(driver, 1);
  if (!turn) return false;
  putAmendments(driver, turn.no, earlierAmended(ports, turn));
  return true;
}

function lookThrough(driver: SqlDriver, session: UnreadSession): void {
  const read = unreadTurns(driver, session, turnsAtOnce);
  const turns = read.filter(({ prompt, answer }) => amendingSentence(prompt, answer) !== undefined);
  // The next step goes on behind a full one, unless one turn alone had as many prompts.
  const reached = read.length < turnsAtOnce ? session.lastSequence : (read.at(-1)?.sequence ?? 0);
  const lastSequence = reached > session.readTo ? reached : session.lastSequence;
  putAmendingTurns(driver, { no: session.no, lastSequence }, read, turns);
}

function earlierAmended(
  { driver, index, now }: AmendmentPorts,
  { session, turn, at, projectId }: AmendingTurn,
): { session: number; likeness: number }[] {
  const said = turnsAround(driver, session, turn);
  const turnOf = said.find((each) => each.turn === turn);
  if (!turnOf) return [];
  const scope = joinedWith(driver, projectId).map(({ id }) => id);
  const { sessions } = index.search(askedQuery({ text: '' }, scope, now()), {
    words: rarestWords(index, textOf([turnOf]), { limit: searchedWords, leastTexts: 2 }),
  });
  const compared = sessions
    .filter((found) => found.session !== undefined && found.session !== session && found.best.at < at)
    .slice(0, maxCompared)
    .map((found) => ({
      session: found.session!,
      terms: subjectOf(textOf(turnsAround(driver, found.session!, found.turn).filter((each) => each.at < at))),
    }));
  const own = subjectOf(textOf(said));
  const weigh = weighAmong([own, ...compared.map(({ terms }) => terms)]);
  const whole = weigh(own);
  const amended = weigh(subjectOf(amendingSentence(turnOf.prompt, turnOf.answer) ?? turnOf.prompt));
  const alike = compared
    .map(({ session: earlier, terms }) => {
      const spoken = sumOf(sharedWeights(amended, terms)) / Math.max(1e-9, sumOf(amended.values()));
      return { session: earlier, likeness: (likenessOf(whole, weigh(terms)) + spoken) / 2 };
    })
    .sort((a, b) => b.likeness - a.likeness);
  const least = Math.max(minLikeness, nearBest * (alike[0]?.likeness ?? 0));
  return alike.filter(({ likeness }) => likeness >= least).slice(0, maxAmended);
}

/** Cut, because twenty of them are read for words in one step. */
const textOf = (turns: readonly { prompt: string; answer: string }[]): string =>
  turns
    .map(({ prompt, answer }) => `${prompt}\n${answer}`)
    .join('\n')
    .slice(0, maxLetters);

const subjectOf = (text: string): Set<string> => new Set([...termsIn(text)].filter((term) => !amendingTerms.has(term)));

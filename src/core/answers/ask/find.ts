/** From a question to sentences: the sessions that a search finds, their rows, and what amends them. */
import type { AnswerSentence } from '../../../protocol/ask';
import type { ProjectRef, SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import { shortenAtWord } from '../../../protocol/text';
import type { TermCounts } from '../../give/term-counts';
import { askedQuery } from '../../index/asked-query';
import type { FullText, Ranking } from '../../index/full-text';
import { breathe } from '../../lib/turns';
import { rarestWords } from '../../search/similar';
import type { SqlDriver } from '../../store/sqlite/driver';
import { amendmentsOf } from '../../store/tables/amendments';
import type { Amendment } from '../../store/tables/amendments';
import type { AskLine } from '../../store/tables/ask-lines';
import { askLines, isThere } from '../../store/tables/ask-lines';
import { documentKinds } from '../../store/tables/documents';
import { getLearningByRow } from '../../store/tables/learnings';
import { hitCards } from '../../store/tables/session-cards';
import { sessionNumber } from '../../store/tables/sessions';
import { chooseIn, hasSubject, leastFor } from './choose';
import type { AskTuning, ChosenUnit } from './choose';
import type { ReadQuestion } from './question';
import { unitsOf } from './units';

export interface FindPorts {
  driver: SqlDriver;
  index: FullText;
  counts: TermCounts;
}

export interface AskedOf {
  text: string;
  question: ReadQuestion;
  /** Ids of the projects that may be looked at; undefined for all. */
  scopeIds: readonly number[] | undefined;
  now: number;
}

interface Passage {
  sessionId: SessionId;
  no: number;
  title: string;
  project: ProjectRef;
  chosen: ChosenUnit[];
  amendedBy?: Amendment;
  isAmending?: true;
}

const searchedWords = 24;
const maxSessions = 16;
const turnsOfSession = 6;
/** Sessions whose sentences are shown, how near to the best they are, and sentences in all. */
const maxPassages = 3;
const nearBest = 0.7;
/** Of support: what differs by less is about the same. */
const asGood = 0.1;
const maxSentences = 5;
const maxText = 420;

export interface FoundAnswer {
  sentences: AnswerSentence[];
  sessions: number;
}

export async function findAnswer(
  ports: FindPorts,
  asked: AskedOf,
  tuning: AskTuning,
  signal?: AbortSignal,
): Promise<FoundAnswer> {
  if (!hasSubject(asked.question)) return { sentences: [], sessions: 0 };
  const found = findSessions(ports, asked);
  const read: Passage[] = [];
  for (const place of found.places) {
    read.push(readPassage(ports, asked, place, tuning));
    // A long session takes tens of milliseconds: others are answered in between.
    // oxlint-disable-next-line no-await-in-loop -- one session after the other
    await breathe();
    signal?.throwIfAborted();
  }
  const learnings = found.learnings.flatMap((row) => learningSentence(ports, asked, row, tuning));
  const sure = read.filter(({ chosen }) => chosen.length > 0);
  const best = Math.max(0, ...sure.map(valueOf), ...learnings.map(({ value }) => value));
  const near = sure
    .filter((passage) => valueOf(passage) >= nearBest * best)
    .sort(byValue)
    .slice(0, maxPassages);
  const told = withAmendments(ports, asked, near, tuning).flatMap(sentencesOfPassage);
  const kept = learnings.filter(({ value }) => value >= nearBest * best).sort((a, b) => b.value - a.value);
  return {
    // What was forgotten in between is not told.
    sentences: [
      ...kept.slice(0, 1).map(({ sentence }) => sentence),
      ...told.filter(({ key }) => isThere(ports.driver, key)),
    ].slice(0, maxSentences),
    sessions: read.length,
  };
}

const valueOf = ({ chosen }: Passage): number => chosen[0]?.value ?? 0;
const timeOf = ({ chosen }: Passage): number => chosen[0]?.unit.line.at ?? 0;
const supportOfPassage = ({ chosen }: Passage): number => chosen[0]?.support ?? 0;
/** Where sessions say something of the same, and contradict each other, the later one counts. */
const byValue = (a: Passage, b: Passage): number =>
  a.project.id === b.project.id && Math.abs(supportOfPassage(a) - supportOfPassage(b)) < asGood
    ? timeOf(b) - timeOf(a)
    : valueOf(b) - valueOf(a);

interface Place {
  no: number;
  turns: number[];
}

function findSessions(
  { driver, index, counts }: FindPorts,
  { text, scopeIds, now }: AskedOf,
): {
  places: (Place & { card: ReturnType<typeof hitCards> extends Map<number, infer Card> ? Card : never })[];
  learnings: number[];
} {
  const words = rarestWords(counts, text, { limit: searchedWords, leastTexts: 1 });
  if (words.length === 0) return { places: [], learnings: [] };
  const ranking = index.search(askedQuery({ text: '' }, scopeIds, now), { words });
  const best = ranking.sessions.slice(0, maxSessions);
  const learnings = best.flatMap(({ best: { kind, row } }) => (kind === documentKinds.learning ? [row] : []));
  const sessions = best.flatMap(({ session }) => session ?? []);
  const cards = hitCards(driver, sessions);
  return {
    learnings,
    places: sessions.flatMap((no) => {
      const card = cards.get(no);
      return card ? [{ no, card, turns: turnsOf(ranking, no) }] : [];
    }),
  };
}

/** The turns of a session that match best, each with the one before and after it: an answer often stands in the next one. */
function turnsOf(ranking: Ranking, session: number): number[] {
  const { columns, groups, places, starts } = ranking.matches;
  const best = new Map<number, number>();
  const group = groups.findIndex((_, at) => columns.session(places[starts[at]!]!) === session);
  if (group < 0) return [];
  for (const at of places.subarray(starts[group], starts[group + 1])) {
    const turn = columns.turn(at);
    best.set(turn, (best.get(turn) ?? 0) + ranking.scoreOf(at));
  }
  const turns = [...best].sort(([, one], [, other]) => other - one).slice(0, turnsOfSession);
  return [...new Set(turns.flatMap(([turn]) => [turn, turn + 1, turn - 1]))].filter((turn) => turn >= 0);
}

export interface ReadSession {
  sessionId: SessionId;
  title: string;
  project: ProjectRef;
  lines: AskLine[];
}

/** The rows that a model may answer from, of the sessions that a search finds, the best first. */
export function readSessions(ports: FindPorts, asked: AskedOf, most: number): ReadSession[] {
  return findSessions(ports, asked)
    .places.slice(0, most)
    .map(({ no, turns, card }) => ({
      sessionId: card.id,
      title: card.title,
      project: card.project,
      lines: askLines(ports.driver, no, turns),
    }))
    .filter(({ lines }) => lines.length > 0);
}

type Found = ReturnType<typeof findSessions>['places'][number];

function readPassage(
  { driver }: FindPorts,
  { question }: AskedOf,
  { no, turns, card }: Found,
  tuning: AskTuning,
): Passage {
  const units = unitsOf(askLines(driver, no, turns), card.title);
  return {
    sessionId: card.id,
    no,
    title: card.title,
    project: card.project,
    chosen: chooseIn(question, units, tuning),
  };
}

/** Each passage behind the latest session that amends it, and what amends that one. */
function withAmendments(ports: FindPorts, asked: AskedOf, passages: readonly Passage[], tuning: AskTuning): Passage[] {
  const ordered: Passage[] = [];
  const known = new Map(passages.map((passage) => [passage.sessionId, passage]));
  const place = (passage: Passage, above: ReadonlySet<SessionId>): void => {
    if (above.has(passage.sessionId)) return;
    for (const by of amendmentsOf(ports.driver, [passage.sessionId]).filter(({ at }) => at >= timeOf(passage))) {
      const amending = known.get(by.sessionId) ?? readAmending(ports, asked, by, tuning);
      if (!amending || amending.chosen.length === 0) continue;
      known.set(by.sessionId, amending);
      amending.isAmending = true;
      passage.amendedBy = by;
      place(amending, new Set([...above, passage.sessionId]));
      // The latest one that is about the question: a session may be amended in several things.
      break;
    }
    if (!ordered.includes(passage)) ordered.push(passage);
  };
  for (const passage of passages) place(passage, new Set());
  return ordered;
}

/** What a session says around its amending turn; it may have other words than what it amends, but not all of them. */
function readAmending(
  { driver }: FindPorts,
  { question }: AskedOf,
  by: Amendment,
  tuning: AskTuning,
): Passage | undefined {
  const no = sessionNumber(driver, by.sessionId);
  const card = no === undefined ? undefined : hitCards(driver, [no]).get(no);
  if (no === undefined || !card) return undefined;
  const lines = askLines(driver, no, [by.turn, by.turn + 1]);
  const units = unitsOf(lines, card.title);
  const least = (question.isReport ? tuning.amendingReport : tuning.amending) * leastFor(question, tuning);
  const anyway = { ...tuning, leastShort: least, leastLong: least };
  const chosen = chooseIn({ ...question, wants: 'anything' }, units, anyway);
  return { sessionId: card.id, no, title: card.title, project: card.project, chosen: chosen.slice(0, 2) };
}

function sentencesOfPassage({ sessionId, title, project, chosen, amendedBy, isAmending }: Passage): AnswerSentence[] {
  return chosen.map(({ unit: { line, text, quote } }) => ({
    text: shortenAtWord(text, maxText),
    quote,
    key: line.key,
    voice: line.voice,
    sessionId,
    title,
    turn: line.turn,
    project,
    at: line.at,
    ...(amendedBy && {
      amendedBy: { sessionId: amendedBy.sessionId, title: amendedBy.title, turn: amendedBy.turn, at: amendedBy.at },
    }),
    ...(isAmending && { isAmending }),
  }));
}

function learningSentence(
  { driver }: FindPorts,
  { question }: AskedOf,
  row: number,
  tuning: AskTuning,
): { sentence: AnswerSentence; value: number }[] {
  const learning = getLearningByRow(driver, row);
  // What it is about is gone: it is found by a search, and answers nothing.
  if (learning?.state !== 'accepted' || learning.staleReason !== undefined) return [];
  const key = rowKeyOf({ kind: 'learning', id: learning.id });
  const text = learning.description.trim() === '' ? learning.title : learning.description;
  const units = unitsOf([{ key, voice: 'assistant', turn: 0, at: learning.updatedAt, text }], learning.title);
  return chooseIn(question, units, tuning)
    .slice(0, 1)
    .map(({ unit, value }) => ({
      value,
      sentence: {
        text: shortenAtWord(unit.text, maxText),
        quote: unit.quote,
        key,
        voice: 'learning',
        title: learning.title,
        at: learning.updatedAt,
        ...(learning.project && { project: learning.project }),
        ...(learning.sourceSessions[0] !== undefined && { sessionId: learning.sourceSessions[0] }),
      },
    }));
}

/** From what a person needs to pieces with a value: which memories are about it, and what of them is worth telling. */
import type { Packed } from '../../protocol/given';
import type { SessionId } from '../../protocol/model';
import { rowKeyOf } from '../../protocol/row-key';
import type { MutableSource } from '../../protocol/shadow';
import { askedQuery } from '../index/asked-query';
import type { FullText } from '../index/full-text';
import { rarestWords } from '../search/similar';
import type { SqlDriver } from '../store/sqlite/driver';
import { amendmentsOf, turnsAround } from '../store/tables/amendments';
import type { Amendment, SaidTurn } from '../store/tables/amendments';
import { documentKinds } from '../store/tables/documents';
import { getLearningByRow } from '../store/tables/learnings';
import { hitCards } from '../store/tables/session-cards';
import { ownSessions, sessionNumber } from '../store/tables/sessions';
import { publishedSummary } from '../store/tables/summaries';
import { wayOut } from '../store/tables/way-out';
import type { Door } from '../store/tables/way-out';
import { piecesOfLearning, piecesOfSession } from './candidates';
import type { Piece } from './candidates';
import { pack } from './pack';
import type { Weighed } from './pack';
import { relevanceOf } from './relevance';
import { sourceOf } from './sources';
import type { TermCounts } from './term-counts';
import { termsIn, weighTerms } from './term-weights';
import type { WeighedTerms } from './term-weights';
import { worthOf } from './weigh';

export interface Need {
  /** What the person says or asks. */
  text: string;
  /** Ids of the projects that may be given from; undefined for all. */
  scopeIds: readonly number[] | undefined;
  /** Tokens. */
  budget: number;
  /** Epoch milliseconds. */
  now: number;
  /** Pieces that are not given again. */
  known?: ReadonlySet<string>;
  /** The session that asks: its own rows are no memory for it. */
  sessionId?: SessionId;
  /** Only what was said before this time, for a replay of history. */
  before?: number;
  /** It must not be given: a person said so, or Claude Code gives it by itself. */
  isNever?: (piece: Piece) => boolean;
  /** Sources of which nothing is given. */
  muted?: ReadonlySet<MutableSource>;
}

export interface NeedPorts {
  driver: SqlDriver;
  index: FullText;
  /** In place of the index, by a task that looks up many words. */
  counts?: TermCounts;
}

/** Below this nothing is given. Found on generated history, on folds; see docs/evaluation.md. */
export const defaultLeast = 0.5;
/** Memories less relevant than this share of the best one are beside the point. */
const nearBest = 0.25;
const searchedWords = 24;
const maxMemories = 16;
const turnsTogether = 4;
/** Amendments of amendments that are followed. */
const maxAmendments = 3;
/** Sentences of one session, and the least worth of one as a share of the best. */
const maxPerMemory = 6;
const minShare = 0.4;

interface Memory {
  /** Made only of what is relevant enough. */
  pieces: () => Piece[];
  relevance: number;
  amendedBy?: Amendment;
  isAmending?: true;
}

/** Packs what the need is about. Without a memory that is relevant enough nothing is given. */
export function packFor(ports: NeedPorts, need: Need, least = defaultLeast): Packed {
  const pieces = piecesFor(ports, need, least);
  return pack(pieces, need.budget, withNever(pieces, need));
}

/** What must not be given counts as known: what says the same is left out with it. */
export function withNever(
  pieces: readonly Piece[],
  { known = new Set(), isNever }: Pick<Need, 'known' | 'isNever'>,
): ReadonlySet<string> {
  return isNever ? new Set([...known, ...pieces.filter(isNever).map(({ id }) => id)]) : known;
}

function piecesFor(ports: NeedPorts, need: Need, least: number): Weighed[] {
  const terms = weighTerms(ports.counts ?? ports.index, need.text);
  const door = wayOut(ports.driver, 'give');
  const memories = findMemories(ports, need, terms, door);
  const best = Math.max(0, ...memories.map(({ relevance }) => relevance));
  if (best < least) return [];
  return memories
    .filter(({ relevance }) => relevance >= nearBest * best)
    .flatMap(({ pieces, relevance, amendedBy, isAmending }) => {
      const given = pieces().filter(({ at }) => at < (need.before ?? Infinity));
      const weighed = given.map((piece): Weighed => {
        const own = termsIn(piece.text);
        const value = worthOf(piece, own, {
          need: terms,
          relevance: relevance / best,
          isAmended: amendedBy !== undefined,
          now: need.now,
        });
        return {
          ...piece,
          value,
          terms: own,
          ...(amendedBy && { amendedBy: whereOf(amendedBy, door) }),
          ...(isAmending && { isAmending }),
        };
      });
      return bestPieces(weighed.filter((piece) => !need.muted?.has(sourceOf(piece) as MutableSource)));
    });
}

/** Of the turns that follow each other: a long session speaks of everything somewhere. */
function mostRelevant(terms: WeighedTerms, title: string, said: readonly SaidTurn[]): number {
  let best = 0;
  for (let from = 0; from === 0 || from + turnsTogether / 2 < said.length; from += turnsTogether / 2) {
    const together = said.slice(from, from + turnsTogether).map(({ prompt, answer }) => `${prompt}\n${answer}`);
    best = Math.max(best, relevanceOf(terms, termsIn([title, ...together].join('\n'))));
  }
  return best;
}

/** A reader wants the few sentences that matter of a session; the others would only fill the budget. */
function bestPieces(pieces: readonly Weighed[]): Weighed[] {
  const sorted = pieces.toSorted((a, b) => b.value - a.value);
  const least = minShare * (sorted[0]?.value ?? 0);
  return sorted.slice(0, maxPerMemory).filter(({ value }) => value >= least);
}

const whereOf = ({ sessionId, title, at }: Amendment, door: Door): NonNullable<Weighed['amendedBy']> => ({
  sessionId,
  title: door.titleOf(sessionId, title),
  at,
});

function findMemories(
  { driver, index, counts = index }: NeedPorts,
  { text, scopeIds, now, sessionId, before = Infinity }: Need,
  terms: WeighedTerms,
  door: Door,
): Memory[] {
  const words = rarestWords(counts, text, { limit: searchedWords, leastTexts: 1 });
  if (words.length === 0) return [];
  const { sessions } = index.search(askedQuery({ text: '' }, scopeIds, now), { words });
  const own = new Set(sessionId === undefined ? [] : ownSessions(driver, sessionId));
  const found = sessions
    .filter(({ session, best }) => (session === undefined || !own.has(session)) && best.at < before)
    .filter(({ best }) => best.kind !== documentKinds.note)
    .slice(0, maxMemories);
  const learnings = found.flatMap(({ best }): Memory[] => {
    // Notes are Claude Code's own: it has them already.
    const learning = best.kind === documentKinds.learning ? getLearningByRow(driver, best.row) : undefined;
    // What it is about is gone: it is found by a search, and not given.
    if (learning?.state !== 'accepted' || learning.staleReason !== undefined || learning.createdAt >= before) return [];
    if (!door.may(rowKeyOf({ kind: 'learning', id: learning.id }))) return [];
    const piece = piecesOfLearning(learning);
    return [{ pieces: () => [piece], relevance: relevanceOf(terms, termsIn(piece.text)) }];
  });
  const turns = new Map(
    found.flatMap(({ session, turn }) => (session === undefined ? [] : [[session, turn] as const])),
  );
  return [...learnings, ...readSessions(driver, turns, terms, before, door)];
}

/**
 * The sessions, at the turn that was found in each, and what amends them: an amendment is as relevant as what it amends,
 * whatever its own words are.
 */
function readSessions(
  driver: SqlDriver,
  turns: Map<number, number>,
  terms: WeighedTerms,
  before: number,
  door: Door,
): Memory[] {
  const memories = new Map<SessionId, Memory>();
  const read = (places: ReadonlyMap<number, number>) => {
    const cards = hitCards(driver, [...places.keys()]);
    for (const [no, { id, title: whole, project }] of cards) {
      if (!door.maySession(id, project.id)) continue;
      const title = door.titleOf(id, whole);
      const said = turnsAround(driver, no, places.get(no) ?? 0).filter(
        ({ at, turn }) => at < before && door.mayTurn(id, turn),
      );
      memories.set(id, {
        relevance: mostRelevant(terms, title, said),
        pieces: () =>
          piecesOfSession({
            id,
            title,
            project,
            at: said.at(-1)?.at ?? 0,
            summary: door.summaryOf(publishedSummary(driver, id)),
            said,
          }),
      });
    }
    return [...cards.values()].map(({ id }) => id);
  };
  const amendments: Amendment[] = [];
  // An amendment may have been amended itself.
  for (let ids = read(turns), depth = 0; ids.length > 0 && depth < maxAmendments; depth += 1) {
    const found = amendmentsOf(driver, ids).filter(({ at }) => at < before);
    amendments.push(...found);
    const unread = found.filter((each) => !memories.has(each.sessionId));
    ids = read(new Map(unread.flatMap((each) => pairOf(sessionNumber(driver, each.sessionId), each.turn))));
  }
  for (const amendment of amendments.toSorted((a, b) => a.at - b.at)) {
    const earlier = memories.get(amendment.earlierId);
    const later = memories.get(amendment.sessionId);
    if (!earlier || !later) continue;
    earlier.amendedBy = amendment;
    later.relevance = Math.max(later.relevance, earlier.relevance);
    later.isAmending = true;
  }
  return [...memories.values()];
}

const pairOf = (no: number | undefined, turn: number): [number, number][] => (no === undefined ? [] : [[no, turn]]);

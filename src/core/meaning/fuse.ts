/**
 * Merges the sessions of both roads by their scores: what the words are sure of stays, and the less sure they are, the
 * more does it count how far a session stands out by its meaning.
 */
import type { DocumentColumns } from '../index/columns';
import type { Matches, RankedSession } from '../index/full-text';
import { sessionOf, subjectOf } from '../store/tables/documents';
import type { DocumentFacts, SubjectKey } from '../store/tables/documents';
import { pieceWeights } from './closeness';
import type { Closeness } from './closeness';
import type { NearChunk } from './vector-index';

/** Highest number of sessions that only meaning found: it finds something for any question. */
const maxAdded = 20;

/** A session found by meaning. */
export interface NearSession {
  key: SubjectKey;
  /** Score of its nearest pieces, by which it is ranked. */
  score: number;
  similarity: number;
  best: DocumentFacts;
  /** Number of the best piece in its text. */
  chunk: number;
  /** Places of its documents in the columns. */
  places: number[];
}

/** A hit of either road. `near` is set when only meaning found it: the piece to show, and how many turns are near. */
export interface FusedSession extends RankedSession {
  chunk?: number;
  turns?: number;
}

/** Pieces → sessions, best first. Documents that are no longer in the columns are left out. */
export function nearSessions(columns: DocumentColumns, near: readonly NearChunk[]): NearSession[] {
  const sessions = new Map<SubjectKey, NearSession & { count: number }>();
  for (const { document, chunk, similarity } of near) {
    const at = columns.position(document);
    if (at < 0) continue;
    const best = columns.facts(at);
    const key = subjectOf(best);
    const known = sessions.get(key);
    if (!known) {
      sessions.set(key, { key, score: similarity, similarity, best, chunk, places: [at], count: 1 });
      continue;
    }
    known.score += similarity * (pieceWeights[known.count++] ?? 0);
    if (!known.places.includes(at)) known.places.push(at);
  }
  return [...sessions.values()].sort((a, b) => b.score - a.score || b.best.at - a.best.at);
}

/** Matches of both roads, for facets. A session found by words keeps its places. */
export function joinMatches(matches: Matches, added: readonly NearSession[]): Matches {
  const { columns } = matches;
  const known = new Set(matches.groups);
  const fresh = added.filter(({ places: [first] }) => first !== undefined && !known.has(columns.group(first)));
  const starts = [...matches.starts];
  const places = new Int32Array(matches.places.length + fresh.reduce((sum, each) => sum + each.places.length, 0));
  places.set(matches.places);
  let end = matches.places.length;
  for (const each of fresh) {
    places.set(each.places, end);
    end += each.places.length;
    starts.push(end);
  }
  return {
    columns,
    groups: [...matches.groups, ...fresh.map(({ places: [first] }) => columns.group(first!))],
    places,
    starts,
  };
}

/** How much both roads say of a question. */
export interface Balance {
  /** How sure the words are of their best session, 0 to 1. */
  certainty: number;
  closeness: Closeness;
  /** What one standard deviation by meaning counts, times `deviations`. */
  weight: number;
}

/** So far above the mean is what a good model finds: this counts as much as the weight. */
const deviations = 3;

/** Fused score of a session; `words`: its score by words with 1 for the best, 0 when they did not find it. */
export const fusedScore = (words: number, above: number, certainty: number, weight: number): number =>
  words * certainty + (weight * above) / deviations;

/** Sessions that may be in the fused list: all of the words, and the nearest by meaning. */
export function candidates(
  words: readonly RankedSession[],
  near: readonly NearSession[],
  mayAdd: boolean,
): NearSession[] {
  const known = new Set(words.map(({ best }) => subjectOf(best)));
  let left = mayAdd ? maxAdded : 0;
  return near.filter(({ key }) => known.has(key) || left-- > 0);
}

/** Sessions of both roads in one order, each with the roads that found it; the best score is 1. */
export function fuse(
  columns: DocumentColumns,
  words: readonly RankedSession[],
  near: readonly NearSession[],
  { certainty, closeness, weight }: Balance,
  mayAdd = true,
): FusedSession[] {
  if (weight <= 0) return [...words];
  const meaning = new Map(
    candidates(words, near, mayAdd).map((session, index) => [session.key, { ...session, place: index + 1 }]),
  );
  const fused = words.map((found): FusedSession => {
    const key = subjectOf(found.best);
    const nearby = meaning.get(key);
    meaning.delete(key);
    const above = closeness.above(columns.position(found.best.id));
    return {
      ...found,
      score: fusedScore(found.score, above, certainty, weight),
      why: { ...found.why, ...(nearby && whyNear(nearby, found.why.roads)) },
    };
  });
  for (const nearby of meaning.values())
    fused.push({
      ...ofMeaning(nearby, whyNear(nearby)),
      score: fusedScore(0, closeness.above(nearby.places[0] ?? -1), certainty, weight),
    });
  const highest = Math.max(...fused.map(({ score }) => score), Number.MIN_VALUE);
  // The sort is stable, so equal ones keep the order of the words.
  return fused.map((each) => ({ ...each, score: each.score / highest })).sort((a, b) => b.score - a.score);
}

const whyNear = ({ place, similarity }: NearSession & { place: number }, roads: FusedSession['why']['roads'] = {}) => ({
  roads: { ...roads, meaning: place },
  similarity,
});

/** A list by meaning alone, for "more like this". */
export function byMeaning(near: readonly NearSession[]): FusedSession[] {
  const top = near[0]?.score ?? 1;
  return near.map((session, index) => ({
    ...ofMeaning(session, { roads: { meaning: index + 1 }, similarity: session.similarity }),
    score: session.score / top,
  }));
}

function ofMeaning(
  { best, chunk, places }: NearSession,
  why: { roads: { meaning: number }; similarity: number },
): FusedSession {
  return {
    session: sessionOf(best),
    turn: best.turn,
    turns: places.length,
    score: 0,
    best,
    newest: best.at,
    chunk,
    why: { words: [], parts: [], ...why },
  };
}

/**
 * Merges two lists of sessions by reciprocal rank fusion. It uses places, because scores of words and cosines cannot be
 * compared. Each road has a weight; with weight 0 the list of words stays as it is.
 */
import type { DocumentColumns } from '../index/columns';
import type { Matches, RankedSession } from '../index/full-text';
import { sessionOf, subjectOf } from '../store/tables/documents';
import type { DocumentFacts, SubjectKey } from '../store/tables/documents';
import type { NearChunk } from './vector-index';

/** The usual constant k of reciprocal rank fusion. */
export const flatness = 60;
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

/** Weights of the best, second and third piece of a session. */
const further = [1, 0.2, 0.1];

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
    known.score += similarity * (further[known.count++] ?? 0);
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

/** Keys in the fused order. */
export function fuseKeys<Key>(words: readonly Key[], meaning: readonly Key[], weight: number): Key[] {
  if (weight <= 0) return [...words];
  const scores = new Map<Key, number>();
  words.forEach((key, index) => scores.set(key, 1 / (flatness + index + 1)));
  meaning.forEach((key, index) => scores.set(key, (scores.get(key) ?? 0) + weight / (flatness + index + 1)));
  // The sort is stable, so equal ones keep the order of the words.
  return [...scores].sort(([, a], [, b]) => b - a).map(([key]) => key);
}

/** Sessions of both roads in one order, each with the roads that found it. */
export function fuse(
  words: readonly RankedSession[],
  near: readonly NearSession[],
  weight: number,
  mayAdd = true,
): FusedSession[] {
  const known = new Map(words.map((session) => [subjectOf(session.best), session]));
  let left = mayAdd && weight > 0 ? maxAdded : 0;
  const taken = near.filter(({ key }) => known.has(key) || left-- > 0);
  const meaning = new Map(taken.map((session, index) => [session.key, { ...session, place: index + 1 }]));
  if (meaning.size === 0) return [...words];
  const scores = words.map(({ score }) => score).sort((a, b) => b - a);
  const order = fuseKeys([...known.keys()], [...meaning.keys()], weight);
  return order.flatMap((key, place): FusedSession[] => {
    const found = known.get(key);
    const nearby = meaning.get(key);
    const score = scoreAt(scores, place);
    if (found && !nearby) return [{ ...found, score }];
    if (!nearby) return [];
    const why = { roads: { ...found?.why.roads, meaning: nearby.place }, similarity: nearby.similarity };
    if (found) return [{ ...found, score, why: { ...found.why, ...why } }];
    return [{ ...ofMeaning(nearby, why), score }];
  });
}

/**
 * A fused session gets the score that the list of words had at its place. Places alone do not say how much better one
 * is than the next, and the weights applied afterwards were tuned on scores of words.
 */
const scoreAt = (scores: readonly number[], place: number): number =>
  scores[place] ?? (scores.at(-1) ?? 1) * fading ** (place + 1 - scores.length);
/** Factor from one score to the next beyond the end of the list of words. */
const fading = 0.98;

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

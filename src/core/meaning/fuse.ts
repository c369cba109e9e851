/**
 * Two lists of sessions made into one. Each list gives a place, not a score: scores of words and cosines have nothing in common.
 * A road counts with its weight; with a weight of 0 the words' list comes out as it went in.
 */
import type { DocumentColumns } from '../index/columns';
import type { RankedSession } from '../index/search';
import { documentKinds } from '../store/documents';
import type { DocumentFacts } from '../store/documents';
import type { NearChunk } from './vector-index';

/** How quickly a place loses worth: the usual constant of reciprocal rank fusion. */
const flatness = 60;
/** Sessions that meaning alone may add to an answer; it finds something for any question. */
const mostAdded = 20;

/** A session as the road of meaning found it. */
export interface NearSession {
  key: number;
  /** Of the nearest pieces: what it is ranked by. */
  score: number;
  similarity: number;
  best: DocumentFacts;
  /** Place of the best piece in its text. */
  chunk: number;
  /** Places of its documents in the columns. */
  places: number[];
}

/** A hit of either road. `chunk` is set when only meaning found it: the piece to show. */
export interface FusedSession extends RankedSession {
  chunk?: number;
}

/** What stands for a session in a list; a learning stands for itself. */
export const keyOf = ({ kind, row, session }: Pick<DocumentFacts, 'kind' | 'row' | 'session'>): number => (kind === documentKinds.learning ? -row : session);

/** Further pieces that are near say a little more, the third less than the second. */
const further = [1, 0.2, 0.1];

/** Pieces → sessions, best first. Documents that are no longer in the columns are left out. */
export function nearSessions(columns: DocumentColumns, near: readonly NearChunk[]): NearSession[] {
  const sessions = new Map<number, NearSession & { count: number }>();
  for (const { document, chunk, similarity } of near) {
    const at = columns.position(document);
    if (at < 0) continue;
    const best = columns.facts(at);
    const key = keyOf(best);
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

/** Keys in the order both lists make together. */
export function fuseKeys(words: readonly number[], meaning: readonly number[], weight: number): number[] {
  if (weight <= 0) return [...words];
  const scores = new Map<number, number>();
  words.forEach((key, index) => scores.set(key, 1 / (flatness + index + 1)));
  meaning.forEach((key, index) => scores.set(key, (scores.get(key) ?? 0) + weight / (flatness + index + 1)));
  // A sort that keeps the order of equals: words first, as they came.
  return [...scores].sort(([, a], [, b]) => b - a).map(([key]) => key);
}

/** The words' sessions and those that meaning adds, in one order, each saying which roads found it. */
export function fuse(words: readonly RankedSession[], near: readonly NearSession[], weight: number, mayAdd = true): FusedSession[] {
  const known = new Map(words.map((session) => [keyOf(session.best), session]));
  let left = mayAdd && weight > 0 ? mostAdded : 0;
  const taken = near.filter(({ key }) => known.has(key) || left-- > 0);
  const meaning = new Map(taken.map((session, index) => [session.key, { ...session, place: index + 1 }]));
  const order = fuseKeys([...known.keys()], [...meaning.keys()], weight);
  return order.flatMap((key): FusedSession[] => {
    const found = known.get(key);
    const nearby = meaning.get(key);
    if (found && !nearby) return [found];
    if (!nearby) return [];
    const why = { roads: { ...found?.why.roads, meaning: nearby.place }, similarity: nearby.similarity };
    if (found) return [{ ...found, why: { ...found.why, ...why } }];
    return [ofMeaning(nearby, why)];
  });
}

/** A list by meaning alone, for what is like something else. */
export function byMeaning(near: readonly NearSession[]): FusedSession[] {
  return near.map((session, index) => ({ ...ofMeaning(session, { roads: { meaning: index + 1 }, similarity: session.similarity }), score: session.score }));
}

function ofMeaning({ best, chunk, places }: NearSession, why: { roads: { meaning: number }; similarity: number }): FusedSession {
  return { session: best.session, turn: best.turn, turns: places.length, score: 0, best, chunk, why: { words: [], parts: [], ...why } };
}

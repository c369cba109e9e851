/**
 * Finds rows or sessions similar to one: by vectors when it has some, else by its rarest words. The row itself is left
 * out.
 */
import type { AskedQuery } from '../index/asked-query';
import type { FullText } from '../index/full-text';
import { stopWords, tokensOf } from '../index/tokenize';
import { byMeaning, joinMatches, nearSessions } from '../meaning/fuse';
import type { MeaningRoad } from '../meaning/road';
import type { SqlDriver } from '../store/sqlite/driver';
import { subjectOf } from '../store/tables/documents';
import { readLikeness } from '../store/tables/likeness';
import type { Found } from './hits';

/** Number of words that represent a text. */
const tellingWords = 12;
/** Number of different words that are looked up. */
const maxLookedUp = 300;
/** A word in more texts than this is too common. */
const maxCommon = 5000;

/** @throws MemoryError `invalid_input`, `not_found` */
export function findSimilar(
  ports: { driver: SqlDriver; index: FullText; road: MeaningRoad },
  key: string,
  asked: AskedQuery,
): Found {
  const { driver, index, road } = ports;
  const like = readLikeness(driver, key);
  const self = subjectOf(like);
  // The text itself has each of them, so only what a second text has can find another.
  const words = rarestWords(index, like.text, { limit: tellingWords, leastTexts: 2 });
  // Also needed with vectors, with the filters alone: it provides the columns.
  const hasVectors = road.hasVectorOf(like.kind, like.row);
  const ranking = index.search(asked, { words: hasVectors ? [] : words });
  const { columns } = ranking.matches;
  const terms = new Set(words.flatMap((word) => tokensOf(word).map(({ term }) => term)));
  if (hasVectors) {
    const near = road.like(like.kind, like.row, columns.testById(ranking.isAllowed));
    const sessions = nearSessions(columns, near ?? []).filter((session) => session.key !== self);
    const matches = joinMatches({ columns, groups: [], places: new Int32Array(0), starts: [0] }, sessions);
    return { ...ranking, sessions: byMeaning(sessions), total: sessions.length, matches, terms, relaxed: [] };
  }
  const sessions = ranking.sessions
    .filter(({ best }) => subjectOf(best) !== self)
    .map((session, at) => ({ ...session, why: { ...session.why, roads: { words: at + 1 } } }));
  // The row itself still counts in matches and facets; one too many is harmless there.
  return {
    ...ranking,
    sessions,
    total: Math.max(0, ranking.total - (sessions.length < ranking.sessions.length ? 1 : 0)),
    relaxed: [],
  };
}

/** Words that at least `leastTexts` texts of the memory contain, rarest first, as written in the text. */
export function rarestWords(
  index: Pick<FullText, 'frequency'>,
  text: string,
  { limit, leastTexts }: { limit: number; leastTexts: number },
): string[] {
  const words = new Map<string, string>();
  let end = 0;
  for (const { term, start, end: to } of tokensOf(text)) {
    if (words.size >= maxLookedUp) break;
    // Parts of an identifier follow the whole; only wholes are used.
    if (start >= end && !stopWords.has(term) && !words.has(term)) words.set(term, text.slice(start, to));
    end = Math.max(end, to);
  }
  return [...words]
    .map(([term, word]) => ({ word, documents: index.frequency(term) }))
    .filter(({ documents }) => documents >= leastTexts && documents < maxCommon)
    .sort((a, b) => a.documents - b.documents)
    .slice(0, limit)
    .map(({ word }) => word);
}

/** A search by words and meaning. Words always answer; errors of the road of meaning are ignored. */
import type { SearchQuery } from '../../protocol/questions/search';
import type { SearchResult } from '../../protocol/search-hit';
import { askedQuery } from '../index/asked-query';
import type { AskedQuery } from '../index/asked-query';
import { comparisonWith } from '../index/code-words';
import type { DocumentColumns } from '../index/columns';
import type { FullText, Ranking } from '../index/full-text';
import type { ParsedQuery } from '../index/query';
import { tokensOf } from '../index/tokenize';
import { foldForComparison } from '../lib/text';
import { Closeness } from '../meaning/closeness';
import { fuse, joinMatches, nearSessions } from '../meaning/fuse';
import type { Balance, NearSession } from '../meaning/fuse';
import type { MeaningRoad } from '../meaning/road';
import type { NearChunk } from '../meaning/vector-index';
import type { SqlDriver } from '../store/sqlite/driver';
import { documentText, subjectOf } from '../store/tables/documents';
import { showFound } from './hits';
import type { Found } from './hits';
import type { Merits } from './rerank';
import { findSimilar } from './similar';

export interface RecallPorts {
  driver: SqlDriver;
  index: FullText;
  merits: Merits;
  road: MeaningRoad;
  clock: { now(): number; elapsed(): number };
}

/** @throws MemoryError `invalid_input`, `not_found`; AbortError when `signal` aborts */
export async function recall(
  ports: RecallPorts,
  query: SearchQuery,
  projectIds: readonly number[] | undefined,
  signal?: AbortSignal,
): Promise<SearchResult> {
  const { driver, index, merits, road, clock } = ports;
  const started = clock.elapsed();
  const now = clock.now();
  const answer = (found: Found, canRefine = false): SearchResult => ({
    ...showFound(driver, found, merits, query, now),
    canRefine,
    tookMs: clock.elapsed() - started,
  });
  if (query.similarTo !== undefined)
    return answer(findSimilar(ports, query.similarTo, askedQuery({ ...query, isTyping: false }, projectIds, now)));
  const asked = askedQuery(query, projectIds, now);
  const { question } = asked.parsed;
  const isUseful = question !== '' && road.weight > 0;
  if (!isUseful || query.roads === 'words') return answer(index.search(asked), isUseful);
  const vector = await road.embedQuestion(question, signal);
  signal?.throwIfAborted();
  // Both lists are made now, without an await in between, so that sessions forgotten during the embedding are in
  // neither.
  const ranking = index.search(asked);
  const closeness = new Closeness(ranking.matches.columns);
  const near = vector && nearest(ports, asked, ranking, vector, closeness);
  const mayAdd = asked.parsed.phrases.length + asked.parsed.codeWords.length === 0;
  return answer(
    near
      ? withMeaning(ranking, near, { certainty: ranking.certainty(), closeness, weight: road.weight }, mayAdd)
      : ranking,
  );
}

function nearest(
  { driver, road }: RecallPorts,
  { parsed }: AskedQuery,
  { matches: { columns }, isAllowed }: Ranking,
  vector: Float32Array,
  closeness: Closeness,
): NearSession[] | undefined {
  const near = road.nearest(vector, columns.testById(isAllowed), closeness.add);
  return near && nearSessions(columns, withoutExcluded(driver, columns, near, parsed));
}

/** Excluded sessions must not be found by meaning either. */
function withoutExcluded(
  driver: SqlDriver,
  columns: DocumentColumns,
  near: readonly NearChunk[],
  { exclusions }: ParsedQuery,
): readonly NearChunk[] {
  if (exclusions.length === 0) return near;
  const words = new Set(exclusions.flatMap(({ term }) => term ?? []));
  const phrases = exclusions.flatMap(({ term, text }) => (term === undefined ? comparisonWith(text) : []));
  return near.filter(({ document }) => {
    const at = columns.position(document);
    if (at < 0) return false;
    const text = documentText(driver, columns.kind(at), columns.row(at));
    const folded = foldForComparison(text);
    return !phrases.some((isIn) => isIn(folded)) && !tokensOf(text).some(({ term }) => words.has(term));
  });
}

/** For a query with exact phrases or words of code, meaning may change the order but adds no sessions. */
function withMeaning(ranking: Ranking, near: readonly NearSession[], balance: Balance, mayAdd: boolean): Found {
  const sessions = fuse(ranking.matches.columns, ranking.sessions, near, balance, mayAdd);
  const shown = new Set(sessions.filter(({ chunk }) => chunk !== undefined).map(({ best }) => subjectOf(best)));
  const matches = joinMatches(
    ranking.matches,
    near.filter(({ key }) => shown.has(key)),
  );
  return { ...ranking, sessions, total: matches.groups.length, matches };
}

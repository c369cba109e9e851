/** One query with two answers: by words at once, then by all roads, without moving the rows being read. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { MemoryError, asMemoryError } from '../../../src/protocol/errors';
import type { SearchQuery } from '../../../src/protocol/questions/search';
import { identityOf, isInSession } from '../../../src/protocol/search-hit';
import type { SearchHit, SearchResult } from '../../../src/protocol/search-hit';
import { useHost } from '../../state/host';
import type { Resource } from '../../state/use-resource';

export interface SearchAnswer extends Resource<SearchResult> {
  /** Identities of hits that only the second answer has. */
  news: ReadonlySet<string>;
  /** The query that `data` answers, which may be older than the present one; undefined when there is no answer. */
  answered: SearchQuery | undefined;
}

interface Answer {
  data: SearchResult | undefined;
  error: MemoryError | undefined;
  key: string | undefined;
  round: number;
  news: ReadonlySet<string>;
}

const none: ReadonlySet<string> = new Set();
const nothing: Answer = { data: undefined, error: undefined, key: undefined, round: 0, news: none };

/** Key of a row in the list. */
export const keyOf = (hit: SearchHit): string => (isInSession(hit) ? `${hit.key}:${hit.turnId}` : hit.key);

/**
 * Searches whenever `query` changes; with `null` it shows nothing. A newer query cancels both calls of the older one.
 * @param findAnchor key of the row that must not move, like all rows above it; undefined when all may move
 */
export function useSearch(query: SearchQuery | null, findAnchor: () => string | undefined): SearchAnswer {
  const { api } = useHost();
  const [answer, setAnswer] = useState<Answer>(nothing);
  const [round, setRound] = useState(0);
  const latest = useRef({ query, findAnchor, answer });
  const key = query === null ? undefined : JSON.stringify(query);
  // After an empty query, the next one must not show the old answer for a moment.
  if (key === undefined && answer.key !== undefined) setAnswer(nothing);
  useEffect(() => {
    latest.current = { query, findAnchor, answer };
  });

  useEffect(() => {
    const asked = latest.current.query;
    if (key === undefined || asked === null) return undefined;
    const controller = new AbortController();
    const { signal } = controller;
    const run = async () => {
      const shown = latest.current.answer;
      // More rows of the same list: rows that are shown stay, whichever answer they came from.
      if (shown.data && shown.round === round && isMore(shown.key, key)) {
        const more = await api.search({ ...asked, roads: 'all' }, signal);
        if (signal.aborted) return;
        const { hits } = mergeHits(shown.data.hits, more.hits, shown.data.hits.map(keyOf).at(-1));
        setAnswer({ data: { ...more, hits }, error: undefined, key, round, news: none });
        return;
      }
      // A search for similar rows has no words.
      const first =
        asked.similarTo === undefined
          ? await api.search({ ...asked, roads: 'words' }, signal)
          : await api.search(asked, signal);
      if (signal.aborted) return;
      setAnswer({ data: first, error: undefined, key, round, news: none });
      if (!first.canRefine) return;
      // An error of the second call is ignored, because the first answer is shown already.
      const whole = await api.search({ ...asked, roads: 'all' }, signal).catch(() => undefined);
      if (!whole || signal.aborted) return;
      const { hits, news } = mergeHits(first.hits, whole.hits, latest.current.findAnchor());
      setAnswer({ data: { ...whole, hits }, error: undefined, key, round, news });
    };
    run().catch((error: unknown) => {
      if (signal.aborted) return;
      const known = asMemoryError(error);
      setAnswer((old) => ({ ...old, error: MemoryError.is(known, 'cancelled') ? old.error : known, key, round }));
    });
    return () => controller.abort();
  }, [api, key, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  const isFresh = answer.key === key;
  return {
    data: answer.data,
    error: answer.error,
    news: answer.news,
    answered: useMemo(
      () => (answer.key === undefined ? undefined : (JSON.parse(answer.key) as SearchQuery)),
      [answer.key],
    ),
    isLoading: key !== undefined && !(isFresh && answer.round === round),
    isFresh,
    reload,
  };
}

/** True when two queries differ only in the number of rows. */
function isMore(before: string | undefined, now: string): boolean {
  const without = (key: string) => JSON.stringify({ ...(JSON.parse(key) as SearchQuery), limit: 0 });
  return before !== undefined && before !== now && without(before) === without(now);
}

/** Rows down to the anchor stay in place and get their new scores; below it the refined order applies. */
function mergeHits(
  shown: readonly SearchHit[],
  refined: readonly SearchHit[],
  anchor: string | undefined,
): { hits: SearchHit[]; news: Set<string> } {
  const known = new Map(refined.map((hit) => [identityOf(hit), hit]));
  const last = anchor === undefined ? -1 : shown.findIndex((hit) => keyOf(hit) === anchor);
  const kept = shown.slice(0, last + 1).map((hit) => {
    const better = known.get(identityOf(hit));
    return better ? { ...hit, why: better.why, score: better.score } : hit;
  });
  const stay = new Set(kept.map(identityOf));
  const before = new Set(shown.map(identityOf));
  return {
    hits: [...kept, ...refined.filter((hit) => !stay.has(identityOf(hit)))],
    news: new Set([...known.keys()].filter((id) => !before.has(id))),
  };
}

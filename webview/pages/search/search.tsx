/** Search while typing, usable by keyboard from the field to a hit to inserting it. */
import { useCallback, useEffect, useRef } from 'react';
import type { SearchHit } from '../../../src/protocol/search-hit';
import type { ListHandle } from '../../parts/list';
import { useEvent } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { hasFilters, noFilters } from './filters';
import { Hits } from './hits';
import { Outcome } from './outcome';
import { QueryBar } from './query-bar';
import { SavedSearches } from './saved-searches';
import type { SearchFieldHandle } from './search-field';
import { SearchTips } from './search-tips';
import { useAnchor } from './use-anchor';
import { useQuery } from './use-query';
import { useSearch } from './use-search';
import type { SearchAnswer } from './use-search';

interface SearchProps {
  /** The query of a command, empty to only focus the field; null when the person opened the tab. */
  asked: string | null;
  /** This workspace has no sessions, so its scope would find nothing. */
  isWorkspaceEmpty: boolean;
}

export function Search({ asked: command, isWorkspaceEmpty }: SearchProps) {
  const asking = useQuery(command, isWorkspaceEmpty);
  const { text, query, ask, setSimilar, onAnswered } = asking;
  const field = useRef<SearchFieldHandle>(null);
  const list = useRef<ListHandle>(null);
  const anchor = useAnchor();
  const result = useSearch(query, anchor.find);
  useEffect(() => {
    if (!result.isLoading) onAnswered();
  });
  useEffect(() => {
    if (command !== null) field.current?.focus();
  }, [command]);
  useFreshHits(result);

  const toField = () => field.current?.focus();
  const findSimilar = useCallback(
    (hit: SearchHit) => {
      setSimilar({ key: hit.key, title: hit.title });
      field.current?.focus();
    },
    [setSimilar],
  );
  const hits = query === null ? [] : (result.data?.hits ?? []);
  return (
    <div className="page">
      <QueryBar field={field} asking={asking} result={result} onDown={() => list.current?.focusFirst()} />
      <Outcome result={result} hasQuery={query !== null} />
      {/* The text that was answered; used for measuring the page. */}
      <div
        className="page-body"
        aria-busy={result.isLoading}
        data-answers={result.isFresh ? asking.askedText : undefined}
        {...anchor.listen}
      >
        {query === null ? (
          <div className="tips">
            <SavedSearches onRun={(next) => ask(next, false)} />
            <SearchTips
              onTake={(syntax) => {
                ask(`${text}${text === '' || text.endsWith(' ') ? '' : ' '}${syntax}`, true);
                toField();
              }}
            />
          </div>
        ) : hits.length > 0 ? (
          <Hits
            key={asking.listKey}
            ref={list}
            hits={hits}
            result={result}
            onSimilar={findSimilar}
            onNearEnd={hits.length >= asking.limit ? asking.askMore : undefined}
            onLeave={toField}
          />
        ) : (
          <Outcome.Nothing
            result={result}
            canWiden={asking.folders.length > 0}
            hasFilters={hasFilters(asking.filters)}
            onWiden={() => asking.setScope('all')}
            onClearFilters={() => asking.setFilters(noFilters)}
          />
        )}
      </div>
    </div>
  );
}

/** Searches again when new sessions may match, but does not reorder a list that is being read. */
function useFreshHits(result: SearchAnswer): void {
  const refresh = useThrottled(result.reload, 2000);
  useEvent('changed', ({ isReset }) => {
    if (isReset || result.data?.hits.length === 0) refresh();
  });
  // After the first import, a search made during it is repeated, because it saw only a part.
  const wasImporting = useRef(false);
  useEvent('capture', ({ phase }) => {
    const isOver = wasImporting.current && phase === 'idle';
    wasImporting.current = phase === 'importing';
    if (isOver && document.activeElement?.closest('.hit') == null) refresh();
  });
}

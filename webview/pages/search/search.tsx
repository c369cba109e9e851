/** Search while typing, usable by keyboard from the field to a hit to inserting it. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { SyntheticEvent } from 'react';
import type { SearchHit } from '../../../src/protocol/search-hit';
import type { ListHandle } from '../../parts/list';
import { focusWhenShown } from '../../state/focus-when-shown';
import { useAct, useEditorContext, useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { Answer, looksAsked } from './answer';
import { countFilters, noFilters } from './filters';
import { Hits } from './hits';
import { Order } from './order';
import { Outcome } from './outcome';
import { QueryBar } from './query-bar';
import { SavedSearches } from './saved-searches';
import type { SearchFieldHandle } from './search-field';
import { SearchTips } from './search-tips';
import { useAnchor } from './use-anchor';
import { useElsewhere } from './use-elsewhere';
import { useQuery } from './use-query';
import { useSearch } from './use-search';
import type { SearchAnswer } from './use-search';

/** A longer text was pasted, and nobody looks for it in a list. */
const maxNoted = 300;

interface SearchProps {
  /** The query of a command, empty to only focus the field; null when the person opened the tab. */
  asked: string | null;
  /** This workspace has no sessions, so its scope would find nothing. */
  isWorkspaceEmpty: boolean;
  /** The command asks a question and does not search for words. */
  isQuestion?: boolean;
}

export function Search({ asked: command, isWorkspaceEmpty, isQuestion = false }: SearchProps) {
  const asking = useQuery(command, isWorkspaceEmpty);
  const { text, query, ask, setSimilar, onAnswered } = asking;
  const field = useRef<SearchFieldHandle>(null);
  const list = useRef<ListHandle>(null);
  const anchor = useAnchor();
  const result = useSearch(query, anchor.find);
  const { api } = useHost();
  const act = useAct();
  const { hasAsk } = useEditorContext();
  const [isCompleting, setIsCompleting] = useState(false);
  const elsewhere = useElsewhere(asking, result);
  useEffect(() => {
    if (!result.isLoading) onAnswered();
  });
  useEffect(() => (command === null ? undefined : focusWhenShown(() => field.current?.focus() ?? false)), [command]);
  useFreshHits(result);

  const noted = useRef('');
  /** A search is worth remembering when something is done with what it found. */
  const noteUse = ({ target }: SyntheticEvent) => {
    const asked = asking.askedText.trim();
    if (asked === '' || asked === noted.current || !(target instanceof Element && target.closest('.hit'))) return;
    noted.current = asked;
    act(api.noteSearch(asked.slice(0, maxNoted)));
  };
  const toField = () => field.current?.focus();
  const findSimilar = useCallback(
    (hit: SearchHit) => {
      setSimilar({ key: hit.key, title: hit.title });
      field.current?.focus();
    },
    [setSimilar],
  );
  const question = asking.askedText.trim();
  const isAsked = isQuestion && question === command?.trim();
  const hits = query === null ? [] : (result.data?.hits ?? []);
  return (
    <div className="page">
      <QueryBar
        field={field}
        asking={asking}
        result={result}
        onDown={() => list.current?.focusFirst()}
        isCompleting={isCompleting}
        onCompleting={setIsCompleting}
      />
      {hasAsk === true && query !== null && !asking.similar && (isAsked || looksAsked(question)) && (
        <Answer
          question={question}
          folders={asking.folders}
          isAsked={isAsked || /[?？]$/u.test(question)}
          onWiden={() => asking.setScope('all')}
        />
      )}
      <Outcome
        result={result}
        hasQuery={query !== null}
        isCompleting={isCompleting}
        elsewhere={elsewhere}
        onWiden={() => asking.setScope('all')}
        onErase={query && query.similarTo === undefined ? () => act(api.eraseMatching(query)) : undefined}
        order={
          <Order
            order={asking.order}
            onChange={(next) => {
              asking.setOrder(next);
              act(api.setSearchOrder(next));
            }}
          />
        }
      />
      {/* The text that was answered; used for measuring the page. */}
      <div
        className="page-body"
        aria-busy={result.isLoading}
        data-answers={result.answered?.text}
        {...anchor.listen}
        onClickCapture={noteUse}
        onKeyDownCapture={(event) => {
          if (event.ctrlKey || event.metaKey) noteUse(event);
        }}
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
            isCompleting={isCompleting}
            canWiden={asking.folders.length > 0}
            elsewhere={elsewhere}
            hasFilters={countFilters(asking.filters) > 0}
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

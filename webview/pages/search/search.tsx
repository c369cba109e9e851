/** Search while typing, usable by keyboard from the field to a hit to inserting it. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { QueryProblem, SearchHit, Suggestion, LearningHit } from '../../../src/protocol/model';
import { identityOf } from '../../../src/protocol/model';
import type { SearchQuery, SearchOrder } from '../../../src/protocol/questions/search';
import { Icon, IconButton } from '../../parts/icon';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { ScopeChip } from '../../parts/scope-chip';
import type { ScopeChoice } from '../../parts/scope-chip';
import { useAct, useEditorContext, useEvent, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { scopeOf } from '../../state/scope';
import { paceText, useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { showLine } from '../../state/visible-text';
import { t } from '../../state/words';
import { Facets } from './facets';
import { hasFilters, noFilters, toFilterQuery, writeFilters } from './filters';
import type { SearchFilters } from './filters';
import { HitRow, runHitKey } from './hit-row';
import { Order, defaultOrder } from './order';
import { Outcome } from './outcome';
import { Problems, mend } from './problems';
import { SaveSearch, SavedSearches } from './saved-searches';
import { SearchField } from './search-field';
import type { SearchFieldHandle } from './search-field';
import { SearchTips } from './search-tips';
import { Suggestions } from './suggestions';
import { useAnchor } from './use-anchor';
import { keyOf, useSearch } from './use-search';

interface SearchProps {
  /** The query of a command, empty to only focus the field; null when the person opened the tab. */
  asked: string | null;
  /** This workspace has no sessions, so its scope would find nothing. */
  isWorkspaceEmpty: boolean;
}

interface Asked {
  text: string;
  isTyping: boolean;
}

/** The row for which similar ones are searched. */
interface Similar {
  key: string;
  title: string;
}

const estimate = () => 92;
const firstLimit = 30;
const maxLimit = 100;
/** A keystroke waits at most this long for the answer to the one before. */
const patienceMs = 80;
const problemsId = 'query-problems';

export function Search({ asked: command, isWorkspaceEmpty }: SearchProps) {
  const { api } = useHost();
  const act = useAct();
  const { roots, defaultScope = 'workspace', searchOrder } = useEditorContext();
  const [text, setText] = usePersisted('search.text', '', command === '' ? null : command);
  const [caret, setCaret] = useState(text.length);
  const [scope, setScope] = usePersisted<ScopeChoice>('search.scope', defaultScope);
  const isFallback = scope === 'workspace' && roots.length > 0 && isWorkspaceEmpty;
  const isScoped = scope === 'workspace' && roots.length > 0 && !isFallback;
  const [remembered, setFilters] = usePersisted<SearchFilters>('search.filters', noFilters);
  // Filters stored by an earlier version may lack a kind.
  const filters = useMemo(() => ({ ...noFilters, ...remembered }), [remembered]);
  const [chosenOrder, setOrder] = useState<SearchOrder | null>(null);
  const order = chosenOrder ?? searchOrder ?? defaultOrder;
  const [similar, setSimilar] = useState<Similar | null>(null);
  const [isSaving, setIsSaving] = useState(false);
  const [asked, setAsked] = useState<Asked>({ text, isTyping: false });
  const [limit, setLimit] = useState(firstLimit);
  const [pace] = useState(() => paceText(patienceMs));
  const field = useRef<SearchFieldHandle>(null);
  const list = useRef<ListHandle>(null);
  useEffect(() => pace.stop, [pace]);

  const query = toQuery(asked, isScoped ? roots : [], filters, order, similar, limit);
  const anchor = useAnchor();
  const result = useSearch(query, anchor.find);
  useEffect(() => {
    if (!result.isLoading) pace.answered();
  });
  const suggestions = useSuggestions(text.slice(0, caret), isScoped ? roots : []);
  const projects = useResource(() => api.projects(), []);
  const projectRoots = useMemo(
    () => new Map(projects.data?.map(({ id, root }) => [String(id), root])),
    [projects.data],
  );
  const projectNames = useMemo(
    () => new Map(projects.data?.map(({ id, name }) => [String(id), name])),
    [projects.data],
  );
  // New sessions may match, but a list that reorders while it is read is worse than one slightly out of date.
  const refresh = useThrottled(result.reload, 2000);
  useEvent('changed', ({ isReset }) => {
    if (isReset || result.data?.hits.length === 0) refresh();
  });
  // After the first import, a search made during it is repeated, because it saw only a part. A list that is being read
  // stays.
  const wasImporting = useRef(false);
  useEvent('capture', ({ phase }) => {
    const isOver = wasImporting.current && phase === 'idle';
    wasImporting.current = phase === 'importing';
    if (isOver && document.activeElement?.closest('.hit') == null) refresh();
  });

  const ask = useCallback(
    (next: string, isTyping: boolean, at = next.length) => {
      setText(next);
      setCaret(at);
      setLimit(firstLimit);
      pace.push(next, (rested) => setAsked({ text: rested, isTyping }), !isTyping);
    },
    [pace, setText],
  );
  useEffect(() => {
    if (command !== null) field.current?.focus();
  }, [command]);

  const take = (suggestion: Suggestion) => {
    if (suggestion.kind === 'title' && suggestion.sessionId) {
      act(api.openSession(suggestion.sessionId));
      return;
    }
    if (suggestion.kind === 'search') {
      if (suggestion.searchId) act(api.noteSearchUse(suggestion.searchId));
      ask(suggestion.text, false);
      return;
    }
    // A value is complete; after the name of a filter, its value follows.
    const piece = suggestion.kind === 'value' || suggestion.kind === 'file' ? `${suggestion.text} ` : suggestion.text;
    const rest = text.slice(caret).trimStart();
    ask(piece + rest, suggestion.kind === 'filter', piece.length);
    field.current?.select(piece.length, piece.length);
  };
  const open = useCallback(
    (hit: SearchHit) =>
      act(hit.kind === 'learning' ? api.copyContext(hit.key) : api.openSession(hit.sessionId, placeOf(hit))),
    [act, api],
  );
  const findSimilar = useCallback((hit: SearchHit) => {
    setSimilar({ key: hit.key, title: hit.title });
    setLimit(firstLimit);
    field.current?.focus();
  }, []);
  const { news } = result;
  const renderHit = useCallback(
    (hit: SearchHit, tabIndex: 0 | -1) => (
      <HitRow hit={hit} tabIndex={tabIndex} isNew={news.has(identityOf(hit))} onOpen={open} onSimilar={findSimilar} />
    ),
    [open, findSimilar, news],
  );
  const hits = query === null ? [] : (result.data?.hits ?? []);
  // Positions refer to the text that was searched.
  const problems = query !== null && result.isFresh && asked.text === text ? (result.data?.problems ?? []) : [];
  const mendAt = (problem: QueryProblem) => {
    ask(mend(text, problem), false);
    field.current?.focus();
  };
  return (
    <div className="page">
      <div className="toolbar" role="search">
        <SearchField
          ref={field}
          value={text}
          suggestions={suggestions}
          problems={problems}
          describedBy={problems.length > 0 ? problemsId : undefined}
          isBusy={result.isLoading && query !== null}
          onChange={(next, at) => ask(next, true, at)}
          onCaret={setCaret}
          onEnter={() => ask(text, false, caret)}
          onDown={() => list.current?.focusFirst()}
          onTake={take}
        >
          {text.trim() !== '' && (
            <IconButton
              name="star-empty"
              label={t('Save this search')}
              isExpanded={isSaving}
              onClick={() => setIsSaving(!isSaving)}
            />
          )}
        </SearchField>
        {isSaving && (
          <SaveSearch
            text={writeFilters(text, filters, projectNames)}
            onDone={() => {
              setIsSaving(false);
              field.current?.focus();
            }}
          />
        )}
        {problems.length > 0 && (
          <Problems
            id={problemsId}
            problems={problems}
            onShow={({ start, end }) => field.current?.select(start, end)}
            onMend={mendAt}
          />
        )}
        <Suggestions
          suggestions={suggestions.filter(({ kind }) => kind !== 'value' && kind !== 'file')}
          onTake={take}
        />
        {similar && (
          <div className="chips">
            <button type="button" className="chip" aria-pressed title={t('Remove')} onClick={() => setSimilar(null)}>
              <Icon name="references" />
              <span className="chip-label">{t('similar to: {0}', showLine(similar.title))}</span>
              <Icon name="close" label={t('Remove')} />
            </button>
          </div>
        )}
        <div className="toolbar-row">
          <ScopeChip scope={isFallback ? 'all' : scope} onChange={setScope} />
          {query !== null && (
            <Order
              order={order}
              onChange={(next) => {
                setOrder(next);
                act(api.setSearchOrder(next));
              }}
            />
          )}
        </div>
        {isFallback && query !== null && (
          <p className="hint" role="status">
            {t('No sessions for this workspace yet: searching all projects')}
          </p>
        )}
        {query !== null && result.data && (
          <Facets facets={result.data.facets} filters={filters} roots={projectRoots} onChange={setFilters} />
        )}
      </div>
      <Outcome result={result} hasQuery={query !== null} />
      {/* The text that was answered; used for measuring the page. */}
      <div
        className="page-body"
        aria-busy={result.isLoading}
        data-answers={result.isFresh ? asked.text : undefined}
        {...anchor.listen}
      >
        {query === null ? (
          <div className="tips">
            <SavedSearches onRun={(next) => ask(next, false)} />
            <SearchTips
              onTake={(syntax) => {
                ask(`${text}${text === '' || text.endsWith(' ') ? '' : ' '}${syntax}`, true);
                field.current?.focus();
              }}
            />
          </div>
        ) : hits.length > 0 ? (
          <VirtualList
            // Another query shows another list, which starts at its best hit.
            key={JSON.stringify([asked.text, isScoped, filters, order, similar])}
            ref={list}
            items={hits}
            keyOf={keyOf}
            estimate={estimate}
            renderItem={renderHit}
            label={t('Results')}
            className="cards"
            isPartial={(result.data?.total ?? 0) > hits.length}
            onNearEnd={hits.length >= limit && limit < maxLimit ? () => setLimit(maxLimit) : undefined}
            onRowKey={(event, hit) => {
              const action = runHitKey(event, hit, api);
              if (action) act(action);
            }}
            onLeave={() => field.current?.focus()}
          />
        ) : (
          <Outcome.Nothing
            result={result}
            canWiden={isScoped}
            hasFilters={hasFilters(filters)}
            onWiden={() => setScope('all')}
            onClearFilters={() => setFilters(noFilters)}
          />
        )}
      </div>
    </div>
  );
}

/** Completions of the text before the caret, except the text itself. */
function useSuggestions(prefix: string, roots: string[]): Suggestion[] {
  const { api } = useHost();
  const asked = prefix.trimStart();
  const { data, isFresh } = useResource(
    (text: string, folders: string[], _signal: AbortSignal) => api.suggest(text, scopeOf(folders)),
    asked === '' ? null : [asked, roots],
  );
  return useMemo(
    () => (isFresh ? (data ?? []).filter((suggestion) => suggestion.text !== asked) : []),
    [data, isFresh, asked],
  );
}

function placeOf(hit: Exclude<SearchHit, LearningHit>): { key?: string; turn?: number } {
  return hit.kind === 'session' ? { turn: hit.turn } : { key: hit.key, turn: hit.turn };
}

/** Null when there is nothing to search for: filters alone are no query. */
function toQuery(
  asked: Asked,
  roots: string[],
  filters: SearchFilters,
  { sort, recency }: SearchOrder,
  similar: Similar | null,
  limit: number,
): SearchQuery | null {
  if (asked.text.trim() === '' && !similar) return null;
  return {
    text: asked.text,
    limit,
    isTyping: asked.isTyping,
    ...toFilterQuery(filters, roots),
    ...(sort !== 'best' && { sort }),
    ...(recency !== 'usual' && { recency }),
    ...(similar && { similarTo: similar.key }),
  };
}

/** Search as you type over everything: from the field to a hit to the cursor without the mouse. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SearchQuery } from '../../../src/protocol/memory-api';
import type { SearchHit } from '../../../src/protocol/model';
import { Field } from '../../parts/field';
import type { FieldHandle } from '../../parts/field';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { ScopeChip } from '../../parts/scope-chip';
import type { ScopeChoice } from '../../parts/scope-chip';
import { useAct, useEditorContext, useEvent, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { debounceText, useThrottled } from '../../state/throttle';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Facets } from './facets';
import { noFilters } from './facets';
import type { SearchFilters } from './facets';
import { HitRow, runHitKey } from './hit-row';
import { Outcome } from './outcome';
import { SearchTips } from './search-tips';
import { Suggestions } from './suggestions';

interface SearchProps {
  /** What a command asked for, empty for just the field; null when the person came by themselves. */
  asked: string | null;
  /** Nothing is known of this workspace: its scope would only ever find nothing. */
  isWorkspaceEmpty: boolean;
}

interface Asked {
  text: string;
  isTyping: boolean;
}

const keyOf = (hit: SearchHit) => `${hit.key}:${hit.turnId}`;
const estimate = () => 92;
const firstLimit = 30;
const maxLimit = 100;
/** Two fast keys are one question. */
const typingPauseMs = 80;

export function Search({ asked: command, isWorkspaceEmpty }: SearchProps) {
  const { api } = useHost();
  const act = useAct();
  const { roots, defaultScope = 'workspace' } = useEditorContext();
  const [text, setText] = usePersisted('search.text', '', command === '' ? null : command);
  const [scope, setScope] = usePersisted<ScopeChoice>('search.scope', defaultScope);
  const isFallback = scope === 'workspace' && roots.length > 0 && isWorkspaceEmpty;
  const isScoped = scope === 'workspace' && roots.length > 0 && !isFallback;
  const [filters, setFilters] = usePersisted<SearchFilters>('search.filters', noFilters);
  const [asked, setAsked] = useState<Asked>({ text, isTyping: false });
  const [limit, setLimit] = useState(firstLimit);
  const [debounce] = useState(() => debounceText(typingPauseMs));
  const field = useRef<FieldHandle>(null);
  const list = useRef<ListHandle>(null);
  useEffect(() => debounce.stop, [debounce]);

  const query = toQuery(asked, isScoped ? roots : [], filters, limit);
  const result = useResource((next: SearchQuery, signal: AbortSignal) => api.search(next, signal), query === null ? null : [query]);
  const projects = useResource(() => api.projects(), []);
  const projectRoots = useMemo(() => new Map(projects.data?.map(({ id, root }) => [String(id), root])), [projects.data]);
  // New memories may belong into this list, but a list that shuffles while one reads is worse than one a moment old.
  const refresh = useThrottled(result.reload, 2000);
  useEvent('changed', ({ isReset }) => {
    if (isReset || result.data?.hits.length === 0) refresh();
  });
  // The first import is over: what was asked meanwhile was asked of a part. Whoever is in the list already keeps it as it is.
  const wasImporting = useRef(false);
  useEvent('capture', ({ phase }) => {
    const isOver = wasImporting.current && phase === 'idle';
    wasImporting.current = phase === 'importing';
    if (isOver && document.activeElement?.closest('.hit') == null) refresh();
  });

  const ask = useCallback(
    (next: string, isTyping: boolean) => {
      setText(next);
      setLimit(firstLimit);
      debounce.push(next, (rested) => setAsked({ text: rested, isTyping }), !isTyping);
    },
    [debounce, setText],
  );
  useEffect(() => {
    if (command !== null) field.current?.focus();
  }, [command]);

  const open = useCallback(
    (hit: SearchHit) => act(hit.kind === 'learning' ? api.copyContext(hit.key) : api.openSession(hit.sessionId, placeOf(hit))),
    [act, api],
  );
  const renderHit = useCallback((hit: SearchHit, tabIndex: 0 | -1) => <HitRow hit={hit} tabIndex={tabIndex} onOpen={open} />, [open]);
  const hits = query === null ? [] : (result.data?.hits ?? []);
  return (
    <div className="page">
      <div className="toolbar" role="search">
        <Field
          ref={field}
          label={t('Search memory')}
          placeholder={t('Search memory')}
          icon="search"
          value={text}
          isBusy={result.isLoading && query !== null}
          onChange={(next) => ask(next, true)}
          onEnter={() => ask(text, false)}
          onDown={() => list.current?.focusFirst()}
        />
        <Suggestions text={text} onTake={(next) => ask(next, false)} />
        <div className="toolbar-row">
          <ScopeChip scope={isFallback ? 'all' : scope} onChange={setScope} />
        </div>
        {isFallback && query !== null && (
          <p className="hint" role="status">{t('No sessions for this workspace yet: searching all projects')}</p>
        )}
        {query !== null && result.data && <Facets facets={result.data.facets} filters={filters} roots={projectRoots} onChange={setFilters} />}
      </div>
      <Outcome result={result} hasQuery={query !== null} />
      <div className="page-body" aria-busy={result.isLoading}>
        {query === null ? (
          <SearchTips
            onTake={(syntax) => {
              ask(`${text}${text === '' || text.endsWith(' ') ? '' : ' '}${syntax}`, true);
              field.current?.focus();
            }}
          />
        ) : hits.length > 0 ? (
          <VirtualList
            // Another question, another list: it starts at its best hit.
            key={JSON.stringify([asked.text, isScoped, filters])}
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
            hasFilters={JSON.stringify(filters) !== JSON.stringify(noFilters)}
            onWiden={() => setScope('all')}
            onClearFilters={() => setFilters(noFilters)}
          />
        )}
      </div>
    </div>
  );
}

function placeOf(hit: SearchHit): { key?: string; turn?: number } {
  return hit.kind === 'session' ? { turn: hit.turn } : { key: hit.key, turn: hit.turn };
}

type SearchType = NonNullable<SearchQuery['types']>[number];
const searchTypes: readonly string[] = ['user', 'assistant', 'learning', 'tool_result', 'error', 'warning', 'info'] satisfies SearchType[];

/** Remembered filters may come from another version. */
function isSearchType(value: string): value is SearchType {
  return searchTypes.includes(value);
}

/** Null when there is nothing to ask: filters alone are no question. */
function toQuery(asked: Asked, roots: string[], filters: SearchFilters, limit: number): SearchQuery | null {
  const text = asked.text.trim();
  if (text === '') return null;
  const projectIds = filters.projects.map(Number).filter(Number.isInteger);
  return {
    text,
    limit,
    isTyping: asked.isTyping,
    ...((roots.length > 0 || projectIds.length > 0) && { scope: projectIds.length > 0 ? { projectIds } : { roots } }),
    ...(filters.types.length > 0 && { types: filters.types.filter(isSearchType) }),
    ...(filters.tools.length > 0 && { tools: filters.tools }),
  };
}

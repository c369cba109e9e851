/** The upper part of the Search tab: the field with its completions and problems, scope, order and facets. */
import { useMemo, useState } from 'react';
import type { RefObject } from 'react';
import type { QueryProblem, Suggestion } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon, IconButton } from '../../parts/icon';
import { ScopeChip } from '../../parts/scope-chip';
import { useAct, useHost } from '../../state/host';
import { scopeOf } from '../../state/scope';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { Facets } from './facets';
import { writeFilters } from './filters';
import { Order } from './order';
import { Problems, mend } from './problems';
import { SaveSearch } from './saved-searches';
import { SearchField } from './search-field';
import type { SearchFieldHandle } from './search-field';
import { Suggestions } from './suggestions';
import type { Asking } from './use-query';
import type { SearchAnswer } from './use-search';

interface QueryBarProps {
  field: RefObject<SearchFieldHandle | null>;
  asking: Asking;
  result: SearchAnswer;
  /** Arrow down in the field: moves to the first hit. */
  onDown: () => void;
}

const problemsId = 'query-problems';

export function QueryBar({ field, asking, result, onDown }: QueryBarProps) {
  const { api } = useHost();
  const act = useAct();
  const [isSaving, setIsSaving] = useState(false);
  const { text, caret, ask, query, filters } = asking;
  const suggestions = useSuggestions(text.slice(0, caret), asking.folders);
  const projects = useResource(() => api.projects(), []);
  const projectRoots = useMemo(
    () => new Map(projects.data?.map(({ id, root }) => [String(id), root])),
    [projects.data],
  );
  const projectNames = useMemo(
    () => new Map(projects.data?.map(({ id, name }) => [String(id), name])),
    [projects.data],
  );

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
  // Positions refer to the text that was searched.
  const isAnswered = query !== null && result.isFresh && asking.askedText === text;
  const problems = isAnswered ? (result.data?.problems ?? []) : [];
  const mendAt = (problem: QueryProblem) => {
    ask(mend(text, problem), false);
    field.current?.focus();
  };
  return (
    <div className="toolbar" role="search">
      <SearchField
        ref={field}
        value={text}
        suggestions={suggestions}
        problems={problems}
        describedBy={problems.length > 0 ? problemsId : undefined}
        isBusy={result.isLoading && query !== null}
        onChange={(next, at) => ask(next, true, at)}
        onCaret={asking.setCaret}
        onEnter={() => ask(text, false, caret)}
        onDown={onDown}
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
      <Suggestions suggestions={suggestions.filter(({ kind }) => kind !== 'value' && kind !== 'file')} onTake={take} />
      <SimilarChip asking={asking} />
      <div className="toolbar-row">
        <ScopeChip scope={asking.isFallback ? 'all' : asking.scope} onChange={asking.setScope} />
        {query !== null && (
          <Order
            order={asking.order}
            onChange={(next) => {
              asking.setOrder(next);
              act(api.setSearchOrder(next));
            }}
          />
        )}
      </div>
      {asking.isFallback && query !== null && (
        <p className="hint" role="status">
          {t('No sessions for this workspace yet: searching all projects')}
        </p>
      )}
      {query !== null && result.data && (
        <Facets facets={result.data.facets} filters={filters} roots={projectRoots} onChange={asking.setFilters} />
      )}
    </div>
  );
}

function SimilarChip({ asking: { similar, setSimilar } }: { asking: Asking }) {
  if (!similar) return null;
  return (
    <div className="chips">
      <button type="button" className="chip" aria-pressed title={t('Remove')} onClick={() => setSimilar(null)}>
        <Icon name="references" />
        <span className="chip-label">{t('similar to: {0}', showLine(similar.title))}</span>
        <Icon name="close" label={t('Remove')} />
      </button>
    </div>
  );
}

/** Completions of the text before the caret, except the text itself. */
function useSuggestions(prefix: string, folders: string[]): Suggestion[] {
  const { api } = useHost();
  const asked = prefix.trimStart();
  const { data, isFresh } = useResource(
    (text: string, roots: string[], _signal: AbortSignal) => api.suggest(text, scopeOf(roots)),
    asked === '' ? null : [asked, folders],
  );
  return useMemo(
    () => (isFresh ? (data ?? []).filter((suggestion) => suggestion.text !== asked) : []),
    [data, isFresh, asked],
  );
}

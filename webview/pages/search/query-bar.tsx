/** The upper part of the Search tab: the field with its completions and problems, scope, order and facets. */
import { useState } from 'react';
import type { RefObject } from 'react';
import type { QueryProblem } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import { Icon, IconButton } from '../../parts/icon';
import { ScopeChip } from '../../parts/scope-chip';
import { useAct, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useProjects } from '../../state/project-names';
import { t } from '../../state/words';
import { Facets } from './facets';
import { countFilters, writeFilters } from './filters';
import { Problems, mend } from './problems';
import { SaveSearch } from './saved-searches';
import { SearchField } from './search-field';
import type { SearchFieldHandle } from './search-field';
import type { Asking } from './use-query';
import type { SearchAnswer } from './use-search';
import { useOffers } from './use-suggestions';
import type { Offer } from './use-suggestions';

interface QueryBarProps {
  field: RefObject<SearchFieldHandle | null>;
  asking: Asking;
  result: SearchAnswer;
  /** Arrow down in the field: moves to the first hit. */
  onDown: () => void;
  /** The completion list is open: what it offers is not written yet. */
  isCompleting: boolean;
  onCompleting: (isOpen: boolean) => void;
}

const problemsId = 'query-problems';

export function QueryBar({ field, asking, result, onDown, isCompleting, onCompleting }: QueryBarProps) {
  const { api } = useHost();
  const act = useAct();
  const [isSaving, setIsSaving] = useState(false);
  const { text, caret, ask, query, filters } = asking;
  const [areAllShown, setAreAllShown] = usePersisted('search.allFilters', false);
  const { offers, drop } = useOffers(text.slice(0, caret), asking.folders);
  const projects = useProjects();

  const take = (suggestion: Offer) => {
    if (suggestion.kind === 'title' && suggestion.sessionId) {
      act(api.openSession(suggestion.sessionId));
      return;
    }
    if (suggestion.kind === 'search' || suggestion.kind === 'recent') {
      if ('searchId' in suggestion && suggestion.searchId) act(api.noteSearchUse(suggestion.searchId));
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
  // What is half typed, and completed in the open list, is no mistake yet.
  const problems = isAnswered
    ? (result.data?.problems ?? []).filter(({ end }) => !(isCompleting && end === caret))
    : [];
  const mendAt = (problem: QueryProblem) => {
    ask(mend(text, problem), false);
    field.current?.focus();
  };
  return (
    <div className="toolbar" role="search">
      <SearchField
        ref={field}
        value={text}
        offers={offers}
        problems={problems}
        describedBy={problems.length > 0 ? problemsId : undefined}
        isBusy={result.isLoading && query !== null}
        onChange={(next, at) => ask(next, true, at)}
        onCaret={asking.setCaret}
        onEnter={() => ask(text, false, caret)}
        onDown={onDown}
        onTake={take}
        onDrop={drop}
        onEscape={() => {
          if (isSaving) setIsSaving(false);
          return isSaving;
        }}
        onOpen={onCompleting}
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
          text={writeFilters(text, filters, projects)}
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
      <SimilarChip asking={asking} />
      <div className="toolbar-row">
        <ScopeChip scope={asking.isFallback ? 'all' : asking.scope} onChange={asking.setScope} />
        {query !== null && (
          <button
            type="button"
            className="chip all-filters"
            aria-expanded={areAllShown}
            title={t('All filters')}
            onClick={() => setAreAllShown(!areAllShown)}
          >
            <Icon name="filter" label={t('All filters')} />
            {countFilters(filters) > 0 && <span className="chip-count">{countFilters(filters)}</span>}
          </button>
        )}
      </div>
      {asking.isFallback && query !== null && (
        <p className="hint" role="status">
          {asking.hasWorkspaceNow
            ? t('This workspace has sessions now. These results are from all projects.')
            : t('No sessions for this workspace yet: searching all projects')}
        </p>
      )}
      {query !== null && result.data && (
        <Facets facets={result.data.facets} filters={filters} isOpen={areAllShown} onChange={asking.setFilters} />
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

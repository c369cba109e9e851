/**
 * The query of the page: text, scope, filters, order and the similar row; stored for the person and combined into one
 * query.
 */
import { useCallback, useMemo, useState } from 'react';
import type { SearchOrder, SearchQuery } from '../../../src/protocol/questions/search';
import { useEditorContext } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useScopeChoice } from '../../state/scope';
import type { ScopeChoice } from '../../state/scope';
import { paceText } from '../../state/throttle';
import { noFilters, toFilterQuery } from './filters';
import type { SearchFilters } from './filters';
import { defaultOrder } from './order';

/** The row for which similar ones are searched. */
interface Similar {
  key: string;
  title: string;
}

export interface Asking {
  text: string;
  caret: number;
  setCaret: (caret: number) => void;
  /** Changes the text and searches: at once, or while typing when the last answer has arrived. */
  ask: (text: string, isTyping: boolean, caret?: number) => void;
  /** The text of `query`, which may be older than the typed one. */
  askedText: string;
  scope: ScopeChoice;
  setScope: (scope: ScopeChoice) => void;
  /** The workspace had no sessions, so all projects are searched and a notice is shown. */
  isFallback: boolean;
  /** It has some now, but the person is at work with the results of all. */
  hasWorkspaceNow: boolean;
  /** Folders to search; empty for all. */
  folders: string[];
  filters: SearchFilters;
  setFilters: (filters: SearchFilters) => void;
  order: SearchOrder;
  setOrder: (order: SearchOrder) => void;
  similar: Similar | null;
  setSimilar: (similar: Similar | null) => void;
  /** Requests more hits; undefined when the maximum is reached. */
  askMore: (() => void) | undefined;
  limit: number;
  /** Null when there is nothing to search for: filters alone are no query. */
  query: SearchQuery | null;
  /** Different for every list that must start at its best hit. */
  listKey: string;
  /** Must be called when `query` was answered. */
  onAnswered: () => void;
}

const firstLimit = 30;
const maxLimit = 100;

/** @param command The query of a command, empty to only focus the field; null when the person opened the tab. */
export function useQuery(command: string | null, isWorkspaceEmpty: boolean): Asking {
  const { roots, searchOrder } = useEditorContext();
  const [text, setText] = usePersisted('search.text', '', command === '' ? null : command);
  const [caret, setCaret] = useState(text.length);
  const [scope, setScope] = useScopeChoice();
  const isEmpty = scope === 'workspace' && roots.length > 0 && isWorkspaceEmpty;
  // Decided anew only while nobody has typed: a list that is worked with is not pulled away by the first session of the
  // workspace, nor by the last one that is forgotten.
  const [isFallback, setIsFallback] = useState(isEmpty);
  const [isTouched, setIsTouched] = useState(false);
  if (isFallback !== isEmpty && (!isTouched || text.trim() === '' || scope === 'all')) setIsFallback(isEmpty);
  const isScoped = scope === 'workspace' && roots.length > 0 && !isFallback;
  const folders = isScoped ? roots : noFolders;
  const [remembered, setFilters] = usePersisted<SearchFilters>('search.filters', noFilters);
  // Filters stored by an earlier version may lack a kind.
  const filters = useMemo(() => ({ ...noFilters, ...remembered }), [remembered]);
  const [chosenOrder, setOrder] = useState<SearchOrder | null>(null);
  const order = chosenOrder ?? searchOrder ?? defaultOrder;
  const [similar, setSimilar] = useState<Similar | null>(null);
  const [asked, setAsked] = useState({ text, isTyping: false });
  const [limit, setLimit] = useState(firstLimit);
  const [pace] = useState(paceText);

  const ask = useCallback(
    (next: string, isTyping: boolean, at = next.length) => {
      setText(next);
      setIsTouched(true);
      setCaret(at);
      setLimit(firstLimit);
      pace.push(next, (rested) => setAsked({ text: rested, isTyping }), !isTyping);
    },
    [pace, setText],
  );
  const isNothing = asked.text.trim() === '' && !similar;
  return {
    text,
    caret,
    setCaret,
    ask,
    askedText: asked.text,
    scope,
    setScope: useCallback(
      (next) => {
        setIsTouched(false);
        setScope(next);
      },
      [setScope],
    ),
    isFallback,
    hasWorkspaceNow: isFallback && !isEmpty,
    folders,
    filters,
    setFilters,
    order,
    setOrder,
    similar,
    setSimilar: useCallback((next) => {
      setSimilar(next);
      if (next) setLimit(firstLimit);
    }, []),
    askMore: limit < maxLimit ? () => setLimit(maxLimit) : undefined,
    limit,
    query: isNothing
      ? null
      : {
          text: asked.text,
          limit,
          isTyping: asked.isTyping,
          ...toFilterQuery(filters, folders),
          ...(order.sort !== 'best' && { sort: order.sort }),
          ...(order.recency !== 'usual' && { recency: order.recency }),
          ...(similar && { similarTo: similar.key }),
        },
    listKey: JSON.stringify([asked.text, isScoped, filters, order, similar]),
    onAnswered: pace.answered,
  };
}

const noFolders: string[] = [];

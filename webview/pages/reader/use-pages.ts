/**
 * The data of the reader: one jump at a time, neighbours on scroll, and a refresh of the last page while the session
 * grows.
 */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { MemoryError, asMemoryError } from '../../../src/protocol/errors';
import type { ReaderItem, SessionCard, SessionId } from '../../../src/protocol/model';
import type { ReadQuery } from '../../../src/protocol/questions/sessions';
import { useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { appendPage, findPlace, flattenPages, pageSize, prependPage, refreshPage, toLoaded } from './pages';
import type { LoadedPage } from './pages';

export interface Place {
  key?: string;
  turn?: number;
}

/** A row to scroll to, or the beginning; `round` differs when the same is requested again. */
interface Target {
  key: string | undefined;
  kind?: ReaderItem['kind'];
  round: number;
}

interface State {
  session: SessionCard | undefined;
  pages: readonly LoadedPage[];
  error: MemoryError | undefined;
  isLoading: boolean;
}

export interface ReaderPages {
  session: SessionCard | undefined;
  items: readonly ReaderItem[];
  error: MemoryError | undefined;
  isLoading: boolean;
  isAtEnd: boolean;
  isAtStart: boolean;
  isPartial: boolean;
  target: Target | undefined;
  /** Scrolls to a place, loading its page when necessary. */
  reveal: (place: Place) => void;
  /** Scrolls to the first row of the session. */
  revealStart: () => void;
  loadBefore: () => void;
  loadAfter: () => void;
  reload: () => void;
}

export function useReaderPages(sessionId: SessionId, start: Place): ReaderPages {
  const { api } = useHost();
  const [state, setState] = useState<State>({ session: undefined, pages: [], error: undefined, isLoading: true });
  const [target, setTarget] = useState<Target>();
  const shown = useRef(state);
  const jumping = useRef<AbortController>(undefined);
  const paging = useRef<AbortController>(undefined);
  const here = useRef(start);

  const show = useCallback((change: Partial<State>) => {
    shown.current = { ...shown.current, ...change };
    setState(shown.current);
  }, []);
  const aim = useCallback((items: readonly ReaderItem[], place: Place) => {
    const found = findPlace(items, place);
    if (found) setTarget((old) => ({ key: found.key, kind: found.kind, round: (old?.round ?? 0) + 1 }));
  }, []);

  const aimAtStart = useCallback(() => setTarget((old) => ({ key: undefined, round: (old?.round ?? 0) + 1 })), []);

  const jump = useCallback(
    (place: Place, isToStart = false) => {
      jumping.current?.abort();
      paging.current?.abort();
      paging.current = undefined;
      here.current = place;
      const controller = new AbortController();
      jumping.current = controller;
      const query: ReadQuery = {
        sessionId,
        limit: pageSize,
        ...(place.key !== undefined
          ? { aroundKey: place.key }
          : place.turn !== undefined && { aroundTurn: place.turn }),
      };
      show({ isLoading: true });
      api
        .readSession(query, controller.signal)
        .then((page) => {
          if (controller.signal.aborted) return undefined;
          show({ session: page.session, pages: [toLoaded(page, query)], error: undefined, isLoading: false });
          if (isToStart) aimAtStart();
          else aim(page.items, place);
          return undefined;
        })
        .catch((error: unknown) => {
          if (controller.signal.aborted) return;
          const known = asMemoryError(error);
          show({ isLoading: false, ...(!MemoryError.is(known, 'cancelled') && { error: known }) });
        });
    },
    [api, sessionId, show, aim, aimAtStart],
  );
  useEffect(() => {
    jump(here.current);
    return () => jumping.current?.abort();
  }, [jump]);

  /** Reads one neighbouring page, or one again; one at a time, and a jump cancels it. */
  const read = useCallback(
    (query: ReadQuery, place: (pages: readonly LoadedPage[], page: LoadedPage) => readonly LoadedPage[]) => {
      if (paging.current || shown.current.pages.length === 0) return;
      const controller = new AbortController();
      paging.current = controller;
      api
        .readSession(query, controller.signal)
        .then((page) => {
          if (!controller.signal.aborted)
            show({ session: page.session, pages: place(shown.current.pages, toLoaded(page, query)) });
          return undefined;
        })
        .catch((error: unknown) => {
          const known = asMemoryError(error);
          if (!controller.signal.aborted && MemoryError.is(known, 'not_found')) show({ error: known, pages: [] });
        })
        .finally(() => {
          if (paging.current === controller) paging.current = undefined;
        });
    },
    [api, show],
  );
  const loadBefore = useCallback(() => {
    const cursor = shown.current.pages[0]?.before;
    if (cursor !== undefined) read({ sessionId, cursor, limit: pageSize }, prependPage);
  }, [read, sessionId]);
  const loadAfter = useCallback(() => {
    const cursor = shown.current.pages.at(-1)?.after;
    if (cursor !== undefined) read({ sessionId, cursor, limit: pageSize }, appendPage);
  }, [read, sessionId]);

  const refresh = useThrottled(() => {
    const last = shown.current.pages.at(-1);
    if (!last) jump(here.current);
    // When the window does not include the end of the session, there is nothing to refresh.
    else if (last.after === undefined)
      read(queryFrom(last), (pages, page) => [...pages.slice(0, -1), refreshPage(pages.at(-1) ?? page, page)]);
  }, 250);
  useEvent('changed', ({ sessions, isReset }) => {
    if (isReset || sessions.length === 0 || sessions.includes(sessionId)) refresh();
  });
  /** Rows are shown as they are now; none comes and none goes. */
  const readAgain = useCallback(async () => {
    for (const { query } of shown.current.pages) {
      // oxlint-disable-next-line no-await-in-loop -- one page after the other
      const fresh = await api.readSession(query).catch(() => undefined);
      if (!fresh) return;
      const byKey = new Map(fresh.items.map((item) => [item.key, item]));
      const pages = shown.current.pages.map((page) => ({
        ...page,
        items: page.items.map((item) => byKey.get(item.key) ?? item),
      }));
      show({ session: fresh.session, pages });
    }
  }, [api, show]);
  useEvent('changed', ({ classes }) => {
    if (classes) void readAgain();
  });
  const reveal = useCallback(
    (place: Place) => {
      const items = flattenPages(shown.current.pages);
      if (place.key === undefined ? findPlace(items, place) : items.some((item) => item.key === place.key))
        aim(items, place);
      else jump(place);
    },
    [aim, jump],
  );
  useEvent('reveal', reveal);
  const revealStart = useCallback(() => {
    const [first] = shown.current.pages;
    if (first && first.before === undefined) aimAtStart();
    else jump({}, true);
  }, [aimAtStart, jump]);

  const { pages } = state;
  const items = useMemo(() => flattenPages(pages), [pages]);
  return {
    session: state.session,
    items,
    error: state.error,
    isLoading: state.isLoading,
    isAtEnd: pages.length > 0 && pages.at(-1)?.after === undefined,
    isAtStart: pages.length > 0 && pages[0]?.before === undefined,
    isPartial: pages[0]?.before !== undefined || pages.at(-1)?.after !== undefined,
    target,
    reveal,
    revealStart,
    loadBefore,
    loadAfter,
    reload: () => jump(here.current),
  };
}

/** A last page that has become too long for one answer is read around its end instead of from its beginning. */
function queryFrom(page: LoadedPage): ReadQuery {
  const last = page.items.at(-1);
  if (!last || page.items.length < pageSize / 2) return page.query;
  return { sessionId: page.query.sessionId, aroundKey: last.key, limit: pageSize };
}

/** The data of the timeline: first page, more on scroll, and refreshes while sessions grow. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { MemoryError, asMemoryError } from '../../../src/protocol/errors';
import { useEvent, useHost } from '../../state/host';
import { useThrottled } from '../../state/throttle';
import { useLive } from '../../state/use-live';
import { areSamePinned, holdOrder } from './hold-order';
import { loadMore, loadSessions } from './load-sessions';
import type { TimelineData, TimelineQuery } from './load-sessions';

export interface Sessions {
  data: TimelineData | undefined;
  /** The query that `data` answers: the list of another query starts at its top. */
  shownKey: string;
  /** True until the query changes: only then is the stored place restored. */
  isFirstQuestion: boolean;
  error: MemoryError | undefined;
  isLoading: boolean;
  loadMore: () => void;
  reload: () => void;
  /** New sessions that wait until the person has left the list. */
  waiting: number;
  /** Shows what waits. */
  release: () => void;
}

/** A new line appears after at most this time and one round trip. */
const refreshEveryMs = 250;

/**
 * @param isHeld whether somebody is at the list: then nothing in it moves, and new sessions wait
 * @param isShown what changes while another tab is shown is read when this one is shown again
 */
export function useSessions(
  query: TimelineQuery,
  initialDepth: number,
  isHeld: () => boolean,
  isShown: boolean,
): Sessions {
  const { api } = useHost();
  const [data, setData] = useState<TimelineData>();
  const [shownKey, setShownKey] = useState('');
  const [error, setError] = useState<MemoryError>();
  const [isLoading, setIsLoading] = useState(true);
  const running = useRef<AbortController>(undefined);
  const paging = useRef<AbortController>(undefined);
  const shown = useRef<TimelineData>(undefined);
  const shownFor = useRef('');
  /** The shown order is older than the last answer. */
  const isBehind = useRef(false);
  const [waiting, setWaiting] = useState(0);
  const key = JSON.stringify(query);
  const [firstKey] = useState(key);
  const latest = useRef({ query, key });
  useEffect(() => {
    latest.current = { query, key };
  });

  const show = useCallback((fresh: TimelineData, left = 0) => {
    isBehind.current = false;
    setWaiting(left);
    shown.current = fresh;
    setData(fresh);
    setError(undefined);
  }, []);

  const load = useCallback(
    (depth: number, isForced = false) => {
      running.current?.abort();
      paging.current?.abort();
      paging.current = undefined;
      const controller = new AbortController();
      running.current = controller;
      setIsLoading(true);
      const asked = latest.current;
      const held = () => (!isForced && shownFor.current === asked.key && isHeld() ? shown.current : undefined);
      loadSessions(api, asked.query, depth, controller.signal, held()?.isFallback)
        .then((fresh) => {
          if (controller.signal.aborted) return undefined;
          // Looked at anew: somebody may have come to the list meanwhile.
          const before = held();
          // A person has pinned one just now, and looks where it goes.
          if (before && before.sessions.length > 0 && areSamePinned(before, fresh)) {
            const { data: kept, waiting: left } = holdOrder(before, fresh);
            show({ ...kept, hasWorkspaceNow: fresh.hasWorkspaceNow }, left);
            isBehind.current = true;
          } else show(fresh);
          shownFor.current = asked.key;
          setShownKey(asked.key);
          setIsLoading(false);
          return undefined;
        })
        .catch((problem: unknown) => {
          if (controller.signal.aborted) return;
          const known = asMemoryError(problem);
          if (!MemoryError.is(known, 'cancelled')) setError(known);
          setIsLoading(false);
        });
    },
    [api, show, isHeld],
  );

  // A new query starts at the top; only the first one restores the stored depth.
  const depth = useRef({ key, rows: initialDepth });
  useEffect(() => {
    load(depth.current.key === key ? depth.current.rows : 0);
    return () => running.current?.abort();
  }, [key, load]);

  const loadAgain = () => load(shown.current?.sessions.length ?? 0);
  const refresh = useThrottled(loadAgain, refreshEveryMs);
  useLive(loadAgain, isShown, refreshEveryMs);
  useEvent('connection', ({ isConnected }) => {
    if (isConnected) refresh();
  });

  const more = useCallback(() => {
    const present = shown.current;
    if (!present?.next || paging.current) return;
    const controller = new AbortController();
    paging.current = controller;
    loadMore(api, latest.current.query, present, controller.signal)
      .then((longer) => {
        if (!controller.signal.aborted) show(longer);
        return undefined;
      })
      .catch((problem: unknown) => {
        if (!controller.signal.aborted) setError(asMemoryError(problem));
      })
      .finally(() => {
        if (paging.current === controller) paging.current = undefined;
      });
  }, [api, show]);

  const release = useCallback(() => {
    if (isBehind.current) load(shown.current?.sessions.length ?? 0, true);
  }, [load]);

  return {
    data,
    shownKey,
    isFirstQuestion: shownKey === firstKey,
    error,
    isLoading,
    loadMore: more,
    reload: refresh,
    waiting,
    release,
  };
}

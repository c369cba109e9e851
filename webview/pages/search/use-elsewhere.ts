/** How many results all projects have, for a workspace that has few: the answer is often in the project beside it. */
import { useEffect, useState } from 'react';
import { useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import type { Asking } from './use-query';
import type { SearchAnswer } from './use-search';

/** More results than this are enough to look through first. */
const few = 10;
/** Typing has rested: nobody needs this number for half a word. */
const restMs = 400;

/** Undefined when it was not asked, or is not known yet. */
export function useElsewhere({ query, folders, filters }: Asking, result: SearchAnswer): number | undefined {
  const { api } = useHost();
  const isFew = result.data !== undefined && result.data.total <= few && result.isFresh && !result.isLoading;
  const isWanted = query !== null && isFew && folders.length > 0 && filters.projects.length === 0;
  const key = isWanted ? JSON.stringify(query) : '';
  const [rested, setRested] = useState('');
  useEffect(() => {
    if (key === '') return undefined;
    const timer = setTimeout(() => setRested(key), restMs);
    return () => clearTimeout(timer);
  }, [key]);
  const { data, isFresh } = useResource(
    (_key: string, signal: AbortSignal) => {
      const { scope: _scope, ...everywhere } = query!;
      return api.search({ ...everywhere, limit: 1, isTyping: false, roads: 'words' }, signal);
    },
    key !== '' && rested === key ? [key] : null,
  );
  return isFresh ? data?.total : undefined;
}

/** Fetches data: the newest call wins, older ones are cancelled, and old data stays until it is replaced. */
import { useCallback, useEffect, useRef, useState } from 'react';
import { MemoryError, asMemoryError } from '../../src/protocol/errors';
import { useEvent } from './host';

export interface Resource<T> {
  data: T | undefined;
  error: MemoryError | undefined;
  isLoading: boolean;
  /** True when `data` answers the present arguments. */
  isFresh: boolean;
  reload: () => void;
}

interface Answer<T> {
  data: T | undefined;
  error: MemoryError | undefined;
  /** Arguments and round that this answers. */
  key: string | undefined;
  round: number;
}

const nothing = { data: undefined, error: undefined, key: undefined, round: 0 };

/**
 * Fetches whenever `args` change (compared as JSON). With `null` nothing is fetched or shown. `reload` fetches again
 * with the same arguments, and so does a connection that is back, when there is no answer: otherwise what was asked
 * while the keeper was away would stay missing until the page is opened again.
 */
export function useResource<Args extends readonly unknown[], T>(
  fetcher: (...args: [...Args, AbortSignal]) => Promise<T>,
  args: Args | null,
): Resource<T> {
  const [answer, setAnswer] = useState<Answer<T>>(nothing);
  const [round, setRound] = useState(0);
  const latest = useRef({ fetcher, args });
  const key = args === null ? undefined : JSON.stringify(args);
  // After empty arguments, the next call must not show the old answer for a moment.
  if (key === undefined && answer.key !== undefined) setAnswer(nothing);
  useEffect(() => {
    latest.current = { fetcher, args };
  });

  useEffect(() => {
    const { fetcher: fetchNow, args: argsNow } = latest.current;
    if (key === undefined || argsNow === null) return undefined;
    const controller = new AbortController();
    fetchNow(...argsNow, controller.signal)
      .then((data) => {
        if (!controller.signal.aborted) setAnswer({ data, error: undefined, key, round });
        return undefined;
      })
      .catch((error: unknown) => {
        if (controller.signal.aborted) return;
        const known = asMemoryError(error);
        // When the other side cancelled the call, the old data stays.
        setAnswer((old) => ({
          data: old.data,
          error: MemoryError.is(known, 'cancelled') ? old.error : known,
          key,
          round,
        }));
      });
    return () => controller.abort();
  }, [key, round]);

  const reload = useCallback(() => setRound((count) => count + 1), []);
  useEvent('connection', ({ isConnected }) => {
    if (isConnected && answer.key === key && (answer.error || answer.data === undefined)) reload();
  });
  const isFresh = answer.key === key;
  return {
    data: answer.data,
    error: answer.error,
    isLoading: key !== undefined && !(isFresh && answer.round === round),
    isFresh,
    reload,
  };
}

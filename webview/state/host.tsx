/** What a page needs from outside: the api, events and stored state. Tests pass a fake. */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { MemoryError, asMemoryError } from '../../src/protocol/errors';
import type { WebviewContext, WebviewEvents } from '../../src/protocol/webview';
import type { WebviewApi } from '../../src/protocol/webview-api';
import { setWords } from './words';

export interface Host {
  api: WebviewApi;
  /** Adds a listener for one kind of event; returns a function that removes it. */
  on<Name extends keyof WebviewEvents>(name: Name, listener: (event: WebviewEvents[Name]) => void): () => void;
  /** State saved by an earlier instance of this webview. */
  getState(): Record<string, unknown>;
  setState(state: Record<string, unknown>): void;
}

interface Surroundings {
  host: Host;
  context: WebviewContext;
  /** The last failed action that was not dismissed. */
  failure: MemoryError | null;
  setFailure: (failure: MemoryError | null) => void;
}

const surroundings = createContext<Surroundings | null>(null);

/** Provides host and context to all components below. */
export function HostProvider({
  host,
  context,
  children,
}: {
  host: Host;
  context: WebviewContext;
  children: ReactNode;
}) {
  const [failure, setFailure] = useState<MemoryError | null>(null);
  const value = useMemo(() => ({ host, context, failure, setFailure }), [host, context, failure]);
  return <surroundings.Provider value={value}>{children}</surroundings.Provider>;
}

function useSurroundings(): Surroundings {
  const value = useContext(surroundings);
  if (!value) throw new Error('HostProvider is missing.');
  return value;
}

/** The context as it changes, including the language. For the root component of a page. */
export function useLiveContext(host: Host, context: WebviewContext): WebviewContext {
  const [current, setCurrent] = useState(context);
  useEffect(
    () =>
      host.on('context', (next) => {
        setWords(next.language, next.words);
        setCurrent(next);
      }),
    [host],
  );
  return current;
}

/** The host of this webview. */
export function useHost(): Host {
  return useSurroundings().host;
}

/** The context from the editor: folders, language, first run. */
export function useEditorContext(): WebviewContext {
  return useSurroundings().context;
}

/** Runs an action in the background. An error is shown to the person; a cancellation is not. */
export function useAct(): (action: Promise<unknown>) => void {
  const { setFailure } = useSurroundings();
  return useCallback(
    (action) => {
      action.catch((error: unknown) => {
        const known = asMemoryError(error);
        if (!MemoryError.is(known, 'cancelled')) setFailure(known);
      });
    },
    [setFailure],
  );
}

/** The error to show, and how to dismiss it. */
export function useFailure(): { failure: MemoryError | null; dismiss: () => void } {
  const { failure, setFailure } = useSurroundings();
  return { failure, dismiss: useCallback(() => setFailure(null), [setFailure]) };
}

/** Calls the newest `listener` for each event of this name, without subscribing again. */
export function useEvent<Name extends keyof WebviewEvents>(
  name: Name,
  listener: (event: WebviewEvents[Name]) => void,
): void {
  const { host } = useSurroundings();
  const latest = useRef(listener);
  useEffect(() => {
    latest.current = listener;
  });
  useEffect(() => host.on(name, (event) => latest.current(event)), [host, name]);
}

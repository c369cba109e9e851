/**
 * What a page needs from the world outside: the api, the events and a little remembered state. Tests hand in a fake.
 */
import { createContext, useCallback, useContext, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import { MemoryError, asMemoryError } from '../../src/protocol/errors';
import type { WebviewContext, WebviewEvents } from '../../src/protocol/webview';
import type { WebviewApi } from '../../src/protocol/webview-api';
import { setWords } from './words';

export interface Host {
  api: WebviewApi;
  /** Hears one kind of event; returns the function that stops it. */
  on<Name extends keyof WebviewEvents>(name: Name, listener: (event: WebviewEvents[Name]) => void): () => void;
  /** Navigation and UI state of an earlier life of this webview. */
  getState(): Record<string, unknown>;
  setState(state: Record<string, unknown>): void;
}

interface Surroundings {
  host: Host;
  context: WebviewContext;
  /** The last action that went wrong and was not yet dismissed. */
  failure: MemoryError | null;
  setFailure: (failure: MemoryError | null) => void;
}

const surroundings = createContext<Surroundings | null>(null);

/** Hands host and context to everything below. */
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

/** What the editor says of itself, as it changes: the language too. For the root of a page. */
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

/** The host this webview talks to. */
export function useHost(): Host {
  return useSurroundings().host;
}

/** What the editor told about itself: folders, language, first run. */
export function useEditorContext(): WebviewContext {
  return useSurroundings().context;
}

/** Runs an action nobody waits for. If it fails the person is told; a cancelled one is no failure. */
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

/** The failure to show, and how to put it away. */
export function useFailure(): { failure: MemoryError | null; dismiss: () => void } {
  const { failure, setFailure } = useSurroundings();
  return { failure, dismiss: useCallback(() => setFailure(null), [setFailure]) };
}

/** Calls `listener` for each event of that name, always its newest version, without subscribing again. */
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

/** One session, displayed like a conversation. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { ReactNode } from 'react';
import type { WebviewContext } from '../../../src/protocol/webview';
import { ActionFailure, ConnectionNotice } from '../../parts/capture-strip';
import { Empty, Failure, Loading } from '../../parts/empty';
import { ErrorBoundary } from '../../parts/error-boundary';
import { HostProvider, useAct, useEditorContext, useEvent, useHost, useLiveContext } from '../../state/host';
import type { Host } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { t } from '../../state/words';
import { Changes } from './changes';
import { Conversation } from './conversation';
import type { ConversationHandle } from './conversation';
import { ExpandedProvider } from './expanded';
import { FindBar } from './find-bar';
import { Outline } from './outline';
import { ReaderHead } from './reader-head';
import { Summary } from './summary';
import { useReaderPages } from './use-pages';
import type { Place } from './use-pages';
import { useReaderParts } from './use-parts';
import { useStepKeys, useSteps } from './use-steps';
import { useSummary } from './use-summary';

/** The root component of the reader panel. */
export function ReaderApp({ host, context }: { host: Host; context: WebviewContext }) {
  const current = useLiveContext(host, context);
  return (
    <HostProvider host={host} context={current}>
      <ErrorBoundary>
        <ExpandedProvider>
          <Reader />
        </ExpandedProvider>
      </ErrorBoundary>
    </HostProvider>
  );
}

const noWords: readonly string[] = [];

function Reader() {
  const { reader } = useEditorContext();
  if (!reader)
    return (
      <Alone>
        <Empty icon="history" title={t('No session is open here.')} />
      </Alone>
    );
  return <OpenReader key={reader.sessionId} reader={reader} />;
}

/** A page that has nothing to read yet has a name and a main part too. */
function Alone({ children }: { children: ReactNode }) {
  return (
    <main>
      <h1 className="sr-only">{t('Session')}</h1>
      {children}
    </main>
  );
}

function OpenReader({ reader }: { reader: NonNullable<WebviewContext['reader']> }) {
  const { api } = useHost();
  const act = useAct();
  const { sessionId } = reader;
  // Restored by the editor after a restart, for the serializer and for this page: session and rows, without text.
  const [saved, setSaved] = usePersisted('reader', { sessionId: '', key: '', asked: '' });
  const asked = `${reader.key ?? ''}@${reader.turn ?? ''}`;
  // Only the initial place; later ones come as events.
  const [start] = useState<Place>(() => {
    const { key, turn } = reader;
    // A hidden panel gets its first place again when it is shown: when the person has read on since, it stays there.
    if (saved.sessionId === sessionId && (asked === '@' || saved.asked === asked))
      return saved.key === '' ? {} : { key: saved.key };
    return { ...(key !== undefined && { key }), ...(turn !== undefined && { turn }) };
  });
  const setPlace = useCallback((key: string) => setSaved({ sessionId, key, asked }), [sessionId, asked, setSaved]);
  const pages = useReaderPages(sessionId, start);
  const parts = useReaderParts(reader.key !== undefined);
  const summary = useSummary(sessionId, true);
  const [find, setFind] = useState({ isOpen: false, round: 0, text: '' });
  const [hitWords, setHitWords] = useState(reader.words ?? noWords);
  const [connection, setConnection] = useState<{ isConnected: boolean; reason?: string }>({ isConnected: true });
  const [turn, setTurn] = useState(reader.turn ?? 0);
  const conversation = useRef<ConversationHandle>(null);
  useEvent('connection', setConnection);
  useEvent('reveal', ({ words }) => setHitWords(words ?? noWords));
  const words = useMemo(
    () => (find.isOpen && find.text.trim() !== '' ? find.text.split(/\s+/) : hitWords),
    [find.isOpen, find.text, hitWords],
  );

  const here = useCallback(() => conversation.current?.here(), []);
  const { reveal, revealStart } = pages;
  const steps = useSteps({ sessionId, here, reveal, revealStart });
  const openFind = useCallback(() => setFind((old) => ({ ...old, isOpen: true, round: old.round + 1 })), []);
  const closeFind = useCallback(() => {
    setFind((old) => ({ ...old, isOpen: false }));
    conversation.current?.focus();
  }, []);
  const onEscape = useCallback(() => {
    if (find.isOpen) closeFind();
    else setHitWords(noWords);
  }, [find.isOpen, closeFind]);
  const onRename = useCallback(() => act(api.renameSession(sessionId)), [act, api, sessionId]);
  useStepKeys(steps, { onFind: openFind, onEscape, onRename });

  const saving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    // A turn is a place too, but has no key before its rows are there.
    setSaved({
      sessionId,
      key: start.key ?? '',
      asked: start.key === undefined && start.turn !== undefined ? '' : asked,
    });
    return () => clearTimeout(saving.current);
  }, [setSaved, sessionId, asked, start]);
  const onPlace = useCallback(
    (key: string, shownTurn: number | undefined) => {
      setTurn(shownTurn ?? 0);
      clearTimeout(saving.current);
      saving.current = setTimeout(() => setPlace(key), 400);
    },
    [setPlace],
  );

  const { session } = pages;
  const { hasSummary, setSummary, isNarrow, setOutline } = parts;
  const { hasStory } = useEditorContext();
  const hasChanges = hasStory === true && (session?.filesTouched.length ?? 0) > 0;
  // The same element while nothing of it changes, so that rows that scroll do not render it again.
  const summaryPart = useMemo(
    () =>
      session && (summary.summary !== null || hasChanges) ? (
        <>
          {summary.summary !== null && (
            <Summary session={session} shown={summary} isOpen={hasSummary} onOpen={setSummary} onGo={reveal} />
          )}
          {hasChanges && <Changes session={session} onGo={reveal} />}
        </>
      ) : null,
    // oxlint-disable-next-line react-hooks/exhaustive-deps -- what the hooks give is new each time, what it holds is not
    [session, summary.summary, summary.versions, summary.error, hasSummary, hasChanges, reveal],
  );

  if (pages.error && pages.items.length === 0)
    return (
      <Alone>
        <Failure error={pages.error} onRetry={pages.reload} />
      </Alone>
    );
  if (!session)
    return (
      <Alone>
        <Loading label={t('Opening session…')} />
      </Alone>
    );
  const menu = {
    webviewSection: 'reader',
    sessionId,
    isPinned: session.isPinned ?? false,
    preventDefaultContextMenuItems: true,
  };
  return (
    <div className="reader" data-vscode-context={JSON.stringify(menu)}>
      <ReaderHead
        session={session}
        hasOutline={parts.hasOutline}
        onOutline={() => setOutline(!parts.hasOutline)}
        onFind={openFind}
        onError={() => steps.step('error', false, true)}
        onAgent={() => steps.step('task', false, true)}
        onFold={() => conversation.current?.keepPlace()}
      />
      {find.isOpen && (
        <FindBar
          sessionId={sessionId}
          text={find.text}
          round={find.round}
          here={here}
          onText={(text) => setFind((old) => ({ ...old, text }))}
          onGo={(key) => reveal({ key })}
          onClose={closeFind}
        />
      )}
      <div className="reader-columns">
        {parts.hasOutline && (
          <Outline
            session={session}
            turn={turn}
            onGo={(place) => {
              if (isNarrow) setOutline(false);
              reveal(place);
            }}
          />
        )}
        <main className="reader-main">
          <ActionFailure />
          {!connection.isConnected && <ConnectionNotice reason={connection.reason} />}
          <Conversation ref={conversation} pages={pages} summary={summaryPart} words={words} onPlace={onPlace} />
        </main>
      </div>
    </div>
  );
}

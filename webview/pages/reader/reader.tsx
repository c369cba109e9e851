/** One session, displayed like a conversation. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { WebviewContext } from '../../../src/protocol/webview';
import { ActionFailure, ConnectionNotice } from '../../parts/capture-strip';
import { Empty, Failure, Loading } from '../../parts/empty';
import { ErrorBoundary } from '../../parts/error-boundary';
import { Icon } from '../../parts/icon';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { HostProvider, useAct, useEditorContext, useEvent, useHost, useLiveContext } from '../../state/host';
import type { Host } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { t } from '../../state/words';
import { ExpandedProvider, useExpand } from './expanded';
import { FindBar } from './find-bar';
import { MessageRow } from './message-row';
import { Outline } from './outline';
import { ReaderHead } from './reader-head';
import { estimateRow, toRows } from './rows';
import type { ReaderRow } from './rows';
import { Summary } from './summary';
import { ToolRow } from './tool-row';
import { useMarkedWords } from './use-marked-words';
import { useReaderPages } from './use-pages';
import type { Place } from './use-pages';

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

const keyOf = (row: ReaderRow) => row.key;
/** How long the row that was jumped to is highlighted. */
const litMs = 2500;
/** The list measures rows on its way to a target; rows added above it meanwhile would move the target, so they wait. */
const arriveMs = 200;
/** From this width on there is space for the outline, which is then shown by default. */
const outlineWidth = 1000;

function Reader() {
  const { reader } = useEditorContext();
  if (!reader) return <Empty icon="history" title={t('No session is open here.')} />;
  return <OpenReader key={reader.sessionId} reader={reader} />;
}

function OpenReader({ reader }: { reader: NonNullable<WebviewContext['reader']> }) {
  const { sessionId } = reader;
  // Restored by the editor after a restart, for the serializer and for this page: session and rows, without text.
  const [saved, setSaved] = usePersisted('reader', { sessionId: '', key: '', asked: '' });
  const asked = `${reader.key ?? ''}@${reader.turn ?? ''}`;
  // Only the initial place; later ones come as events.
  const [start] = useState<Place>(() => {
    const { key, turn } = reader;
    // A hidden panel gets its first place again when it is shown: when the person has read on since, it stays there.
    if (saved.sessionId === sessionId && saved.key !== '' && (asked === '@' || saved.asked === asked))
      return { key: saved.key };
    return { ...(key !== undefined && { key }), ...(turn !== undefined && { turn }) };
  });
  const setPlace = useCallback((key: string) => setSaved({ sessionId, key, asked }), [sessionId, asked, setSaved]);
  const pages = useReaderPages(sessionId, start);
  const [find, setFind] = useState({ isOpen: false, round: 0, text: '' });
  const [connection, setConnection] = useState<{ isConnected: boolean; reason?: string }>({ isConnected: true });
  const [hasOutline, setHasOutline] = usePersisted('outline', window.innerWidth >= outlineWidth);
  const [turn, setTurn] = useState(reader.turn ?? 0);
  const [faded, setFaded] = useState(0);
  const [arrived, setArrived] = useState(0);
  const list = useRef<ListHandle>(null);
  const box = useRef<HTMLDivElement>(null);
  const expand = useExpand();
  const rows = useMemo(() => toRows(pages.items), [pages.items]);
  useEvent('connection', setConnection);
  useMarkedWords(box, find.isOpen ? find.text : '');

  const { target } = pages;
  const hasArrived = target === undefined ? !pages.isLoading : arrived === target.round;
  useEffect(() => {
    if (!target) return undefined;
    if (target.kind === 'tool') expand(target.key);
    list.current?.scrollToKey(target.key);
    const arrival = setTimeout(() => setArrived(target.round), arriveMs);
    const fading = setTimeout(() => setFaded(target.round), litMs);
    return () => {
      clearTimeout(arrival);
      clearTimeout(fading);
    };
  }, [target, expand]);

  const openFind = useCallback(() => setFind((old) => ({ ...old, isOpen: true, round: old.round + 1 })), []);
  useEffect(() => {
    const onKey = (event: KeyboardEvent) => {
      if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === 'f') {
        event.preventDefault();
        openFind();
      } else if (event.key === 'Escape') setFind((old) => ({ ...old, isOpen: false }));
    };
    window.addEventListener('keydown', onKey);
    return () => window.removeEventListener('keydown', onKey);
  }, [openFind]);

  const saving = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => {
    setPlace(start.key ?? '');
    return () => clearTimeout(saving.current);
  }, [setPlace, start]);
  const onRange = useCallback(
    (first: ReaderRow) => {
      setTurn(first.item.turn);
      clearTimeout(saving.current);
      saving.current = setTimeout(() => setPlace(first.key), 400);
    },
    [setPlace],
  );

  if (pages.error && rows.length === 0) return <Failure error={pages.error} onRetry={pages.reload} />;
  if (!pages.session) return <Loading label={t('Opening session…')} />;
  return (
    <div className="reader">
      <ReaderHead
        session={pages.session}
        hasOutline={hasOutline}
        onOutline={() => setHasOutline(!hasOutline)}
        onFind={openFind}
      />
      <Summary session={pages.session} onGo={pages.reveal} />
      {find.isOpen && (
        <FindBar
          sessionId={sessionId}
          text={find.text}
          round={find.round}
          onText={(text) => setFind((old) => ({ ...old, text }))}
          onGo={(key) => pages.reveal({ key })}
          onClose={() => setFind((old) => ({ ...old, isOpen: false }))}
        />
      )}
      <ActionFailure />
      {!connection.isConnected && <ConnectionNotice reason={connection.reason} />}
      <div className="reader-columns">
        {hasOutline && <Outline session={pages.session} turn={turn} onGo={pages.reveal} />}
        <main className="reader-body" ref={box} aria-busy={pages.isLoading}>
          {rows.length === 0 ? (
            <Empty icon="comment-discussion" title={t('This session has no messages.')} />
          ) : (
            <VirtualList
              ref={list}
              items={rows}
              keyOf={keyOf}
              estimate={estimateRow}
              renderItem={(row) => <Row row={row} isLit={row.key === target?.key && faded !== target.round} />}
              label={t('Conversation')}
              className="conversation"
              isRoving={false}
              isAnchored
              isPartial={pages.isPartial}
              isFollowing={pages.session.isLive && pages.isAtEnd}
              onNearStart={hasArrived ? pages.loadBefore : undefined}
              onNearEnd={hasArrived ? pages.loadAfter : undefined}
              onRange={onRange}
            />
          )}
        </main>
      </div>
    </div>
  );
}

function Row({ row, isLit }: { row: ReaderRow; isLit: boolean }) {
  const { api } = useHost();
  const act = useAct();
  const { item } = row;
  const menu = { webviewSection: 'row', key: item.key, preventDefaultContextMenuItems: false };
  const classes = [
    'turn-row',
    item.agentId !== undefined && 'of-agent',
    item.copiedFrom !== undefined && 'copied',
    isLit && 'lit',
  ];
  return (
    <div className={classes.filter(Boolean).join(' ')} data-turn={item.turn} data-vscode-context={JSON.stringify(menu)}>
      {row.startsCopy && item.copiedFrom !== undefined && (
        <p className="row-note">
          <Icon name="git-pull-request-go-to-changes" />
          {t('Copied from an earlier session.')}
          <button type="button" className="link" onClick={() => act(api.openSession(item.copiedFrom ?? ''))}>
            {t('Open it')}
          </button>
        </p>
      )}
      {row.startsAgent && (
        <p className="row-note">
          <Icon name="robot" />
          {t('Sub-agent')}
        </p>
      )}
      {item.kind === 'message' ? <MessageRow item={item} /> : <ToolRow item={item} />}
    </div>
  );
}

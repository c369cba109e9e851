/** The Memory view: four tabs and the notices above them. */
import { Suspense, lazy, useCallback, useState } from 'react';
import type { SessionId } from '../src/protocol/model';
import type { CaptureState } from '../src/protocol/status';
import type { InsightsSection, MemoryTab, WebviewContext, WebviewEvents } from '../src/protocol/webview';
import type { Draft } from './pages/learnings/draft';
import { Search } from './pages/search/search';
import { Timeline } from './pages/timeline/timeline';
import { ActionFailure, CaptureStrip, ConnectionNotice, Warnings } from './parts/capture-strip';
import { Loading } from './parts/empty';
import { ErrorBoundary } from './parts/error-boundary';
import { FirstRun } from './parts/first-run';
import { startOfNamedDay } from './state/format';
import { HostProvider, useEditorContext, useEvent, useHost } from './state/host';
import type { Host } from './state/host';
import { usePersisted } from './state/persisted';
import { ScopeContext, scopeOf, useOwnScope } from './state/scope';
import { useThrottled } from './state/throttle';
import { useResource } from './state/use-resource';
import { setWords, t } from './state/words';

/** The root component; follows context events, which may change folders and language. */
export function App({ host, context }: { host: Host; context: WebviewContext }) {
  const [current, setCurrent] = useState(context);
  return (
    <HostProvider host={host} context={current}>
      <ErrorBoundary>
        <Tabs
          onContext={(next) => {
            setWords(next.language, next.words);
            setCurrent(next);
          }}
        />
      </ErrorBoundary>
    </HostProvider>
  );
}

/** In a bundle of its own, loaded on the first visit. */
const Learnings = lazy(async () => ({ default: (await import('./pages/learnings/learnings')).Learnings }));
const Insights = lazy(async () => ({ default: (await import('./pages/insights/insights')).Insights }));

const tabs: readonly MemoryTab[] = ['timeline', 'search', 'learnings', 'insights'];

function Tabs({ onContext }: { onContext: (context: WebviewContext) => void }) {
  const [tab, setTab] = usePersisted<MemoryTab>('tab', 'timeline');
  // A page is rendered on its first visit and then kept, so that returning to it keeps its place.
  const [visited, setVisited] = useState<readonly MemoryTab[]>([tab]);
  // A query from outside resets its page: `round` is the page's key.
  const [asked, setAsked] = useState({ query: '', isQuestion: false, round: 0 });
  const [place, setPlace] = useState<{
    section: InsightsSection;
    file?: string;
    session?: SessionId;
    round: number;
  } | null>(null);
  // A draft does not: its page may hold a learning that is half written.
  const [draft, setDraft] = useState<Draft | null>(null);
  const open = useCallback(
    (next: MemoryTab) => {
      setVisited((old) => (old.includes(next) ? old : [...old, next]));
      setTab(next);
    },
    [setTab],
  );
  const [day, setDay] = useState<{ at: number; round: number }>();
  const openDay = (name: string) => {
    open('timeline');
    setDay((old) => ({ at: startOfNamedDay(name), round: (old?.round ?? 0) + 1 }));
  };
  const find = () => {
    open('search');
    setAsked((old) => ({ query: '', isQuestion: false, round: old.round + 1 }));
  };
  const state = useMemoryState();
  const scope = useOwnScope();
  const { isFirstRun } = useEditorContext();
  // The host confirms a closed notice only with the next context, and each tab draws its own notices.
  const [isNoticed, setIsNoticed] = useState(false);

  useEvent('context', onContext);
  useEvent('show', ({ tab: next, query, isQuestion, section, file, session }) => {
    open(next);
    if (section !== undefined)
      setPlace((old) => ({
        section,
        ...(file !== undefined && { file }),
        ...(session !== undefined && { session }),
        round: (old?.round ?? 0) + 1,
      }));
    if (next === 'search')
      setAsked((old) => ({ query: query ?? '', isQuestion: isQuestion === true, round: old.round + 1 }));
  });
  useEvent('draftLearning', (event) => {
    open('learnings');
    setDraft({ ...event });
  });

  const pages: Record<MemoryTab, React.ReactNode> = {
    timeline: (
      <Timeline
        isImporting={state.isImporting}
        forgotten={state.status?.forgotten ?? 0}
        isShown={tab === 'timeline'}
        asked={day}
      />
    ),
    search: (
      <Search
        key={asked.round}
        asked={asked.round === 0 ? null : asked.query}
        isQuestion={asked.isQuestion}
        isWorkspaceEmpty={state.status?.inScope === 0}
      />
    ),
    learnings: <Learnings draft={draft} isShown={tab === 'learnings'} />,
    insights: (
      <Insights
        key={place?.round}
        place={place}
        isShown={tab === 'insights'}
        isWorkspaceEmpty={state.status?.inScope === 0}
        onOpenDay={openDay}
      />
    ),
  };
  const names: Record<MemoryTab, string> = {
    timeline: t('Timeline'),
    search: t('Search'),
    learnings: t('Learnings'),
    insights: t('Insights'),
  };
  return (
    <ScopeContext value={scope}>
      <main className="tabs-main">
        <h1 className="sr-only">{t('Claude-Mem: Memory')}</h1>
        <vscode-tabs
          className="tabs"
          selected-index={tabs.indexOf(tab)}
          onvsc-tabs-select={(event) => open(tabs[event.detail.selectedIndex] ?? 'timeline')}
        >
          {tabs.map((name) => (
            <vscode-tab-header key={name} slot="header">
              {names[name]}
            </vscode-tab-header>
          ))}
          {tabs.map((name) => (
            <vscode-tab-panel key={name}>
              {name === tab && (
                <Notices
                  state={state}
                  firstRun={
                    name === 'timeline' && isFirstRun && !isNoticed
                      ? { onClose: () => setIsNoticed(true), onFind: () => find() }
                      : undefined
                  }
                />
              )}
              {visited.includes(name) && (
                <ErrorBoundary>
                  <Suspense fallback={<Loading label={t('Loading…')} />}>{pages[name]}</Suspense>
                </ErrorBoundary>
              )}
            </vscode-tab-panel>
          ))}
        </vscode-tabs>
      </main>
    </ScopeContext>
  );
}

type MemoryState = ReturnType<typeof useMemoryState>;

interface NoticesProps {
  state: MemoryState;
  /** Shown while it is given. */
  firstRun: { onClose: () => void; onFind: () => void } | undefined;
}

function Notices({ state, firstRun }: NoticesProps) {
  return (
    <div className="notices">
      <ActionFailure />
      {!state.connection.isConnected && <ConnectionNotice reason={state.connection.reason} />}
      {state.capture && <CaptureStrip capture={state.capture} />}
      {state.status && <Warnings warnings={state.status.warnings} />}
      {firstRun && (
        <FirstRun
          status={state.status && state.capture ? { ...state.status, capture: state.capture } : state.status}
          {...firstRun}
        />
      )}
    </div>
  );
}

/** Read once, then updated by events: `capture` for progress, `changed` for counts. */
function useMemoryState() {
  const { api } = useHost();
  // Counted for this workspace, because search must know when the workspace has no sessions.
  const { roots } = useEditorContext();
  const status = useResource((folders: string[], _signal: AbortSignal) => api.status(scopeOf(folders)), [roots]);
  const [live, setLive] = useState<CaptureState>();
  const [connection, setConnection] = useState<WebviewEvents['connection']>({ isConnected: true });
  const refresh = useThrottled(status.reload, 1000);
  useEvent('capture', (next) => {
    // Warnings and counts are final only when a phase ends.
    if (next.phase !== live?.phase) refresh();
    setLive(next);
  });
  useEvent('changed', refresh);
  useEvent('connection', (next) => {
    setConnection(next);
    if (next.isConnected) refresh();
  });
  const capture = live ?? status.data?.capture;
  const isImporting = capture?.phase === 'scanning' || capture?.phase === 'importing';
  return { status: status.data, capture, connection, isImporting };
}

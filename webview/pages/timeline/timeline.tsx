/** All sessions by day, newest first. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Field } from '../../parts/field';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { ScopeChip } from '../../parts/scope-chip';
import { formatDay, formatNumber } from '../../state/format';
import { useAct, useEditorContext, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useScopeChoice } from '../../state/scope';
import { debounceText } from '../../state/throttle';
import { t } from '../../state/words';
import { groupDays } from './group-days';
import type { TimelineRow } from './group-days';
import type { OnlyChoice } from './load-sessions';
import { SessionRow, useSessionKeys } from './session-row';
import { useSessions } from './use-sessions';

interface TimelineProps {
  /** True while sessions are being imported; decides the text of an empty list. */
  isImporting: boolean;
  /** Number of sessions that were forgotten. */
  forgotten?: number;
}

const keyOf = (row: TimelineRow) => row.key;
const estimate = (row: TimelineRow) => (row.kind === 'day' ? 28 : 72);
const isHeading = (row: TimelineRow) => row.kind === 'day';

export function Timeline({ isImporting, forgotten = 0 }: TimelineProps) {
  const { roots } = useEditorContext();
  const [scope, setScope] = useScopeChoice();
  const [text, setText] = usePersisted('timeline.text', '');
  const [only, setOnly] = usePersisted<OnlyChoice>('timeline.only', 'all');
  const [asked, setAsked] = useState(text);
  const place = usePlace();
  const [debounce] = useState(() => debounceText(120));
  useEffect(() => debounce.stop, [debounce]);
  const sessions = useSessions({ scope, roots, text: asked.trim(), only }, place.depth);
  const list = useRef<ListHandle>(null);
  const onKey = useSessionKeys();
  const rows = useMemo(() => groupDays(sessions.data?.sessions ?? []), [sessions.data]);
  const isFallback = sessions.data?.isFallback ?? false;
  const hasFilters = asked.trim() !== '' || only !== 'all';
  const clearFilters = () => {
    setText('');
    setAsked('');
    setOnly('all');
  };

  const renderRow = useCallback(
    (row: TimelineRow, tabIndex: 0 | -1) =>
      row.kind === 'day' ? (
        <h2 className="day">{formatDay(row.at)}</h2>
      ) : (
        <SessionRow session={row.session} tabIndex={tabIndex} />
      ),
    [],
  );

  return (
    <div className="page">
      <div className="toolbar">
        <Field
          label={t('Filter sessions')}
          placeholder={t('Filter sessions')}
          icon="filter"
          value={text}
          onChange={(next) => {
            setText(next);
            debounce.push(next, setAsked);
          }}
          onDown={() => list.current?.focusFirst()}
        />
        <div className="toolbar-row">
          <ScopeChip scope={isFallback ? 'all' : scope} onChange={setScope} />
          <Chips
            label={t('Show')}
            chips={[
              { value: 'errors', label: t('Errors'), title: t('Only sessions with errors') },
              { value: 'live', label: t('Live'), title: t('Only sessions that are still growing') },
            ]}
            selected={[only]}
            onToggle={(value) => setOnly(only === value ? 'all' : value)}
          />
        </div>
        {isFallback && rows.length > 0 && (
          <p className="hint" role="status">
            {t('No sessions for this workspace yet: showing all projects')}
          </p>
        )}
      </div>
      <div className="page-body" aria-busy={sessions.isLoading}>
        {rows.length > 0 ? (
          <VirtualList
            key={sessions.shownKey}
            ref={list}
            items={rows}
            keyOf={keyOf}
            estimate={estimate}
            isHeading={isHeading}
            renderItem={renderRow}
            label={t('Sessions')}
            className="cards"
            isPartial={sessions.data?.next !== undefined}
            initialOffset={sessions.isFirstQuestion ? place.offset : 0}
            onNearEnd={sessions.loadMore}
            onScroll={(offset) => place.save(offset, sessions.data?.sessions.length ?? 0)}
            onRowKey={(event, row) => {
              if (row.kind === 'session') onKey(event, row.session);
            }}
          />
        ) : (
          <NoSessions
            sessions={sessions}
            hasFilters={hasFilters}
            isImporting={isImporting}
            forgotten={forgotten}
            onClear={clearFilters}
          />
        )}
      </div>
      <span className="sr-only" role="status">
        {hasFilters && !sessions.isLoading ? describeCount(rows, sessions.data?.next !== undefined) : ''}
      </span>
    </div>
  );
}

interface NoSessionsProps {
  sessions: ReturnType<typeof useSessions>;
  hasFilters: boolean;
  isImporting: boolean;
  forgotten: number;
  onClear: () => void;
}

function NoSessions({ sessions, hasFilters, isImporting, forgotten, onClear }: NoSessionsProps) {
  const { api } = useHost();
  const act = useAct();
  const { configDirs } = useEditorContext();
  if (sessions.error) return <Failure error={sessions.error} onRetry={sessions.reload} />;
  if (!sessions.data) return <Loading label={t('Loading sessions…')} />;
  if (hasFilters) {
    return (
      <Empty icon="filter" title={t('No session matches the filters')}>
        <div className="buttons">
          <Button isSecondary onClick={onClear}>
            {t('Clear Filters')}
          </Button>
        </div>
      </Empty>
    );
  }
  if (isImporting) return <Loading label={t('The first sessions will appear here in a moment')} />;
  return (
    <Empty icon="history" title={t('No sessions yet')}>
      <p className="empty-text">{t('Claude-Mem looks for Claude Code transcripts in:')}</p>
      {configDirs.map((dir) => (
        <code key={dir} className="empty-path">
          {dir}
        </code>
      ))}
      <p className="empty-text">{t('Use Claude Code in any project and its sessions show up here by themselves.')}</p>
      {forgotten > 0 && (
        <p className="empty-text">
          {forgotten === 1
            ? t('1 session was forgotten and is not read.')
            : t('{0} sessions were forgotten and are not read.', formatNumber(forgotten))}
        </p>
      )}
      <div className="buttons">
        {forgotten > 0 && <Button onClick={() => act(api.showForgotten())}>{t('Forgotten Sessions…')}</Button>}
        <Button isSecondary={forgotten > 0} onClick={() => act(api.importNow())}>
          {t('Look Again')}
        </Button>
        <Button isSecondary onClick={() => act(api.chooseConfigDir())}>
          {t('Choose Another Folder')}
        </Button>
      </div>
    </Empty>
  );
}

function describeCount(rows: readonly TimelineRow[], isPartial: boolean): string {
  const count = rows.filter((row) => row.kind === 'session').length;
  if (count === 1) return t('1 session');
  return isPartial ? t('More than {0} sessions', formatNumber(count)) : t('{0} sessions', formatNumber(count));
}

/** The place in the list, so that a hidden view is restored as it was. */
function usePlace(): { offset: number; depth: number; save: (offset: number, depth: number) => void } {
  const [saved, setSaved] = usePersisted('timeline.place', { offset: 0, depth: 0 });
  const [first] = useState(saved);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const save = (offset: number, depth: number) => {
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setSaved({ offset, depth: Math.min(depth, 400) }), 300);
  };
  return { ...first, save };
}

/** All sessions by day, newest first, or by project and branch. */
import { useCallback, useEffect, useMemo, useRef, useState } from 'react';
import type { SessionCard } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Chips } from '../../parts/chips';
import { Empty, Failure, Loading } from '../../parts/empty';
import { Field } from '../../parts/field';
import { Icon, IconButton } from '../../parts/icon';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import { ScopeChip } from '../../parts/scope-chip';
import { formatDay, formatNumber, startOfDay } from '../../state/format';
import { useAct, useEditorContext, useHost } from '../../state/host';
import { usePersisted } from '../../state/persisted';
import { useProjectName } from '../../state/project-names';
import { useScopeChoice } from '../../state/scope';
import { debounceText } from '../../state/throttle';
import { useHold } from '../../state/use-hold';
import { t } from '../../state/words';
import { Calendar } from './calendar';
import { ChooseBar } from './choose-bar';
import { groupSessions } from './group-days';
import type { TimelineRow } from './group-days';
import { hasFilters } from './load-sessions';
import type { GroupChoice, OnlyChoice, TimelineQuery } from './load-sessions';
import { SessionRow, useSessionKeys } from './session-row';
import { useChoice } from './use-choice';
import { useSessions } from './use-sessions';

interface TimelineProps {
  /** True while sessions are being imported; decides the text of an empty list. */
  isImporting: boolean;
  /** Number of sessions that were forgotten. */
  forgotten?: number;
  /** False while another tab is shown. */
  isShown?: boolean;
  /** A day to show, its midnight in epoch milliseconds; another round asks again. */
  asked?: { at: number; round: number } | undefined;
}

const keyOf = (row: TimelineRow) => row.key;
const estimate = (row: TimelineRow) => (row.kind === 'heading' ? 28 : 76);
const isHeading = (row: TimelineRow) => row.kind === 'heading';
const dayMs = 86_400_000;

export function Timeline({ isImporting, forgotten = 0, isShown = true, asked: askedDay }: TimelineProps) {
  const { roots } = useEditorContext();
  const { api } = useHost();
  const act = useAct();
  const [scope, setScope] = useScopeChoice();
  const [text, setText] = usePersisted('timeline.text', '');
  const [only, setOnly] = usePersisted<OnlyChoice>('timeline.only', 'all');
  const [asked, setAsked] = useState(text);
  const [order, setOrder] = usePersisted<GroupChoice>('timeline.order', 'latest');
  const [isCalendarOpen, setIsCalendarOpen] = useState(false);
  const [day, setDay] = useState<number>();
  const [round, setRound] = useState(0);
  if (askedDay && askedDay.round !== round) {
    setRound(askedDay.round);
    setDay(askedDay.at);
  }
  const place = usePlace();
  const [debounce] = useState(() => debounceText(120));
  useEffect(() => debounce.stop, [debounce]);
  const released = useRef(() => {});
  const hold = useHold(() => released.current());
  const query: TimelineQuery = {
    scope,
    roots,
    text: asked.trim(),
    only,
    order,
    // The next midnight, also where a day has 23 or 25 hours.
    ...(day !== undefined && { after: day, before: startOfDay(day + 1.5 * dayMs) }),
  };
  const sessions = useSessions(query, place.depth, hold.isHeld, isShown);
  const { release } = sessions;
  useEffect(() => {
    released.current = release;
  }, [release]);
  const list = useRef<ListHandle>(null);
  const onKey = useSessionKeys();
  const nameProject = useProjectName();
  const shown = sessions.data?.sessions ?? none;
  const rows = useMemo(() => groupSessions(shown, order, nameProject), [shown, order, nameProject]);
  const choice = useChoice(shown);
  const { chosen, toggle } = choice;
  const isFallback = sessions.data?.isFallback ?? false;
  const isFiltered = hasFilters(query);
  const clearFilters = () => {
    setText('');
    setAsked('');
    setOnly('all');
    setDay(undefined);
  };

  const renderRow = useCallback(
    (row: TimelineRow, tabIndex: 0 | -1) =>
      row.kind === 'heading' ? (
        <div className="day">
          <bdi>{showLine(row.label)}</bdi>
        </div>
      ) : (
        <SessionRow
          session={row.session}
          tabIndex={tabIndex}
          isChosen={chosen?.has(row.session.id)}
          onChoose={toggle}
          hasDay={order === 'latest' && !row.session.isPinned}
        />
      ),
    [chosen, toggle, order],
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
          <div className="toolbar-line">
            <select
              className="order"
              aria-label={t('Grouped by')}
              title={t('Grouped by')}
              value={order}
              onChange={({ target: { value } }) =>
                setOrder(value === 'project' || value === 'branch' ? value : 'latest')
              }
            >
              <option value="latest">{t('By day')}</option>
              <option value="project">{t('By project')}</option>
              <option value="branch">{t('By branch')}</option>
            </select>
            <IconButton
              name="calendar"
              label={t('Days')}
              isExpanded={isCalendarOpen}
              onClick={() => setIsCalendarOpen(!isCalendarOpen)}
            />
            <IconButton
              name="checklist"
              label={t('Choose several')}
              isPressed={chosen !== undefined}
              onClick={chosen ? choice.end : choice.begin}
            />
          </div>
        </div>
        {isCalendarOpen && (
          <Calendar folders={scope === 'all' || isFallback ? noFolders : roots} chosen={day} onChoose={setDay} />
        )}
        {day !== undefined && (
          <div className="chips">
            <button type="button" className="chip" aria-pressed title={t('Remove')} onClick={() => setDay(undefined)}>
              <span className="chip-label">{formatDay(day)}</span>
              <Icon name="close" label={t('Remove')} />
            </button>
            <button
              type="button"
              className="link"
              onClick={() => act(api.eraseRange(day, startOfDay(day + 1.5 * dayMs)))}
            >
              {t('Erase This Day…')}
            </button>
          </div>
        )}
        {isFallback && rows.length > 0 && (
          <p className="hint" role="status">
            {sessions.data?.hasWorkspaceNow
              ? t('This workspace has sessions now. These are from all projects.')
              : t('No sessions for this workspace yet: showing all projects')}
          </p>
        )}
      </div>
      {chosen && (
        <ChooseBar
          count={chosen.size}
          onBasket={choice.basket}
          onExport={choice.exportAll}
          onForget={choice.forget}
          onCancel={choice.end}
        />
      )}
      <div className="page-body" aria-busy={sessions.isLoading} {...hold.listen}>
        {sessions.waiting > 0 && (
          <button type="button" className="chip waiting-rows" onClick={sessions.release}>
            <Icon name="arrow-up" />
            {sessions.waiting === 1 ? t('1 new session') : t('{0} new sessions', formatNumber(sessions.waiting))}
          </button>
        )}
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
            onScroll={(offset) => place.save(offset, shown.length)}
            onRowKey={(event, row) => {
              if (row.kind !== 'session') return;
              if (chosen && event.key === ' ') {
                event.preventDefault();
                toggle(row.session.id);
              } else if (chosen && event.key === 'Escape') {
                event.preventDefault();
                choice.end();
              } else onKey(event, row.session);
            }}
          />
        ) : (
          <NoSessions
            sessions={sessions}
            hasFilters={isFiltered}
            isImporting={isImporting}
            forgotten={forgotten}
            onClear={clearFilters}
            onWiden={scope === 'workspace' && roots.length > 0 ? () => setScope('all') : undefined}
          />
        )}
      </div>
      <span className="sr-only" role="status">
        {isFiltered && !sessions.isLoading ? describeCount(rows, sessions.data?.next !== undefined) : ''}
      </span>
    </div>
  );
}

const none: readonly SessionCard[] = [];
const noFolders: string[] = [];

interface NoSessionsProps {
  sessions: ReturnType<typeof useSessions>;
  hasFilters: boolean;
  isImporting: boolean;
  forgotten: number;
  onClear: () => void;
  /** Shows all projects; absent when they are shown. */
  onWiden: (() => void) | undefined;
}

function NoSessions({ sessions, hasFilters: isFiltered, isImporting, forgotten, onClear, onWiden }: NoSessionsProps) {
  const { api } = useHost();
  const act = useAct();
  const { configDirs } = useEditorContext();
  if (sessions.error) return <Failure error={sessions.error} onRetry={sessions.reload} />;
  if (!sessions.data) return <Loading label={t('Loading sessions…')} />;
  if (isFiltered) {
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
        {onWiden && (
          <Button isSecondary onClick={onWiden}>
            {t('Show All Projects')}
          </Button>
        )}
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

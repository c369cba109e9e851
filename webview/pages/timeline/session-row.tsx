/** A session as a card: topic, place, time and result. */
import { memo } from 'react';
import type { KeyboardEvent } from 'react';
import type { SessionCard, SessionId } from '../../../src/protocol/model';
import { fileName } from '../../../src/protocol/paths';
import { rowKeyOf } from '../../../src/protocol/row-key';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { Icon, IconButton } from '../../parts/icon';
import { MoreButton } from '../../parts/more-button';
import { isBasketKey, useBasket } from '../../state/basket';
import { formatAgo, formatDateTime, formatDuration, formatNumber, formatTime } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useProjectName } from '../../state/project-names';
import { t } from '../../state/words';

const shownFiles = 3;

interface SessionRowProps {
  session: SessionCard;
  tabIndex: 0 | -1;
  /** While several can be chosen: whether this one is. Then a click chooses. */
  isChosen?: boolean | undefined;
  onChoose: (id: SessionId) => void;
  /** The heading above it names its day. */
  hasDay: boolean;
}

/** The title is the button; a click on the card does the same. */
export const SessionRow = memo(function SessionRow({ session, tabIndex, isChosen, onChoose, hasDay }: SessionRowProps) {
  const { api } = useHost();
  const act = useAct();
  const title = showLine(session.title || session.firstPrompt) || t('Untitled session');
  const duration = formatDuration(session.updatedAt - session.startedAt);
  const key = rowKeyOf({ kind: 'session', id: session.id });
  const { toggle } = useBasket(key);
  const nameProject = useProjectName();
  const isPinned = session.isPinned ?? false;
  const menu = {
    webviewSection: 'session',
    sessionId: session.id,
    key,
    isPinned,
    preventDefaultContextMenuItems: true,
  };
  return (
    <article className={isChosen ? 'card card-chosen' : 'card'} data-vscode-context={JSON.stringify(menu)}>
      <div className="card-head">
        {isChosen !== undefined && (
          <Icon name={isChosen ? 'pass-filled' : 'circle-large-outline'} className="hit-icon" />
        )}
        <button
          type="button"
          className="card-title"
          data-roving=""
          tabIndex={tabIndex}
          aria-pressed={isChosen}
          title={session.ownTitle && t('Was: {0}', showLine(session.ownTitle))}
          onClick={() => (isChosen === undefined ? act(api.openSession(session.id)) : onChoose(session.id))}
          onKeyDown={(event) => {
            if (!isBasketKey(event)) return;
            event.preventDefault();
            act(toggle());
          }}
        >
          <bdi>{title}</bdi>
        </button>
        {isPinned && <Icon name="pinned" label={t('Pinned')} className="card-pin" />}
        {session.isLive && <span className="live" role="img" aria-label={t('Live')} title={t('Live: still growing')} />}
        <InBasket name={key} />
      </div>
      <div className="card-meta">
        <span className="card-project" title={session.project.root}>
          {showLine(nameProject(session.project))}
        </span>
        {session.gitBranch && (
          <span className="card-branch" title={session.gitBranch}>
            <Icon name="git-branch" />
            <bdi>{showLine(session.gitBranch)}</bdi>
          </span>
        )}
        {duration && <span className="card-duration">{duration}</span>}
        {session.status === 'archived' && (
          <span
            role="img"
            aria-label={t('Only here')}
            title={t('Claude Code has deleted its transcript. This memory is all there is.')}
          >
            <Icon name="archive" />
          </span>
        )}
      </div>
      <div className="card-foot">
        <div className="card-meta">
          <Count icon="comment" value={session.prompts} label={t('Prompts: {0}', formatNumber(session.prompts))} />
          <Count
            icon="tools"
            value={session.observations}
            label={t('Tool calls: {0}', formatNumber(session.observations))}
          />
          <Agents session={session} tabIndex={tabIndex} />
          {session.errors > 0 && (
            <Count icon="error" value={session.errors} label={t('Errors: {0}', formatNumber(session.errors))} isError />
          )}
          <Files files={session.filesTouched} />
          <time
            className="card-time"
            dateTime={new Date(session.updatedAt).toISOString()}
            title={formatDateTime(session.updatedAt)}
          >
            {hasDay ? formatTime(session.updatedAt) : formatAgo(session.updatedAt)}
          </time>
        </div>
        <div className="card-actions">
          <IconButton
            name="terminal"
            label={t('Resume')}
            tabIndex={tabIndex}
            onClick={() => act(api.resumeSession(session.id))}
          />
          <BasketButton name={key} tabIndex={tabIndex} label={t('Put the session into the basket')} />
          <MoreButton tabIndex={tabIndex} />
        </div>
      </div>
    </article>
  );
});

function Count({
  icon,
  value,
  label,
  isError = false,
}: {
  icon: string;
  value: number;
  label: string;
  isError?: boolean;
}) {
  return (
    <span className={isError ? 'count count-error' : 'count'} role="img" aria-label={label} title={label}>
      <Icon name={icon} />
      {formatNumber(value)}
    </span>
  );
}

/** Sub-agents are part of the session that started them: the count leads to the first of them. */
function Agents({ session: { id, agents = 0 }, tabIndex }: { session: SessionCard; tabIndex: 0 | -1 }) {
  const { api } = useHost();
  const act = useAct();
  if (agents === 0) return null;
  const label = t('Sub-agents: {0}', formatNumber(agents));
  const open = async () => api.openSession(id, (await api.stepInSession({ sessionId: id, to: 'task' })) ?? {});
  return (
    <button
      type="button"
      className="count count-link"
      tabIndex={tabIndex}
      aria-label={t('{0}. Go to the first', label)}
      title={t('{0}. Go to the first', label)}
      onClick={() => act(open())}
    >
      <Icon name="robot" />
      {formatNumber(agents)}
    </button>
  );
}

/** File names without folders, which are in the tooltip: a narrow card has no space for them. */
function Files({ files }: { files: readonly string[] }) {
  if (files.length === 0) return null;
  const names = files.slice(0, shownFiles).map((file) => showLine(fileName(file)));
  const more = files.length - names.length;
  return (
    <span className="card-files" title={files.map(showLine).join('\n')}>
      {names.join(', ')}
      {more > 0 && ` +${formatNumber(more)}`}
    </span>
  );
}

/** Keys on a focused card besides Enter, which the button handles. */
export function useSessionKeys(): (event: KeyboardEvent, session: SessionCard) => void {
  const { api } = useHost();
  const act = useAct();
  return (event, session) => {
    const run = { Delete: api.forgetSession, F2: api.renameSession }[event.key];
    if (!run) return;
    event.preventDefault();
    act(run(session.id));
  };
}

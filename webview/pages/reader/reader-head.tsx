/** The session's title and facts in two lines, and its actions. */
import type { MouseEvent } from 'react';
import type { SessionCard, SessionId } from '../../../src/protocol/model';
import { rowKeyOf } from '../../../src/protocol/row-key';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton } from '../../parts/basket-button';
import { Button } from '../../parts/button';
import { ClassLabel } from '../../parts/class-label';
import { Icon, IconButton } from '../../parts/icon';
import { formatCompact, formatDateTime, formatDuration, formatNumber } from '../../state/format';
import { useAct, useEvent, useHost } from '../../state/host';
import { useResource } from '../../state/use-resource';
import { t } from '../../state/words';
import { useAllExpanded } from './expanded';

interface ReaderHeadProps {
  session: SessionCard;
  hasOutline: boolean;
  onOutline: () => void;
  onFind: () => void;
  /** Goes to the next call that failed. */
  onError: () => void;
  /** Goes to the next sub-agent. */
  onAgent: () => void;
  /** All rows were expanded or collapsed. */
  onFold: () => void;
}

export function ReaderHead({ session, hasOutline, onOutline, onFind, onError, onAgent, onFold }: ReaderHeadProps) {
  const { api } = useHost();
  const act = useAct();
  const [areAllExpanded, setAllExpanded] = useAllExpanded();
  const { tokens } = session;
  const duration = formatDuration(session.updatedAt - session.startedAt);
  const read = tokens.input + tokens.cacheRead + tokens.cacheWrite;
  return (
    <header
      className="head"
      data-vscode-context={JSON.stringify({ webviewSection: 'readerHead', sessionId: session.id })}
    >
      <div className="head-line">
        <h1 className="head-title" title={session.ownTitle && t('Was: {0}', showLine(session.ownTitle))}>
          <bdi>{showLine(session.title || session.firstPrompt) || t('Untitled session')}</bdi>
          {session.isPinned && <Icon name="pinned" label={t('Pinned')} className="card-pin" />}
          {session.isLive && (
            <span className="live" role="img" aria-label={t('Live')} title={t('Live: still growing')} />
          )}
        </h1>
        <div className="head-actions">
          {session.status === 'archived' && (
            <Button onClick={() => act(api.restoreTranscript(session.id))}>{t('Restore transcript')}</Button>
          )}
          <Button onClick={() => act(api.resumeSession(session.id))}>{t('Resume')}</Button>
          <IconButton name="list-tree" label={t('Prompts')} isExpanded={hasOutline} onClick={onOutline} />
          <IconButton
            name={areAllExpanded ? 'collapse-all' : 'expand-all'}
            label={areAllExpanded ? t('Collapse all') : t('Expand all')}
            onClick={() => {
              setAllExpanded(!areAllExpanded);
              onFold();
            }}
          />
          <BasketButton
            name={rowKeyOf({ kind: 'session', id: session.id })}
            label={t('Put the session into the basket')}
          />
          <IconButton name="search" label={t('Find (Ctrl+F)')} onClick={onFind} />
          <IconButton name="ellipsis" label={t('More actions')} onClick={openMenu} />
        </div>
      </div>
      <div className="card-meta head-meta">
        <span className="card-project" title={session.cwd || session.project.root}>
          <Icon name="folder" />
          {showLine(session.project.name)}
        </span>
        {session.gitBranch && (
          <span className="card-branch">
            <Icon name="git-branch" />
            <bdi>{showLine(session.gitBranch)}</bdi>
          </span>
        )}
        <span title={`${formatDateTime(session.startedAt)} – ${formatDateTime(session.updatedAt)}`}>
          {formatDateTime(session.startedAt)}
          {duration && ` · ${duration}`}
        </span>
        {session.status === 'archived' && (
          <span title={t('Claude Code has deleted its transcript. This memory is all there is.')}>
            <Icon name="archive" />
            {t('Only here')}
          </span>
        )}
        <ClassLabel
          of={session.class}
          title={t('The highest class of what is in this session. The menu of a row, or of this head, sets it.')}
        />
        {session.model && <span>{showLine(session.model)}</span>}
        <span>{t('Prompts: {0}', formatNumber(session.prompts))}</span>
        {session.agents !== undefined && (
          <button type="button" className="link" title={t('Go to the next sub-agent (A)')} onClick={onAgent}>
            {t('Sub-agents: {0}', formatNumber(session.agents))}
          </button>
        )}
        {session.errors > 0 && (
          <button type="button" className="link count-error" title={t('Go to the next error (E)')} onClick={onError}>
            {t('Errors: {0}', formatNumber(session.errors))}
          </button>
        )}
        {read + tokens.output > 0 && (
          <span
            title={t(
              'Input {0}, cache read {1}, cache write {2}, output {3}',
              formatNumber(tokens.input),
              formatNumber(tokens.cacheRead),
              formatNumber(tokens.cacheWrite),
              formatNumber(tokens.output),
            )}
          >
            {t('Tokens: {0} in, {1} out', formatCompact(read), formatCompact(tokens.output))}
          </span>
        )}
        <GivenLink id={session.id} />
        {session.originId && (
          <button type="button" className="link" onClick={() => act(api.openSession(session.originId ?? session.id))}>
            {t('Continues an earlier session')}
          </button>
        )}
      </div>
    </header>
  );
}

/** The editor's own menu, which it opens for a right click: this page has none of its own. */
function openMenu(event: MouseEvent<HTMLButtonElement>): void {
  const { left, bottom } = event.currentTarget.getBoundingClientRect();
  event.currentTarget.dispatchEvent(
    new globalThis.MouseEvent('contextmenu', { bubbles: true, cancelable: true, clientX: left, clientY: bottom }),
  );
}

/** Only where something was given: most sessions get nothing. */
function GivenLink({ id }: { id: SessionId }) {
  const { api } = useHost();
  const act = useAct();
  const given = useResource(
    (sessionId: SessionId, _signal: AbortSignal) => api.listGiven({ sessionId, limit: 1 }),
    [id],
  );
  useEvent('changed', (event) => event.given && given.reload());
  if ((given.data ?? []).length === 0) return null;
  return (
    <button type="button" className="link" onClick={() => act(api.showInsights('given', id))}>
      {t('What it was given')}
    </button>
  );
}

/** One hit: its source, its text and its actions. */
import { memo, useId, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import type { SearchQuery } from '../../../src/protocol/questions/search';
import { isInSession } from '../../../src/protocol/search-hit';
import type { SearchHit, SessionHit } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import type { WebviewApi } from '../../../src/protocol/webview-api';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { Highlight } from '../../parts/highlight';
import { Icon, IconButton } from '../../parts/icon';
import { MarkLine } from '../../parts/marks';
import { MoreButton } from '../../parts/more-button';
import { isBasketKey, useBasket } from '../../state/basket';
import { useCardActs } from '../../state/card-acts';
import { formatAgo, formatDateTime, formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useMarks } from '../../state/marks';
import { useProjectName } from '../../state/project-names';
import { t } from '../../state/words';
import { iconOfHit, nameHit } from './kinds';
import { MorePlaces } from './more-places';
import { WhyHit } from './why-hit';

interface HitRowProps {
  hit: SearchHit;
  tabIndex: 0 | -1;
  /** The hit came with the second, better answer. */
  isNew: boolean;
  onOpen: (hit: SearchHit) => void;
  onSimilar: (hit: SearchHit) => void;
  /** Unfolds the other places of its session, or folds them; absent where that makes no sense. */
  more?: { isOpen: boolean; query: SearchQuery; onToggle: (hit: SearchHit, isOpen: boolean) => void } | undefined;
}

/** The title is the button; a click on the card does the same. */
export const HitRow = memo(function HitRow({ hit, tabIndex, isNew, onOpen, onSimilar, more }: HitRowProps) {
  const { api } = useHost();
  const act = useAct();
  const title = useRef<HTMLButtonElement>(null);
  const [isWhyOpen, setIsWhyOpen] = useState(false);
  const [isEditing, setIsEditing] = useState(false);
  const { isFlagged, flag } = useMarks(hit);
  const { toggle } = useBasket(hit.key);
  const nameProject = useProjectName();
  // Learnings have marks of their own, and the title of a session has none.
  const canMark = hit.kind === 'message' || hit.kind === 'tool';
  const hasMore = isInSession(hit) && hit.moreInSession > 0;
  const menu = {
    // A learning has no place in a session and need not be saved as one: it has the menu of its own list.
    webviewSection: isInSession(hit) ? 'hit' : hit.kind,
    sessionId: hit.sessionId,
    key: hit.key,
    ...(isInSession(hit) && { turn: hit.turn }),
    canMark,
    isHit: true,
    preventDefaultContextMenuItems: true,
  };
  const back = (close: () => void) => {
    close();
    title.current?.focus();
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.target !== title.current || event.ctrlKey || event.metaKey || event.altKey) return;
    const letter = event.key.toLowerCase();
    if (letter === 'w') setIsWhyOpen(!isWhyOpen);
    else if (letter === 's') onSimilar(hit);
    else if (letter === 'f' && canMark) act(flag(!isFlagged));
    else if (letter === 't' && canMark) setIsEditing(true);
    else if (event.key === 'ArrowRight' && hasMore) more?.onToggle(hit, true);
    else if (event.key === 'ArrowLeft' && hasMore) more?.onToggle(hit, false);
    else if (isBasketKey(event) && hit.kind !== 'note') act(toggle());
    else return;
    event.preventDefault();
  };
  useCardActs(hit.key, {
    similar: () => onSimilar(hit),
    why: () => setIsWhyOpen(true),
    ...(canMark && { flag: () => act(flag(!isFlagged)), tags: () => setIsEditing(true) }),
  });
  const name = useId();
  return (
    <article
      aria-labelledby={name}
      className={isNew ? 'card hit hit-new' : 'card hit'}
      data-vscode-context={JSON.stringify(menu)}
      onKeyDown={onKeyDown}
    >
      <div className="card-head">
        <Icon
          name={iconOfHit(hit)}
          label={nameHit(hit)}
          className={hit.kind === 'tool' && hit.type === 'error' ? 'hit-icon hit-icon-error' : 'hit-icon'}
        />
        <button
          ref={title}
          id={name}
          type="button"
          className="card-title"
          data-roving=""
          tabIndex={tabIndex}
          aria-label={nameOf(hit, isNew)}
          onClick={() => onOpen(hit)}
        >
          <bdi>{showLine(hit.title) || t('Untitled session')}</bdi>
        </button>
        <InBasket name={hit.key} />
      </div>
      {hit.snippet !== '' && (
        <p className="hit-snippet">
          <Highlight text={hit.snippet} ranges={hit.highlights} />
        </p>
      )}
      {isInSession(hit) && hit.amendedBy && <Amended by={hit.amendedBy} tabIndex={tabIndex} />}
      {canMark && <MarkLine item={hit} isEditing={isEditing} onEdited={() => back(() => setIsEditing(false))} />}
      <div className="card-foot">
        <div className="card-meta">
          {hasMore && (
            <MoreToggle
              count={hit.moreInSession}
              isOpen={more?.isOpen ?? false}
              tabIndex={tabIndex}
              onToggle={() => more?.onToggle(hit, !more.isOpen)}
            />
          )}
          {hit.project && (
            <span className="card-project" title={hit.project.root}>
              {showLine(nameProject(hit.project))}
            </span>
          )}
          {hit.kind === 'tool' && hit.tool !== '' && <span className="card-tool">{showLine(hit.tool)}</span>}
          {hit.kind === 'note' && hit.title !== hit.file && <span className="card-tool">{showLine(hit.file)}</span>}
          <time className="card-time" dateTime={new Date(hit.at).toISOString()} title={formatDateTime(hit.at)}>
            {formatAgo(hit.at)}
          </time>
        </div>
        <div className="card-actions">
          <IconButton
            name="insert"
            label={t('Insert at cursor')}
            tabIndex={tabIndex}
            onClick={() => act(api.insert(hit.key))}
          />
          <IconButton
            name="copy"
            label={t('Copy as context')}
            tabIndex={tabIndex}
            onClick={() => act(api.copyContext(hit.key))}
          />
          {hit.kind !== 'note' && <BasketButton name={hit.key} tabIndex={tabIndex} />}
          <MoreButton tabIndex={tabIndex} />
        </div>
      </div>
      {hasMore && more?.isOpen && <MorePlaces hit={hit} query={more.query} tabIndex={tabIndex} onOpen={onOpen} />}
      {isWhyOpen && <WhyHit why={hit.why} score={hit.score} onClose={() => back(() => setIsWhyOpen(false))} />}
    </article>
  );
});

interface MoreToggleProps {
  count: number;
  isOpen: boolean;
  tabIndex: 0 | -1;
  onToggle: () => void;
}

function MoreToggle({ count, isOpen, tabIndex, onToggle }: MoreToggleProps) {
  const whole = count === 1 ? t('1 more in this session') : t('{0} more in this session', formatNumber(count));
  return (
    <button
      type="button"
      className="card-more"
      aria-label={whole}
      aria-expanded={isOpen}
      title={whole}
      tabIndex={tabIndex}
      onClick={onToggle}
    >
      <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
      {t('{0} more', formatNumber(count))}
    </button>
  );
}

/** Title, what was found, what it is and when: all that a person sees who looks at the card. */
function nameOf(hit: SearchHit, isNew: boolean): string {
  const parts = [
    showLine(hit.title) || t('Untitled session'),
    showLine(hit.snippet),
    nameHit(hit),
    formatAgo(hit.at),
    isNew ? t('found by its meaning') : '',
  ];
  return parts.filter((part) => part !== '').join(', ');
}

/** Keys on a focused hit: Ctrl/Cmd+Enter inserts; Ctrl/Cmd+C copies unless text is selected. */
export function runHitKey(event: KeyboardEvent, hit: SearchHit, api: WebviewApi): Promise<void> | undefined {
  if (!event.ctrlKey && !event.metaKey) return undefined;
  if (event.key === 'Enter') {
    event.preventDefault();
    return api.insert(hit.key);
  }
  if (event.key.toLowerCase() === 'c' && (window.getSelection()?.isCollapsed ?? true)) {
    event.preventDefault();
    return api.copyContext(hit.key);
  }
  return undefined;
}

/** Says that a later session changed what this one agreed, and leads there. */
function Amended({ by, tabIndex }: { by: NonNullable<SessionHit['amendedBy']>; tabIndex: 0 | -1 }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <p className="hit-amended">
      <Icon name="warning" />
      <button
        type="button"
        className="link"
        tabIndex={tabIndex}
        title={formatDateTime(by.at)}
        onClick={(event) => {
          // A click on the card opens the hit itself.
          event.stopPropagation();
          act(api.openSession(by.sessionId, { turn: by.turn }));
        }}
      >
        {t('Amended later: {0}', showLine(by.title) || t('Untitled session'))}
      </button>
    </p>
  );
}

/** One hit: its source, its text and its actions. */
import { memo, useRef, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { isInSession } from '../../../src/protocol/search-hit';
import type { SearchHit, SessionHit } from '../../../src/protocol/search-hit';
import { showLine } from '../../../src/protocol/visible-text';
import type { WebviewApi } from '../../../src/protocol/webview-api';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { Highlight } from '../../parts/highlight';
import { Icon, IconButton } from '../../parts/icon';
import { FlagButton, MarkLine } from '../../parts/marks';
import { isBasketKey, useBasket } from '../../state/basket';
import { formatAgo, formatDateTime, formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useMarks } from '../../state/marks';
import { t } from '../../state/words';
import { iconOfHit, nameHit } from './kinds';
import { WhyHit } from './why-hit';

interface HitRowProps {
  hit: SearchHit;
  tabIndex: 0 | -1;
  /** The hit came with the second, better answer. */
  isNew: boolean;
  onOpen: (hit: SearchHit) => void;
  onSimilar: (hit: SearchHit) => void;
}

/** The title is the button; a click on the card does the same. */
export const HitRow = memo(function HitRow({ hit, tabIndex, isNew, onOpen, onSimilar }: HitRowProps) {
  const { api } = useHost();
  const act = useAct();
  const title = useRef<HTMLButtonElement>(null);
  const [isWhyOpen, setIsWhyOpen] = useState(false);
  const [isEditing, setIsEditing] = useState(false);
  const { isFlagged, flag } = useMarks(hit);
  const { toggle } = useBasket(hit.key);
  // Learnings have marks of their own, and the title of a session has none.
  const canMark = hit.kind === 'message' || hit.kind === 'tool';
  const menu = {
    // A learning has no place in a session and need not be saved as one: it has the menu of its own list.
    webviewSection: isInSession(hit) ? 'hit' : hit.kind,
    sessionId: hit.sessionId,
    key: hit.key,
    ...(isInSession(hit) && { turn: hit.turn }),
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
    else if (isBasketKey(event) && hit.kind !== 'note') act(toggle());
    else return;
    event.preventDefault();
  };
  return (
    <article
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
          type="button"
          className="card-title"
          data-roving=""
          tabIndex={tabIndex}
          onClick={() => onOpen(hit)}
        >
          <bdi>{showLine(hit.title) || t('Untitled session')}</bdi>
          {isNew && <span className="sr-only">{t('found by its meaning')}</span>}
        </button>
        <InBasket name={hit.key} />
        <time className="card-time" dateTime={new Date(hit.at).toISOString()} title={formatDateTime(hit.at)}>
          {formatAgo(hit.at)}
        </time>
      </div>
      {hit.snippet !== '' && (
        <p className="hit-snippet">
          <Highlight text={hit.snippet} ranges={hit.highlights} />
        </p>
      )}
      <div className="card-meta">
        {hit.project && (
          <span className="card-project" title={hit.project.root}>
            {showLine(hit.project.name)}
          </span>
        )}
        {hit.kind === 'tool' && hit.tool !== '' && <span className="card-tool">{showLine(hit.tool)}</span>}
        {hit.kind === 'note' && hit.title !== hit.file && <span className="card-tool">{showLine(hit.file)}</span>}
        {isInSession(hit) && hit.moreInSession > 0 && (
          <span className="card-more">
            {hit.moreInSession === 1
              ? t('1 more in this session')
              : t('{0} more in this session', formatNumber(hit.moreInSession))}
          </span>
        )}
      </div>
      {isInSession(hit) && hit.amendedBy && <Amended by={hit.amendedBy} tabIndex={tabIndex} />}
      {canMark && <MarkLine item={hit} isEditing={isEditing} onEdited={() => back(() => setIsEditing(false))} />}
      <div className="card-actions">
        <IconButton name="go-to-file" label={t('Open')} tabIndex={tabIndex} onClick={() => onOpen(hit)} />
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
        {isInSession(hit) && (
          <IconButton
            name="lightbulb"
            label={t('Save as learning')}
            tabIndex={tabIndex}
            onClick={() => act(api.draftLearning(hit.key))}
          />
        )}
      </div>
      <div className="card-actions card-actions-low">
        {canMark && <FlagButton item={hit} tabIndex={tabIndex} />}
        {canMark && <IconButton name="tag" label={t('Tags')} tabIndex={tabIndex} onClick={() => setIsEditing(true)} />}
        <IconButton name="references" label={t('Similar to this')} tabIndex={tabIndex} onClick={() => onSimilar(hit)} />
        <IconButton
          name="question"
          label={t('Why this hit')}
          tabIndex={tabIndex}
          isExpanded={isWhyOpen}
          onClick={() => setIsWhyOpen(!isWhyOpen)}
        />
      </div>
      {isWhyOpen && <WhyHit why={hit.why} score={hit.score} onClose={() => back(() => setIsWhyOpen(false))} />}
    </article>
  );
});

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

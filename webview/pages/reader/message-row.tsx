/** A prompt, an answer, or a system note. */
import { useMemo, useState } from 'react';
import type { ReaderMessage } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { ClassLabel } from '../../parts/class-label';
import { Icon, IconButton } from '../../parts/icon';
import { Markdown } from '../../parts/markdown';
import { FlagButton, MarkLine } from '../../parts/marks';
import { formatDateTime, formatTime } from '../../state/format';
import { useAct, useEditorContext, useHost } from '../../state/host';
import { t } from '../../state/words';
import { useExpanded } from './expanded';
import { CollapseButton, Shortened, collapseText } from './long-text';

export function MessageRow({ item }: { item: ReaderMessage }) {
  if (item.role === 'system' || item.role === 'tool') return <SystemNote item={item} />;
  return <Spoken item={item} />;
}

function Spoken({ item }: { item: ReaderMessage }) {
  const { api } = useHost();
  const act = useAct();
  const sessionId = useEditorContext().reader?.sessionId;
  const isPrompt = item.role === 'user';
  const [isEditing, setIsEditing] = useState(false);
  const [isWhole, setIsWhole] = useExpanded(item.key);
  // Only prompts are collapsed: they often contain a pasted log, while answers are meant to be read whole.
  const collapsed = useMemo(
    () => (isPrompt ? collapseText(item.text) : { text: item.text, lines: 0, isCollapsed: false }),
    [isPrompt, item.text],
  );
  return (
    <article
      className={isPrompt ? 'message message-prompt' : 'message'}
      aria-label={isPrompt ? t('Prompt') : t('Answer')}
    >
      <header className="message-head">
        <Icon name={item.agentId !== undefined && isPrompt ? 'robot' : isPrompt ? 'account' : 'sparkle'} />
        <h2 className="message-who">{nameSpeaker(item)}</h2>
        <ClassLabel of={item.class} />
        <InBasket name={item.key} />
        <time className="message-time" dateTime={new Date(item.at).toISOString()} title={formatDateTime(item.at)}>
          {formatTime(item.at)}
        </time>
        <span className="message-actions">
          <IconButton name="copy" label={t('Copy')} onClick={() => act(api.copyText(item.text))} />
          {isPrompt && sessionId !== undefined && item.agentId === undefined && (
            <IconButton
              name="files"
              label={t('Copy this turn, with what Claude did')}
              onClick={() => act(api.copyTurn(sessionId, item.turn))}
            />
          )}
          <IconButton name="insert" label={t('Insert at cursor')} onClick={() => act(api.insert(item.key))} />
          <IconButton name="lightbulb" label={t('Save as learning')} onClick={() => act(api.draftLearning(item.key))} />
          <BasketButton name={item.key} />
          <FlagButton item={item} />
          <IconButton name="tag" label={t('Tags')} onClick={() => setIsEditing(true)} />
        </span>
      </header>
      <MarkLine item={item} isEditing={isEditing} onEdited={() => setIsEditing(false)} />
      <Markdown text={isWhole ? item.text : collapsed.text} />
      <CollapseButton isWhole={isWhole} collapsed={collapsed} onChange={setIsWhole} />
      <Shortened bytes={item.truncatedBytes} />
    </article>
  );
}

/** The prompt of a sub-agent comes from Claude, not from the person. */
function nameSpeaker(item: ReaderMessage): string {
  if (item.role === 'user') return item.agentId === undefined ? t('You') : t('Task');
  return item.agentId === undefined ? t('Claude') : t('Sub-agent');
}

/** Text of the client, collapsed to one line. */
function SystemNote({ item }: { item: ReaderMessage }) {
  const [isOpen, setIsOpen] = useExpanded(item.key);
  return (
    <article className="system" aria-label={t('System note')}>
      <button type="button" className="system-head" aria-expanded={isOpen} onClick={() => setIsOpen(!isOpen)}>
        <Icon name={isOpen ? 'chevron-down' : 'chevron-right'} />
        <Icon name="info" />
        <bdi className="system-line">{showLine(item.text.slice(0, 300))}</bdi>
      </button>
      {isOpen && <Markdown text={item.text} />}
      {isOpen && <Shortened bytes={item.truncatedBytes} />}
    </article>
  );
}

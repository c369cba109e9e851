/** Marks on a row: the flag as a button, tags as editable text. */
import { useId, useState } from 'react';
import type { KeyboardEvent } from 'react';
import { showLine } from '../../src/protocol/visible-text';
import { useAct, useHost } from '../state/host';
import { useMarks } from '../state/marks';
import { useResource } from '../state/use-resource';
import { t } from '../state/words';
import { Icon, IconButton } from './icon';

interface Marked {
  key: string;
  isFlagged?: true;
  tags?: readonly string[];
}

export function FlagButton({ item, tabIndex }: { item: Marked; tabIndex?: number }) {
  const { isFlagged, flag } = useMarks(item);
  const act = useAct();
  return (
    <IconButton
      name="bookmark"
      label={isFlagged ? t('Take the flag off') : t('Flag')}
      isPressed={isFlagged}
      {...(tabIndex !== undefined && { tabIndex })}
      onClick={() => act(flag(!isFlagged))}
    />
  );
}

/** A line with the flag and tags of a row; nothing when it has none. */
export function MarkLine({ item, isEditing, onEdited }: { item: Marked; isEditing: boolean; onEdited: () => void }) {
  const { isFlagged, tags } = useMarks(item);
  if (isEditing) return <TagEditor item={item} onEdited={onEdited} />;
  if (!isFlagged && tags.length === 0) return null;
  return (
    <div className="marks">
      {isFlagged && <Icon name="bookmark" label={t('Flagged')} className="mark-flag" />}
      {tags.map((tag) => (
        <span key={tag} className="mark-tag">
          {showLine(tag)}
        </span>
      ))}
    </div>
  );
}

/** Enter saves, Escape cancels. Existing tags are offered. */
function TagEditor({ item, onEdited }: { item: Marked; onEdited: () => void }) {
  const { tags, tag } = useMarks(item);
  const { api } = useHost();
  const act = useAct();
  const [text, setText] = useState(tags.join(', '));
  const id = useId();
  const known = useResource(() => api.listTags(), []);
  const before = text.slice(0, text.lastIndexOf(',') + 1);
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    // The list would handle arrows, Enter and Escape too.
    event.stopPropagation();
    if (event.key === 'Enter') {
      event.preventDefault();
      act(tag(text.split(',')));
      onEdited();
    } else if (event.key === 'Escape') onEdited();
  };
  return (
    <div className="marks">
      <input
        ref={(input) => input?.focus()}
        className="input"
        aria-label={t('Tags, separated by commas')}
        placeholder={t('Tags, separated by commas')}
        list={id}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={onKeyDown}
        onBlur={onEdited}
      />
      <datalist id={id}>
        {(known.data ?? []).map((each) => (
          <option key={each.tag} value={`${before}${before === '' ? '' : ' '}${each.tag}`} />
        ))}
      </datalist>
    </div>
  );
}

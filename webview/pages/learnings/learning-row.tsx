/** A learning as a card; verified by hand, pinned to the top, or put away. */
import { useState } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { Icon, IconButton } from '../../parts/icon';
import { Note } from '../../parts/note';
import { formatAgo, formatDateTime, formatNumber } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { showInvisible, showLine } from '../../state/visible-text';
import { t } from '../../state/words';
import { categoryIcons, nameCategory } from './draft';

export interface LearningActions {
  edit: (learning: Learning) => void;
  remove: (learning: Learning) => void;
  pin: (learning: Learning) => void;
  verify: (learning: Learning, isVerified: boolean, notes: string) => void;
}

interface LearningRowProps {
  learning: Learning;
  tabIndex: 0 | -1;
  isOpen: boolean;
  onToggle: (learning: Learning) => void;
  actions: LearningActions;
}

/** Closed: title and two lines. Open: the whole text, its context and its verification. */
export function LearningRow({ learning, tabIndex, isOpen, onToggle, actions }: LearningRowProps) {
  const { api } = useHost();
  const act = useAct();
  const key = `l${learning.id}`;
  const menu = { webviewSection: 'learning', key, preventDefaultContextMenuItems: true };
  return (
    <article className={isOpen ? 'card card-open' : 'card'} data-vscode-context={JSON.stringify(menu)}>
      <div className="card-head">
        <Icon name={categoryIcons[learning.category]} label={nameCategory(learning.category)} className="hit-icon" />
        <button type="button" className="card-title" data-roving="" tabIndex={tabIndex} aria-expanded={isOpen} onClick={() => onToggle(learning)}>
          <bdi>{showLine(learning.title)}</bdi>
        </button>
        {learning.isPinned && <Icon name="pinned" label={t('Pinned')} className="hit-icon" />}
        {learning.isVerified && <Icon name="verified-filled" label={t('Verified')} className="verified" />}
      </div>
      {isOpen ? <OpenLearning learning={learning} actions={actions} /> : <p className="learning-text">{showLine(learning.description)}</p>}
      <div className="card-meta">
        {learning.project && <span className="card-project">{showLine(learning.project.name)}</span>}
        <time dateTime={new Date(learning.updatedAt).toISOString()} title={formatDateTime(learning.updatedAt)}>{formatAgo(learning.updatedAt)}</time>
        {learning.usageCount > 0 && <span>{t('Used: {0}', formatNumber(learning.usageCount))}</span>}
        {learning.tags.length > 0 && <span className="card-tags">{learning.tags.map((tag) => `#${showLine(tag)}`).join(' ')}</span>}
      </div>
      <div className="card-actions">
        <IconButton name={learning.isPinned ? 'pinned' : 'pin'} label={t('Pin')} isPressed={learning.isPinned} tabIndex={tabIndex} onClick={() => actions.pin(learning)} />
        <IconButton name="insert" label={t('Insert at cursor')} tabIndex={tabIndex} onClick={() => act(api.insert(key))} />
        <IconButton name="copy" label={t('Copy as context')} tabIndex={tabIndex} onClick={() => act(api.copyContext(key))} />
        <IconButton name="edit" label={t('Edit')} tabIndex={tabIndex} onClick={() => actions.edit(learning)} />
        <IconButton name="trash" label={t('Delete')} tabIndex={tabIndex} onClick={() => actions.remove(learning)} />
      </div>
    </article>
  );
}

function OpenLearning({ learning, actions }: { learning: Learning; actions: LearningActions }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <div className="learning-open">
      <Note text={learning.description} />
      {learning.context !== '' && (
        <p className="learning-context">
          <span className="form-label">{t('When it applies')}</span>
          {showInvisible(learning.context)}
        </p>
      )}
      {learning.sourceSessions.map((id) => (
        <button key={id} type="button" className="link" onClick={() => act(api.openSession(id))}>
          {t('Open the session it came from')}
        </button>
      ))}
      <Verification learning={learning} onChange={(isVerified, notes) => actions.verify(learning, isVerified, notes)} />
    </div>
  );
}

/** Notes are saved with the switch, or on leaving the field once it is verified. */
function Verification({ learning, onChange }: { learning: Learning; onChange: (isVerified: boolean, notes: string) => void }) {
  const [notes, setNotes] = useState(learning.verificationNotes);
  return (
    <div className="verification">
      <vscode-checkbox
        checked={learning.isVerified}
        label={t('Verified')}
        onChange={(event) => onChange('checked' in event.currentTarget && event.currentTarget.checked === true, notes)}
      />
      {(learning.isVerified || notes !== '') && (
        <input
          type="text"
          className="input"
          aria-label={t('How it was verified')}
          placeholder={t('How it was verified')}
          value={notes}
          onChange={(event) => setNotes(event.target.value)}
          onBlur={() => {
            if (notes !== learning.verificationNotes) onChange(learning.isVerified, notes);
          }}
        />
      )}
    </div>
  );
}

/** A learning as a card that can be verified, pinned and archived. */
import { useState } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { rowKeyOf } from '../../../src/protocol/row-key';
import { showLine } from '../../../src/protocol/visible-text';
import { BasketButton, InBasket } from '../../parts/basket-button';
import { Icon, IconButton } from '../../parts/icon';
import { InlineMarkdown } from '../../parts/inline-markdown';
import { Meter } from '../../parts/meter';
import { MoreButton } from '../../parts/more-button';
import { isBasketKey, useBasket } from '../../state/basket';
import { useCardActs } from '../../state/card-acts';
import { formatAgo, formatDateTime, formatNumber, formatPercent } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useProjectName } from '../../state/project-names';
import { t } from '../../state/words';
import { DeadEndText, StaleLine } from './dead-end';
import { LearningHead } from './learning-head';
import { LearningText } from './learning-text';
import { NotedLine } from './noted-line';
import { Proof } from './proof';
import { Signals, Sources } from './proposal-row';

export interface LearningActions {
  edit: (learning: Learning) => void;
  remove: (learning: Learning) => void;
  pin: (learning: Learning) => void;
  verify: (learning: Learning, isVerified: boolean, notes: string) => void;
  /** Writes it to a file that Claude Code reads. */
  promote: (learning: Learning) => void;
  go: (learning: Learning) => void;
}

interface LearningRowProps {
  learning: Learning;
  tabIndex: 0 | -1;
  isOpen: boolean;
  onToggle: (learning: Learning) => void;
  actions: LearningActions;
}

/** Collapsed: title and two lines. Expanded: the whole text, its context and its verification. */
export function LearningRow({ learning, tabIndex, isOpen, onToggle, actions }: LearningRowProps) {
  const { api } = useHost();
  const act = useAct();
  const key = rowKeyOf({ kind: 'learning', id: learning.id });
  const { toggle } = useBasket(key);
  const nameProject = useProjectName();
  useCardActs(key, {
    pin: () => actions.pin(learning),
    edit: () => actions.edit(learning),
    delete: () => actions.remove(learning),
    ...(!learning.deadEnd && { promote: () => actions.promote(learning) }),
  });
  const menu = {
    webviewSection: 'learning',
    key,
    isOwn: true,
    canPromote: !learning.deadEnd,
    preventDefaultContextMenuItems: true,
  };
  return (
    <article
      className={isOpen ? 'card card-open' : 'card'}
      data-vscode-context={JSON.stringify(menu)}
      onKeyDown={(event) => {
        if (!(event.target instanceof Element && event.target.matches('.card-title')) || !isBasketKey(event)) return;
        event.preventDefault();
        act(toggle());
      }}
    >
      <LearningHead
        learning={learning}
        tabIndex={tabIndex}
        isOpen={isOpen}
        onToggle={onToggle}
        marks={
          <>
            <InBasket name={key} />
            {learning.isPinned && <Icon name="pinned" label={t('Pinned')} className="hit-icon" />}
            {learning.isVerified && <Icon name="verified-filled" label={t('Verified')} className="verified" />}
          </>
        }
      />
      {learning.deadEnd && <DeadEndText deadEnd={learning.deadEnd} />}
      {learning.staleReason !== undefined && <StaleLine reason={learning.staleReason} />}
      <NotedLine learning={learning} tabIndex={tabIndex} />
      {isOpen ? (
        <OpenLearning learning={learning} actions={actions} />
      ) : (
        !learning.deadEnd && (
          <p className="learning-text">
            <InlineMarkdown text={learning.description} />
          </p>
        )
      )}
      <div className="card-foot">
        <div className="card-meta">
          {learning.project && <span className="card-project">{showLine(nameProject(learning.project))}</span>}
          <time dateTime={new Date(learning.updatedAt).toISOString()} title={formatDateTime(learning.updatedAt)}>
            {formatAgo(learning.updatedAt)}
          </time>
          {hasProof(learning) && (
            <Meter share={learning.confidence} label={t('Confidence {0}', formatPercent(learning.confidence))} />
          )}
          {hasProof(learning) && <Signals evidence={learning.evidence} />}
          {learning.usageCount > 0 && <span>{t('Used: {0}', formatNumber(learning.usageCount))}</span>}
          {learning.tags.length > 0 && (
            <span className="card-tags">{learning.tags.map((tag) => `#${showLine(tag)}`).join(' ')}</span>
          )}
        </div>
        <div className="card-actions">
          <IconButton
            name="insert"
            label={t('Insert at cursor')}
            tabIndex={tabIndex}
            onClick={() => act(api.insert(key))}
          />
          <BasketButton name={key} tabIndex={tabIndex} />
          <IconButton name="edit" label={t('Edit')} tabIndex={tabIndex} onClick={() => actions.edit(learning)} />
          <MoreButton tabIndex={tabIndex} />
        </div>
      </div>
    </article>
  );
}

/** A learning written by a person has no evidence to show. */
const hasProof = ({ origin, evidence }: Learning): boolean =>
  origin !== 'person' || evidence.for + evidence.against > 0;

function OpenLearning({ learning, actions }: { learning: Learning; actions: LearningActions }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <div className="learning-open">
      <LearningText learning={learning} />
      <Sources sessions={learning.sourceSessions} onOpen={(id) => act(api.openSession(id))} />
      {hasProof(learning) && <Proof learning={learning} onGo={actions.go} />}
      <Verification learning={learning} onChange={(isVerified, notes) => actions.verify(learning, isVerified, notes)} />
    </div>
  );
}

/** Notes are saved with the switch, or on leaving the field when the learning is verified. */
function Verification({
  learning,
  onChange,
}: {
  learning: Learning;
  onChange: (isVerified: boolean, notes: string) => void;
}) {
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

/** A proposal: its text, its confidence, and one key for each action. */
import type { Learning } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Icon, IconButton } from '../../parts/icon';
import { InlineMarkdown, withoutMarkdown } from '../../parts/inline-markdown';
import { Meter } from '../../parts/meter';
import { formatNumber, formatPercent } from '../../state/format';
import { useAct, useHost } from '../../state/host';
import { useProjectName } from '../../state/project-names';
import { t } from '../../state/words';
import { DeadEndText, StaleLine } from './dead-end';
import { nameCategory } from './draft';
import { LearningHead } from './learning-head';
import { LearningText } from './learning-text';
import { Proof, nameOrigin } from './proof';

export interface ReviewActions {
  accept: (learning: Learning) => void;
  edit: (learning: Learning) => void;
  reject: (learning: Learning) => void;
  reopen: (learning: Learning) => void;
  /** Starts choosing learnings to merge into this one. */
  merge: (learning: Learning) => void;
  go: (learning: Learning) => void;
}

interface ProposalRowProps {
  learning: Learning;
  tabIndex: 0 | -1;
  isOpen: boolean;
  /** Stands under the name of its project. */
  isGrouped: boolean;
  /** While several can be chosen: whether this one is. */
  isChosen?: boolean | undefined;
  onChoose: (learning: Learning) => void;
  onToggle: (learning: Learning) => void;
  actions: ReviewActions;
}

export function ProposalRow(props: ProposalRowProps) {
  const { learning, tabIndex, isOpen, isGrouped, isChosen, onChoose, onToggle, actions } = props;
  const { deadEnd, evidence, confidence, staleReason, state } = learning;
  const nameProject = useProjectName();
  const isProposal = state === 'proposed';
  return (
    <article className={isOpen ? 'card card-open proposal' : 'card proposal'} data-state={state}>
      <LearningHead
        learning={learning}
        tabIndex={tabIndex}
        isOpen={isOpen}
        onToggle={onToggle}
        chooser={
          isChosen !== undefined && (
            <input
              type="checkbox"
              className="choose"
              aria-label={t('Choose {0}', withoutMarkdown(learning.title))}
              checked={isChosen}
              tabIndex={tabIndex}
              onChange={() => onChoose(learning)}
            />
          )
        }
      />
      {deadEnd ? (
        <DeadEndText deadEnd={deadEnd} />
      ) : isOpen ? null : (
        <p className="learning-text">
          <InlineMarkdown text={learning.description} />
        </p>
      )}
      <div className="card-foot">
        <div className="card-meta proposal-meta">
          <Meter share={confidence} label={t('Confidence {0}', formatPercent(confidence))} />
          <Signals evidence={evidence} />
          {learning.project && !isGrouped && (
            <span className="card-project">{showLine(nameProject(learning.project))}</span>
          )}
          {learning.sourceSessions.length > 1 && (
            <span>{t('Sessions: {0}', formatNumber(learning.sourceSessions.length))}</span>
          )}
        </div>
        <div className="card-actions">
          {isProposal ? (
            <>
              <IconButton
                name="check"
                label={t('Accept')}
                tabIndex={tabIndex}
                onClick={() => actions.accept(learning)}
              />
              <IconButton
                name="edit"
                label={t('Edit and accept')}
                tabIndex={tabIndex}
                onClick={() => actions.edit(learning)}
              />
              <IconButton
                name="close"
                label={t('Reject')}
                tabIndex={tabIndex}
                onClick={() => actions.reject(learning)}
              />
              <IconButton
                name="git-merge"
                label={t('Merge…')}
                tabIndex={tabIndex}
                onClick={() => actions.merge(learning)}
              />
            </>
          ) : (
            <IconButton
              name="discard"
              label={t('Back to the inbox')}
              tabIndex={tabIndex}
              onClick={() => actions.reopen(learning)}
            />
          )}
        </div>
      </div>
      {staleReason !== undefined && <StaleLine reason={staleReason} />}
      {isOpen && <OpenProposal learning={learning} actions={actions} />}
    </article>
  );
}

function OpenProposal({ learning, actions }: { learning: Learning; actions: ReviewActions }) {
  const { api } = useHost();
  const act = useAct();
  return (
    <div className="learning-open">
      <LearningText learning={learning} />
      <p className="hint">{`${nameCategory(learning.category)} · ${t('worded')} ${nameOrigin(learning.origin)}`}</p>
      <Proof learning={learning} onGo={actions.go} />
      <Sources sessions={learning.sourceSessions} onOpen={(id) => act(api.openSession(id))} />
      {learning.state === 'proposed' && (
        <div className="buttons">
          <Button onClick={() => actions.accept(learning)}>{t('Accept')}</Button>
          <Button isSecondary onClick={() => actions.edit(learning)}>
            {t('Edit and Accept')}
          </Button>
          <Button isSecondary onClick={() => actions.reject(learning)}>
            {t('Reject')}
          </Button>
        </div>
      )}
    </div>
  );
}

export function Sources({ sessions, onOpen }: { sessions: readonly string[]; onOpen: (id: string) => void }) {
  if (sessions.length === 0) return null;
  return (
    <p className="sources">
      {sessions.map((id, index) => (
        <button key={id} type="button" className="link" onClick={() => onOpen(id)}>
          {sessions.length === 1 ? t('Open the session it came from') : t('Session {0}', index + 1)}
        </button>
      ))}
    </p>
  );
}

/** The number of pieces of evidence for and against it. */
export function Signals({ evidence }: { evidence: Learning['evidence'] }) {
  if (evidence.for + evidence.against === 0) return null;
  const label = t('For it: {0}, against it: {1}', formatNumber(evidence.for), formatNumber(evidence.against));
  return (
    <span className="signals" role="img" aria-label={label} title={label}>
      <Icon name="thumbsup" />
      {formatNumber(evidence.for)}
      <Icon name="thumbsdown" />
      {formatNumber(evidence.against)}
    </span>
  );
}

/** The first line of a learning's card: its kind, and its title, which expands it. */
import type { ReactNode } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { Icon } from '../../parts/icon';
import { InlineMarkdown } from '../../parts/inline-markdown';
import { t } from '../../state/words';
import { categoryIcons, nameCategory } from './draft';

interface LearningHeadProps {
  learning: Learning;
  tabIndex: 0 | -1;
  isOpen: boolean;
  onToggle: (learning: Learning) => void;
  /** In front of the kind. */
  chooser?: ReactNode;
  /** Behind the title. */
  marks?: ReactNode;
}

export function LearningHead({ learning, tabIndex, isOpen, onToggle, chooser, marks }: LearningHeadProps) {
  const { category, deadEnd, title } = learning;
  return (
    <div className="card-head">
      {chooser}
      {deadEnd ? (
        <Icon name="warning" label={t('Dead end')} className="hit-icon dead-end-icon" />
      ) : (
        <Icon name={categoryIcons[category]} label={nameCategory(category)} className="hit-icon" />
      )}
      <button
        type="button"
        className="card-title"
        data-roving=""
        tabIndex={tabIndex}
        aria-expanded={isOpen}
        onClick={() => onToggle(learning)}
      >
        <bdi>{title === '' ? t('Its words were forgotten with their session') : <InlineMarkdown text={title} />}</bdi>
      </button>
      {marks}
    </div>
  );
}

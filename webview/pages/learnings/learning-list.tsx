/** The list of learnings, or why it is empty. */
import { useMemo } from 'react';
import type { ReactNode, Ref } from 'react';
import type { Learning } from '../../../src/protocol/model';
import { showLine } from '../../../src/protocol/visible-text';
import { Button } from '../../parts/button';
import { Empty, Failure, Loading } from '../../parts/empty';
import { VirtualList } from '../../parts/list';
import type { ListHandle } from '../../parts/list';
import type { Paged } from '../../state/use-paged';
import { t } from '../../state/words';
import { isHeading, keyOf, withHeadings } from './by-project';
import type { ProjectHeading, ProposalItem } from './by-project';
import { LearningRow } from './learning-row';
import { ProposalRow } from './proposal-row';
import type { Acts } from './use-acts';
import type { Filter } from './use-filter';

interface LearningListProps {
  ref: Ref<ListHandle>;
  learnings: Paged<Learning>;
  filter: Filter;
  acts: Acts;
  /** Id of the expanded learning. */
  openId: string;
  onToggle: (learning: Learning) => void;
  /** Shown when the list is empty without a filter. */
  children: ReactNode;
}

const estimate = (item: ProposalItem) => (isHeading(item) ? 28 : item.state === 'accepted' ? 84 : 104);

export function LearningList({ ref, learnings, filter, acts, openId, onToggle, children }: LearningListProps) {
  const { items } = learnings;
  const { chosen } = acts;
  const isInbox = filter.view === 'proposed';
  const rows = useMemo(() => (isInbox ? withHeadings(items) : items), [isInbox, items]);
  if (items.length > 0)
    return (
      <VirtualList
        key={JSON.stringify(filter.query)}
        ref={ref}
        items={rows}
        isHeading={isHeading}
        keyOf={keyOf}
        estimate={estimate}
        renderItem={(learning, tabIndex) => {
          if (isHeading(learning)) return <ProjectName {...learning} />;
          const shared = { learning, tabIndex, isOpen: learning.id === openId, onToggle };
          if (learning.state === 'accepted') return <LearningRow {...shared} actions={acts.actions} />;
          return (
            <ProposalRow
              {...shared}
              isGrouped={rows !== items}
              isChosen={chosen ? chosen.some(({ id }) => id === learning.id) : undefined}
              onChoose={acts.toggleChosen}
              actions={acts.reviewing}
            />
          );
        }}
        label={t('Learnings')}
        className="cards"
        isPartial={learnings.loadMore !== undefined}
        onNearEnd={learnings.loadMore}
        onRowKey={(event, item) => isHeading(item) || acts.onRowKey(event, item)}
      />
    );
  if (learnings.error) return <Failure error={learnings.error} onRetry={learnings.reload} />;
  if (!learnings.data) return <Loading label={t('Loading learnings…')} />;
  if (!filter.hasFilters) return children;
  return (
    <Empty icon="filter" title={t('No learning matches the filters')}>
      <div className="buttons">
        <Button isSecondary onClick={filter.clear}>
          {t('Clear Filters')}
        </Button>
      </div>
    </Empty>
  );
}

function ProjectName({ project, isAmbiguous }: ProjectHeading) {
  return (
    <h2 className="day project-name" title={project && showLine(project.root)}>
      <bdi>{project ? showLine(project.name) : t('Without a project')}</bdi>
      {project && isAmbiguous && <span className="project-root">{showLine(project.root)}</span>}
    </h2>
  );
}

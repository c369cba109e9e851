/** Groups sessions by day, project or branch, below those that are pinned, as one flat list for the virtual list. */
import type { SessionCard } from '../../../src/protocol/model';
import { formatDay, startOfDay } from '../../state/format';
import { t } from '../../state/words';
import type { GroupChoice } from './load-sessions';

export type TimelineRow =
  | { kind: 'heading'; label: string; key: string }
  | { kind: 'session'; session: SessionCard; key: string };

/**
 * Keeps the order of `sessions`. The key of the first heading contains its session, so that the list notices rows added
 * at the top.
 */
export function groupSessions(
  sessions: readonly SessionCard[],
  order: GroupChoice,
  nameProject: (project: SessionCard['project']) => string,
): TimelineRow[] {
  const rows: TimelineRow[] = [];
  let group: string | undefined;
  for (const session of sessions) {
    const key = groupOf(session, order);
    if (key !== group) {
      const label = session.isPinned
        ? t('Pinned')
        : order === 'latest'
          ? formatDay(startOfDay(session.updatedAt))
          : [nameProject(session.project), ...(order === 'branch' ? [session.gitBranch] : [])]
              .filter((part) => part !== '')
              .join(' · ');
      rows.push({ kind: 'heading', label, key: group === undefined ? `group:${key}:${session.id}` : `group:${key}` });
      group = key;
    }
    rows.push({ kind: 'session', session, key: session.id });
  }
  return rows;
}

function groupOf({ isPinned, updatedAt, project, gitBranch }: SessionCard, order: GroupChoice): string {
  if (isPinned) return 'pinned';
  if (order === 'latest') return String(startOfDay(updatedAt));
  return order === 'project' ? String(project.id) : `${project.id}:${gitBranch}`;
}

/** What a person said about checking learnings against the code. Written beside the learning, with which it is kept. */
import type { ProjectRef } from '../../../protocol/model';
import type { Predicate, WatchState } from '../../../protocol/watch';
import type { Redacted } from '../../observe/redact';
import type { Row, SqlDriver } from '../sqlite/driver';

type SealedPredicate = Omit<Predicate, 'subject' | 'instead' | 'files'> & {
  subject: Redacted;
  instead: Redacted;
  files: Redacted;
};

export interface StoredWatch {
  predicate: SealedPredicate;
  state: Exclude<WatchState, 'proposed'>;
  /** When a person said so. */
  at: number;
  /** Keyed numbers of the places that it does not apply to. */
  exceptions: number[];
}

/** An accepted learning, as far as it can be checked. */
export interface CheckableLearning {
  id: string;
  title: string;
  description: string;
  isDeadEnd: boolean;
  isStale: boolean;
  project: ProjectRef | null;
  watches: StoredWatch[];
}

type CheckableRow = Row & {
  id: string;
  title: string;
  description: string;
  isDeadEnd: number;
  staleReason: string;
  projectId: number | null;
  name: string | null;
  root: string | null;
  watches: string;
};

const select = `SELECT l.id, l.title, l.description, l.dead_end_json IS NOT NULL AS isDeadEnd, l.stale_reason AS staleReason,
  p.shown_id AS projectId, p.name, p.root, l.watches_json AS watches FROM learnings l
  LEFT JOIN shown_projects p ON p.id = l.project_id WHERE l.deleted_at IS NULL AND l.state = 'accepted'`;

const learningOf = ({
  projectId,
  name,
  root,
  watches,
  isDeadEnd,
  staleReason,
  ...row
}: CheckableRow): CheckableLearning => ({
  ...row,
  isDeadEnd: isDeadEnd === 1,
  isStale: staleReason !== '',
  project: projectId === null ? null : { id: projectId, name: name ?? '', root: root ?? '' },
  watches: JSON.parse(watches) as StoredWatch[],
});

/** Accepted learnings, the newest first. `projectIds`: all when undefined. */
export function checkableLearnings(
  driver: SqlDriver,
  projectIds: readonly number[] | undefined,
  { onlyOn = false }: { onlyOn?: boolean } = {},
): CheckableLearning[] {
  // No project at all, not even what belongs to none: everything is restricted.
  if (projectIds?.length === 0) return [];
  return driver
    .all<CheckableRow>(
      `${select} ${projectIds ? 'AND (l.project_id IS NULL OR l.project_id IN (SELECT value FROM json_each(?)))' : ''}
        ${onlyOn ? `AND l.watches_json LIKE '%"on"%'` : ''} ORDER BY l.updated_at DESC, l.no DESC LIMIT 1000`,
      projectIds ? [JSON.stringify(projectIds)] : [],
    )
    .map(learningOf);
}

/** Undefined when it is not accepted, or gone. */
export function checkableLearning(driver: SqlDriver, id: string): CheckableLearning | undefined {
  const row = driver.get<CheckableRow>(`${select} AND l.id = ?`, [id]);
  return row && learningOf(row);
}

export function putWatches(driver: SqlDriver, learningId: string, watches: readonly StoredWatch[]): void {
  driver.run('UPDATE learnings SET watches_json = ? WHERE id = ?', [JSON.stringify(watches), learningId]);
}

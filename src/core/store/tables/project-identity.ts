/** By what the repository of a project is known again: as keyed marks, so that no address of a remote stands here. */
import type { RepositoryIdentity } from '../../transcript/repository-identity';
import type { Row, SqlDriver } from '../sqlite/driver';
import { markOf } from './buried-roots';

export interface KnownFolder {
  id: number;
  root: string;
  /** Marks; null when nothing was read. */
  remote: string | null;
  start: string | null;
  /** When its first session began; null without one. */
  began: number | null;
}

export function knownFolders(driver: SqlDriver): KnownFolder[] {
  return driver.all<KnownFolder & Row>(
    `SELECT p.id, p.root, p.remote_mark AS remote, p.start_mark AS start,
      (SELECT min(created_at) FROM sessions s WHERE s.project_id = p.id) AS began FROM projects p`,
  );
}

export function marksOf(
  driver: SqlDriver,
  { remote, start }: RepositoryIdentity,
): Pick<KnownFolder, 'remote' | 'start'> {
  const mark = (kind: string, text: string | undefined) =>
    text === undefined ? null : markOf(driver, `${kind} ${text}`);
  return { remote: mark('remote', remote), start: mark('start', start) };
}

/** Keeps what was read; what was not found now stays as it was. */
export function noteIdentity(driver: SqlDriver, root: string, identity: RepositoryIdentity): void {
  const { remote, start } = marksOf(driver, identity);
  driver.run(
    `UPDATE projects SET remote_mark = coalesce(?2, remote_mark), start_mark = coalesce(?3, start_mark) WHERE root = ?1
      AND (remote_mark IS NOT coalesce(?2, remote_mark) OR start_mark IS NOT coalesce(?3, start_mark))`,
    [root, remote, start],
  );
}

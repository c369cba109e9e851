/** What was made of a session goes with it: summaries, evidence, its part of the graph, work that waits. Money that was spent stays spent. */
import type { SessionId } from '../../protocol/model';
import type { SqlDriver } from './driver';

/** A backup may be of a version without these tables. */
const hasTables = (driver: SqlDriver): boolean => driver.get("SELECT 1 FROM sqlite_master WHERE name = 'summaries'") !== undefined;

export function forgetDistilled(driver: SqlDriver, no: number, id: SessionId): void {
  if (!hasTables(driver)) return;
  driver.run('DELETE FROM summaries WHERE session_id = ?', [id]);
  driver.run('DELETE FROM learning_evidence WHERE session_id = ?', [id]);
  // What nobody has accepted rests on its sessions alone.
  driver.run(`DELETE FROM learnings WHERE state <> 'accepted' AND origin <> 'person' AND id NOT IN (SELECT learning_id FROM learning_evidence)
    AND EXISTS (SELECT 1 FROM json_each(source_sessions_json) WHERE value = ?)`, [id]);
  driver.run('DELETE FROM learning_trail WHERE learning_id NOT IN (SELECT id FROM learnings)');
  driver.run('DELETE FROM task_queue WHERE subject = ?', [id]);
  driver.run('UPDATE model_calls SET session_id = NULL WHERE session_id = ?', [id]);
  dropLoneEntities(driver, deleteRelations(driver, no));
  // Names the memory that was used last, for a moment.
  driver.run("DELETE FROM stats_snapshots WHERE metric = 'given.last'");
}

/** A session's part of the graph; the entities it spoke of. */
export function deleteRelations(driver: SqlDriver, no: number): number[] {
  const spoken = driver.all<{ id: number }>('SELECT from_entity AS id FROM relations WHERE session = ?1 UNION SELECT to_entity FROM relations WHERE session = ?1', [no]).map(({ id }) => id);
  driver.run('DELETE FROM relations WHERE session = ?', [no]);
  return spoken;
}

/** Of these, the ones that no session speaks of any more. */
export function dropLoneEntities(driver: SqlDriver, ids: readonly number[]): void {
  driver.run(
    `DELETE FROM entities WHERE id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM relations WHERE from_entity = entities.id)
       AND NOT EXISTS (SELECT 1 FROM relations WHERE to_entity = entities.id)`,
    [JSON.stringify(ids)],
  );
}

export function forgetAllDistilled(driver: SqlDriver): void {
  for (const table of ['summaries', 'learning_evidence', 'learning_trail', 'task_queue', 'relations', 'entities', 'stats_snapshots']) driver.run(`DELETE FROM ${table}`);
  driver.run('UPDATE model_calls SET session_id = NULL, project_root = NULL');
}

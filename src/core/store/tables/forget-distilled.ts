/**
 * Deletes what was made of a session: summaries, evidence, its part of the graph, waiting tasks. The cost ledger stays.
 */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { forgetAmendments } from './amendments';
import { forgetEditMarks } from './edit-marks';
import { forgetChoicesOf } from './give-choices';
import { forgetGiven } from './given';
import { claudesRule } from './learning-evidence';
import { dropLoneMerges, forgetMergesWith } from './learning-merges';
import { forgetPastFixes } from './past-fixes';
import { joinedWith } from './projects';
import { forgetShadows } from './shadows';

export function forgetDistilled(driver: SqlDriver, no: number, id: SessionId): void {
  // A backup may come from a version without these tables.
  if (!hasTable(driver, 'summaries')) return;
  driver.run('DELETE FROM summaries WHERE session_id = ?', [id]);
  forgetLearnt(driver, id);
  if (hasTable(driver, 'given')) {
    forgetGiven(driver, id);
    forgetAmendments(driver, no);
  }
  forgetShadows(driver, no, id);
  forgetChoicesOf(driver, id);
  forgetPastFixes(driver, no, id);
  forgetEditMarks(driver, no);
  driver.run('DELETE FROM task_queue WHERE subject = ?', [id]);
  driver.run('UPDATE model_calls SET session_id = NULL WHERE session_id = ?', [id]);
  dropLoneEntities(driver, deleteRelations(driver, no));
  // This row names the memory that was used last.
  driver.run("DELETE FROM stats_snapshots WHERE metric = 'given.last'");
}

/**
 * Deletes what was made of a session of which some rows are erased, and has it made again of what stays. Learnings go
 * when one of these rows is their evidence; one that a person accepted stays, without that evidence.
 */
export function forgetMadeOf(driver: SqlDriver, no: number, id: SessionId, now: number): void {
  driver.run('DELETE FROM summaries WHERE session_id = ?', [id]);
  const isErased = `(SELECT 1 FROM json_each(e.lines_json) l WHERE json_extract(l.value, '$.uid') IN (SELECT mark
    FROM erased_rows))`;
  const touched = driver.all<{ id: string; state: string; origin: string }>(
    `SELECT id, state, origin FROM learnings WHERE id IN (SELECT e.learning_id FROM learning_evidence e
      WHERE EXISTS ${isErased})`,
  );
  for (const learning of touched) {
    driver.run(`DELETE FROM learning_evidence AS e WHERE learning_id = ? AND (session_id = '' OR EXISTS ${isErased})`, [
      learning.id,
    ]);
    if (learning.state === 'accepted' || learning.origin === 'person') continue;
    if (learning.state === 'rejected') {
      driver.run(
        `UPDATE learnings SET title = '', description = '', context = '', dead_end_json = NULL, tags_json = '[]',
          cites_json = '{"files":[],"symbols":[]}', watches_json = '[]' WHERE id = ?`,
        [learning.id],
      );
      continue;
    }
    driver.run('DELETE FROM learnings WHERE id = ?', [learning.id]);
    driver.run('DELETE FROM learning_evidence WHERE learning_id = ?', [learning.id]);
  }
  driver.run('DELETE FROM learning_trail WHERE learning_id NOT IN (SELECT id FROM learnings)');
  dropLoneMerges(driver);
  forgetAmendments(driver, no);
  forgetShadows(driver, no, id);
  driver.run('DELETE FROM give_choices WHERE uid IN (SELECT mark FROM erased_rows)');
  forgetEditMarks(driver, no);
  driver.run('DELETE FROM past_fixes WHERE session = ?', [no]);
  driver.run('DELETE FROM past_fix_refusals WHERE fix IN (SELECT mark FROM erased_rows)');
  driver.run('DELETE FROM task_queue WHERE subject = ? AND is_paid = 0', [id]);
  dropLoneEntities(driver, deleteRelations(driver, no));
  driver.run("DELETE FROM stats_snapshots WHERE metric = 'given.last'");
  makeAgain(driver, id, now);
}

/** Has a session summarised again; learnings and graph follow. */
export function makeAgain(driver: SqlDriver, id: SessionId, now: number): void {
  for (const type of ['summarize', 'learn', 'index'])
    driver.run('INSERT OR IGNORE INTO task_queue (type, subject, created_at, updated_at) VALUES (?, ?, ?, ?)', [
      type,
      id,
      now,
      now,
    ]);
}

/**
 * Deletes learnings found in the session even when other sessions confirm them, because their words may come from this
 * one; the other sessions are examined again. A learning that a person accepted stays, without its evidence from this
 * session and without it as a source; the question before forgetting names it. A rejected one stays without its words,
 * so that the same fact is not proposed again.
 */
function forgetLearnt(driver: SqlDriver, id: SessionId): void {
  const touched = driver.all<{ id: string; state: string; origin: string; sources: string }>(
    `SELECT id, state, origin, source_sessions_json AS sources FROM learnings
     WHERE EXISTS (SELECT 1 FROM json_each(source_sessions_json) WHERE value = ?1) OR id IN (SELECT learning_id
       FROM learning_evidence WHERE session_id = ?1)`,
    [id],
  );
  forgetMergesWith(driver, id);
  driver.run('DELETE FROM learning_evidence WHERE session_id = ?', [id]);
  for (const learning of touched) {
    // Evidence from git names the lines and files of the session's edits.
    driver.run("DELETE FROM learning_evidence WHERE learning_id = ? AND session_id = ''", [learning.id]);
    if (learning.state === 'accepted' || learning.origin === 'person') {
      driver.run('UPDATE learnings SET source_sessions_json = ? WHERE id = ?', [
        JSON.stringify((JSON.parse(learning.sources) as SessionId[]).filter((source) => source !== id)),
        learning.id,
      ]);
      continue;
    }
    const others = (JSON.parse(learning.sources) as SessionId[]).filter(
      (source) => source !== id && driver.get('SELECT 1 FROM sessions WHERE id = ?', [source]) !== undefined,
    );
    if (learning.state === 'rejected' && others.length > 0) {
      driver.run(
        `UPDATE learnings SET title = '', description = '', context = '', dead_end_json = NULL, tags_json = '[]',
          cites_json = '{"files":[],"symbols":[]}', watches_json = '[]', source_sessions_json = ? WHERE id = ?`,
        [JSON.stringify(others), learning.id],
      );
      continue;
    }
    driver.run('DELETE FROM learnings WHERE id = ?', [learning.id]);
    driver.run('DELETE FROM learning_evidence WHERE learning_id = ?', [learning.id]);
    for (const other of others)
      driver.run("INSERT OR IGNORE INTO task_queue (type, subject, created_at, updated_at) VALUES ('learn', ?, 0, 0)", [
        other,
      ]);
  }
  driver.run('DELETE FROM learning_trail WHERE learning_id NOT IN (SELECT id FROM learnings)');
  dropLoneMerges(driver);
}

/**
 * Deletes what Claude wanted remembered of these projects when none of their sessions is left: a proposal whose session
 * is not known is found by its project only. One that a person accepted stays.
 */
export function forgetClaudesOf(driver: SqlDriver, projectIds: readonly number[]): void {
  // A backup may come from a version without these columns.
  if (!hasTable(driver, 'learning_trail')) return;
  driver.run(
    `DELETE FROM learnings WHERE project_id IN (SELECT value FROM json_each(?)) AND state <> 'accepted'
      AND source_sessions_json = '[]' AND fact_key LIKE '${claudesRule}:%'
      AND NOT EXISTS (SELECT 1 FROM sessions WHERE project_id = learnings.project_id)`,
    [JSON.stringify(projectIds)],
  );
  driver.run('DELETE FROM learning_trail WHERE learning_id NOT IN (SELECT id FROM learnings)');
  dropLoneMerges(driver);
}

/** Deletes a session's part of the graph; returns the entities it mentioned. */
export function deleteRelations(driver: SqlDriver, no: number): number[] {
  const spoken = driver
    .all<{ id: number }>(
      'SELECT from_entity AS id FROM relations WHERE session = ?1 UNION SELECT to_entity FROM relations WHERE session = ?1',
      [no],
    )
    .map(({ id }) => id);
  driver.run('DELETE FROM relations WHERE session = ?', [no]);
  return spoken;
}

/** Deletes those of the entities that no session mentions any more. */
export function dropLoneEntities(driver: SqlDriver, ids: readonly number[]): void {
  driver.run(
    `DELETE FROM entities WHERE id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM relations
      WHERE from_entity = entities.id)
       AND NOT EXISTS (SELECT 1 FROM relations WHERE to_entity = entities.id)`,
    [JSON.stringify(ids)],
  );
}

export function forgetAllDistilled(driver: SqlDriver): void {
  for (const table of [
    'summaries',
    'learning_evidence',
    'learning_trail',
    'learning_merges',
    'task_queue',
    'relations',
    'entities',
    'stats_snapshots',
    'amendment_reads',
    'amending_turns',
    'amendments',
    'given',
    'shadow_reads',
    'shadows',
    'give_choices',
    'past_fixes',
    'past_fix_refusals',
  ])
    if (hasTable(driver, table)) driver.run(`DELETE FROM ${table}`);
  driver.run('UPDATE model_calls SET session_id = NULL, project_root = NULL');
}

/** Titles of accepted learnings with one of these sessions as source or evidence, the latest first. */
export function titlesQuoting(driver: SqlDriver, from: { sessionId: SessionId } | { projectId: number }): string[] {
  const ids =
    'sessionId' in from
      ? [from.sessionId]
      : driver
          .all<{ id: string }>('SELECT id FROM sessions WHERE project_id IN (SELECT value FROM json_each(?))', [
            JSON.stringify(joinedWith(driver, from.projectId).map(({ id }) => id)),
          ])
          .map(({ id }) => id);
  return driver
    .all<{ title: string }>(
      `SELECT title FROM learnings WHERE state = 'accepted' AND deleted_at IS NULL AND (EXISTS (SELECT 1
        FROM json_each(source_sessions_json) WHERE value IN (SELECT value FROM json_each(?1)))
        OR id IN (SELECT learning_id FROM learning_evidence WHERE session_id IN (SELECT value FROM json_each(?1))))
        ORDER BY updated_at DESC, no DESC`,
      [JSON.stringify(ids)],
    )
    .map(({ title }) => title);
}

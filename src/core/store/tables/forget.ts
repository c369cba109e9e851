/**
 * Erases for good: rows, index words, free pages and journal. A tombstone keeps the next sweep from reading the
 * transcript in the client's folder again.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import { isMarkOf } from '../../lib/keyed-mark';
import type { SqlDriver } from '../sqlite/driver';
import { indexOfAllScripts } from '../sqlite/migrations/0005-index-of-all-scripts';
import { hasTable, schemaVersionOf } from '../sqlite/schema-of';
import { isProjectBuried, markOf } from './buried-roots';
import { forgetAllClasses, forgetClassesAbout, forgetClassesOf, moveClass } from './classes';
import { documentKinds, optimizeIndex, unindexRow } from './documents';
import { forgetAllDistilled, forgetClaudesOf, forgetDistilled } from './forget-distilled';
import { forgetChoicesAbout } from './give-choices';
import { eraseMarks, moveMarks } from './marks';
import { dropNotesOf } from './notes';
import { dropJoins } from './project-joins';
import { joinedWith } from './projects';
import { forgetRestrictionsOf } from './restrictions';
import { forgetAliases } from './row-aliases';
import { recentSearchesKey } from './searches';
import { eraseSessionMarks } from './session-marks';
import { skipBytes } from './sources';
import type { Ledger } from './sources';
import { forgetUses } from './uses';

export function isForgotten(driver: SqlDriver, sessionId: SessionId, projectRoot: string, startedAt: number): boolean {
  if (driver.get("SELECT 1 FROM tombstones WHERE kind = 'session' AND target = ?", [sessionId])) return true;
  // A project, or everything, is forgotten up to the time of the tombstone; later sessions are remembered.
  return (
    driver.get("SELECT 1 FROM tombstones WHERE kind = 'everything' AND at >= ?", [startedAt]) !== undefined ||
    isProjectBuried(driver, projectRoot, startedAt)
  );
}

/** All forgotten sessions and projects, these by their marks. */
export function buriedOf(driver: SqlDriver): { sessions: SessionId[]; projects: { mark: string; at: number }[] } {
  return {
    sessions: driver
      .all<{ target: string }>("SELECT target FROM tombstones WHERE kind = 'session'")
      .map(({ target }) => target),
    projects: driver.all<{ mark: string; at: number }>(
      "SELECT target AS mark, at FROM tombstones WHERE kind = 'project'",
    ),
  };
}

export function forgetSession(driver: SqlDriver, id: SessionId, now: number): void {
  driver.transaction(() => {
    const row = driver.get<{ no: number; project: number }>(
      'SELECT no, project_id AS project FROM sessions WHERE id = ?',
      [id],
    );
    bury(driver, 'session', id, now);
    if (row) {
      eraseSession(driver, row.no);
      dropEmptyProjects(driver, [row.project]);
    }
    dropLeafTitles(driver);
  });
  sweepOut(driver);
}

/**
 * Forgets a project with all that is shown as one with it, a session at a time, so that requests are answered in between.
 * The projects are buried last: a keeper that dies before finds them among what was to be forgotten, beside the
 * database, and forgets the rest at its start.
 *
 * @throws MemoryError `not_found`
 */
export function* forgetProject(driver: SqlDriver, projectId: number, now: number): Generator<undefined, void> {
  const projects = joinedWith(driver, projectId);
  // The number was given out: an earlier call, whose answer was lost, has forgotten the project.
  if (projects.length === 0 && !wasProject(driver, projectId))
    throw new MemoryError('not_found', 'This project is not in memory.');
  if (projects.length > 0) {
    for (const { no, id } of driver.all<{ no: number; id: string }>(
      'SELECT no, id FROM sessions WHERE project_id IN (SELECT value FROM json_each(?))',
      [JSON.stringify(projects.map((project) => project.id))],
    )) {
      driver.transaction(() => {
        bury(driver, 'session', id, now);
        eraseSession(driver, no);
      });
      yield;
    }
    driver.transaction(() => {
      for (const { ownRoot } of projects) bury(driver, 'project', ownRoot, now);
      const roots = new Set(projects.map(({ ownRoot }) => ownRoot));
      dropJoins(driver, (root) => roots.has(root));
      forgetChoicesAbout(driver, (root) => roots.has(root));
      forgetClassesAbout(driver, (root) => roots.has(root));
      forgetRestrictionsOf(driver, (root) => roots.has(root));
      dropEmptyProjects(
        driver,
        projects.map((project) => project.id),
      );
      dropLeafTitles(driver);
    });
    yield;
  }
  sweepOut(driver);
}

const wasProject = (driver: SqlDriver, id: number): boolean =>
  (driver.get<{ seq: number }>("SELECT seq FROM sqlite_sequence WHERE name = 'projects'")?.seq ?? 0) >= id && id > 0;

/** A project without sessions goes too, because its root is a folder's name; one that a person's learning is about stays. */
function dropEmptyProjects(driver: SqlDriver, ids: readonly number[]): void {
  forgetClaudesOf(driver, ids);
  dropNotesOf(driver, ids);
  const empty = driver.all<{ id: number; root: string }>(
    `SELECT id, root FROM projects WHERE id IN (SELECT value FROM json_each(?)) AND NOT EXISTS (SELECT 1 FROM sessions
      WHERE project_id = projects.id) AND NOT EXISTS (SELECT 1 FROM learnings WHERE project_id = projects.id)`,
    [JSON.stringify(ids)],
  );
  if (empty.length === 0) return;
  const roots = new Set(empty.map(({ root }) => root));
  dropJoins(driver, (root) => roots.has(root));
  forgetClassesAbout(driver, (root) => roots.has(root));
  driver.run('DELETE FROM projects WHERE id IN (SELECT value FROM json_each(?))', [
    JSON.stringify(empty.map(({ id }) => id)),
  ]);
}

/**
 * Deletes everything, including what a person wrote. `sessionIds` names the sessions on disk now, so that none of them
 * is read again.
 */
export function deleteEverything(driver: SqlDriver, sessionIds: readonly SessionId[], now: number): void {
  driver.transaction(() => {
    for (const { id } of driver.all<{ id: string }>('SELECT id FROM sessions')) bury(driver, 'session', id, now);
    for (const id of sessionIds) bury(driver, 'session', id, now);
    bury(driver, 'everything', '', now);
    forgetAllDistilled(driver);
    // The index goes first: it reads the words to remove from the rows.
    driver.run('DELETE FROM fulltext WHERE docid IN (SELECT docid FROM fulltext_docsize)');
    for (const table of [
      'documents',
      'notes',
      'copies',
      'message_usage',
      'session_costs',
      'observations',
      'prompts',
      'leaf_titles',
      'sources',
      'learnings',
      'marks',
      'session_marks',
      'session_uses',
      'sessions',
      'projects',
      'project_joins',
    ])
      driver.run(`DELETE FROM ${table}`);
    forgetRestrictionsOf(driver, (root) => root !== '');
    forgetAllClasses(driver);
    driver.run('DELETE FROM row_aliases');
    driver.run("DELETE FROM configurations WHERE key LIKE 'search:%' OR key = ?", [recentSearchesKey]);
    // The weight of the model was measured on the deleted history.
    driver.run('DELETE FROM configurations WHERE key = ?', [calibrationKey]);
  });
  sweepOut(driver);
}

/** Key of the measured weight of meaning. Not written by a person, so a change of it needs no backup. */
export const calibrationKey = 'keeper.calibration';

export interface Tombstone {
  kind: 'session' | 'project' | 'everything';
  /** Session id, or the mark of a project's root. */
  target: string;
  at: number;
}

/** The tombstones that this database does not have yet. */
export function notYetForgotten(driver: SqlDriver, tombstones: readonly Tombstone[]): Tombstone[] {
  return tombstones.filter(
    ({ kind, target, at }) =>
      driver.get('SELECT 1 FROM tombstones WHERE kind = ? AND target = ? AND at >= ?', [kind, target, at]) ===
        undefined && !(kind === 'project' && isProjectBuried(driver, target, at)),
  );
}

/**
 * Applies tombstones of another database: a restored backup must forget what the memory forgot. Each keeps its original
 * time.
 */
export function forgetAgain(driver: SqlDriver, tombstones: readonly Tombstone[]): void {
  driver.transaction(() => {
    emptyOlderIndex(driver);
    for (const { kind, target, at } of tombstones) {
      bury(driver, kind, target, at);
      if (kind !== 'session') {
        const isMeant = (root: string) => kind === 'everything' || isMarkOf(target, root);
        dropJoins(driver, isMeant);
        forgetChoicesAbout(driver, isMeant);
        forgetClassesAbout(driver, isMeant);
        forgetRestrictionsOf(driver, (root) => root !== '' && isMeant(root));
      }
      const projects = driver
        .all<{ id: number; root: string }>('SELECT id, root FROM projects')
        .filter(({ root }) => kind === 'everything' || (kind === 'project' && isMarkOf(target, root)))
        .map(({ id }) => id);
      const rows = driver.all<{ no: number; project: number }>(
        kind === 'session'
          ? 'SELECT no, project_id AS project FROM sessions WHERE id = ?'
          : `SELECT no, project_id AS project FROM sessions WHERE project_id IN (SELECT value FROM json_each(?))
              AND created_at <= ?`,
        kind === 'session' ? [target] : [JSON.stringify(projects), at],
      );
      for (const { no } of rows) eraseSession(driver, no);
      dropEmptyProjects(driver, [...projects, ...rows.map(({ project }) => project)]);
    }
    dropLeafTitles(driver);
  });
  sweepOut(driver);
}

/**
 * The words in the index of an earlier version are not those that the present tokenizer makes of the text, so FTS4 would
 * leave them there. The index is emptied as its migration does it; a restore fills it again.
 */
function emptyOlderIndex(driver: SqlDriver): void {
  if (schemaVersionOf(driver) < indexOfAllScripts.version) indexOfAllScripts.up(driver);
}

function bury(driver: SqlDriver, kind: 'session' | 'project' | 'everything', target: string, at: number): void {
  driver.run('INSERT OR REPLACE INTO tombstones (kind, target, at) VALUES (?, ?, ?)', [
    kind,
    kind === 'project' ? markOf(driver, target) : target,
    at,
  ]);
}

/** Deletes a session to keep a limit. Its sources stay, marked as read to their end. */
export function eraseForBounds(driver: SqlDriver, no: number): void {
  eraseSession(driver, no, 'expired');
}

/** Deletes a session of which no row is left, without a tombstone: what it says from now on is remembered. */
export function eraseEmptied(driver: SqlDriver, no: number): void {
  const project = driver.get<{ id: number }>('SELECT project_id AS id FROM sessions WHERE no = ?', [no])?.id;
  eraseSession(driver, no);
  if (project !== undefined) dropEmptyProjects(driver, [project]);
  dropLeafTitles(driver);
}

function eraseSession(driver: SqlDriver, no: number, reason: 'forgotten' | 'expired' = 'forgotten'): void {
  handOver(driver, no);
  for (const { kind, row } of driver.all<{ kind: 0 | 1 | 3; row: number }>(
    'SELECT kind, row_id AS row FROM documents WHERE session = ? AND kind NOT IN (?, ?)',
    [no, documentKinds.learning, documentKinds.note],
  ))
    unindexRow(driver, kind, row);
  forgetSources(driver, no, reason);
  const id = driver.get<{ id: string }>('SELECT id FROM sessions WHERE no = ?', [no])?.id;
  if (id !== undefined) {
    eraseMarks(driver, id);
    eraseSessionMarks(driver, id);
    if (reason === 'forgotten') forgetClassesOf(driver, id);
    forgetDistilled(driver, no, id);
    forgetUses(driver, id);
  }
  driver.run('DELETE FROM copies WHERE session = ?', [no]);
  driver.run('DELETE FROM observations WHERE session = ?', [no]);
  driver.run('DELETE FROM prompts WHERE session = ?', [no]);
  driver.run('DELETE FROM message_usage WHERE session = ?', [no]);
  if (id !== undefined) forgetAliases(driver, id);
  // A backup may come from a version without this table.
  if (hasTable(driver, 'session_costs')) driver.run('DELETE FROM session_costs WHERE session = ?', [no]);
  driver.run('DELETE FROM sessions WHERE no = ?', [no]);
}

/**
 * Books stored bytes as forgotten or expired, so that the ledger still balances. The reader's state contains parts of
 * prompts and is emptied.
 */
function forgetSources(driver: SqlDriver, no: number, reason: 'forgotten' | 'expired'): void {
  for (const { path, ledger_json } of driver.all<{ path: string; ledger_json: string }>(
    'SELECT path, ledger_json FROM sources WHERE session = ?',
    [no],
  )) {
    const ledger = JSON.parse(ledger_json) as Ledger;
    skipBytes(ledger, reason, ledger.bytesStored, 0);
    ledger.bytesStored = 0;
    driver.run("UPDATE sources SET session = NULL, state_json = '{}', tail_hash = '', ledger_json = ? WHERE path = ?", [
      JSON.stringify(ledger),
      path,
    ]);
  }
}

/** Rows that a fork shows too are handed over to the fork, so forgetting one session takes nothing from another. */
function handOver(driver: SqlDriver, no: number): void {
  const shared = driver.all<{
    session: number;
    sequence_num: number;
    turn: number;
    prompt_id: number | null;
    observation_id: number | null;
  }>(
    `SELECT c.* FROM copies c WHERE c.prompt_id IN (SELECT id FROM prompts WHERE session = ?1)
      OR c.observation_id IN (SELECT id FROM observations WHERE session = ?1)`,
    [no],
  );
  for (const { session, sequence_num, turn, prompt_id, observation_id } of shared) {
    const table = prompt_id === null ? 'observations' : 'prompts';
    const id = (prompt_id ?? observation_id) as number;
    // The first copy gets the row; further copies refer to it.
    if (
      driver.run(`UPDATE ${table} SET session = ?, sequence_num = ?, turn = ? WHERE id = ? AND session = ?`, [
        session,
        sequence_num,
        turn,
        id,
        no,
      ]) === 0
    )
      continue;
    driver.run(`DELETE FROM copies WHERE session = ? AND ${prompt_id === null ? 'observation_id' : 'prompt_id'} = ?`, [
      session,
      id,
    ]);
    const owner = driver.get<{ uid: string; sessionId: string }>(
      `SELECT r.uid, s.id AS sessionId FROM ${table} r JOIN sessions s ON s.no = r.session WHERE r.id = ?`,
      [id],
    );
    if (owner) {
      moveMarks(driver, owner.uid, owner.sessionId);
      moveClass(driver, owner.uid, owner.sessionId);
    }
    driver.run('UPDATE documents SET session = ?, turn = ? WHERE kind = ? AND row_id = ?', [
      session,
      turn,
      prompt_id === null ? documentKinds.observation : documentKinds.prompt,
      id,
    ]);
    if (prompt_id === null)
      driver.run(
        `UPDATE sessions SET observations = observations + 1, errors = errors + (SELECT observation_type = 'error'
          FROM observations WHERE id = ?) WHERE no = ?`,
        [id, session],
      );
    else
      driver.run(
        "UPDATE sessions SET prompts = prompts + (SELECT prompt_type = 'user' FROM prompts WHERE id = ?) WHERE no = ?",
        [id, session],
      );
  }
}

/**
 * It cannot be told which of the waiting titles belong to a forgotten session, so all of them are deleted. A lost title
 * does no harm.
 */
function dropLeafTitles(driver: SqlDriver): void {
  driver.run('DELETE FROM leaf_titles');
}

/** Removes the erased text from index segments, free pages and journal. */
export function sweepOut(driver: SqlDriver): void {
  optimizeIndex(driver);
  driver.all('PRAGMA incremental_vacuum');
  driver.checkpoint();
}

/** Sessions as their transcripts tell them. Each main transcript file is one session. */
import type { SessionId } from '../../../protocol/model';
import type { KeyedName } from '../../lib/keyed-name';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { documentKinds } from './documents';
import { applyName } from './session-marks';

/** A session counts as live for this long after its file grew. */
export const liveMs = 120_000;

/** SQL: true for a session with something to show, also when all of it stands in another session as well. */
export const hasRows = (sessions: string): string =>
  `(${sessions}.prompts + ${sessions}.observations > 0 OR EXISTS (SELECT 1 FROM copies WHERE copies.session = ${sessions}.no))`;

export interface SessionState {
  no: number;
  projectId: number;
  nextSequence: number;
}

export function ensureSession(
  driver: SqlDriver,
  id: SessionId,
  facts: { projectId: number; cwd: Redacted | ''; at: number; isAgent: boolean },
): SessionState {
  const known = driver.get<{ no: number; project_id: number; next_sequence: number; cwd: string }>(
    'SELECT no, project_id, next_sequence, cwd FROM sessions WHERE id = ?',
    [id],
  );
  if (known) {
    // The first lines of a session may not name a folder; the project is set by the first line that does. What a
    // sub-agent's file said is replaced by the main thread, which may be read later.
    const isFirstOfMain = !facts.isAgent && hasOnlyAgentSources(driver, known.no);
    if (isFirstOfMain) driver.run("UPDATE sessions SET git_branch = '', model_used = '' WHERE no = ?", [known.no]);
    if ((known.cwd === '' || isFirstOfMain) && facts.cwd !== '') {
      driver.run('UPDATE sessions SET cwd = ?, project_id = ? WHERE no = ?', [facts.cwd, facts.projectId, known.no]);
      return { no: known.no, projectId: facts.projectId, nextSequence: known.next_sequence };
    }
    return { no: known.no, projectId: known.project_id, nextSequence: known.next_sequence };
  }
  driver.run('INSERT INTO sessions (id, project_id, cwd, created_at, updated_at) VALUES (?, ?, ?, ?, ?)', [
    id,
    facts.projectId,
    facts.cwd,
    facts.at,
    facts.at,
  ]);
  const no = driver.lastInsertId();
  applyName(driver, id);
  return { no, projectId: facts.projectId, nextSequence: 1 };
}

const hasOnlyAgentSources = (driver: SqlDriver, no: number): boolean =>
  driver.get<{ kind: string }>('SELECT max(kind) AS kind FROM sources WHERE session = ?', [no])?.kind === 'agent';

/** What filters need to know about sessions: all, or those with these numbers. */
export function eachSessionFacts(
  driver: SqlDriver,
  nos: readonly number[] | undefined,
  visit: (no: number, projectId: number, gitBranch: string, filesJson: string) => void,
): void {
  const where = nos ? 'WHERE no IN (SELECT value FROM json_each(?))' : '';
  driver.each(
    `SELECT no, project_id, git_branch, files_json FROM sessions ${where}`,
    nos ? [JSON.stringify(nos)] : [],
    ([no, project, branch, files]) => visit(no as number, project as number, branch as string, files as string),
  );
}

/** The row number of a session, if it is known. */
/** 0 when it is not in the memory. */
export const projectOfSession = (driver: SqlDriver, id: SessionId): number =>
  driver.get<{ id: number }>('SELECT project_id AS id FROM sessions WHERE id = ?', [id])?.id ?? 0;

export function sessionNumber(driver: SqlDriver, id: SessionId): number | undefined {
  return driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [id])?.no;
}

/** The session itself, and those whose rows it shows too: a fork begins with what its origin said. */
export function ownSessions(driver: SqlDriver, id: SessionId): number[] {
  return driver
    .all<{ no: number }>(
      `SELECT no FROM sessions WHERE id = ?1 UNION SELECT p.session FROM copies c JOIN prompts p ON p.id = c.prompt_id
        WHERE c.session = (SELECT no FROM sessions WHERE id = ?1)`,
      [id],
    )
    .map(({ no }) => no);
}

/** Those of the sessions that are in memory. */
export const knownSessions = (driver: SqlDriver, ids: readonly SessionId[]): SessionId[] =>
  driver
    .all<{ id: string }>('SELECT id FROM sessions WHERE id IN (SELECT value FROM json_each(?))', [JSON.stringify(ids)])
    .map(({ id }) => id);

/** Sessions that were written to since then. */
export const sessionsSince = (driver: SqlDriver, at: number): SessionId[] =>
  driver.all<{ id: string }>('SELECT id FROM sessions WHERE updated_at >= ?', [at]).map(({ id }) => id);

/** The folder a session ran in; empty when only the archive has the session. */
export function folderOfSession(driver: SqlDriver, id: SessionId): string {
  return driver.get<{ cwd: string }>('SELECT cwd FROM sessions WHERE id = ?', [id])?.cwd ?? '';
}

export const sessionsOfProjects = (driver: SqlDriver, projectIds: readonly number[]): SessionId[] =>
  driver
    .all<{ id: string }>('SELECT id FROM sessions WHERE project_id IN (SELECT value FROM json_each(?)) ORDER BY no', [
      JSON.stringify(projectIds),
    ])
    .map(({ id }) => id);

/** Oldest first, because a learning from a later session confirms or contradicts earlier ones. */
export function allSessionIds(driver: SqlDriver): SessionId[] {
  return driver
    .all<{ id: string }>("SELECT id FROM sessions WHERE status <> 'deleted' ORDER BY created_at, no")
    .map(({ id }) => id);
}

export interface SessionDelta {
  nextSequence: number;
  prompts: number;
  observations: number;
  errors: number;
  turns: number;
  firstAt: number;
  lastAt: number;
  gitBranch: Redacted | '';
  model: Redacted;
  version: Redacted | '';
  entrypoint: Redacted | '';
  originId: Redacted | '';
  lastUuid: KeyedName | '';
  firstPrompt: Redacted;
  /** The first slash command, for a session that has nothing else. */
  firstCommand: Redacted;
  /** Of a sub-agent: it says nothing about the session's own branch and model. */
  isAgent: boolean;
  /** Made from the first prompt; replaced by any better title. */
  title: Redacted;
  files: Set<Redacted>;
}

const maxFiles = 50;

export function updateSession(driver: SqlDriver, no: number, delta: SessionDelta): void {
  const row = driver.get<{ files_json: string; metadata_json: string }>(
    'SELECT files_json, metadata_json FROM sessions WHERE no = ?',
    [no],
  );
  const files = [...new Set([...(JSON.parse(row?.files_json ?? '[]') as string[]), ...delta.files])].slice(0, maxFiles);
  const metadata = {
    ...(JSON.parse(row?.metadata_json ?? '{}') as object),
    ...(delta.version && { version: delta.version }),
    ...(delta.entrypoint && { entrypoint: delta.entrypoint }),
  };
  driver.run(
    `UPDATE sessions SET next_sequence = ?, prompts = prompts + ?, observations = observations + ?,
      errors = errors + ?, turns = max(turns, ?),
       created_at = CASE WHEN ?7 > 0 AND (created_at = 0 OR ?7 < created_at) THEN ?7
         ELSE created_at END, updated_at = max(updated_at, ?6), ended_at = max(updated_at, ?6),
       git_branch = CASE WHEN ?8 = '' OR (?16 AND git_branch <> '') THEN git_branch ELSE ?8 END,
       model_used = CASE WHEN ?9 = '' OR (?16 AND model_used <> '') THEN model_used ELSE ?9 END,
       origin_id = coalesce(origin_id, nullif(?10, '')), last_uuid = CASE WHEN ?11 = '' THEN last_uuid ELSE ?11 END,
       first_prompt = CASE WHEN ?12 <> '' AND (first_prompt = '' OR title_rank = 0) THEN ?12
         WHEN first_prompt = '' THEN ?17 ELSE first_prompt END, files_json = ?13, metadata_json = ?14 WHERE no = ?15`,
    [
      delta.nextSequence,
      delta.prompts,
      delta.observations,
      delta.errors,
      delta.turns,
      delta.lastAt,
      delta.firstAt,
      delta.gitBranch,
      delta.model,
      delta.originId,
      delta.lastUuid,
      delta.firstPrompt,
      JSON.stringify(files),
      JSON.stringify(metadata),
      no,
      delta.isAgent ? 1 : 0,
      delta.firstCommand,
    ],
  );
}

/** Gives rows of sub-agents that were read before the main thread the turn they ran in. */
export function placeAgentRows(driver: SqlDriver, no: number): void {
  for (const [table, kind] of [
    ['prompts', documentKinds.prompt],
    ['observations', documentKinds.observation],
  ] as const)
    for (const { id, at } of driver.all<{ id: number; at: number }>(
      `SELECT id, created_at AS at FROM ${table} WHERE session = ? AND turn = 0 AND agent_id IS NOT NULL`,
      [no],
    )) {
      const turn = turnAt(driver, no, at);
      if (turn === 0) continue;
      driver.run(`UPDATE ${table} SET turn = ? WHERE id = ?`, [turn, id]);
      driver.run('UPDATE documents SET turn = ? WHERE kind = ? AND row_id = ?', [turn, kind, id]);
    }
}

/** The turn that was under way at a time: sub-agents started then belong to it. */
export function turnAt(driver: SqlDriver, no: number, at: number): number {
  return (
    driver.get<{ turn: number }>(
      `SELECT turn, created_at AS began FROM prompts WHERE session = ?1 AND prompt_type = 'user' AND created_at <= ?2
       UNION ALL SELECT c.turn, c.at FROM copies c JOIN prompts p ON p.id = c.prompt_id
         WHERE c.session = ?1 AND p.prompt_type = 'user' AND c.at <= ?2
       ORDER BY began DESC, turn DESC LIMIT 1`,
      [no, at],
    )?.turn ?? 0
  );
}

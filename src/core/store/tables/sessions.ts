/** Sessions and their projects. Each main transcript file is one session. */
import { MemoryError } from '../../../protocol/errors';
import type { ProjectInfo, SessionCard, SessionId } from '../../../protocol/model';
import type { SessionQuery } from '../../../protocol/questions/sessions';
import type { Page } from '../../../protocol/status';
import { latestPlausible } from '../../lib/plausible';
import { composed } from '../../lib/text';
import type { Redacted } from '../../observe/redact';
import { titleRanks } from '../../transcript/schema';
import type { UsageDraft } from '../../transcript/thread';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { documentKinds, indexRow, unindexRow } from './documents';

/** A session counts as live for this long after its file grew. */
export const liveMs = 120_000;

export function ensureProject(driver: SqlDriver, root: string, name: string): number {
  const known = driver.get<{ id: number }>('SELECT id FROM projects WHERE root = ?', [root]);
  if (known) return known.id;
  driver.run('INSERT INTO projects (root, name) VALUES (?, ?)', [root, name]);
  return driver.lastInsertId();
}

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
  facts: { projectId: number; cwd: string; at: number; isAgent: boolean },
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
  return { no: driver.lastInsertId(), projectId: facts.projectId, nextSequence: 1 };
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
export function sessionNumber(driver: SqlDriver, id: SessionId): number | undefined {
  return driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [id])?.no;
}

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
  gitBranch: string;
  model: Redacted;
  version: string;
  entrypoint: string;
  originId: string;
  lastUuid: string;
  firstPrompt: Redacted;
  /** The first slash command, for a session that has nothing else. */
  firstCommand: Redacted;
  /** Of a sub-agent: it says nothing about the session's own branch and model. */
  isAgent: boolean;
  /** Made from the first prompt; replaced by any better title. */
  title: Redacted;
  files: readonly Redacted[];
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
         WHEN first_prompt = '' THEN ?17 ELSE first_prompt END, files_json = ?13, metadata_json = ?14, status = 'active' WHERE no = ?15`,
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

/**
 * Sets a title when its rank is at least that of the present one. Titles that rank above the first prompt are indexed.
 */
export function setTitle(driver: SqlDriver, no: number, title: Redacted, rank: number): void {
  const row = driver.get<{ title: string; title_rank: number; project_id: number; updated_at: number }>(
    'SELECT title, title_rank, project_id, updated_at FROM sessions WHERE no = ?',
    [no],
  );
  if (!row || rank < row.title_rank) return;
  const isFirstOnly = rank <= titleRanks.prompt;
  if (rank === row.title_rank && (title === row.title || (isFirstOnly && row.title !== ''))) return;
  unindexRow(driver, documentKinds.session, no);
  driver.run('UPDATE sessions SET title = ?, title_rank = ? WHERE no = ?', [title, rank, no]);
  if (rank > titleRanks.prompt)
    indexRow(driver, {
      kind: documentKinds.session,
      row: no,
      session: no,
      turn: 0,
      projectId: row.project_id,
      facet: 'session',
      tool: '',
      at: row.updated_at,
    });
}

/** Old clients write a title with the uuid of a line, which may belong to a session that is read earlier or later. */
export function putLeafTitle(driver: SqlDriver, leafUuid: string, title: Redacted): void {
  driver.run('INSERT OR REPLACE INTO leaf_titles (leaf_uuid, title) VALUES (?, ?)', [leafUuid, title]);
  for (const { no } of driver.all<{ no: number }>('SELECT no FROM sessions WHERE last_uuid = ?', [leafUuid]))
    setTitle(driver, no, title, titleRanks.summary);
}

export function applyLeafTitle(driver: SqlDriver, no: number, uuids: Iterable<string>): void {
  for (const uuid of uuids) {
    const found = driver.get<{ title: Redacted }>('SELECT title FROM leaf_titles WHERE leaf_uuid = ?', [uuid]);
    if (found) setTitle(driver, no, found.title, titleRanks.summary);
  }
}

/**
 * A message may be written several times with growing usage. The largest counts, once, for the session that had the
 * message first.
 */
export function putUsage(driver: SqlDriver, session: number, usage: UsageDraft<Redacted>): void {
  const known = driver.get<{
    session: number;
    input: number;
    output: number;
    cache_read: number;
    cache_write: number;
    cache_write_hour: number;
    at: number;
  }>('SELECT * FROM message_usage WHERE message = ?', [usage.message]);
  const owner = known?.session ?? session;
  const next = {
    input: Math.max(usage.input, known?.input ?? 0),
    output: Math.max(usage.output, known?.output ?? 0),
    cacheRead: Math.max(usage.cacheRead, known?.cache_read ?? 0),
    cacheWrite: Math.max(usage.cacheWrite, known?.cache_write ?? 0),
  };
  const grown = [
    next.input - (known?.input ?? 0),
    next.output - (known?.output ?? 0),
    next.cacheRead - (known?.cache_read ?? 0),
    next.cacheWrite - (known?.cache_write ?? 0),
  ] as const;
  const cacheWriteHour = Math.max(usage.cacheWriteHour, known?.cache_write_hour ?? 0);
  if (known && grown.every((each) => each === 0) && cacheWriteHour === known.cache_write_hour) return;
  driver.run(
    `INSERT OR REPLACE INTO message_usage (message, session, model, input, output, cache_read, cache_write,
      cache_write_hour, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      usage.message,
      owner,
      usage.model,
      next.input,
      next.output,
      next.cacheRead,
      next.cacheWrite,
      cacheWriteHour,
      known?.at || usage.at,
    ],
  );
  driver.run(
    `UPDATE sessions SET tokens_input = tokens_input + ?1, tokens_output = tokens_output + ?2, tokens_cache_read = tokens_cache_read + ?3,
       tokens_cache_write = tokens_cache_write + ?4, token_count = token_count + ?1 + ?2 + ?3 + ?4 WHERE no = ?5`,
    [...grown, owner],
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

export function listProjects(driver: SqlDriver): ProjectInfo[] {
  return driver.all<ProjectInfo & Record<string, SqlValue>>(
    `SELECT p.id, p.name, p.root, count(s.no) AS sessions, max(s.updated_at) AS lastAt FROM projects p
      JOIN sessions s ON s.project_id = p.id
     WHERE s.status <> 'deleted' AND ${hasRows('s')} GROUP BY p.id ORDER BY lastAt DESC`,
  );
}

/** The folders in which sessions ran, with their projects. */
export function foldersOfSessions(driver: SqlDriver): { name: string; root: string; cwd: string; sessions: number }[] {
  return driver.all(
    `SELECT p.name, p.root, s.cwd, count(*) AS sessions FROM sessions s JOIN projects p ON p.id = s.project_id
     WHERE s.status <> 'deleted' AND s.prompts + s.observations > 0 GROUP BY p.id, s.cwd`,
  );
}

/** Names of all projects, for filters. */
export function allProjects(driver: SqlDriver): { id: number; name: string; root: string }[] {
  return driver.all('SELECT id, name, root FROM projects');
}

/** Rows that stand in another session first are shown here too, so they are counted. */
const copied = (kind: 'prompt' | 'observation', condition = 'TRUE'): string =>
  `(SELECT count(*) FROM copies c JOIN ${kind}s r ON r.id = c.${kind}_id WHERE c.session = s.no AND ${condition})`;

const hitColumns = `s.no, s.id, s.title, s.first_prompt, s.updated_at, p.id AS project_id, p.name AS project_name,
  p.root AS project_root`;
const cardColumns = `${hitColumns}, s.status, s.cwd, s.git_branch, s.model_used, s.origin_id,
  s.created_at, s.turns, s.prompts + ${copied('prompt', "r.prompt_type = 'user'")} AS prompts,
  s.observations + ${copied('observation')} AS observations,
  s.errors + ${copied('observation', "r.observation_type = 'error'")} AS errors, s.files_json,
  s.tokens_input, s.tokens_output, s.tokens_cache_read, s.tokens_cache_write,
  (SELECT max(mtime) FROM sources x WHERE x.session = s.no) AS mtime`;

interface HitCardRow {
  no: number;
  id: string;
  title: string;
  first_prompt: string;
  updated_at: number;
  project_id: number;
  project_name: string;
  project_root: string;
}

interface CardRow extends HitCardRow {
  status: 'active' | 'archived' | 'deleted';
  cwd: string;
  git_branch: string;
  model_used: string;
  origin_id: string | null;
  created_at: number;
  turns: number;
  prompts: number;
  observations: number;
  errors: number;
  files_json: string;
  tokens_input: number;
  tokens_output: number;
  tokens_cache_read: number;
  tokens_cache_write: number;
  mtime: number | null;
}

const hitCardOf = (row: HitCardRow): HitCard => ({
  id: row.id,
  title: row.title || row.first_prompt,
  firstPrompt: row.first_prompt,
  project: { id: row.project_id, name: row.project_name, root: row.project_root },
  updatedAt: row.updated_at,
});

const cardOf = (row: CardRow, now: number): SessionCard => ({
  ...hitCardOf(row),
  cwd: row.cwd,
  gitBranch: row.git_branch,
  status: row.status,
  startedAt: row.created_at,
  turns: row.turns,
  prompts: row.prompts,
  observations: row.observations,
  errors: row.errors,
  filesTouched: JSON.parse(row.files_json) as string[],
  model: row.model_used,
  tokens: {
    input: row.tokens_input,
    output: row.tokens_output,
    cacheRead: row.tokens_cache_read,
    cacheWrite: row.tokens_cache_write,
  },
  isLive: (row.mtime ?? 0) > now - liveMs,
  ...(row.origin_id !== null && row.origin_id !== row.id && { originId: row.origin_id }),
});

/** Newest first, by keyset: a page does not shift while sessions grow. Those dated in the future come last. */
export function listSessions(
  driver: SqlDriver,
  query: SessionQuery,
  projectIds: readonly number[] | undefined,
  now: number,
): Page<SessionCard> {
  const limit = Math.min(Math.max(query.limit ?? 50, 1), 200);
  const place = `CASE WHEN s.updated_at <= ${latestPlausible(now)} THEN s.updated_at ELSE 0 END`;
  const where = ["s.status <> 'deleted'", hasRows('s')];
  const params: SqlValue[] = [];
  const and = (condition: string, ...values: SqlValue[]) => {
    where.push(condition);
    params.push(...values);
  };
  if (projectIds) and(`s.project_id IN (SELECT value FROM json_each(?))`, JSON.stringify(projectIds));
  if (query.after !== undefined) and('s.updated_at >= ?', query.after);
  if (query.before !== undefined) and('s.updated_at < ?', query.before);
  if (query.only === 'errors') and(`s.errors + ${copied('observation', "r.observation_type = 'error'")} > 0`);
  if (query.only === 'live') and('(SELECT max(mtime) FROM sources x WHERE x.session = s.no) > ?', now - liveMs);
  for (const word of (query.text ?? '')
    .split(/\s+/)
    .filter((each) => each !== '')
    .slice(0, 8)) {
    and(
      "composed(s.title || ' ' || s.first_prompt || ' ' || p.name || ' ' || s.git_branch) LIKE ? ESCAPE '\\'",
      `%${composed(word).replace(/[\\%_]/g, '\\$&')}%`,
    );
  }
  if (query.cursor !== undefined) {
    const [updatedAt, no] = parseCursor(query.cursor);
    and(`(${place}, s.no) < (?, ?)`, updatedAt, no);
  }
  const rows = driver.all<CardRow & { place: number }>(
    `SELECT ${cardColumns}, ${place} AS place FROM sessions s JOIN projects p ON p.id = s.project_id
      WHERE ${where.join(' AND ')} ORDER BY place DESC, s.no DESC LIMIT ?`,
    [...params, limit],
  );
  const last = rows.at(-1);
  return {
    items: rows.map((row) => cardOf(row, now)),
    ...(rows.length === limit && last && { next: `${last.place}:${last.no}` }),
  };
}

function parseCursor(cursor: string): [number, number] {
  const match = /^(\d+):(\d+)$/.exec(cursor);
  if (!match) throw new MemoryError('invalid_input', 'This page marker is not valid.');
  return [Number(match[1]), Number(match[2])];
}

/** The folder a session ran in; empty when only the archive has the session. */
export function folderOfSession(driver: SqlDriver, id: SessionId): string {
  return driver.get<{ cwd: string }>('SELECT cwd FROM sessions WHERE id = ?', [id])?.cwd ?? '';
}

/** @throws MemoryError `not_found` */
export function getSession(driver: SqlDriver, id: SessionId, now: number): SessionCard & { no: number } {
  const row = driver.get<CardRow>(
    `SELECT ${cardColumns} FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id = ? AND s.status <> 'deleted'`,
    [id],
  );
  if (!row) throw new MemoryError('not_found', 'This session is not in memory.', { sessionId: id });
  return { ...cardOf(row, now), no: row.no };
}

/** What a hit shows of its session. */
export type HitCard = Pick<SessionCard, 'id' | 'title' | 'firstPrompt' | 'project' | 'updatedAt'>;

/** By row number. Nothing is counted: a session may have ten thousand copied rows, and a search asks with each key. */
export function hitCards(driver: SqlDriver, nos: readonly number[]): Map<number, HitCard> {
  const rows = driver.all<HitCardRow>(
    `SELECT ${hitColumns} FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.no IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(nos)],
  );
  return new Map(rows.map((row) => [row.no, hitCardOf(row)]));
}

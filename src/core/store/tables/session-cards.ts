/** What lists and search show of a session. */
import { MemoryError } from '../../../protocol/errors';
import type { SessionCard, SessionId } from '../../../protocol/model';
import { pathInside } from '../../../protocol/paths';
import type { SessionDay, SessionQuery } from '../../../protocol/questions/sessions';
import type { Page } from '../../../protocol/status';
import { localDay } from '../../lib/local-day';
import { latestPlausible } from '../../lib/plausible';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { filterWords, hasWord, wordPattern } from '../sqlite/word-in';
import { isNamed } from './session-titles';
import { hasRows, liveMs } from './sessions';

/** Rows that stand in another session first are shown here too, so they are counted. */
const copied = (kind: 'prompt' | 'observation', condition = 'TRUE'): string =>
  `(SELECT count(*) FROM copies c JOIN ${kind}s r ON r.id = c.${kind}_id WHERE c.session = s.no AND ${condition})`;

const hitColumns = `s.no, s.id, s.title, ${isNamed('s')} AS is_named, s.own_title, s.first_prompt,
  s.updated_at, p.shown_id AS project_id, p.name AS project_name, p.root AS project_root`;
const isPinned = 'EXISTS (SELECT 1 FROM session_marks k WHERE k.session_id = s.id AND k.is_pinned = 1)';
const cardColumns = `${hitColumns}, p.own_root, s.status, s.cwd, s.git_branch, s.model_used, s.origin_id,
  s.created_at, s.turns, s.prompts + ${copied('prompt', "r.prompt_type = 'user'")} AS prompts,
  s.observations + ${copied('observation')} AS observations,
  s.errors + ${copied('observation', "r.observation_type = 'error'")} AS errors, s.files_json,
  s.tokens_input, s.tokens_output, s.tokens_cache_read, s.tokens_cache_write,
  (SELECT count(*) FROM sources x WHERE x.session = s.no AND x.kind = 'agent'
    AND json_extract(x.ledger_json, '$.bytesStored') > 0) AS agents,
  (SELECT max(mtime) FROM sources x WHERE x.session = s.no) AS mtime, ${isPinned} AS is_pinned`;

interface HitCardRow {
  no: number;
  id: string;
  title: string;
  is_named: 0 | 1;
  own_title: string;
  first_prompt: string;
  updated_at: number;
  project_id: number;
  project_name: string;
  project_root: string;
}

interface CardRow extends HitCardRow {
  own_root: string;
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
  agents: number;
  mtime: number | null;
  is_pinned: 0 | 1;
}

const hitCardOf = (row: HitCardRow): HitCard => ({
  id: row.id,
  title: row.title || row.first_prompt,
  ...(row.is_named === 1 && { ownTitle: row.own_title || row.first_prompt }),
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
  ...(row.agents > 0 && { agents: row.agents }),
  ...(row.is_pinned === 1 && { isPinned: true }),
  ...(row.own_root !== row.project_root && { movedTo: movedTo(row) }),
  ...(row.origin_id !== null && row.origin_id !== row.id && { originId: row.origin_id }),
});

/** The same folder below the root that the project has now. */
function movedTo({ cwd, own_root: own, project_root: root }: CardRow): string {
  const inside = pathInside(own, cwd);
  return inside === undefined ? root : `${root}/${inside}`;
}

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
  for (const word of filterWords(query.text))
    and(
      hasWord(
        "s.title || ' ' || s.own_title || ' ' || s.first_prompt || ' ' || p.name || ' ' || p.own_name || ' ' || s.git_branch",
      ),
      wordPattern(word),
    );
  // Pinned ones are the first group of all: its name sorts before those of others.
  const group = query.pinnedFirst
    ? `CASE WHEN ${isPinned} THEN '' ELSE '1' || ${groups[query.order ?? 'latest']} END`
    : groups[query.order ?? 'latest'];
  if (query.cursor !== undefined) {
    const { updatedAt, no, name } = parseCursor(query.cursor);
    and(`(${group} > ? OR (${group} = ? AND (${place}, s.no) < (?, ?)))`, name, name, updatedAt, no);
  }
  const rows = driver.all<CardRow & { place: number; group_name: string }>(
    `SELECT ${cardColumns}, ${place} AS place, ${group} AS group_name
      FROM sessions s JOIN shown_projects p ON p.id = s.project_id
      WHERE ${where.join(' AND ')} ORDER BY group_name, place DESC, s.no DESC LIMIT ?`,
    [...params, limit],
  );
  const last = rows.at(-1);
  return {
    items: rows.map((row) => cardOf(row, now)),
    ...(rows.length === limit &&
      last && { next: `${last.place}:${last.no}:${Buffer.from(last.group_name).toString('hex')}` }),
  };
}

/** By what sessions are put together; two projects of one name stay apart. */
const project = "lower(p.name) || ' ' || p.shown_id";
const groups = { latest: "''", project, branch: `${project} || ' ' || s.git_branch` } as const;

function parseCursor(cursor: string): { updatedAt: number; no: number; name: string } {
  const match = /^(\d+):(\d+):([\da-f]*)$/.exec(cursor);
  if (!match) throw new MemoryError('invalid_input', 'This page marker is not valid.');
  return { updatedAt: Number(match[1]), no: Number(match[2]), name: Buffer.from(match[3] ?? '', 'hex').toString() };
}

/** Sessions by the local day of their last line, the oldest day first. */
export function countDays(
  driver: SqlDriver,
  { from, to }: { from: number; to: number },
  projectIds: readonly number[] | undefined,
): SessionDay[] {
  const days = new Map<string, number>();
  const rows = driver.all<{ updated_at: number }>(
    `SELECT s.updated_at FROM sessions s WHERE s.status <> 'deleted' AND ${hasRows('s')}
      AND s.updated_at >= ? AND s.updated_at < ?
      ${projectIds ? 'AND s.project_id IN (SELECT value FROM json_each(?))' : ''} ORDER BY s.updated_at`,
    [from, to, ...(projectIds ? [JSON.stringify(projectIds)] : [])],
  );
  for (const { updated_at: at } of rows) days.set(localDay(at), (days.get(localDay(at)) ?? 0) + 1);
  return [...days].map(([day, count]) => ({ day, count }));
}

/** @throws MemoryError `not_found` */
export function getSession(driver: SqlDriver, id: SessionId, now: number): SessionCard & { no: number } {
  const row = driver.get<CardRow>(
    `SELECT ${cardColumns} FROM sessions s JOIN shown_projects p ON p.id = s.project_id WHERE s.id = ? AND s.status <> 'deleted'`,
    [id],
  );
  if (!row) throw new MemoryError('not_found', 'This session is not in memory.', { sessionId: id });
  return { ...cardOf(row, now), no: row.no };
}

/** What a hit shows of its session. */
export type HitCard = Pick<SessionCard, 'id' | 'title' | 'ownTitle' | 'firstPrompt' | 'project' | 'updatedAt'>;

/** By row number. Nothing is counted: a session may have ten thousand copied rows, and a search asks with each key. */
export function hitCards(driver: SqlDriver, nos: readonly number[]): Map<number, HitCard> {
  const rows = driver.all<HitCardRow>(
    `SELECT ${hitColumns} FROM sessions s JOIN shown_projects p ON p.id = s.project_id WHERE s.no IN (SELECT value FROM json_each(?))`,
    [JSON.stringify(nos)],
  );
  return new Map(rows.map((row) => [row.no, hitCardOf(row)]));
}

/** What prompts were given or would have been, and what became of it: ids only, no text. Judged by core/give. */
import type { SessionId } from '../../../protocol/model';
import { giveSources } from '../../../protocol/shadow';
import type { GiveSource, UseKind, Verdict } from '../../../protocol/shadow';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

/** A piece, and the row that used it. */
export interface ShadowItem {
  id: string;
  /** Absent for a learning that a person wrote. */
  sessionId?: SessionId;
  source: GiveSource;
  use?: { kind: UseKind; uid: string };
}

export interface Shadow {
  /** Of the prompt. */
  uid: string;
  session: number;
  turn: number;
  at: number;
  judgedTo: number;
  verdict: Verdict;
  isGiven: boolean;
  tokens: number;
  items: readonly ShadowItem[];
}

/** A session with prompts that were not judged yet. */
export interface UnjudgedSession {
  no: number;
  id: SessionId;
  projectId: number;
  lastSequence: number;
}

export interface UnjudgedPrompt {
  uid: string;
  turn: number;
  sequence: number;
  at: number;
  text: string;
}

/** Turns that may use what a prompt was given, its own included. */
export const turnsLooked = 5;
/** History is judged this far back, and of a session its first prompts. */
const maxSessions = 400;
const maxPrompts = 60;
const maxText = 20_000;

const waiting = `FROM sessions s LEFT JOIN shadow_reads r ON r.session = s.no
  WHERE s.no IN (SELECT no FROM sessions WHERE status <> 'deleted' AND prompts > 0 ORDER BY updated_at DESC, no DESC
    LIMIT ${maxSessions}) AND coalesce(r.last_sequence, -1) < s.next_sequence - 1`;

/** The newest session that rests since `restsSince` and has grown since it was judged, or never was. */
export function unjudgedSession(driver: SqlDriver, restsSince: number): UnjudgedSession | undefined {
  return driver.get<UnjudgedSession & Row>(
    `SELECT s.no, s.id, s.project_id AS projectId, s.next_sequence - 1 AS lastSequence ${waiting}
       AND s.updated_at <= ? ORDER BY s.updated_at DESC, s.no DESC LIMIT 1`,
    [restsSince],
  );
}

export const countUnjudged = (driver: SqlDriver): number =>
  driver.get<{ n: number }>(`SELECT count(*) AS n ${waiting}`)?.n ?? 0;

/** The first prompt of the main thread that was not judged, or whose following turns were not all there. */
export function unjudgedPrompt(driver: SqlDriver, session: number): UnjudgedPrompt | undefined {
  return driver.get<UnjudgedPrompt & Row>(
    `SELECT p.uid, p.turn, p.sequence_num AS sequence, p.created_at AS at, substr(p.content, 1, ${maxText}) AS text FROM (
       SELECT * FROM prompts WHERE session = ?1 AND prompt_type = 'user' AND note = '' AND agent_id IS NULL
         ORDER BY turn, sequence_num LIMIT ${maxPrompts}) p LEFT JOIN shadows h ON h.uid = p.uid
     WHERE h.uid IS NULL OR h.judged_to < min(p.turn + ${turnsLooked - 1}, (SELECT max(turn) FROM prompts WHERE session = ?1))
     ORDER BY p.turn, p.sequence_num LIMIT 1`,
    [session],
  );
}

export function markJudged(driver: SqlDriver, { no, lastSequence }: UnjudgedSession): void {
  driver.run('INSERT OR REPLACE INTO shadow_reads (session, last_sequence) VALUES (?, ?)', [no, lastSequence]);
}

export function putShadow(driver: SqlDriver, shadow: Shadow): void {
  const { uid, session, turn, at, judgedTo, verdict, isGiven, tokens, items } = shadow;
  // What was missed was not given.
  const gave = verdict === 'missed' ? [] : items;
  driver.run(
    `INSERT OR REPLACE INTO shadows (uid, session, turn, at, judged_to, verdict, is_given, tokens, gave, used, items_json)
      VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      uid,
      session,
      turn,
      at,
      judgedTo,
      verdict,
      isGiven ? 1 : 0,
      tokens,
      bitsOf(gave),
      bitsOf(gave.filter(({ use }) => use)),
      JSON.stringify(items),
    ],
  );
}

const bitsOf = (items: readonly ShadowItem[]): number =>
  items.reduce((bits, { source }) => bits | (1 << giveSources.indexOf(source)), 0);

/** Ids of the pieces that earlier prompts of the session were given, or would have been. */
export function shadowedBefore(driver: SqlDriver, session: number, turn: number): Set<string> {
  const rows = driver.all<{ id: string }>(
    `SELECT json_extract(value, '$.id') AS id FROM shadows, json_each(items_json)
      WHERE session = ? AND turn < ? AND verdict IN ('helped', 'unused')`,
    [session, turn],
  );
  return new Set(rows.map(({ id }) => id));
}

/** Counts of one project, of what was given or of what would have been. */
export interface ShadowSum {
  projectId: number;
  isGiven: boolean;
  looked: number;
  helped: number;
  unused: number;
  missed: number;
  tokens: number;
  sources: Record<GiveSource, { gave: number; used: number }>;
}

/** By project as rows name it; of these projects, or of all. */
export function sumShadows(driver: SqlDriver, projectIds: readonly number[] | undefined): ShadowSum[] {
  const bits = giveSources.map(
    (source, at) => `sum(h.gave >> ${at} & 1) AS gave_${source}, sum(h.used >> ${at} & 1) AS used_${source}`,
  );
  return driver
    .all(
      `SELECT s.project_id AS projectId, h.is_given AS isGiven, count(*) AS looked, sum(h.verdict = 'helped') AS helped,
         sum(h.verdict = 'unused') AS unused, sum(h.verdict = 'missed') AS missed, sum(h.tokens) AS tokens, ${bits.join(', ')}
       FROM shadows h JOIN sessions s ON s.no = h.session ${projectIds ? `WHERE ${inProjects}` : ''} GROUP BY 1, 2`,
      projectIds ? [JSON.stringify(projectIds)] : [],
    )
    .map((row) => ({
      projectId: Number(row['projectId']),
      isGiven: row['isGiven'] === 1,
      looked: Number(row['looked']),
      helped: Number(row['helped']),
      unused: Number(row['unused']),
      missed: Number(row['missed']),
      tokens: Number(row['tokens']),
      sources: Object.fromEntries(
        giveSources.map((source) => [
          source,
          { gave: Number(row[`gave_${source}`]), used: Number(row[`used_${source}`]) },
        ]),
      ) as ShadowSum['sources'],
    }));
}

const inProjects = 's.project_id IN (SELECT value FROM json_each(?1))';

export interface ShadowRow extends Shadow {
  sessionId: SessionId;
  title: string;
  /** Row number of the prompt; null when it is gone. */
  prompt: number | null;
  text: string;
}

export interface ShadowFilter {
  projectIds: readonly number[] | undefined;
  source?: GiveSource;
  verdict?: Verdict;
  isGiven?: boolean;
  /** Time and uid of the last one of the page before. */
  after?: { at: number; uid: string };
}

/** The newest first. Prompts for which nothing was given or missed are listed only when they are asked for. */
export function listShadows(driver: SqlDriver, filter: ShadowFilter, limit: number): ShadowRow[] {
  const { projectIds, source, verdict, isGiven, after } = filter;
  const bit = source === undefined ? 0 : 1 << giveSources.indexOf(source);
  return driver
    .all<Row & { items: string; isGiven: number }>(
      `SELECT h.uid, h.session, h.turn, h.at, h.judged_to AS judgedTo, h.verdict, h.is_given AS isGiven, h.tokens,
         h.items_json AS items, s.id AS sessionId, CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title,
         p.id AS prompt, coalesce(substr(p.content, 1, 400), '') AS text
       FROM shadows h JOIN sessions s ON s.no = h.session LEFT JOIN prompts p ON p.uid = h.uid
       WHERE (?2 IS NULL OR h.verdict = ?2) AND (?2 IS NOT NULL OR h.verdict <> 'silent') AND (?3 = 0 OR h.gave & ?3)
         AND (?4 IS NULL OR h.is_given = ?4) AND (?5 IS NULL OR (h.at, h.uid) < (?5, ?6)) ${projectIds ? `AND ${inProjects}` : ''}
       ORDER BY h.at DESC, h.uid DESC LIMIT ?7`,
      [
        projectIds ? JSON.stringify(projectIds) : null,
        verdict ?? null,
        bit,
        isGiven === undefined ? null : Number(isGiven),
        after?.at ?? null,
        after?.uid ?? null,
        limit,
      ],
    )
    .map(({ items, isGiven: given, ...row }) => ({
      ...(row as unknown as ShadowRow),
      isGiven: given === 1,
      items: JSON.parse(items) as ShadowItem[],
    }));
}

/**
 * Deletes what was judged of a session, and of other sessions the prompts for which something of it was given; these are
 * judged again.
 */
export function forgetShadows(driver: SqlDriver, no: number, id: SessionId): void {
  // A backup may come from a version without these tables.
  if (!hasTable(driver, 'shadows')) return;
  const naming = 'SELECT session FROM shadows WHERE instr(items_json, ?1) > 0';
  driver.run(`DELETE FROM shadow_reads WHERE session = ?2 OR session IN (${naming})`, [id, no]);
  driver.run('DELETE FROM shadows WHERE session = ?2 OR instr(items_json, ?1) > 0', [id, no]);
}

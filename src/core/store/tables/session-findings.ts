/** Published summaries of many sessions at once, as they are compared with each other. */
import type { SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import type { LineRef, RowKey } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';
import { ownTitle } from './session-titles';
import type { SummaryBody } from './summaries';

export interface SessionFindings {
  no: number;
  id: SessionId;
  title: string;
  /** As which project it is shown. */
  project: string;
  projectId: number;
  root: string;
  branch: string;
  createdAt: number;
  updatedAt: number;
  body: SummaryBody;
}

interface FindingsRow extends Omit<SessionFindings, 'body'> {
  body: string;
}

/** The newest `most` sessions, the oldest of them first; and how many have no summary yet. */
export function sessionFindings(
  driver: SqlDriver,
  projectIds: readonly number[] | undefined,
  most: number,
): { findings: SessionFindings[]; pending: number } {
  const inScope = projectIds ? 'AND s.project_id IN (SELECT value FROM json_each(?1))' : '';
  const parameters = projectIds ? [JSON.stringify(projectIds)] : [];
  const findings = driver
    .all<FindingsRow & Record<string, never>>(
      `SELECT s.no, s.id, ${ownTitle('s')} AS title, p.name AS project, p.shown_id AS projectId, p.root,
          s.git_branch AS branch, s.created_at AS createdAt, s.updated_at AS updatedAt, m.body_json AS body
        FROM sessions s JOIN shown_projects p ON p.id = s.project_id
          JOIN summaries m ON m.session_id = s.id AND m.summary_type = 'session' AND m.is_published = 1
        WHERE s.status <> 'deleted' ${inScope} ORDER BY s.updated_at DESC, s.no DESC LIMIT ${most}`,
      parameters,
    )
    .map((row): SessionFindings => ({ ...row, body: JSON.parse(row.body) as SummaryBody }))
    .toReversed();
  const pending = driver.get<{ count: number }>(
    `SELECT count(*) AS count FROM sessions s WHERE s.status <> 'deleted' AND s.prompts > 0 ${inScope}
      AND NOT EXISTS (SELECT 1 FROM summaries m WHERE m.session_id = s.id AND m.summary_type = 'session')`,
    parameters,
  );
  return { findings, pending: pending?.count ?? 0 };
}

/** Row keys of the rows that still exist, by uid. */
export function keysByUid(driver: SqlDriver, uids: readonly string[]): Map<string, RowKey> {
  const rows = driver.all<LineRef & { uid: string }>(
    `SELECT uid, 'prompt' AS kind, id AS row FROM prompts WHERE uid IN (SELECT value FROM json_each(?1)) UNION ALL
      SELECT uid, 'observation', id FROM observations WHERE uid IN (SELECT value FROM json_each(?1))`,
    [JSON.stringify([...new Set(uids)])],
  );
  return new Map(rows.map(({ uid, kind, row }) => [uid, rowKeyOf({ kind, row })]));
}

export interface TickedList {
  session: number;
  uid: string;
  turn: number;
  at: number;
  input: string;
}

/** Todo lists with something ticked, in these sessions. */
export function tickedLists(driver: SqlDriver, sessions: readonly number[]): TickedList[] {
  return driver.all<TickedList & Record<string, never>>(
    `SELECT session, uid, turn, created_at AS at, input FROM observations
      WHERE session IN (SELECT value FROM json_each(?)) AND source_tool = 'TodoWrite' AND observation_type <> 'error'
        AND input LIKE '%[x] %' ORDER BY created_at LIMIT 4000`,
    [JSON.stringify(sessions)],
  );
}

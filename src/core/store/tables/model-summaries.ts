/** Summaries by a model: which sessions need a new one, and which version is shown. */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';
import { publishSummary } from './summaries';

const byModel = "m.summary_type = 'session' AND m.source IN ('model', 'editor')";

/** The last row that the newest summary by a model has seen; -1 when there is none. */
export function seenByModel(driver: SqlDriver, sessionId: SessionId): number {
  return (
    driver.get<{ last: number | null }>(
      `SELECT max(m.last_sequence) AS last FROM summaries m WHERE m.session_id = ? AND ${byModel}`,
      [sessionId],
    )?.last ?? -1
  );
}

/**
 * Sessions without a complete summary by a model and without an open call about them, newest first. `projects` limits
 * them to these.
 */
export function sessionsWithoutModel(
  driver: SqlDriver,
  projects: readonly number[] | undefined,
  limit: number,
): SessionId[] {
  return driver
    .all<{ id: SessionId }>(
      `SELECT s.id FROM sessions s WHERE s.status <> 'deleted' AND s.prompts > 0 AND (?1 IS NULL
        OR s.project_id IN (SELECT value FROM json_each(?1)))
         AND s.next_sequence - 1 > (SELECT coalesce(max(m.last_sequence), -1) FROM summaries m WHERE m.session_id = s.id AND ${byModel})
         AND NOT EXISTS (SELECT 1 FROM model_calls c WHERE c.session_id = s.id AND c.state IN ('reserved', 'sent'))
           ORDER BY s.updated_at DESC, s.no DESC LIMIT ?2`,
      [projects === undefined ? null : JSON.stringify(projects), limit],
    )
    .map(({ id }) => id);
}

/** True when the local summary has seen the whole session. */
export const isSummarized = (driver: SqlDriver, sessionId: SessionId): boolean =>
  driver.get(
    `SELECT 1 FROM sessions s JOIN summaries m ON m.session_id = s.id AND m.summary_type = 'session'
      AND m.source = 'local' AND m.last_sequence >= s.next_sequence - 1 WHERE s.id = ?`,
    [sessionId],
  ) !== undefined;

/** True when a person flagged something in the session. */
export const hasFlags = (driver: SqlDriver, sessionId: SessionId): boolean =>
  driver.get('SELECT 1 FROM marks WHERE session_id = ? AND is_flagged = 1', [sessionId]) !== undefined;

/** Keeps showing the version shown before when the new one has a lower quality. */
export function keepBetterShown(
  driver: SqlDriver,
  before: { id: number; quality: number } | undefined,
  id: number,
  quality: number,
): void {
  if (before && before.id !== id && quality < before.quality) publishSummary(driver, before.id);
}

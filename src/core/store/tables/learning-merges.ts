/**
 * Merging learnings: one gets evidence and sessions of others, which stay and keep their own. What was given is noted, so
 * that a merge is taken back exactly.
 */
import type { SessionId } from '../../../protocol/model';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

interface Merge extends Row {
  merged: string;
  into_id: string;
  sessions_json: string;
  at: number;
  merged_updated_at: number;
  into_updated_at: number;
}

/** Gives evidence and sessions of `from` to `into`, without duplicates. Must run in a transaction. */
export function shareMerged(driver: SqlDriver, from: string, into: string, now: number): void {
  const [source, target] = [headOf(driver, from), headOf(driver, into)];
  copyEvidence(driver, from, into);
  const given = source.sessions.filter((id) => !target.sessions.includes(id));
  setSources(driver, into, [...target.sessions, ...given], now);
  driver.run('INSERT OR REPLACE INTO learning_merges VALUES (?, ?, ?, ?, ?, ?)', [
    from,
    into,
    JSON.stringify(given),
    now,
    source.updatedAt,
    target.updatedAt,
  ]);
}

/**
 * Takes back what the merge of this learning gave; its own state stays. Answers when the learning was changed last before
 * it was merged, and whose evidence changed; undefined when it was not merged, or before merges were noted.
 */
export function takeBackMerge(
  driver: SqlDriver,
  id: string,
): { updatedAt: number; changed: readonly string[] } | undefined {
  const merge = mergeOf(driver, id);
  if (!merge) return undefined;
  const { into_id: into } = merge;
  // What was merged on has given these pieces further: it takes its own back first, and gives what is left again.
  const above = mergeOf(driver, into);
  const further = takeBackMerge(driver, into)?.changed ?? [];
  driver.run('DELETE FROM learning_evidence WHERE learning_id = ? AND merged_from = ?', [into, id]);
  const given = new Set(JSON.parse(merge.sessions_json) as SessionId[]);
  const target = headOf(driver, into);
  // When something else has changed it since, that time stays.
  const before = (time: number) => (time === merge.at ? merge.into_updated_at : time);
  const left = target.sessions.filter((session) => !given.has(session));
  setSources(driver, into, left, before(target.updatedAt));
  driver.run('DELETE FROM learning_merges WHERE merged = ?', [id]);
  for (const other of stillMerged(driver, into)) shareAgain(driver, other);
  if (above) {
    shareMerged(driver, into, above.into_id, above.at);
    keepTimes(driver, { ...above, merged_updated_at: before(above.merged_updated_at) });
  }
  return { updatedAt: merge.merged_updated_at, changed: [into, ...further] };
}

/** Must run before the learnings and evidence of a session are deleted for it. */
export function forgetMergesWith(driver: SqlDriver, id: SessionId): void {
  if (!hasTable(driver, 'learning_merges')) return;
  driver.run(
    `UPDATE learning_merges SET sessions_json = (SELECT json_group_array(value) FROM json_each(sessions_json)
      WHERE value <> ?1) WHERE EXISTS (SELECT 1 FROM json_each(sessions_json) WHERE value = ?1)`,
    [id],
  );
}

/** The note of a merge means nothing without both learnings. */
export function dropLoneMerges(driver: SqlDriver): void {
  if (!hasTable(driver, 'learning_merges')) return;
  driver.run(`DELETE FROM learning_merges WHERE merged NOT IN (SELECT id FROM learnings)
    OR into_id NOT IN (SELECT id FROM learnings)`);
}

/** A piece that both have is shared once: it comes from the learnings that are still merged. */
function shareAgain(driver: SqlDriver, merge: Merge): void {
  const { merged, into_id: into } = merge;
  copyEvidence(driver, merged, into);
  const target = headOf(driver, into);
  const more = headOf(driver, merged).sessions.filter((id) => !target.sessions.includes(id));
  if (more.length === 0) return;
  setSources(driver, into, [...target.sessions, ...more], target.updatedAt);
  driver.run('UPDATE learning_merges SET sessions_json = ? WHERE merged = ?', [
    JSON.stringify([...(JSON.parse(merge.sessions_json) as SessionId[]), ...more]),
    merged,
  ]);
}

function copyEvidence(driver: SqlDriver, from: string, to: string): void {
  driver.run(
    `INSERT OR IGNORE INTO learning_evidence (learning_id, evidence_key, kind, speaks, value, message, args_json,
      session_id, lines_json, at, merged_from)
     SELECT ?1, evidence_key, kind, speaks, value, message, args_json, session_id, lines_json, at, ?2
       FROM learning_evidence WHERE learning_id = ?2 ORDER BY id`,
    [to, from],
  );
}

function setSources(driver: SqlDriver, id: string, sessions: readonly SessionId[], updatedAt: number): void {
  driver.run('UPDATE learnings SET source_sessions_json = ?, updated_at = ? WHERE id = ?', [
    JSON.stringify(sessions),
    updatedAt,
    id,
  ]);
}

function keepTimes(driver: SqlDriver, { merged, merged_updated_at, into_updated_at }: Merge): void {
  driver.run('UPDATE learning_merges SET merged_updated_at = ?, into_updated_at = ? WHERE merged = ?', [
    merged_updated_at,
    into_updated_at,
    merged,
  ]);
}

/** The merge that holds: one that was accepted by itself since, or merged elsewhere, is not of it. */
const holding = `SELECT m.* FROM learning_merges m JOIN learnings l ON l.id = m.merged AND l.state = 'superseded'
  AND l.superseded_by = m.into_id`;

const mergeOf = (driver: SqlDriver, id: string): Merge | undefined =>
  driver.get<Merge>(`${holding} WHERE m.merged = ?`, [id]);

const stillMerged = (driver: SqlDriver, into: string): Merge[] =>
  driver.all<Merge>(`${holding} WHERE m.into_id = ? ORDER BY m.at, m.rowid`, [into]);

function headOf(driver: SqlDriver, id: string): { sessions: SessionId[]; updatedAt: number } {
  const row = driver.get<{ sessions: string; updatedAt: number }>(
    'SELECT source_sessions_json AS sessions, updated_at AS updatedAt FROM learnings WHERE id = ?',
    [id],
  );
  return row
    ? { sessions: JSON.parse(row.sessions) as SessionId[], updatedAt: row.updatedAt }
    : { sessions: [], updatedAt: 0 };
}

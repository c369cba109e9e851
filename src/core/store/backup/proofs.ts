/** Evidence and history of reviewed learnings, for backup and restore. */
import type { Row, SqlDriver } from '../sqlite/driver';

export interface Proofs {
  evidence: Row[];
  trail: Row[];
}

const evidenceColumns = [
  'learning_id',
  'evidence_key',
  'kind',
  'speaks',
  'value',
  'message',
  'args_json',
  'session_id',
  'lines_json',
  'at',
];
const trailColumns = ['learning_id', 'at', 'by', 'action', 'note', 'other'];
/**
 * Learnings that a person wrote or reviewed. Proposals that only rules have touched can be found again and are not
 * backed up.
 */
export const isReviewed = `(l.state IN ('accepted', 'rejected') OR l.origin = 'person' OR EXISTS (SELECT 1 FROM learning_trail t
    WHERE t.learning_id = l.id AND t.by = 'person'))`;
const reviewed = `learning_id IN (SELECT id FROM learnings l WHERE ${isReviewed})`;

export function readProofs(driver: SqlDriver): Proofs {
  return {
    evidence: driver.all(`SELECT ${evidenceColumns.join(', ')} FROM learning_evidence WHERE ${reviewed} ORDER BY id`),
    trail: driver.all(`SELECT ${trailColumns.join(', ')} FROM learning_trail WHERE ${reviewed} ORDER BY id`),
  };
}

/** Inserts missing rows only: rows that exist are as new or newer. */
export function putProofs(driver: SqlDriver, { evidence, trail }: Proofs): void {
  const put = (table: string, columns: readonly string[], row: Row, where: string) =>
    driver.run(
      `INSERT OR IGNORE INTO ${table} (${columns.join(', ')})
        SELECT ${columns.map((_, at) => `?${at + 1}`).join(', ')} WHERE EXISTS (SELECT 1 FROM learnings
        WHERE id = ?1)${where}`,
      columns.map((column) => row[column] ?? null),
    );
  for (const row of evidence) put('learning_evidence', evidenceColumns, row, '');
  for (const row of trail)
    put(
      'learning_trail',
      trailColumns,
      row,
      ' AND NOT EXISTS (SELECT 1 FROM learning_trail WHERE learning_id = ?1 AND at = ?2 AND action = ?4)',
    );
}

import type { Migration } from '../migrate';

/**
 * Rows that a person erased, which must not come back when their transcript is read again, and what is noted of each
 * erasure. The audit log gets its own columns, and a mark of each entry by which a changed or removed one is seen.
 */
export const erasingAndAudit: Migration = {
  version: 16,
  derived: [],
  precious: ['erased_rows', 'erasures', 'receipts'],
  up(driver) {
    driver.exec(`
      CREATE TABLE erased_rows (
        -- Uid of a row, or what erasedMark makes of a call, a text, a title or a note: all keyed.
        mark TEXT PRIMARY KEY,
        -- The session that showed it; empty for a note.
        session_id TEXT NOT NULL,
        erasure TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX erased_rows_of ON erased_rows (erasure);

      CREATE TABLE erasures (
        -- Of the request.
        id TEXT PRIMARY KEY,
        kind TEXT NOT NULL,
        at INTEGER NOT NULL,
        -- What is to be done next; 'done' at the end.
        stage TEXT NOT NULL,
        -- Counts, ids of sessions, and keyed marks of pieces of the texts: no text.
        state_json TEXT NOT NULL
      ) WITHOUT ROWID;

      CREATE TABLE receipts (
        id TEXT PRIMARY KEY,
        at INTEGER NOT NULL,
        -- JSON as it was signed.
        body TEXT NOT NULL,
        signature TEXT NOT NULL
      ) WITHOUT ROWID;

      ALTER TABLE audit_logs RENAME TO older_audit;
      CREATE TABLE audit_logs (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        at INTEGER NOT NULL,
        who TEXT NOT NULL,
        action TEXT NOT NULL,
        -- Ids and kinds, never text.
        resource TEXT NOT NULL,
        result TEXT NOT NULL CHECK (result IN ('done', 'failed', 'cancelled')),
        duration_ms INTEGER NOT NULL DEFAULT 0,
        details_json TEXT NOT NULL DEFAULT '{}',
        -- HMAC of the mark before and of this entry; empty for entries from before the chain.
        mark TEXT NOT NULL DEFAULT ''
      );
      INSERT INTO audit_logs (no, at, who, action, resource, result) SELECT id, at, 'unknown',
        CASE action WHEN 'DELETE' THEN CASE resource WHEN 'everything' THEN 'delete_all' ELSE 'forget' END
          WHEN 'UPDATE' THEN 'repair' WHEN 'EXPORT' THEN 'export' ELSE 'read' END,
        resource, CASE result WHEN 'success' THEN 'done' ELSE 'failed' END FROM older_audit ORDER BY id;
      DROP TABLE older_audit;
      CREATE INDEX audit_logs_by_time ON audit_logs (at);
    `);
  },
};

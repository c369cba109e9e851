import type { Migration } from '../migrate';

/**
 * Rows that came from another memory. Their uids were keyed with its salt, so the same line of a transcript has another
 * uid here: `row_aliases` says which two are the same row, and `imported_rows` which ones no transcript here has said
 * yet. A restriction is a person's word.
 */
export const portable: Migration = {
  version: 17,
  derived: [],
  precious: ['row_aliases', 'imported_rows', 'restrictions'],
  up(driver) {
    driver.exec(`
      CREATE INDEX erased_rows_in ON erased_rows (session_id);
      CREATE TABLE row_aliases (
        -- As another memory, or a transcript read later, calls the row.
        alias TEXT PRIMARY KEY,
        -- As it is called here.
        uid TEXT NOT NULL,
        session_id TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX row_aliases_by_session ON row_aliases (session_id);
      CREATE INDEX row_aliases_by_uid ON row_aliases (uid);

      CREATE TABLE imported_rows (
        uid TEXT PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        -- When its line was written, by which a transcript that is read later finds it.
        at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX imported_rows_by_time ON imported_rows (at);
      CREATE INDEX imported_rows_by_session ON imported_rows (session);

      CREATE TABLE restrictions (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        -- Of the project; empty for everything.
        root TEXT NOT NULL,
        from_at INTEGER NOT NULL,
        until_at INTEGER NOT NULL
      );
    `);
  },
};

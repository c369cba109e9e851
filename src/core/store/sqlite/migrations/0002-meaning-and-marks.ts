import type { Migration } from '../migrate';

/**
 * Vectors refer to documents and are deleted with them. Marks are what a person put on a row. They refer to the row by
 * its `uid`, which is made from the transcript, so they survive a rebuild of the rows.
 */
export const meaningAndMarks: Migration = {
  version: 2,
  derived: ['vector_embeddings', 'session_uses'],
  precious: ['marks'],
  up(driver) {
    driver.exec(`
      CREATE TABLE vector_embeddings (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        document INTEGER NOT NULL REFERENCES documents (id) ON DELETE CASCADE,
        chunk_index INTEGER NOT NULL,
        total_chunks INTEGER NOT NULL,
        model_name TEXT NOT NULL,
        dimension INTEGER NOT NULL,
        -- Of the text that was embedded, keyed like every hash of a content: equal texts are embedded once.
        content_hash TEXT NOT NULL,
        -- float32, little endian, of length 1.
        vector BLOB NOT NULL,
        created_at INTEGER NOT NULL,
        UNIQUE (model_name, document, chunk_index)
      );
      CREATE INDEX vector_embeddings_by_document ON vector_embeddings (document);
      CREATE INDEX vector_embeddings_by_hash ON vector_embeddings (model_name, content_hash);

      CREATE TABLE marks (
        uid TEXT PRIMARY KEY,
        -- Whose row it is: forgetting a session takes its marks along, whether or not its rows are there.
        session_id TEXT NOT NULL,
        is_flagged INTEGER NOT NULL DEFAULT 0,
        tags_json TEXT NOT NULL DEFAULT '[]',
        updated_at INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX marks_by_session ON marks (session_id);

      -- How often a memory was taken from a session: what was of use once will be again.
      CREATE TABLE session_uses (session_id TEXT PRIMARY KEY, uses INTEGER NOT NULL, last_used_at INTEGER NOT NULL) WITHOUT ROWID;
    `);
  },
};

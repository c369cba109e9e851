import type { Migration } from '../migrate';

/**
 * What a person put on a session: a pin, a name. It refers to the session by its id from the transcript, so it survives a
 * rebuild. A session with a name shows it in `title`, and keeps what its transcript calls it beside: it is found by both.
 */
export const pinsAndNames: Migration = {
  version: 12,
  derived: [],
  precious: ['session_marks'],
  up(driver) {
    driver.exec(`
      CREATE TABLE session_marks (
        session_id TEXT PRIMARY KEY,
        is_pinned INTEGER NOT NULL DEFAULT 0,
        -- Empty: the transcript's own title.
        name TEXT NOT NULL DEFAULT '',
        updated_at INTEGER NOT NULL
      ) WITHOUT ROWID;

      -- Title and rank of the transcript while a name stands in their place; empty otherwise.
      ALTER TABLE sessions ADD COLUMN own_title TEXT NOT NULL DEFAULT '';
      ALTER TABLE sessions ADD COLUMN own_title_rank INTEGER NOT NULL DEFAULT 0;

      DROP VIEW fulltext_source;
      CREATE VIEW fulltext_source AS
        SELECT d.id AS rowid, fulltext_tokens(CASE d.kind
          WHEN 0 THEN (SELECT content FROM prompts WHERE id = d.row_id)
          WHEN 1 THEN (SELECT headline || char(10) || plain_text(files_json) || char(10) || input || char(10) || plain_text(diffs_json) || char(10) || content FROM observations WHERE id = d.row_id)
          WHEN 2 THEN (SELECT title || char(10) || description || char(10) || context || char(10) || plain_text(tags_json) FROM learnings WHERE no = d.row_id)
          WHEN 3 THEN (SELECT title || char(10) || own_title FROM sessions WHERE no = d.row_id)
          WHEN 4 THEN (SELECT name || char(10) || title || char(10) || body FROM notes WHERE no = d.row_id)
        END) AS body
        FROM documents d;
    `);
  },
};

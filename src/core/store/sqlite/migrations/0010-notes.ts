import type { Migration } from '../migrate';

/**
 * What Claude Code remembers itself: its files, read as what they are. They can be read again at any time. The full-text
 * index asks `fulltext_source` for texts, so the view learns where the new kind of document has its own.
 */
export const notes: Migration = {
  version: 10,
  derived: ['notes'],
  precious: [],
  up(driver) {
    driver.exec(`
      -- AUTOINCREMENT: keys in pages name a note by its number.
      CREATE TABLE notes (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL UNIQUE,
        -- NULL: the person's own, which apply to all projects.
        project_id INTEGER,
        kind TEXT NOT NULL CHECK (kind IN ('instructions', 'rule', 'index', 'fact')),
        -- As people call the file: CLAUDE.md, .claude/rules/tests.md, memory/MEMORY.md.
        name TEXT NOT NULL,
        title TEXT NOT NULL,
        -- Claude Code gives it to the model by itself.
        is_sent INTEGER NOT NULL,
        size INTEGER NOT NULL,
        mtime INTEGER NOT NULL,
        -- The last: what stands behind a long text takes long to read.
        body TEXT NOT NULL
      );
      CREATE INDEX notes_of_project ON notes (project_id);

      DROP VIEW fulltext_source;
      CREATE VIEW fulltext_source AS
        SELECT d.id AS rowid, fulltext_tokens(CASE d.kind
          WHEN 0 THEN (SELECT content FROM prompts WHERE id = d.row_id)
          WHEN 1 THEN (SELECT headline || char(10) || plain_text(files_json) || char(10) || input || char(10) || plain_text(diffs_json) || char(10) || content FROM observations WHERE id = d.row_id)
          WHEN 2 THEN (SELECT title || char(10) || description || char(10) || context || char(10) || plain_text(tags_json) FROM learnings WHERE no = d.row_id)
          WHEN 3 THEN (SELECT title FROM sessions WHERE no = d.row_id)
          WHEN 4 THEN (SELECT name || char(10) || title || char(10) || body FROM notes WHERE no = d.row_id)
        END) AS body
        FROM documents d;
    `);
  },
};

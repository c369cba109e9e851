import type { Migration } from '../migrate';

/** In which calls a file was changed and a line written, so that neither is looked for in every row of a project. */
export const editMarks: Migration = {
  version: 15,
  derived: ['edit_marks'],
  precious: [],
  up(driver) {
    driver.exec(`
      CREATE TABLE edit_marks (
        session INTEGER PRIMARY KEY,
        -- Largest sequence number that was read; a session that has grown is looked through.
        upto INTEGER NOT NULL,
        -- Pairs of 32 bits: keyed mark of a file's name, number of the row.
        files BLOB NOT NULL,
        -- The same of lines that edits put in.
        lines BLOB NOT NULL
      );

      -- Sessions that were read before are read for this too.
      INSERT OR IGNORE INTO task_queue (type, subject, created_at, updated_at) SELECT 'index', id, 0, 0 FROM sessions
        WHERE status <> 'deleted' AND prompts > 0;
    `);
  },
};

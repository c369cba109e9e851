import type { Migration } from '../migrate';

/**
 * Which errors were fixed by which edits. Found again from the rows; that a fix is not one for an error is a person's
 * word.
 */
export const pastFixes: Migration = {
  version: 14,
  derived: ['past_fixes'],
  precious: ['past_fix_refusals'],
  up(driver) {
    driver.exec(`
      CREATE TABLE past_fixes (
        no INTEGER PRIMARY KEY,
        session INTEGER NOT NULL,
        -- Keyed names of the error: with its names, without them, and of its kind.
        same TEXT NOT NULL,
        alike TEXT NOT NULL,
        kind TEXT NOT NULL,
        -- The call whose output has it, and in which line: the text stays where it is redacted and forgotten.
        red_uid TEXT NOT NULL,
        line INTEGER NOT NULL,
        -- Uids of the edits.
        edits_json TEXT NOT NULL,
        -- When the check passed.
        at INTEGER NOT NULL
      );
      CREATE INDEX past_fixes_same ON past_fixes (same, at);
      CREATE INDEX past_fixes_alike ON past_fixes (alike, at);
      CREATE INDEX past_fixes_kind ON past_fixes (kind, at);
      CREATE INDEX past_fixes_of ON past_fixes (session);

      CREATE TABLE past_fix_refusals (
        -- Keyed name of the error that was asked about, without its names.
        error TEXT NOT NULL,
        -- Uid of the call whose output had the error that was fixed.
        fix TEXT NOT NULL,
        -- The session of the fix, with which it goes.
        session_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (error, fix)
      ) WITHOUT ROWID;

      -- Sessions that were read before are read for fixes too.
      INSERT OR IGNORE INTO task_queue (type, subject, created_at, updated_at) SELECT 'index', id, 0, 0 FROM sessions
        WHERE status <> 'deleted' AND prompts > 0;
    `);
  },
};

import type { Migration } from '../migrate';

/**
 * What of a row says that a secret was found in it. Part of the indexes below, so it never changes: SQLite takes an index
 * for a question only when both have the same words.
 */
const hasSecret = (text: string): string =>
  `instr(${text}, '[REDACTED:') > 0 AND instr(replace(replace(replace(replace(${text}, '[REDACTED:own-', ''),
    '[REDACTED:email:', ''), '[REDACTED:phone:', ''), '[REDACTED:iban:', ''), '[REDACTED:') > 0`;

export const promptHasSecret = hasSecret('content');
export const observationHasSecret = hasSecret('(headline || input || content || diffs_json || files_json)');

/** Classes that a person set. All others follow from the rows: the indexes have those in which a secret was found. */
export const classes: Migration = {
  version: 20,
  derived: [],
  precious: ['classes'],
  up(driver) {
    driver.exec(`
      CREATE TABLE classes (
        what TEXT NOT NULL CHECK (what IN ('project', 'session', 'row', 'learning')),
        -- Root, id of the session, uid of the row, id of the learning.
        target TEXT NOT NULL,
        -- Of a row and a session, with which it goes; empty for others.
        session_id TEXT NOT NULL DEFAULT '',
        -- From 0, public, to 4, top secret.
        class INTEGER NOT NULL CHECK (class BETWEEN 0 AND 4),
        updated_at INTEGER NOT NULL,
        PRIMARY KEY (what, target)
      ) WITHOUT ROWID;
      CREATE INDEX classes_of ON classes (session_id);

      CREATE INDEX prompts_with_secret ON prompts (session) WHERE ${promptHasSecret};
      CREATE INDEX observations_with_secret ON observations (session) WHERE ${observationHasSecret};
    `);
  },
};

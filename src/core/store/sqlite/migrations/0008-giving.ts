import type { Migration } from '../migrate';

/**
 * What giving memory back needs: which turns amend something agreed in an earlier session, and what was given to whom.
 * Amendments are found again from the rows; what was given is history and is kept.
 */
export const giving: Migration = {
  version: 8,
  derived: ['amendment_reads', 'amending_turns', 'amendments'],
  precious: ['given'],
  up(driver) {
    driver.exec(`
      -- Sessions that were looked through for amending turns, and up to where.
      CREATE TABLE amendment_reads (session INTEGER PRIMARY KEY, last_sequence INTEGER NOT NULL);

      CREATE TABLE amending_turns (
        no INTEGER PRIMARY KEY,
        session INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        at INTEGER NOT NULL,
        -- The newest session there was when earlier ones were last compared: an import brings older sessions later.
        compared_to INTEGER NOT NULL DEFAULT 0,
        UNIQUE (session, turn)
      );

      CREATE TABLE amendments (
        amending INTEGER NOT NULL,
        earlier_session INTEGER NOT NULL,
        likeness REAL NOT NULL,
        PRIMARY KEY (amending, earlier_session)
      ) WITHOUT ROWID;
      CREATE INDEX amendments_of ON amendments (earlier_session);

      -- The inbox asks whether the same was learnt in another checkout.
      CREATE INDEX learnings_by_title ON learnings (title);

      CREATE TABLE given (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        -- So that a repeated call notes nothing twice.
        request_id TEXT NOT NULL UNIQUE,
        -- The session that got it; empty when no session is known.
        session_id TEXT NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('session-start', 'prompt', 'hand', 'mcp')),
        tokens INTEGER NOT NULL,
        -- [{ id, sessionId }]: no text, so that what is forgotten is not kept here.
        items_json TEXT NOT NULL,
        at INTEGER NOT NULL
      );
      CREATE INDEX given_to ON given (session_id, at);
    `);
  },
};

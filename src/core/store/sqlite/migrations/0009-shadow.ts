import type { Migration } from '../migrate';

/**
 * What would have helped, and what a person said about giving. Shadows are judged again from the rows; choices are the
 * person's word.
 */
export const shadow: Migration = {
  version: 9,
  derived: ['shadow_reads', 'shadows'],
  precious: ['give_choices'],
  up(driver) {
    driver.exec(`
      -- Sessions whose prompts were judged, and how far the session went then.
      CREATE TABLE shadow_reads (session INTEGER PRIMARY KEY, last_sequence INTEGER NOT NULL);

      CREATE TABLE shadows (
        -- Of the prompt.
        uid TEXT PRIMARY KEY,
        session INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        at INTEGER NOT NULL,
        -- The last turn that was looked at: later ones may still use what was given.
        judged_to INTEGER NOT NULL,
        verdict TEXT NOT NULL CHECK (verdict IN ('helped', 'unused', 'missed', 'silent')),
        is_given INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        -- Bits by source, in the order of giveSources.
        gave INTEGER NOT NULL,
        used INTEGER NOT NULL,
        -- [{ id, sessionId, source, use: { kind, uid } }]: no text, so that what is forgotten is not kept here.
        items_json TEXT NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX shadows_of ON shadows (session, turn);
      CREATE INDEX shadows_by_time ON shadows (at);

      CREATE TABLE give_choices (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        what TEXT NOT NULL CHECK (what IN ('never', 'session', 'source')),
        -- never: the keyed name of the sentence, or learning/ID; session: its id; source: its name and the project's root.
        target TEXT NOT NULL,
        -- never: the session it is from; session: the same as target. Both go with it.
        session_id TEXT NOT NULL,
        -- never: the piece and the row it stands on, by which it is known when it is worded anew.
        item_id TEXT NOT NULL,
        uid TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (what, target)
      );
    `);
  },
};

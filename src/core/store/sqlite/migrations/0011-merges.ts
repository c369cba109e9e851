import type { Migration } from '../migrate';

/**
 * What a merge of learnings gave, so that it can be taken back exactly. A person merges, so that no transcript says it
 * again. Merges of before keep what they gave.
 */
export const merges: Migration = {
  version: 11,
  derived: [],
  precious: ['learning_merges'],
  up(driver) {
    driver.exec(`
      -- The merged learning that this piece was copied from; NULL when the learning has it itself.
      ALTER TABLE learning_evidence ADD COLUMN merged_from TEXT;

      CREATE TABLE learning_merges (
        merged TEXT PRIMARY KEY,
        into_id TEXT NOT NULL,
        -- The sessions that only the merge gave.
        sessions_json TEXT NOT NULL,
        at INTEGER NOT NULL,
        -- When both were changed last, before it.
        merged_updated_at INTEGER NOT NULL,
        into_updated_at INTEGER NOT NULL
      );
    `);
  },
};

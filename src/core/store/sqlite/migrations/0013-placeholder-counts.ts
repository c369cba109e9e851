import type { Migration } from '../migrate';

/** By what a count of output is known to be a placeholder. Answers that were read before have none of it. */
export const placeholderCounts: Migration = {
  version: 13,
  derived: [],
  precious: [],
  up(driver) {
    driver.exec(`
      -- Tokens that the longest line of an answer takes, estimated, where the client wrote it before the answer ended.
      ALTER TABLE message_usage ADD COLUMN said INTEGER NOT NULL DEFAULT 0;
    `);
  },
};

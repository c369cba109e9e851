import type { Migration } from '../migrate';

/**
 * The tokenizer knows one spelling of each letter, scripts without spaces, and emoji, so the words in the index are
 * others. FTS4 makes the words to remove from the text again, which must be the words that were added: so the index
 * starts empty. `store/tables/index-queue.ts` fills it, the newest texts first, while the memory answers already.
 */
export const indexOfAllScripts: Migration = {
  version: 5,
  derived: [],
  precious: [],
  up(driver) {
    driver.exec(`
      DROP TABLE fulltext;
      CREATE VIRTUAL TABLE fulltext USING fts4 (content="fulltext_source", tokenize=simple, body);
    `);
  },
};

import type { Migration } from '../migrate';

/** What a person said about checking a learning against the code. It belongs to the learning, with which it is kept and goes. */
export const watches: Migration = {
  version: 18,
  derived: [],
  precious: [],
  up(driver) {
    // A list: predicate, state, when, and keyed numbers of the places that it does not apply to.
    driver.exec("ALTER TABLE learnings ADD COLUMN watches_json TEXT NOT NULL DEFAULT '[]'");
  },
};

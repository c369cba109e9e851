import type { Migration } from '../migrate';

/**
 * A session of which every row stands in another one as well is shown too, so copies know their own time, and such
 * sessions get the first prompt and turns they lacked. Cache writes for an hour cost more than those for five minutes.
 */
export const copiesAndCacheHours: Migration = {
  version: 4,
  derived: ['session_costs'],
  precious: [],
  up(driver) {
    driver.exec(`
      -- When the line of this session was written: an old client's copy has the time of the resume.
      ALTER TABLE copies ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
      UPDATE copies SET at = coalesce((SELECT created_at FROM prompts WHERE id = copies.prompt_id),
        (SELECT created_at FROM observations WHERE id = copies.observation_id), 0);

      UPDATE sessions SET first_prompt = coalesce((SELECT substr(p.content, 1, 300) FROM copies c
          JOIN prompts p ON p.id = c.prompt_id WHERE c.session = no AND p.prompt_type = 'user'
          ORDER BY c.turn, c.sequence_num LIMIT 1), '')
        WHERE first_prompt = '' AND no IN (SELECT session FROM copies);
      UPDATE sessions SET turns = max(turns, coalesce((SELECT max(c.turn) FROM copies c
          JOIN prompts p ON p.id = c.prompt_id WHERE c.session = no AND p.prompt_type = 'user'), 0))
        WHERE no IN (SELECT session FROM copies);

      -- Of cache_write, the tokens that were written for an hour.
      ALTER TABLE message_usage ADD COLUMN cache_write_hour INTEGER NOT NULL DEFAULT 0;

      -- The client's own sum of a session, by model: answers do not have the tokens of compactions.
      CREATE TABLE session_costs (
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        model TEXT NOT NULL,
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        cache_read INTEGER NOT NULL,
        cache_write INTEGER NOT NULL,
        cache_write_hour INTEGER NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (session, model)
      ) WITHOUT ROWID;
    `);
  },
};

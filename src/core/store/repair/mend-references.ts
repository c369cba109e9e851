/** After a salvage: rows whose session or project was on a damaged page get a new one, and counts are recomputed. */
import type { SqlDriver } from '../sqlite/driver';

export function mendReferences(driver: SqlDriver): void {
  driver.transaction(() => {
    driver.exec(`
      INSERT OR IGNORE INTO projects (id, root, name)
        SELECT DISTINCT project_id, 'recovered-' || project_id, 'recovered' FROM sessions WHERE project_id NOT IN (SELECT id FROM projects);
      INSERT OR IGNORE INTO projects (root, name)
        SELECT 'recovered', 'recovered' WHERE EXISTS (SELECT 1 FROM prompts WHERE session NOT IN (SELECT no
          FROM sessions) UNION ALL SELECT 1 FROM observations WHERE session NOT IN (SELECT no FROM sessions));
      INSERT INTO sessions (no, id, project_id, created_at, updated_at)
        SELECT session, coalesce((SELECT session_id FROM sources WHERE sources.session = lost.session LIMIT 1), 'recovered-' || session),
          (SELECT id FROM projects WHERE root = 'recovered'), min(created_at), max(created_at)
        FROM (SELECT session, created_at FROM prompts UNION ALL SELECT session, created_at FROM observations) AS lost
        WHERE session NOT IN (SELECT no FROM sessions) GROUP BY session;
      UPDATE observations SET prompt_id = NULL WHERE prompt_id NOT IN (SELECT id FROM prompts);
      DELETE FROM copies WHERE session NOT IN (SELECT no FROM sessions) OR prompt_id NOT IN (SELECT id FROM prompts)
        OR observation_id NOT IN (SELECT id FROM observations);
      DELETE FROM message_usage WHERE session NOT IN (SELECT no FROM sessions);
      DELETE FROM session_costs WHERE session NOT IN (SELECT no FROM sessions);
      DELETE FROM relations WHERE session NOT IN (SELECT no FROM sessions) OR from_entity NOT IN (SELECT id
        FROM entities) OR to_entity NOT IN (SELECT id FROM entities);
      UPDATE learnings SET project_id = NULL WHERE project_id NOT IN (SELECT id FROM projects);
      UPDATE sources SET session = NULL WHERE session NOT IN (SELECT no FROM sessions);
      UPDATE sessions SET
        prompts = (SELECT count(*) FROM prompts p WHERE p.session = no AND prompt_type = 'user'),
        observations = (SELECT count(*) FROM observations o WHERE o.session = no),
        errors = (SELECT count(*) FROM observations o WHERE o.session = no AND observation_type = 'error'),
        next_sequence = max(next_sequence, 1 + coalesce((SELECT max(sequence_num) FROM prompts p WHERE p.session = no), 0),
          1 + coalesce((SELECT max(sequence_num) FROM observations o
            WHERE o.session = no), 0), 1 + coalesce((SELECT max(sequence_num) FROM copies c
            WHERE c.session = no), 0));
    `);
  });
}

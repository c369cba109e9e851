import type { Migration } from '../migrate';

/**
 * A project that was moved or renamed is shown as one with what it is now. No row moves: `project_joins` says which root
 * is shown as which, and `shown_projects` is the one place that works it out, so that taking a join back leaves nothing.
 * Joins name roots, because numbers of projects change when rows are rebuilt.
 */
export const joinedProjects: Migration = {
  version: 7,
  derived: [],
  precious: ['project_joins'],
  up(driver) {
    driver.exec(`
      -- By what a repository is known again, as keyed marks: the address of its remote, and how its folder began.
      ALTER TABLE projects ADD COLUMN remote_mark TEXT;
      ALTER TABLE projects ADD COLUMN start_mark TEXT;

      CREATE TABLE project_joins (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        from_root TEXT NOT NULL,
        into_root TEXT NOT NULL CHECK (into_root <> from_root),
        why TEXT NOT NULL CHECK (why IN ('moved', 'hand')),
        at INTEGER NOT NULL,
        -- Kept when it is taken back, so that it is not made again.
        undone_at INTEGER,
        UNIQUE (from_root, into_root)
      );
      CREATE UNIQUE INDEX project_joins_in_force ON project_joins (from_root) WHERE undone_at IS NULL;

      -- Only projects that are shown as another one. A project may have moved twice; UNION ends a circle.
      CREATE VIEW joined_projects AS
        WITH RECURSIVE ways (id, root) AS (
          SELECT p.id, j.into_root FROM project_joins j JOIN projects p ON p.root = j.from_root WHERE j.undone_at IS NULL
          UNION SELECT w.id, j.into_root FROM ways w JOIN project_joins j ON j.from_root = w.root AND j.undone_at IS NULL)
        SELECT w.id, e.id AS shown_id FROM ways w JOIN projects e ON e.root = w.root
          WHERE NOT EXISTS (SELECT 1 FROM project_joins j WHERE j.from_root = w.root AND j.undone_at IS NULL);

      CREATE VIEW shown_projects AS
        SELECT p.id, p.root AS own_root, p.name AS own_name, coalesce(s.id, p.id) AS shown_id,
          coalesce(s.root, p.root) AS root, coalesce(s.name, p.name) AS name
        FROM projects p LEFT JOIN joined_projects j ON j.id = p.id LEFT JOIN projects s ON s.id = j.shown_id;
    `);
  },
};

import type { Migration } from '../migrate';

/**
 * The transcripts, in a file of their own: they are written once and seldom read. A block contains whole lines, packed;
 * equal blocks are stored once, whichever files they are in. A file whose content was replaced has several generations.
 */
export const archiveBlocks: Migration = {
  version: 1,
  derived: [],
  precious: ['files', 'parts', 'blocks', 'changed_lines'],
  up(driver) {
    driver.exec(`
      CREATE TABLE blocks (
        id INTEGER PRIMARY KEY,
        hash BLOB NOT NULL UNIQUE,
        plain_bytes INTEGER NOT NULL,
        packed BLOB NOT NULL
      );

      -- offset, inode and tail_hash: how far the source was taken in, and how to know it again.
      CREATE TABLE files (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        path TEXT NOT NULL,
        generation INTEGER NOT NULL,
        session_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('main', 'agent')),
        project_root TEXT NOT NULL DEFAULT '',
        started_at INTEGER NOT NULL DEFAULT 0,
        offset INTEGER NOT NULL DEFAULT 0,
        tail_hash TEXT NOT NULL DEFAULT '',
        lines INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        left_out_json TEXT NOT NULL DEFAULT '{}',
        redactions INTEGER NOT NULL DEFAULT 0,
        updated_at INTEGER NOT NULL,
        UNIQUE (path, generation)
      );
      CREATE INDEX files_by_session ON files (session_id);

      CREATE TABLE parts (
        file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
        n INTEGER NOT NULL,
        block INTEGER NOT NULL REFERENCES blocks (id),
        PRIMARY KEY (file, n)
      ) WITHOUT ROWID;
      CREATE INDEX parts_by_block ON parts (block);

      -- Lines something was taken out of: a keyed hash of what they were.
      CREATE TABLE changed_lines (
        file INTEGER NOT NULL REFERENCES files (id) ON DELETE CASCADE,
        line INTEGER NOT NULL,
        original_hash TEXT NOT NULL,
        PRIMARY KEY (file, line)
      ) WITHOUT ROWID;
    `);
  },
};

import type { Migration } from '../migrate';

/**
 * `documents` has one row for everything that can be found. The full-text index stores no text: when a row is deleted,
 * SQLite asks `fulltext_source` for its text and `fulltext_tokens` (index/tokenize.ts) makes the words to remove again.
 * So a change of the tokenizer needs a rebuild of the index. `plain_text` extracts the strings of JSON columns, because
 * escapes like `\n` would glue words together.
 */
export const firstSchema: Migration = {
  version: 1,
  derived: [
    'projects',
    'sessions',
    'prompts',
    'observations',
    'copies',
    'message_usage',
    'sources',
    'leaf_titles',
    'documents',
    'fulltext',
  ],
  precious: ['learnings', 'tombstones', 'configurations', 'audit_logs'],
  up(driver) {
    driver.exec(`
      -- AUTOINCREMENT wherever a head may hold a number: after something was forgotten it must not name something else.
      CREATE TABLE projects (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        root TEXT NOT NULL UNIQUE,
        name TEXT NOT NULL
      );

      CREATE TABLE sessions (
        no INTEGER PRIMARY KEY AUTOINCREMENT,
        id TEXT NOT NULL UNIQUE,
        user_id TEXT NOT NULL DEFAULT 'default',
        project_id INTEGER NOT NULL REFERENCES projects (id),
        title TEXT NOT NULL DEFAULT '',
        title_rank INTEGER NOT NULL DEFAULT 0,
        summary TEXT,
        first_prompt TEXT NOT NULL DEFAULT '',
        status TEXT NOT NULL DEFAULT 'active' CHECK (status IN ('active', 'archived', 'deleted')),
        cwd TEXT NOT NULL DEFAULT '',
        git_branch TEXT NOT NULL DEFAULT '',
        model_used TEXT NOT NULL DEFAULT '',
        origin_id TEXT,
        last_uuid TEXT,
        metadata_json TEXT NOT NULL DEFAULT '{}',
        token_count INTEGER NOT NULL DEFAULT 0,
        tokens_input INTEGER NOT NULL DEFAULT 0,
        tokens_output INTEGER NOT NULL DEFAULT 0,
        tokens_cache_read INTEGER NOT NULL DEFAULT 0,
        tokens_cache_write INTEGER NOT NULL DEFAULT 0,
        turns INTEGER NOT NULL DEFAULT 0,
        prompts INTEGER NOT NULL DEFAULT 0,
        observations INTEGER NOT NULL DEFAULT 0,
        errors INTEGER NOT NULL DEFAULT 0,
        files_json TEXT NOT NULL DEFAULT '[]',
        next_sequence INTEGER NOT NULL DEFAULT 1,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        ended_at INTEGER
      );
      CREATE INDEX sessions_by_time ON sessions (updated_at DESC, no DESC);
      CREATE INDEX sessions_by_project ON sessions (project_id, updated_at DESC, no DESC);
      CREATE INDEX sessions_by_last_uuid ON sessions (last_uuid) WHERE last_uuid IS NOT NULL;

      CREATE TABLE prompts (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        sequence_num INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        prompt_type TEXT NOT NULL CHECK (prompt_type IN ('user', 'system', 'assistant', 'tool')),
        note TEXT NOT NULL DEFAULT '',
        content TEXT NOT NULL,
        content_hash TEXT NOT NULL,
        answer_key TEXT,
        truncated_bytes INTEGER NOT NULL DEFAULT 0,
        token_count INTEGER NOT NULL DEFAULT 0,
        model TEXT NOT NULL DEFAULT '',
        agent_id TEXT,
        created_at INTEGER NOT NULL,
        UNIQUE (session, sequence_num)
      );
      CREATE INDEX prompts_by_turn ON prompts (session, turn, sequence_num);
      CREATE INDEX prompts_by_answer ON prompts (answer_key) WHERE answer_key IS NOT NULL;

      CREATE TABLE observations (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        uid TEXT NOT NULL UNIQUE,
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        prompt_id INTEGER REFERENCES prompts (id) ON DELETE SET NULL,
        sequence_num INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        observation_type TEXT NOT NULL CHECK (observation_type IN ('tool_result', 'error', 'warning', 'info')),
        source_tool TEXT NOT NULL,
        tool_use_id TEXT NOT NULL,
        headline TEXT NOT NULL,
        input TEXT NOT NULL,
        content TEXT NOT NULL,
        content_preview TEXT NOT NULL,
        diffs_json TEXT NOT NULL DEFAULT '[]',
        files_json TEXT NOT NULL DEFAULT '[]',
        exit_status INTEGER,
        error_fingerprint TEXT,
        importance_score REAL NOT NULL CHECK (importance_score BETWEEN 0 AND 1),
        is_flagged INTEGER NOT NULL DEFAULT 0,
        is_answered INTEGER NOT NULL DEFAULT 0,
        tags_json TEXT NOT NULL DEFAULT '[]',
        truncated_bytes INTEGER NOT NULL DEFAULT 0,
        agent_id TEXT,
        created_at INTEGER NOT NULL,
        UNIQUE (session, sequence_num)
      );
      CREATE INDEX observations_by_turn ON observations (session, turn, sequence_num);
      CREATE INDEX observations_by_call ON observations (tool_use_id);
      CREATE INDEX observations_by_prompt ON observations (prompt_id);
      CREATE INDEX observations_by_error ON observations (error_fingerprint) WHERE error_fingerprint IS NOT NULL;

      -- Where a fork or resume shows a row that another session owns: stored once, seen twice.
      CREATE TABLE copies (
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        sequence_num INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        prompt_id INTEGER REFERENCES prompts (id) ON DELETE CASCADE,
        observation_id INTEGER REFERENCES observations (id) ON DELETE CASCADE,
        UNIQUE (session, prompt_id),
        UNIQUE (session, observation_id)
      );
      CREATE INDEX copies_by_turn ON copies (session, turn, sequence_num);
      CREATE INDEX copies_by_prompt ON copies (prompt_id);
      CREATE INDEX copies_by_observation ON copies (observation_id);

      -- One API message is many lines, each repeating its usage: the largest wins, once a message.
      CREATE TABLE message_usage (
        message TEXT PRIMARY KEY,
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        model TEXT NOT NULL,
        input INTEGER NOT NULL,
        output INTEGER NOT NULL,
        cache_read INTEGER NOT NULL,
        cache_write INTEGER NOT NULL
      ) WITHOUT ROWID;
      CREATE INDEX message_usage_by_session ON message_usage (session);

      CREATE TABLE learnings (
        no INTEGER PRIMARY KEY,
        id TEXT NOT NULL UNIQUE,
        category TEXT NOT NULL CHECK (category IN ('pattern', 'solution', 'error', 'config', 'best_practice', 'general')),
        title TEXT NOT NULL,
        description TEXT NOT NULL,
        context TEXT NOT NULL DEFAULT '',
        examples_json TEXT NOT NULL DEFAULT '[]',
        tags_json TEXT NOT NULL DEFAULT '[]',
        confidence_score REAL NOT NULL DEFAULT 0.5 CHECK (confidence_score BETWEEN 0 AND 1),
        usage_count INTEGER NOT NULL DEFAULT 0,
        last_used_at INTEGER,
        source_sessions_json TEXT NOT NULL DEFAULT '[]',
        is_verified INTEGER NOT NULL DEFAULT 0,
        verification_notes TEXT NOT NULL DEFAULT '',
        is_pinned INTEGER NOT NULL DEFAULT 0,
        project_id INTEGER REFERENCES projects (id) ON DELETE SET NULL,
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        deleted_at INTEGER
      );
      CREATE INDEX learnings_by_time ON learnings (is_pinned DESC, updated_at DESC, no DESC);
      CREATE VIEW learning_popularity AS
        SELECT id, title, usage_count * confidence_score AS popularity FROM learnings WHERE deleted_at IS NULL;

      -- One row a transcript file: how far it was read and what became of every byte.
      CREATE TABLE sources (
        path TEXT PRIMARY KEY,
        session INTEGER REFERENCES sessions (no) ON DELETE SET NULL,
        session_id TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('main', 'agent')),
        inode TEXT NOT NULL,
        size INTEGER NOT NULL,
        mtime INTEGER NOT NULL,
        offset INTEGER NOT NULL,
        tail_hash TEXT NOT NULL,
        state_json TEXT NOT NULL,
        ledger_json TEXT NOT NULL,
        is_gone INTEGER NOT NULL DEFAULT 0
      );
      CREATE INDEX sources_by_session ON sources (session_id);
      CREATE INDEX sources_by_growth ON sources (session, mtime);

      -- Titles of old clients name the last line of the session they are for, often in another file.
      CREATE TABLE leaf_titles (leaf_uuid TEXT PRIMARY KEY, title TEXT NOT NULL) WITHOUT ROWID;

      CREATE TABLE tombstones (
        kind TEXT NOT NULL CHECK (kind IN ('session', 'project', 'everything')),
        target TEXT NOT NULL,
        at INTEGER NOT NULL,
        PRIMARY KEY (kind, target)
      ) WITHOUT ROWID;

      CREATE TABLE configurations (key TEXT PRIMARY KEY, value_json TEXT NOT NULL, updated_at INTEGER NOT NULL) WITHOUT ROWID;

      CREATE TABLE audit_logs (
        id INTEGER PRIMARY KEY,
        at INTEGER NOT NULL,
        who TEXT NOT NULL DEFAULT 'default',
        action TEXT NOT NULL CHECK (action IN ('CREATE', 'READ', 'UPDATE', 'DELETE', 'LOGIN', 'EXPORT')),
        resource TEXT NOT NULL,
        result TEXT NOT NULL CHECK (result IN ('success', 'failure', 'error')),
        details_json TEXT NOT NULL DEFAULT '{}',
        duration_ms INTEGER NOT NULL DEFAULT 0
      );

      -- AUTOINCREMENT: an id is never used again, so that what the index holds in memory can go stale but not wrong.
      CREATE TABLE documents (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind INTEGER NOT NULL,
        row_id INTEGER NOT NULL,
        session INTEGER NOT NULL,
        turn INTEGER NOT NULL,
        project_id INTEGER NOT NULL,
        facet TEXT NOT NULL,
        tool TEXT NOT NULL,
        at INTEGER NOT NULL,
        UNIQUE (kind, row_id)
      );
      CREATE INDEX documents_by_session ON documents (session);

      CREATE VIEW fulltext_source AS
        SELECT d.id AS rowid, fulltext_tokens(CASE d.kind
          WHEN 0 THEN (SELECT content FROM prompts WHERE id = d.row_id)
          WHEN 1 THEN (SELECT headline || char(10) || plain_text(files_json) || char(10) || input || char(10) || plain_text(diffs_json) || char(10) || content FROM observations WHERE id = d.row_id)
          WHEN 2 THEN (SELECT title || char(10) || description || char(10) || context || char(10) || plain_text(tags_json) FROM learnings WHERE no = d.row_id)
          WHEN 3 THEN (SELECT title FROM sessions WHERE no = d.row_id)
        END) AS body
        FROM documents d;
      CREATE VIRTUAL TABLE fulltext USING fts4 (content="fulltext_source", tokenize=simple, body);
    `);
  },
};

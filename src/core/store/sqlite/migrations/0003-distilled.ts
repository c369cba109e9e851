import type { Migration } from '../migrate';

/**
 * What is made of sessions. Summaries and calls refer to the session's id and evidence to the row's `uid`: they were
 * paid for or reviewed, and must survive a rebuild of the rows. The graph is stored per session, so that forgetting a
 * session removes its part.
 */
export const distilled: Migration = {
  version: 3,
  derived: ['entities', 'relations', 'task_queue'],
  precious: ['summaries', 'learning_evidence', 'learning_trail', 'model_calls', 'stats_snapshots'],
  up(driver) {
    driver.exec(`
      -- When it was answered: work by day. Older rows know their session's day only.
      ALTER TABLE message_usage ADD COLUMN at INTEGER NOT NULL DEFAULT 0;
      UPDATE message_usage SET at = coalesce((SELECT updated_at FROM sessions WHERE no = message_usage.session), 0);
      CREATE INDEX message_usage_by_time ON message_usage (at);

      CREATE TABLE summaries (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        session_id TEXT NOT NULL,
        summary_type TEXT NOT NULL DEFAULT 'session' CHECK (summary_type IN ('session', 'topic', 'action', 'item')),
        version INTEGER NOT NULL,
        source TEXT NOT NULL CHECK (source IN ('local', 'model', 'editor')),
        -- What made it, so that a call whose answer was lost makes nothing twice.
        request_id TEXT UNIQUE,
        title TEXT NOT NULL,
        -- All sentences as plain text; body_json has them with their evidence, rows by uid.
        content TEXT NOT NULL,
        body_json TEXT NOT NULL,
        key_points_json TEXT NOT NULL DEFAULT '[]',
        action_items_json TEXT NOT NULL DEFAULT '[]',
        model_used TEXT NOT NULL DEFAULT '',
        generation_cost REAL NOT NULL DEFAULT 0,
        quality_score REAL NOT NULL CHECK (quality_score BETWEEN 0 AND 1),
        dropped_claims INTEGER NOT NULL DEFAULT 0,
        -- How much of the session it has seen: a session that grew is summarised again.
        last_sequence INTEGER NOT NULL,
        raw_tokens INTEGER NOT NULL,
        token_count INTEGER NOT NULL,
        is_published INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        UNIQUE (session_id, summary_type, version)
      );
      CREATE UNIQUE INDEX summaries_published ON summaries (session_id, summary_type) WHERE is_published = 1;

      ALTER TABLE learnings ADD COLUMN state TEXT NOT NULL DEFAULT 'accepted' CHECK (state IN ('proposed', 'accepted', 'rejected', 'superseded'));
      ALTER TABLE learnings ADD COLUMN origin TEXT NOT NULL DEFAULT 'person' CHECK (origin IN ('person', 'rules', 'model'));
      -- Names the fact: met again it is the same row.
      ALTER TABLE learnings ADD COLUMN fact_key TEXT;
      -- { when, because, instead } of a dead end; else NULL.
      ALTER TABLE learnings ADD COLUMN dead_end_json TEXT;
      ALTER TABLE learnings ADD COLUMN memory_kind TEXT NOT NULL DEFAULT 'semantic' CHECK (memory_kind IN ('working', 'episodic', 'semantic', 'procedural'));
      ALTER TABLE learnings ADD COLUMN importance_score REAL NOT NULL DEFAULT 0.5 CHECK (importance_score BETWEEN 0 AND 1);
      -- Files and symbols it names: { files: [], symbols: [] }.
      ALTER TABLE learnings ADD COLUMN cites_json TEXT NOT NULL DEFAULT '{"files":[],"symbols":[]}';
      ALTER TABLE learnings ADD COLUMN stale_reason TEXT NOT NULL DEFAULT '';
      ALTER TABLE learnings ADD COLUMN superseded_by TEXT;
      ALTER TABLE learnings ADD COLUMN promoted_at INTEGER;
      CREATE UNIQUE INDEX learnings_by_fact ON learnings (fact_key) WHERE fact_key IS NOT NULL;
      CREATE INDEX learnings_by_state ON learnings (state, is_pinned DESC, updated_at DESC, no DESC);

      CREATE TABLE learning_evidence (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        learning_id TEXT NOT NULL,
        -- Names what it is about: found again it is the same row, with a newer value.
        evidence_key TEXT NOT NULL,
        kind TEXT NOT NULL CHECK (kind IN ('line', 'survival', 'verification', 'reaction', 'revert', 'reconfirmation', 'presence')),
        speaks INTEGER NOT NULL CHECK (speaks IN (-1, 0, 1)),
        value REAL,
        message TEXT NOT NULL,
        args_json TEXT NOT NULL DEFAULT '[]',
        session_id TEXT NOT NULL,
        -- [{ uid, quote }]
        lines_json TEXT NOT NULL DEFAULT '[]',
        at INTEGER NOT NULL,
        UNIQUE (learning_id, evidence_key)
      );
      CREATE INDEX learning_evidence_by_session ON learning_evidence (session_id);

      CREATE TABLE learning_trail (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        learning_id TEXT NOT NULL,
        at INTEGER NOT NULL,
        by TEXT NOT NULL CHECK (by IN ('person', 'rules', 'model')),
        action TEXT NOT NULL,
        note TEXT NOT NULL DEFAULT '',
        -- The other learning of a merge or supersession: its title is looked up, so that it goes when that one goes.
        other TEXT
      );
      CREATE INDEX learning_trail_by_learning ON learning_trail (learning_id, id);

      -- A finished task leaves no row.
      CREATE TABLE task_queue (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        type TEXT NOT NULL CHECK (type IN ('summarize', 'learn', 'embed', 'index', 'cleanup', 'export')),
        -- What it is about, mostly a session's id; with the type and is_paid it names the task while it waits.
        subject TEXT NOT NULL,
        is_paid INTEGER NOT NULL DEFAULT 0,
        payload_json TEXT NOT NULL DEFAULT '{}',
        -- Higher first.
        priority INTEGER NOT NULL DEFAULT 0,
        status TEXT NOT NULL DEFAULT 'pending' CHECK (status IN ('pending', 'running', 'failed', 'dead', 'unknown')),
        retry_count INTEGER NOT NULL DEFAULT 0,
        max_retries INTEGER NOT NULL DEFAULT 3,
        next_at INTEGER NOT NULL DEFAULT 0,
        lease_until INTEGER,
        worker_id TEXT,
        -- Of the call it made, or has under way.
        call_id TEXT,
        error TEXT,
        error_args_json TEXT NOT NULL DEFAULT '[]',
        created_at INTEGER NOT NULL,
        updated_at INTEGER NOT NULL,
        UNIQUE (type, subject, is_paid)
      );
      CREATE INDEX task_queue_by_turn ON task_queue (is_paid, status, priority DESC, next_at, id);

      -- Every call that may cost money, written before it is made. Whole billionths of a dollar: sums must be exact.
      CREATE TABLE model_calls (
        id TEXT PRIMARY KEY,
        state TEXT NOT NULL CHECK (state IN ('reserved', 'sent', 'settled', 'released', 'unknown')),
        purpose TEXT NOT NULL CHECK (purpose IN ('summary', 'learning')),
        model TEXT NOT NULL,
        host TEXT NOT NULL,
        batch_id TEXT,
        is_batch INTEGER NOT NULL DEFAULT 0,
        task INTEGER,
        -- Emptied when the session is forgotten; the money stays spent.
        session_id TEXT,
        project_root TEXT,
        -- How much of the session was sent: its answer is checked against that much.
        last_sequence INTEGER NOT NULL DEFAULT 0,
        -- Local day and month of the reservation, as 2026-11-22 and 2026-11.
        day TEXT NOT NULL,
        month TEXT NOT NULL,
        most_nanousd INTEGER NOT NULL,
        most_tokens INTEGER NOT NULL,
        -- What counts against the ceilings: the most until settled, 0 when released.
        nanousd INTEGER NOT NULL,
        tokens INTEGER NOT NULL,
        input_tokens INTEGER NOT NULL DEFAULT 0,
        output_tokens INTEGER NOT NULL DEFAULT 0,
        cache_read_tokens INTEGER NOT NULL DEFAULT 0,
        cache_write_tokens INTEGER NOT NULL DEFAULT 0,
        bytes INTEGER NOT NULL DEFAULT 0,
        redactions INTEGER NOT NULL DEFAULT 0,
        created_at INTEGER NOT NULL,
        settled_at INTEGER
      ) WITHOUT ROWID;
      CREATE INDEX model_calls_open ON model_calls (state) WHERE state IN ('reserved', 'sent');
      CREATE INDEX model_calls_by_day ON model_calls (day);
      CREATE INDEX model_calls_by_month ON model_calls (month);
      CREATE INDEX model_calls_by_time ON model_calls (created_at DESC, id DESC);
      CREATE INDEX model_calls_by_session ON model_calls (session_id);

      CREATE TABLE entities (
        id INTEGER PRIMARY KEY AUTOINCREMENT,
        kind TEXT NOT NULL CHECK (kind IN ('file', 'symbol', 'tool', 'command', 'error', 'concept', 'project', 'solution')),
        -- 0 for what belongs to no project: tools.
        project_id INTEGER NOT NULL DEFAULT 0,
        name TEXT NOT NULL,
        label TEXT NOT NULL,
        UNIQUE (kind, project_id, name)
      );

      -- One row for each session that says so.
      CREATE TABLE relations (
        session INTEGER NOT NULL REFERENCES sessions (no) ON DELETE CASCADE,
        from_entity INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
        to_entity INTEGER NOT NULL REFERENCES entities (id) ON DELETE CASCADE,
        kind TEXT NOT NULL CHECK (kind IN ('uses', 'solves', 'causes', 'related_to', 'part_of')),
        weight REAL NOT NULL,
        source TEXT NOT NULL DEFAULT 'rules' CHECK (source IN ('rules', 'model')),
        first_at INTEGER NOT NULL,
        last_at INTEGER NOT NULL,
        PRIMARY KEY (session, from_entity, to_entity, kind)
      ) WITHOUT ROWID;
      CREATE INDEX relations_by_from ON relations (from_entity, to_entity);
      CREATE INDEX relations_by_to ON relations (to_entity, from_entity);

      CREATE TABLE stats_snapshots (
        day TEXT NOT NULL,
        metric TEXT NOT NULL,
        dimension TEXT NOT NULL DEFAULT '',
        value REAL NOT NULL,
        PRIMARY KEY (day, metric, dimension)
      ) WITHOUT ROWID;

      CREATE VIEW session_details AS
        SELECT s.id, s.title, s.project_id, s.turns, s.prompts, s.observations, s.errors, s.updated_at, m.title AS summary_title, m.content AS summary, m.source AS summary_source
        FROM sessions s LEFT JOIN summaries m ON m.session_id = s.id AND m.summary_type = 'session' AND m.is_published = 1;
    `);
  },
};

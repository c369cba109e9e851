/**
 * What an export has of each table, one definition for JSON Lines, CSV, the schema beside them and the import. Numbers of
 * rows mean nothing elsewhere, so records name sessions by their id, projects by their root and rows by their uid.
 */
import { dataClasses } from '../../../protocol/classes';
import type { RecordKind } from '../../../protocol/portable';
import { isNamed, ownTitle } from '../tables/session-titles';

/** `flag` is true or false; `json` is written as what it holds. */
export type FieldType = 'text' | 'number' | 'flag' | 'json';

interface Field {
  name: string;
  /** SQL expression. */
  sql: string;
  type: FieldType;
}

export interface KindTable {
  from: string;
  /** What records are sorted by, and by which reading goes on. */
  key: string;
  isNamed?: true;
  /**
   * How a part of the memory is chosen: `each` reads session by session; `session` holds a session's id; `learning` a
   * learning's; `whole` belongs to no part.
   */
  part: { each: string } | { session: string } | { learning: string } | 'sessions' | 'learnings' | 'classes' | 'whole';
  where?: string;
  fields: readonly Field[];
}

const fields = (type: FieldType, list: Readonly<Record<string, string>>): Field[] =>
  Object.entries(list).map(([name, sql]) => ({ name, sql, type }));

/** The project a row was written in, when it is not that of its session. */
const otherProject = (column: 'root' | 'name') =>
  `CASE WHEN d.project_id <> s.project_id THEN (SELECT ${column} FROM projects WHERE id = d.project_id) END`;

const rowsFrom = (table: 'prompts' | 'observations', kind: 0 | 1) =>
  `${table} r JOIN sessions s ON s.no = r.session LEFT JOIN documents d ON d.kind = ${kind} AND d.row_id = r.id`;

const rowFields = [
  ...fields('text', {
    uid: 'r.uid',
    session: 's.id',
    project: otherProject('root'),
    projectName: otherProject('name'),
  }),
  ...fields('number', { sequence: 'r.sequence_num', turn: 'r.turn', at: 'r.created_at' }),
  ...fields('text', { agent: 'r.agent_id' }),
  ...fields('number', { truncatedBytes: 'r.truncated_bytes' }),
];

export const kindTables: Readonly<Record<RecordKind, KindTable>> = {
  sessions: {
    from: 'sessions s JOIN projects p ON p.id = s.project_id',
    key: 's.no',
    part: 'sessions',
    where: "s.status <> 'deleted'",
    fields: [
      ...fields('text', {
        id: 's.id',
        project: 'p.root',
        projectName: 'p.name',
        title: ownTitle('s'),
      }),
      ...fields('number', {
        titleRank: `CASE WHEN ${isNamed('s')} THEN s.own_title_rank ELSE s.title_rank END`,
      }),
      ...fields('text', {
        firstPrompt: 's.first_prompt',
        cwd: 's.cwd',
        branch: 's.git_branch',
        model: 's.model_used',
        origin: 's.origin_id',
      }),
      ...fields('json', { metadata: 's.metadata_json', files: 's.files_json' }),
      ...fields('number', {
        turns: 's.turns',
        nextSequence: 's.next_sequence',
        createdAt: 's.created_at',
        updatedAt: 's.updated_at',
        endedAt: 's.ended_at',
      }),
    ],
  },
  prompts: {
    from: rowsFrom('prompts', 0),
    key: 'r.sequence_num',
    part: { each: 'r.session' },
    fields: [
      ...rowFields,
      ...fields('text', { role: 'r.prompt_type', note: 'r.note', text: 'r.content', model: 'r.model' }),
    ],
  },
  observations: {
    from: rowsFrom('observations', 1),
    key: 'r.sequence_num',
    part: { each: 'r.session' },
    fields: [
      ...rowFields,
      ...fields('text', {
        prompt: '(SELECT uid FROM prompts WHERE id = r.prompt_id)',
        type: 'r.observation_type',
        tool: 'r.source_tool',
        call: 'r.tool_use_id',
        headline: 'r.headline',
        input: 'r.input',
        output: 'r.content',
        preview: 'r.content_preview',
      }),
      ...fields('json', { diffs: 'r.diffs_json', files: 'r.files_json' }),
      ...fields('number', { exitStatus: 'r.exit_status', importance: 'r.importance_score' }),
      ...fields('text', { fingerprint: 'r.error_fingerprint' }),
      ...fields('flag', { isAnswered: 'r.is_answered' }),
    ],
  },
  copies: {
    from: `copies c JOIN sessions s ON s.no = c.session LEFT JOIN prompts p ON p.id = c.prompt_id
      LEFT JOIN observations o ON o.id = c.observation_id`,
    key: 'c.rowid',
    part: { each: 'c.session' },
    fields: [
      ...fields('text', { session: 's.id', uid: 'coalesce(p.uid, o.uid)' }),
      ...fields('number', { sequence: 'c.sequence_num', turn: 'c.turn', at: 'c.at' }),
    ],
  },
  usage: {
    from: 'message_usage u JOIN sessions s ON s.no = u.session',
    key: 'u.message',
    isNamed: true,
    part: { each: 'u.session' },
    // What settles a session's sum is made from it again.
    where: "u.message NOT LIKE 'cost:%'",
    fields: [
      ...fields('text', { session: 's.id', message: "replace(u.message, 'import:', '')", model: 'u.model' }),
      ...fields('number', {
        input: 'u.input',
        output: 'u.output',
        cacheRead: 'u.cache_read',
        cacheWrite: 'u.cache_write',
        cacheWriteHour: 'u.cache_write_hour',
        said: 'u.said',
        at: 'u.at',
      }),
    ],
  },
  costs: {
    from: 'session_costs c JOIN sessions s ON s.no = c.session',
    key: 'c.model',
    isNamed: true,
    part: { each: 'c.session' },
    fields: [
      ...fields('text', { session: 's.id', model: 'c.model' }),
      ...fields('number', {
        input: 'c.input',
        output: 'c.output',
        cacheRead: 'c.cache_read',
        cacheWrite: 'c.cache_write',
        cacheWriteHour: 'c.cache_write_hour',
        at: 'c.at',
      }),
    ],
  },
  summaries: {
    from: 'summaries m',
    key: 'm.id',
    part: { session: 'm.session_id' },
    where: "m.summary_type = 'session'",
    fields: [
      ...fields('text', {
        session: 'm.session_id',
        source: 'm.source',
        request: 'm.request_id',
        title: 'm.title',
        model: 'm.model_used',
      }),
      ...fields('json', { body: 'm.body_json' }),
      ...fields('number', {
        costUsd: 'm.generation_cost',
        quality: 'm.quality_score',
        droppedClaims: 'm.dropped_claims',
        lastSequence: 'm.last_sequence',
        rawTokens: 'm.raw_tokens',
        tokens: 'm.token_count',
        createdAt: 'm.created_at',
      }),
      ...fields('flag', { isPublished: 'm.is_published' }),
    ],
  },
  learnings: {
    from: 'learnings l LEFT JOIN projects p ON p.id = l.project_id',
    key: 'l.no',
    part: 'learnings',
    // What a person deleted is kept only so that it can be taken back at once.
    where: 'l.deleted_at IS NULL',
    fields: [
      ...fields('text', {
        id: 'l.id',
        state: 'l.state',
        origin: 'l.origin',
        category: 'l.category',
        title: 'l.title',
        description: 'l.description',
        context: 'l.context',
        project: 'p.root',
        projectName: 'p.name',
        verificationNotes: 'l.verification_notes',
        factKey: 'l.fact_key',
        memoryKind: 'l.memory_kind',
        staleReason: 'l.stale_reason',
        supersededBy: 'l.superseded_by',
      }),
      ...fields('json', {
        examples: 'l.examples_json',
        tags: 'l.tags_json',
        sessions: 'l.source_sessions_json',
        deadEnd: 'l.dead_end_json',
        cites: 'l.cites_json',
      }),
      ...fields('number', {
        confidence: 'l.confidence_score',
        importance: 'l.importance_score',
        uses: 'l.usage_count',
        lastUsedAt: 'l.last_used_at',
        promotedAt: 'l.promoted_at',
        createdAt: 'l.created_at',
        updatedAt: 'l.updated_at',
      }),
      ...fields('flag', { isVerified: 'l.is_verified', isPinned: 'l.is_pinned' }),
    ],
  },
  evidence: {
    from: 'learning_evidence e',
    key: 'e.id',
    part: { learning: 'e.learning_id' },
    fields: [
      ...fields('text', {
        learning: 'e.learning_id',
        key: 'e.evidence_key',
        kind: 'e.kind',
        message: 'e.message',
        session: 'e.session_id',
        mergedFrom: 'e.merged_from',
      }),
      ...fields('json', { args: 'e.args_json', lines: 'e.lines_json' }),
      ...fields('number', { speaks: 'e.speaks', value: 'e.value', at: 'e.at' }),
    ],
  },
  trail: {
    from: 'learning_trail t',
    key: 't.id',
    part: { learning: 't.learning_id' },
    fields: [
      ...fields('text', {
        learning: 't.learning_id',
        by: 't.by',
        action: 't.action',
        note: 't.note',
        other: 't.other',
      }),
      ...fields('number', { at: 't.at' }),
    ],
  },
  merges: {
    from: 'learning_merges g',
    key: 'g.merged',
    isNamed: true,
    part: { learning: 'g.into_id' },
    fields: [
      ...fields('text', { merged: 'g.merged', into: 'g.into_id' }),
      ...fields('json', { sessions: 'g.sessions_json' }),
      ...fields('number', {
        at: 'g.at',
        mergedUpdatedAt: 'g.merged_updated_at',
        intoUpdatedAt: 'g.into_updated_at',
      }),
    ],
  },
  marks: {
    from: 'marks m',
    key: 'm.uid',
    isNamed: true,
    part: { session: 'm.session_id' },
    fields: [
      ...fields('text', { uid: 'm.uid', session: 'm.session_id' }),
      ...fields('flag', { isFlagged: 'm.is_flagged' }),
      ...fields('json', { tags: 'm.tags_json' }),
      ...fields('number', { updatedAt: 'm.updated_at' }),
    ],
  },
  names: {
    from: 'session_marks m',
    key: 'm.session_id',
    isNamed: true,
    part: { session: 'm.session_id' },
    fields: [
      ...fields('text', { session: 'm.session_id', name: 'm.name' }),
      ...fields('flag', { isPinned: 'm.is_pinned' }),
      ...fields('number', { updatedAt: 'm.updated_at' }),
    ],
  },
  classes: {
    from: 'classes c',
    key: "c.what || ' ' || c.target",
    isNamed: true,
    part: 'classes',
    fields: [
      ...fields('text', {
        what: 'c.what',
        root: "CASE c.what WHEN 'project' THEN c.target END",
        session: "nullif(c.session_id, '')",
        uid: "CASE c.what WHEN 'row' THEN c.target END",
        learning: "CASE c.what WHEN 'learning' THEN c.target END",
        class: `CASE c.class ${dataClasses.map((name, rank) => `WHEN ${rank} THEN '${name}'`).join(' ')} END`,
      }),
      ...fields('number', { at: 'c.updated_at' }),
    ],
  },
  searches: {
    from: 'configurations c',
    key: 'c.key',
    isNamed: true,
    part: 'whole',
    where: "c.key LIKE 'search:%' AND json_extract(c.value_json, '$.isDeleted') IS NULL",
    fields: [
      ...fields('text', {
        id: 'substr(c.key, 8)',
        name: "json_extract(c.value_json, '$.name')",
        text: "json_extract(c.value_json, '$.text')",
      }),
      ...fields('number', {
        uses: "json_extract(c.value_json, '$.uses')",
        usedAt: "json_extract(c.value_json, '$.usedAt')",
        updatedAt: 'c.updated_at',
      }),
    ],
  },
  joins: {
    from: 'project_joins j',
    key: 'j.no',
    part: 'whole',
    fields: [
      ...fields('text', { from: 'j.from_root', into: 'j.into_root', why: 'j.why' }),
      ...fields('number', { at: 'j.at', undoneAt: 'j.undone_at' }),
    ],
  },
  given: {
    from: 'given g',
    key: 'g.no',
    part: { session: 'g.session_id' },
    fields: [
      ...fields('text', { request: 'g.request_id', session: 'g.session_id', source: 'g.source' }),
      ...fields('json', { items: 'g.items_json' }),
      ...fields('number', { tokens: 'g.tokens', at: 'g.at' }),
    ],
  },
  choices: {
    from: 'give_choices c',
    key: 'c.no',
    part: { session: 'c.session_id' },
    fields: [
      ...fields('text', {
        what: 'c.what',
        target: 'c.target',
        session: 'c.session_id',
        item: 'c.item_id',
        uid: 'c.uid',
      }),
      ...fields('number', { at: 'c.at' }),
    ],
  },
  refusals: {
    from: 'past_fix_refusals f',
    key: "f.error || ' ' || f.fix",
    isNamed: true,
    part: { session: 'f.session_id' },
    fields: [
      ...fields('text', { error: 'f.error', fix: 'f.fix', session: 'f.session_id' }),
      ...fields('number', { at: 'f.at' }),
    ],
  },
  uses: {
    from: 'session_uses u',
    key: 'u.session_id',
    isNamed: true,
    part: { session: 'u.session_id' },
    fields: [
      ...fields('text', { session: 'u.session_id' }),
      ...fields('number', { uses: 'u.uses', lastUsedAt: 'u.last_used_at' }),
    ],
  },
  calls: {
    from: 'model_calls c',
    key: 'c.id',
    isNamed: true,
    part: { session: 'c.session_id' },
    fields: [
      ...fields('text', {
        id: 'c.id',
        state: 'c.state',
        purpose: 'c.purpose',
        model: 'c.model',
        host: 'c.host',
        session: 'c.session_id',
        project: 'c.project_root',
      }),
      ...fields('number', {
        nanousd: 'c.nanousd',
        inputTokens: 'c.input_tokens',
        outputTokens: 'c.output_tokens',
        bytes: 'c.bytes',
        redactions: 'c.redactions',
        createdAt: 'c.created_at',
        settledAt: 'c.settled_at',
      }),
    ],
  },
};

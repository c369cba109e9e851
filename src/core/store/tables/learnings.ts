/**
 * Learnings: written by a person, or found and reviewed. The table is precious: it is never wiped with derived data,
 * and rows are deleted softly.
 */
import { MemoryError } from '../../../protocol/errors';
import type { DeadEnd, LearningState, MemoryKind } from '../../../protocol/learning';
import type { Learning, LearningCategory, SessionId } from '../../../protocol/model';
import type { LearningInput, LearningQuery } from '../../../protocol/questions/learnings';
import type { Page } from '../../../protocol/status';
import type { Redacted } from '../../observe/redact';
import { redactedJson } from '../../observe/redact';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { filterWords, hasWord, wordPattern } from '../sqlite/word-in';
import { documentKinds, indexRow, learningEntry, unindexRow } from './documents';
import { addTrail, originOf } from './learning-evidence';
import type { StoredOrigin } from './learning-evidence';
import { alikeTable, isFirstOfFact, isWorthShowing, worth } from './proposal-worth';
import { sameUseMs } from './uses';

export interface SealedLearning extends Omit<
  LearningInput,
  'title' | 'description' | 'context' | 'tags' | 'verificationNotes'
> {
  title: Redacted;
  description: Redacted;
  context: Redacted;
  tags: Redacted[];
  verificationNotes: Redacted;
}

interface LearningRow {
  no: number;
  id: string;
  category: LearningCategory;
  title: string;
  description: string;
  context: string;
  tags_json: string;
  confidence_score: number;
  usage_count: number;
  last_used_at: number | null;
  source_sessions_json: string;
  is_verified: number;
  verification_notes: string;
  is_pinned: number;
  project_id: number | null;
  shown_project_id: number | null;
  project_name: string | null;
  project_root: string | null;
  created_at: number;
  updated_at: number;
  deleted_at: number | null;
  state: LearningState;
  origin: StoredOrigin;
  fact_key: string | null;
  dead_end_json: string | null;
  memory_kind: MemoryKind;
  importance_score: number;
  stale_reason: string;
  /** What a list is sorted by. */
  rank?: number;
  speaks_for: number;
  speaks_against: number;
}

const evidence = (speaks: 1 | -1) =>
  `(SELECT count(*) FROM learning_evidence e WHERE e.learning_id = l.id AND e.speaks = ${speaks})`;
const shown = `l.*, ${evidence(1)} AS speaks_for, ${evidence(-1)} AS speaks_against, p.name AS project_name,
  p.shown_id AS shown_project_id, p.root AS project_root`;
const from = 'FROM learnings l LEFT JOIN shown_projects p ON p.id = l.project_id';
const columns = `${shown} ${from}`;

const learningOf = (row: LearningRow): Learning => ({
  id: row.id,
  category: row.category,
  title: row.title,
  description: row.description,
  context: row.context,
  tags: JSON.parse(row.tags_json) as string[],
  confidence: row.confidence_score,
  usageCount: row.usage_count,
  lastUsedAt: row.last_used_at,
  sourceSessions: JSON.parse(row.source_sessions_json) as SessionId[],
  isVerified: row.is_verified === 1,
  verificationNotes: row.verification_notes,
  isPinned: row.is_pinned === 1,
  project:
    row.shown_project_id === null
      ? null
      : { id: row.shown_project_id, name: row.project_name ?? '', root: row.project_root ?? '' },
  state: row.state,
  origin: originOf(row.origin, row.fact_key),
  ...(row.dead_end_json !== null && { deadEnd: JSON.parse(row.dead_end_json) as DeadEnd }),
  memoryKind: row.memory_kind,
  importance: row.importance_score,
  ...(row.stale_reason !== '' && { staleReason: row.stale_reason }),
  evidence: { for: row.speaks_for, against: row.speaks_against },
  createdAt: row.created_at,
  updatedAt: row.updated_at,
});

/**
 * Creates or edits a learning. The caller chooses the id, so repeating a call changes nothing. What a person writes has
 * full confidence.
 */
export function saveLearning(driver: SqlDriver, input: SealedLearning, now: number): Learning {
  return driver.transaction(() => {
    const known = driver.get<LearningRow>(`SELECT ${columns} WHERE l.id = ?`, [input.id]);
    if (known?.state === 'accepted') unindexRow(driver, documentKinds.learning, known.no);
    const projectId = projectOf(driver, input.sourceSessions ?? []);
    driver.run(
      `INSERT INTO learnings (id, category, title, description, context, tags_json, confidence_score,
        source_sessions_json, is_verified, verification_notes, is_pinned, project_id, created_at, updated_at)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?13)
       ON CONFLICT (id) DO UPDATE SET category = ?2, title = ?3, description = ?4, context = ?5, tags_json = ?6,
         source_sessions_json = ?8, is_verified = ?9,
         verification_notes = ?10, is_pinned = ?11, project_id = coalesce(?12, project_id), updated_at = ?13,
           state = 'accepted', superseded_by = NULL,
         origin = CASE WHEN title = ?3 AND description = ?4 AND context = ?5 THEN origin ELSE 'person' END`,
      [
        input.id,
        input.category,
        input.title,
        input.description,
        input.context,
        redactedJson(input.tags),
        input.isVerified ? 1 : 0.8,
        JSON.stringify(input.sourceSessions ?? []),
        input.isVerified ? 1 : 0,
        input.verificationNotes,
        input.isPinned ? 1 : 0,
        projectId,
        now,
      ],
    );
    const row = rowOf(driver, input.id);
    if (known && known.state !== 'accepted') addTrail(driver, input.id, { at: now, by: 'person', action: 'accepted' });
    else if (
      known &&
      (['title', 'description', 'context', 'category', 'tags_json'] as const).some(
        (column) => known[column] !== row[column],
      )
    )
      addTrail(driver, input.id, { at: now, by: 'person', action: 'edited' });
    // The window that edits may not have heard of a deletion: the learning stays deleted.
    if (row.deleted_at === null) index(driver, row);
    return learningOf(row);
  });
}

export function deleteLearning(driver: SqlDriver, id: string, now: number): void {
  driver.transaction(() => {
    const row = rowOf(driver, id);
    if (row.state === 'accepted') unindexRow(driver, documentKinds.learning, row.no);
    driver.run('UPDATE learnings SET deleted_at = ? WHERE id = ?', [now, id]);
  });
}

export function restoreLearning(driver: SqlDriver, id: string): Learning {
  return driver.transaction(() => {
    const row = rowOf(driver, id);
    if (row.deleted_at !== null) {
      driver.run('UPDATE learnings SET deleted_at = NULL WHERE id = ?', [id]);
      if (row.state === 'accepted') index(driver, row);
    }
    return learningOf(row);
  });
}

export function getLearning(driver: SqlDriver, id: string): Learning {
  return learningOf(rowOf(driver, id));
}

/** A learning that is not deleted. @throws MemoryError `not_found` */
export function livingLearning(driver: SqlDriver, id: string): Learning {
  const row = rowOf(driver, id);
  if (row.deleted_at !== null) throw new MemoryError('not_found', 'This learning is no longer there.', { id });
  return learningOf(row);
}

/** Undefined when it is not there or was deleted. */
export function findLearning(driver: SqlDriver, id: string): Learning | undefined {
  const row = driver.get<LearningRow>(`SELECT ${columns} WHERE l.id = ? AND l.deleted_at IS NULL`, [id]);
  return row && learningOf(row);
}

export function getLearningByRow(driver: SqlDriver, no: number): Learning | undefined {
  const row = driver.get<LearningRow>(
    `SELECT ${columns} WHERE l.no = ? AND l.deleted_at IS NULL AND l.state = 'accepted'`,
    [no],
  );
  return row && learningOf(row);
}

/** Counts a use. */
export function noteUse(driver: SqlDriver, id: string, now: number): void {
  driver.run(
    `UPDATE learnings SET usage_count = usage_count + 1, last_used_at = ?1 WHERE id = ?2 AND (last_used_at IS NULL
      OR abs(?1 - last_used_at) > ?3)`,
    [now, id, sameUseMs],
  );
}

export function listLearnings(
  driver: SqlDriver,
  query: LearningQuery,
  projectIds: readonly number[] | undefined,
): Page<Learning> {
  const limit = Math.min(Math.max(query.limit ?? 100, 1), 200);
  const { state = 'accepted' } = query;
  const [scope, scopeParams] = projectIds
    ? ['(l.project_id IS NULL OR l.project_id IN (SELECT value FROM json_each(?)))', [JSON.stringify(projectIds)]]
    : ['1', []];
  const where = ['l.deleted_at IS NULL', 'l.state = ?', scope];
  const params: SqlValue[] = [state, ...scopeParams];
  // Proposals are sorted by what they are worth; in all other lists pinned ones come first.
  const isProposed = state === 'proposed';
  const order = isProposed ? worth : 'l.is_pinned';
  // What is looked for by its words is found, even when it is worth little.
  if (isProposed && filterWords(query.text).length === 0) where.push(query.isAll ? isFirstOfFact : isWorthShowing);
  if (query.category) {
    where.push('l.category = ?');
    params.push(query.category);
  }
  for (const word of filterWords(query.text)) {
    where.push(hasWord("l.title || ' ' || l.description || ' ' || l.context || ' ' || l.tags_json"));
    params.push(wordPattern(word));
  }
  if (query.cursor !== undefined) {
    const match = /^([\d.]+(?:e-\d+)?):(\d+):(\d+)$/.exec(query.cursor);
    if (!match) throw new MemoryError('invalid_input', 'This page marker is not valid.');
    where.push(`(${order}, l.updated_at, l.no) < (?, ?, ?)`);
    params.push(Number(match[1]), Number(match[2]), Number(match[3]));
  }
  const rows = driver.all<LearningRow>(
    `${isProposed ? `WITH ${alikeTable(scope)}` : ''} SELECT ${shown}, ${order} AS rank ${from}
      ${isProposed ? 'JOIN alike a ON a.no = l.no' : ''}
      WHERE ${where.join(' AND ')} ORDER BY ${order} DESC, l.updated_at DESC, l.no DESC LIMIT ?`,
    [...(isProposed ? scopeParams : []), ...params, limit],
  );
  const last = rows.at(-1);
  return {
    items: rows.map(learningOf),
    ...(rows.length === limit &&
      last && {
        next: `${last.rank}:${last.updated_at}:${last.no}`,
      }),
  };
}

function rowOf(driver: SqlDriver, id: string): LearningRow {
  const row = driver.get<LearningRow>(`SELECT ${columns} WHERE l.id = ?`, [id]);
  if (!row) throw new MemoryError('not_found', 'This learning is no longer there.', { id });
  return row;
}

function index(driver: SqlDriver, row: LearningRow): void {
  indexRow(driver, learningEntry(row.no, row.project_id, row.updated_at));
}

function projectOf(driver: SqlDriver, sessions: readonly SessionId[]): number | null {
  const [first] = sessions;
  return first === undefined
    ? null
    : (driver.get<{ project_id: number }>('SELECT project_id FROM sessions WHERE id = ?', [first])?.project_id ?? null);
}

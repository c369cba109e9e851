/**
 * Learnings that were found by rules or a model: stored once per fact, reviewed by a person, superseded by
 * contradicting ones.
 */
import type { LearningState, MemoryKind, NewProposals, TrailEntry } from '../../../protocol/learning';
import type { Learning, LearningCategory, SessionId } from '../../../protocol/model';
import type { Redacted } from '../../observe/redact';
import { redactedJson } from '../../observe/redact';
import type { Row, SqlDriver } from '../sqlite/driver';
import { documentKinds, indexRow, learningEntry, unindexRow } from './documents';
import { addTrail, putEvidence } from './learning-evidence';
import type { SealedEvidence, StoredOrigin } from './learning-evidence';
import { getLearning } from './learnings';
import { alikeTable, isWorthShowing } from './proposal-worth';

export interface SealedProposal {
  /** Derived from the fact, so that finding the same fact again gives the same row. */
  id: string;
  factKey: string;
  category: LearningCategory;
  title: Redacted;
  description: Redacted;
  context: Redacted;
  tags: Redacted[];
  deadEnd?: { when: Redacted; because: Redacted; instead: Redacted };
  memoryKind: MemoryKind;
  /** From 0 to 1. */
  importance: number;
  cites: { files: Redacted[]; symbols: Redacted[] };
  origin: StoredOrigin;
  /** Empty when the session is not known. */
  sessionId: SessionId;
  projectId: number;
  at: number;
}

/** Rewords a proposal that no person has reviewed yet; a diff block at the end of its text stays. */
export function rewordProposal(driver: SqlDriver, id: string, title: Redacted, text: Redacted, now: number): void {
  const changed = driver.run(
    `UPDATE learnings SET title = ?1, description = ?2 || CASE
      WHEN instr(description, '\`\`\`diff') > 0 THEN char(10) || char(10) || substr(description, instr(description,
      '\`\`\`diff')) ELSE '' END,
       origin = 'model', updated_at = ?3 WHERE id = ?4 AND state = 'proposed' AND origin = 'rules'`,
    [title, text, now, id],
  );
  if (changed > 0) addTrail(driver, id, { at: now, by: 'model', action: 'edited' });
}

/** A found fact without its texts. */
export interface FactRow {
  id: string;
  /** Null when a person wrote the learning. */
  factKey: string | null;
  state: LearningState;
  origin: StoredOrigin;
  confidence: number;
  isDeadEnd: boolean;
  staleReason: string;
  projectRoot: string | null;
  cites: { files: string[]; symbols: string[] };
  /** Of a learning that a person wrote: its words, which may cite files. Empty for others. */
  ownText: string;
  createdAt: number;
  updatedAt: number;
}

const factColumns = `l.id, l.fact_key AS factKey, l.state, l.origin, l.confidence_score AS confidence,
  l.dead_end_json IS NOT NULL AS isDeadEnd, l.stale_reason AS staleReason, p.root AS projectRoot,
  l.cites_json AS cites, CASE WHEN l.fact_key IS NULL THEN l.title || char(10) || l.description ELSE '' END AS ownText,
  l.created_at AS createdAt, l.updated_at AS updatedAt FROM learnings l LEFT JOIN projects p ON p.id = l.project_id`;
const factOf = (row: Row): FactRow => ({
  ...(row as unknown as FactRow),
  isDeadEnd: row['isDeadEnd'] === 1,
  cites: JSON.parse(row['cites'] as string) as FactRow['cites'],
});

/** Returns `known` when the fact exists in any state: a rejected or deleted one is not proposed again. */
export function putProposal(
  driver: SqlDriver,
  proposal: SealedProposal,
  evidence: readonly SealedEvidence[],
): { outcome: 'added' | 'known'; id: string; isNews: boolean } {
  return driver.transaction(() => {
    const known = driver.get<{ id: string; source_sessions_json: string }>(
      'SELECT id, source_sessions_json FROM learnings WHERE fact_key = ?',
      [proposal.factKey],
    );
    if (known) {
      const sessions = JSON.parse(known.source_sessions_json) as SessionId[];
      if (proposal.sessionId !== '' && !sessions.includes(proposal.sessionId))
        driver.run('UPDATE learnings SET source_sessions_json = ?, updated_at = max(updated_at, ?) WHERE id = ?', [
          JSON.stringify([...sessions, proposal.sessionId]),
          proposal.at,
          known.id,
        ]);
      return { outcome: 'known', id: known.id, isNews: putEvidence(driver, known.id, evidence) };
    }
    const { id, deadEnd, at } = proposal;
    driver.run(
      `INSERT INTO learnings (id, fact_key, category, title, description, context, tags_json, dead_end_json,
        memory_kind, importance_score, cites_json, origin, state, source_sessions_json, project_id, created_at,
        updated_at)
       VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, 'proposed', ?, ?, ?, ?)`,
      [
        id,
        proposal.factKey,
        proposal.category,
        proposal.title,
        proposal.description,
        proposal.context,
        redactedJson(proposal.tags),
        deadEnd ? redactedJson(deadEnd) : null,
        proposal.memoryKind,
        proposal.importance,
        redactedJson(proposal.cites),
        proposal.origin,
        JSON.stringify(proposal.sessionId === '' ? [] : [proposal.sessionId]),
        proposal.projectId,
        at,
        at,
      ],
    );
    putEvidence(driver, id, evidence);
    addTrail(driver, id, { at, by: proposal.origin, action: 'proposed' });
    return { outcome: 'added', id, isNews: true };
  });
}

/**
 * Proposals of the inbox that were added after the learning with this number. A proposal carries the time of the session it was found
 * in, which may be long ago, so that its own number says what is new.
 */
export function countNewProposals(driver: SqlDriver, after: number): NewProposals {
  const found = driver.get<{ count: number; newest: number }>(
    `WITH ${alikeTable('1')} SELECT (SELECT count(*) FROM learnings l JOIN alike a ON a.no = l.no
        WHERE l.no > ? AND l.state = 'proposed' AND ${isWorthShowing}) AS count,
      (SELECT coalesce(max(no), 0) FROM learnings) AS newest`,
    [after],
  );
  return found ?? { count: 0, newest: 0 };
}

/** All found facts, or those found in some sessions; without deleted ones. */
export function factsOfSession(driver: SqlDriver, id: SessionId): FactRow[] {
  return driver
    .all(
      `SELECT ${factColumns} WHERE l.fact_key IS NOT NULL AND l.deleted_at IS NULL AND l.id IN (SELECT learning_id
        FROM learning_evidence WHERE session_id = ?)`,
      [id],
    )
    .map(factOf);
}

/** Facts whose key begins with `topicKey`, i.e. statements about the same thing. */
export function factsAbout(driver: SqlDriver, topicKey: string): FactRow[] {
  return driver
    .all(
      `SELECT ${factColumns} WHERE l.fact_key >= ?1 AND l.fact_key < ?1 || char(0x10FFFF) AND l.deleted_at IS NULL`,
      [topicKey],
    )
    .map(factOf);
}

/** Proposed and accepted facts, and what a person wrote, newest first: what is compared with the repository. */
export function livingFacts(driver: SqlDriver): FactRow[] {
  return driver
    .all(
      `SELECT ${factColumns} WHERE l.deleted_at IS NULL
        AND l.state IN ('proposed', 'accepted') ORDER BY l.updated_at DESC, l.no DESC`,
    )
    .map(factOf);
}

/** Facts of a project that cite one of these files and rest on edits. */
export function factsCiting(driver: SqlDriver, projectId: number, files: readonly string[]): FactRow[] {
  return driver
    .all(
      `SELECT ${factColumns} WHERE l.fact_key IS NOT NULL AND l.deleted_at IS NULL
        AND l.state IN ('proposed', 'accepted') AND l.project_id = ?1
       AND EXISTS (SELECT 1 FROM json_each(l.cites_json, '$.files') WHERE value IN (SELECT value FROM json_each(?2)))`,
      [projectId, JSON.stringify(files)],
    )
    .map(factOf);
}

export function factById(driver: SqlDriver, id: string): FactRow | undefined {
  const row = driver.get(`SELECT ${factColumns} WHERE l.id = ?`, [id]);
  return row && factOf(row);
}

/** True when the confidence changed by at least 0.01. The time of change stays, because nobody edited the learning. */
export function setConfidence(driver: SqlDriver, id: string, confidence: number): boolean {
  return (
    driver.run('UPDATE learnings SET confidence_score = ?1 WHERE id = ?2 AND abs(confidence_score - ?1) >= 0.005', [
      confidence,
      id,
    ]) > 0
  );
}

export function setStale(driver: SqlDriver, id: string, reason: Redacted | '', now: number): boolean {
  const isNews =
    driver.run('UPDATE learnings SET stale_reason = ?1 WHERE id = ?2 AND stale_reason <> ?1', [reason, id]) > 0;
  if (isNews) addTrail(driver, id, { at: now, by: 'rules', action: reason === '' ? 'fresh' : 'stale', note: reason });
  return isNews;
}

/**
 * Changes the state. Only accepted learnings are in the index and given back. `updatedAt`: when its words were changed.
 *
 * @throws MemoryError `not_found`
 */
export function setState(
  driver: SqlDriver,
  id: string,
  state: LearningState,
  entry: { at: number; by: StoredOrigin; action: TrailEntry['action']; note?: Redacted | ''; supersededBy?: string },
  updatedAt = entry.at,
): Learning {
  return driver.transaction(() => {
    const before = getLearning(driver, id);
    if (before.state === state) return before;
    const row = driver.get<{ no: number; project_id: number | null; deleted_at: number | null }>(
      'SELECT no, project_id, deleted_at FROM learnings WHERE id = ?',
      [id],
    );
    if (!row) return before;
    if (before.state === 'accepted') unindexRow(driver, documentKinds.learning, row.no);
    driver.run('UPDATE learnings SET state = ?, superseded_by = ?, updated_at = ? WHERE id = ?', [
      state,
      entry.supersededBy ?? null,
      updatedAt,
      id,
    ]);
    if (state === 'accepted' && row.deleted_at === null)
      indexRow(driver, learningEntry(row.no, row.project_id, updatedAt));
    addTrail(driver, id, { ...entry, ...(entry.supersededBy !== undefined && { other: entry.supersededBy }) });
    return getLearning(driver, id);
  });
}

export function supersededBy(driver: SqlDriver, id: string): string | undefined {
  return (
    driver.get<{ by: string | null }>('SELECT superseded_by AS by FROM learnings WHERE id = ?', [id])?.by ?? undefined
  );
}

export function notePromoted(driver: SqlDriver, id: string, now: number): void {
  driver.transaction(() => {
    if (
      driver.run(
        'UPDATE learnings SET promoted_at = ?1 WHERE id = ?2 AND (promoted_at IS NULL OR abs(?1 - promoted_at) > 15000)',
        [now, id],
      ) > 0
    )
      addTrail(driver, id, { at: now, by: 'person', action: 'promoted' });
  });
}

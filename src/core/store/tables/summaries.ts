/**
 * Summaries of sessions. They refer to the session's id and their evidence to the rows' `uid`, so they survive a
 * rebuild of the rows. A local summary replaces the local one before; a summary by a model is a new version.
 */
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import type { LineRef, RowKey } from '../../../protocol/row-key';
import type {
  CheckKind,
  Claim,
  CommandRun,
  ErrorMet,
  Evidence,
  FileWork,
  SessionSummary,
  SummarySource,
  SummaryVersion,
} from '../../../protocol/summary';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';

/** A quoted line as evidence. `turn` and `at` (epoch ms) are stored for the case that the row is deleted. */
export interface LineQuote<Text extends string = string> {
  uid: string;
  turn: number;
  at: number;
  /** Literal text of the row. */
  quote: Text;
}

export interface QuotedClaim<Text extends string = string> {
  text: Text;
  evidence: LineQuote<Text>[];
}

export interface SummaryBody<Text extends string = string> {
  asked: QuotedClaim<Text>[];
  done: QuotedClaim<Text>[];
  decisions: QuotedClaim<Text>[];
  files: { path: Text; edits: number; isNew: boolean; evidence: LineQuote<Text>[] }[];
  errors: { text: Text; times: number; evidence: LineQuote<Text>[]; fix?: QuotedClaim<Text> }[];
  commands: {
    command: Text;
    runs: number;
    failures: number;
    outcome: CommandRun['outcome'];
    check?: CheckKind;
    evidence: LineQuote<Text>[];
  }[];
  openEnds: QuotedClaim<Text>[];
  keyPoints: QuotedClaim<Text>[];
}

export interface NewSummary<Text extends string = string> {
  sessionId: SessionId;
  source: SummarySource;
  /** Identifies the task that made it, so that a repeated task stores one summary. */
  requestId?: string;
  /** Empty for a local summary. */
  model: string;
  title: Text;
  body: SummaryBody<Text>;
  droppedClaims: number;
  /** From 0 to 1. */
  quality: number;
  /** In US dollars. */
  costUsd: number;
  /** The last row it has seen: `SessionHead.lastSequence`. */
  lastSequence: number;
  /** Estimated tokens of the session and of the summary. */
  rawTokens: number;
  tokens: number;
}

interface SummaryRow {
  id: number;
  session_id: string;
  version: number;
  source: SummarySource;
  title: string;
  body_json: string;
  model_used: string;
  generation_cost: number;
  quality_score: number;
  dropped_claims: number;
  last_sequence: number;
  raw_tokens: number;
  token_count: number;
  is_published: number;
  created_at: number;
  /** Last row of the session now; null when the session is not in memory. */
  newest: number | null;
}

const columns =
  "m.*, s.next_sequence - 1 AS newest FROM summaries m LEFT JOIN sessions s ON s.id = m.session_id WHERE m.summary_type = 'session'";

/**
 * Stores a summary and returns its id. A local one replaces the local one before and is shown only while no other
 * exists; any other is a new version and shown from now on. Repeated with the same `requestId`, nothing changes.
 */
export function putSummary(driver: SqlDriver, summary: NewSummary<Redacted>, now: number): number {
  return driver.transaction(() => {
    const { sessionId, source, requestId } = summary;
    const known =
      requestId === undefined
        ? source === 'local'
          ? driver.get<{ id: number }>(
              "SELECT id FROM summaries WHERE session_id = ? AND summary_type = 'session' AND source = 'local'",
              [sessionId],
            )
          : undefined
        : driver.get<{ id: number }>('SELECT id FROM summaries WHERE request_id = ?', [requestId]);
    if (known && requestId !== undefined) return known.id;
    const { body } = summary;
    const values = [
      summary.title,
      sentencesOf(summary.title, body),
      JSON.stringify(body),
      JSON.stringify(textsOf(body.keyPoints)),
      JSON.stringify(textsOf(body.openEnds)),
      summary.model,
      summary.costUsd,
      summary.quality,
      summary.droppedClaims,
      summary.lastSequence,
      summary.rawTokens,
      summary.tokens,
      now,
    ];
    if (known) {
      driver.run(
        `UPDATE summaries SET title = ?1, content = ?2, body_json = ?3, key_points_json = ?4, action_items_json = ?5,
          model_used = ?6, generation_cost = ?7, quality_score = ?8,
           dropped_claims = ?9, last_sequence = ?10, raw_tokens = ?11, token_count = ?12, created_at = ?13 WHERE id = ?14`,
        [...values, known.id],
      );
      return known.id;
    }
    driver.run(
      `INSERT INTO summaries (title, content, body_json, key_points_json, action_items_json, model_used,
        generation_cost, quality_score, dropped_claims, last_sequence, raw_tokens, token_count,
         created_at, session_id, source, request_id, version)
       VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, (SELECT coalesce(max(version),
         0) + 1 FROM summaries WHERE session_id = ?14 AND summary_type = 'session'))`,
      [...values, sessionId, source, requestId ?? null],
    );
    const id = driver.lastInsertId();
    const shown = driver.get(
      "SELECT 1 FROM summaries WHERE session_id = ? AND summary_type = 'session' AND is_published = 1",
      [sessionId],
    );
    if (source !== 'local' || !shown) publish(driver, id, sessionId);
    return id;
  });
}

/** The version that is shown; undefined when there is none. */
export function publishedSummary(driver: SqlDriver, sessionId: SessionId): SessionSummary | undefined {
  const row = driver.get<SummaryRow>(`SELECT ${columns} AND m.session_id = ? AND m.is_published = 1`, [sessionId]);
  return row && summaryOf(driver, row);
}

/** @throws MemoryError `not_found` */
export function summaryById(driver: SqlDriver, id: number): SessionSummary {
  const row = driver.get<SummaryRow>(`SELECT ${columns} AND m.id = ?`, [id]);
  if (!row) throw new MemoryError('not_found', 'This summary is no longer there.');
  return summaryOf(driver, row);
}

/** The summary that the task with this id stored, if any. */
export function summaryOfRequest(driver: SqlDriver, requestId: string): SessionSummary | undefined {
  const row = driver.get<SummaryRow>(`SELECT ${columns} AND m.request_id = ?`, [requestId]);
  return row && summaryOf(driver, row);
}

/** Newest first. */
export function listVersions(driver: SqlDriver, sessionId: SessionId): SummaryVersion[] {
  return driver
    .all<SummaryRow>(`SELECT ${columns} AND m.session_id = ? ORDER BY m.version DESC`, [sessionId])
    .map((row) => ({
      id: row.id,
      version: row.version,
      source: row.source,
      model: row.model_used,
      isPublished: row.is_published === 1,
      quality: row.quality_score,
      costUsd: row.generation_cost,
      createdAt: row.created_at,
    }));
}

/** Shows this version from now on. @throws MemoryError `not_found` */
export function publishSummary(driver: SqlDriver, id: number): void {
  driver.transaction(() => publish(driver, id, summaryById(driver, id).sessionId));
}

function publish(driver: SqlDriver, id: number, sessionId: SessionId): void {
  driver.run(
    "UPDATE summaries SET is_published = 0 WHERE session_id = ? AND summary_type = 'session' AND is_published = 1 AND id <> ?",
    [sessionId, id],
  );
  driver.run('UPDATE summaries SET is_published = 1 WHERE id = ?', [id]);
}

/** Sessions whose local summary is missing or behind, the newest first. */
export function sessionsToSummarize(driver: SqlDriver, limit: number): SessionId[] {
  return driver
    .all<{ id: SessionId }>(
      `SELECT s.id FROM sessions s LEFT JOIN summaries m ON m.session_id = s.id AND m.summary_type = 'session' AND m.source = 'local'
       WHERE s.status <> 'deleted' AND s.prompts > 0 AND coalesce(m.last_sequence, -1) < s.next_sequence - 1
         ORDER BY s.updated_at DESC, s.no DESC LIMIT ?`,
      [limit],
    )
    .map(({ id }) => id);
}

const keyed = (key: RowKey | undefined) => (key === undefined ? {} : { key });

function summaryOf(driver: SqlDriver, row: SummaryRow): SessionSummary {
  const body = JSON.parse(row.body_json) as SummaryBody;
  const keys = keysOf(driver, body);
  const evidence = (quotes: readonly LineQuote[]): Evidence[] =>
    quotes.map(({ uid, turn, at, quote }) => ({
      sessionId: row.session_id,
      turn,
      at,
      quote,
      ...keyed(keys.get(uid)),
    }));
  const claim = (each: QuotedClaim): Claim => ({ text: each.text, evidence: evidence(each.evidence) });
  return {
    id: row.id,
    sessionId: row.session_id,
    version: row.version,
    source: row.source,
    model: row.model_used,
    isPublished: row.is_published === 1,
    isBehind: row.newest !== null && row.newest > row.last_sequence,
    title: row.title,
    asked: body.asked.map(claim),
    done: body.done.map(claim),
    decisions: body.decisions.map(claim),
    openEnds: body.openEnds.map(claim),
    keyPoints: body.keyPoints.map(claim),
    files: body.files.map((file): FileWork => ({ ...file, evidence: evidence(file.evidence) })),
    errors: body.errors.map(({ fix, ...error }): ErrorMet => ({
      ...error,
      evidence: evidence(error.evidence),
      ...(fix && { fix: claim(fix) }),
    })),
    commands: body.commands.map((command): CommandRun => ({ ...command, evidence: evidence(command.evidence) })),
    droppedClaims: row.dropped_claims,
    quality: row.quality_score,
    costUsd: row.generation_cost,
    rawTokens: row.raw_tokens,
    tokens: row.token_count,
    createdAt: row.created_at,
  };
}

/** Row keys by uid, of the rows that still exist. */
function keysOf(driver: SqlDriver, body: SummaryBody): Map<string, RowKey> {
  const uids = JSON.stringify([...new Set(quotesOf(body).map(({ uid }) => uid))]);
  const rows = driver.all<LineRef & { uid: string }>(
    `SELECT uid, 'prompt' AS kind, id AS row FROM prompts WHERE uid IN (SELECT value FROM json_each(?1)) UNION ALL
      SELECT uid, 'observation', id FROM observations WHERE uid IN (SELECT value FROM json_each(?1))`,
    [uids],
  );
  return new Map(rows.map(({ uid, kind, row }) => [uid, rowKeyOf({ kind, row })]));
}

/** All quotes of a summary. */
export function quotesOf<Text extends string>(body: SummaryBody<Text>): LineQuote<Text>[] {
  const claims = [
    ...body.asked,
    ...body.done,
    ...body.decisions,
    ...body.openEnds,
    ...body.keyPoints,
    ...body.errors.flatMap(({ fix }) => fix ?? []),
  ];
  return [...claims, ...body.files, ...body.errors, ...body.commands].flatMap(({ evidence }) => evidence);
}

export const textsOf = (claims: readonly QuotedClaim[]): string[] => claims.map(({ text }) => text);

/** All sentences as plain text. */
export function sentencesOf(title: string, body: SummaryBody): string {
  const claims = [body.keyPoints, body.asked, body.done, body.decisions, body.openEnds].flatMap(textsOf);
  return [
    ...new Set([
      title,
      ...claims,
      ...body.errors.flatMap(({ text, fix }) => [text, ...(fix ? [fix.text] : [])]),
      ...body.files.map(({ path }) => path),
      ...body.commands.map(({ command }) => command),
    ]),
  ].join('\n');
}

/**
 * Evidence for and against a learning, line by line, and the history of the learning. Rows are named by uid, so
 * evidence survives a rebuild of them.
 */
import type { EvidenceKind, LearningEvidence, LearningOrigin, TrailEntry } from '../../../protocol/learning';
import type { SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import type { LineRef } from '../../../protocol/row-key';
import type { Evidence } from '../../../protocol/summary';
import type { Redacted } from '../../observe/redact';
import type { Row, SqlDriver } from '../sqlite/driver';

/** As the rows have it: those of Claude Code are a model's, and the key of their fact says so. */
export type StoredOrigin = Exclude<LearningOrigin, 'claude'>;

/** First part of the key of a fact that Claude Code wanted remembered. */
export const claudesRule = 'claude';

export const originOf = (stored: StoredOrigin, factKey: string | null): LearningOrigin =>
  stored === 'model' && factKey?.startsWith(`${claudesRule}:`) === true ? 'claude' : stored;

interface SealedLine {
  uid: string;
  /** Literal text of the row. */
  quote: Redacted;
}

export interface SealedEvidence {
  /** Identifies the piece of evidence: putting the same key again updates its row. */
  key: string;
  kind: EvidenceKind;
  speaks: -1 | 0 | 1;
  value?: number;
  /** One of `evidenceMessages`. */
  message: string;
  args: (Redacted | number)[];
  sessionId: SessionId;
  lines: SealedLine[];
  at: number;
}

/** The parts of a confidence. */
export interface EvidenceWeight {
  key: string;
  kind: EvidenceKind;
  speaks: -1 | 0 | 1;
  value: number | null;
  sessionId: SessionId;
}

const maxLines = 12;

/** True when anything was added or changed. */
export function putEvidence(driver: SqlDriver, learningId: string, pieces: readonly SealedEvidence[]): boolean {
  return (
    pieces.reduce((sum, { key, kind, speaks, value, message, args, sessionId, lines, at }) => {
      const values = [
        speaks,
        value ?? null,
        message,
        JSON.stringify(args),
        sessionId,
        JSON.stringify(lines.slice(0, maxLines)),
        at,
      ];
      return (
        sum +
        driver.run(
          `INSERT INTO learning_evidence (learning_id, evidence_key, kind, speaks, value, message, args_json,
            session_id, lines_json, at) VALUES (?8, ?9, ?10, ?1, ?2, ?3, ?4, ?5, ?6, ?7)
       ON CONFLICT (learning_id, evidence_key) DO UPDATE
         SET speaks = ?1, value = ?2, message = ?3, args_json = ?4, session_id = ?5, lines_json = ?6, at = ?7,
           merged_from = NULL
         WHERE speaks <> ?1 OR value IS NOT ?2 OR args_json <> ?4 OR lines_json <> ?6 OR merged_from IS NOT NULL`,
          [...values, learningId, key, kind],
        )
      );
    }, 0) > 0
  );
}

export function weightsOf(driver: SqlDriver, learningId: string): EvidenceWeight[] {
  return driver.all<EvidenceWeight & Row>(
    'SELECT evidence_key AS key, kind, speaks, value, session_id AS sessionId FROM learning_evidence WHERE learning_id = ? ORDER BY id',
    [learningId],
  );
}

interface EvidenceRow extends Row {
  id: number;
  kind: EvidenceKind;
  speaks: number;
  value: number | null;
  message: string;
  args_json: string;
  session_id: string;
  lines_json: string;
  at: number;
}

/** Oldest first within a kind. A line that no longer exists has no key. */
export function readEvidence(driver: SqlDriver, learningId: string): LearningEvidence[] {
  return driver
    .all<EvidenceRow>('SELECT * FROM learning_evidence WHERE learning_id = ? ORDER BY at, id', [learningId])
    .map((row) => ({
      id: row.id,
      kind: row.kind,
      speaks: row.speaks > 0 ? 'for' : row.speaks < 0 ? 'against' : 'neither',
      message: row.message,
      args: JSON.parse(row.args_json) as (string | number)[],
      ...(row.value !== null && { value: row.value }),
      lines: (JSON.parse(row.lines_json) as { uid: string; quote: string }[]).map((line) =>
        placeLine(driver, line, row.session_id, row.at),
      ),
      at: row.at,
    }));
}

interface Place extends LineRef, Row {
  turn: number;
  at: number;
  session: SessionId;
}

/** The present place of a row, by its uid. */
function placeLine(
  driver: SqlDriver,
  { uid, quote }: { uid: string; quote: string },
  sessionId: SessionId,
  at: number,
): Evidence {
  const place =
    driver.get<Place>(
      `SELECT 'prompt' AS kind, r.id AS row, r.turn, r.created_at AS at, s.id AS session FROM prompts r
        JOIN sessions s ON s.no = r.session WHERE r.uid = ?`,
      [uid],
    ) ??
    driver.get<Place>(
      `SELECT 'observation' AS kind, r.id AS row, r.turn, r.created_at AS at, s.id AS session FROM observations r
        JOIN sessions s ON s.no = r.session WHERE r.uid = ?`,
      [uid],
    );
  return place
    ? { key: rowKeyOf(place), sessionId: place.session, turn: place.turn, at: place.at, quote }
    : { sessionId, turn: 0, at, quote };
}

/** Uids of the edits each learning rests on: the evidence whose key begins with `edits:`. */
export function editsBehind(driver: SqlDriver, learningId: string): string[] {
  return driver
    .all<{ lines_json: string }>(
      "SELECT lines_json FROM learning_evidence WHERE learning_id = ? AND evidence_key LIKE 'edits:%'",
      [learningId],
    )
    .flatMap(({ lines_json }) => (JSON.parse(lines_json) as { uid: string }[]).map(({ uid }) => uid));
}

export function addTrail(
  driver: SqlDriver,
  learningId: string,
  entry: {
    at: number;
    by: StoredOrigin;
    action: TrailEntry['action'];
    note?: Redacted | '';
    /** The title of the other learning is the note. */ other?: string;
  },
): void {
  driver.run('INSERT INTO learning_trail (learning_id, at, by, action, note, other) VALUES (?, ?, ?, ?, ?, ?)', [
    learningId,
    entry.at,
    entry.by,
    entry.action,
    entry.note ?? '',
    entry.other ?? null,
  ]);
}

/** When a person last said this; 0 when no person did. */
export function lastToldAt(driver: SqlDriver, learningId: string): number {
  return (
    driver.get<{ at: number | null }>(
      "SELECT max(at) AS at FROM learning_evidence WHERE learning_id = ? AND evidence_key LIKE 'told:%'",
      [learningId],
    )?.at ?? 0
  );
}

/** The line in which a person last said this, as evidence for another learning. */
export function toldLine(
  driver: SqlDriver,
  learningId: string,
): Pick<SealedEvidence, 'sessionId' | 'lines' | 'at'> | undefined {
  const row = driver.get<{ session_id: string; lines_json: string; at: number }>(
    `SELECT session_id, lines_json, at FROM learning_evidence WHERE learning_id = ? AND evidence_key LIKE 'told:%'
      ORDER BY at DESC LIMIT 1`,
    [learningId],
  );
  return row && { sessionId: row.session_id, lines: JSON.parse(row.lines_json) as SealedLine[], at: row.at };
}

export function readTrail(driver: SqlDriver, learningId: string): TrailEntry[] {
  return driver
    .all<Omit<TrailEntry, 'by'> & { by: StoredOrigin; factKey: string | null } & Row>(
      `SELECT t.at, t.by, t.action, coalesce(l.title, t.note) AS note, own.fact_key AS factKey FROM learning_trail t
        LEFT JOIN learnings l ON l.id = t.other LEFT JOIN learnings own ON own.id = t.learning_id
        WHERE t.learning_id = ? ORDER BY t.id`,
      [learningId],
    )
    .map(({ factKey, by, ...entry }) => ({ ...entry, by: originOf(by, factKey) }));
}

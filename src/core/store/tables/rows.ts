/**
 * Messages and tool calls. A row is stored once and recognised by its key; a fork that shows it again gets a reference.
 */
import type { KeyedName } from '../../lib/keyed-name';
import { estimateTokens } from '../../lib/tokens';
import type { LateResultRow, MessageRow, ToolRow } from '../../observe/observe';
import { redactedJson } from '../../observe/redact';
import type { Redacted } from '../../observe/redact';
import type { SqlDriver } from '../sqlite/driver';
import { passClass } from './classes';
import { documentKinds, indexRow, unindexRow } from './documents';
import { passMarks } from './marks';
import { findImported } from './row-aliases';

/** Where a row goes. `next` returns the session's next sequence number. */
export interface Place {
  session: number;
  projectId: number;
  /** Rows of other memories are here: a row that is new may be one of them. */
  hasImported?: boolean;
  next(): number;
}

/**
 * `added`: a new row. `updated`: an existing row got new values. `kept`: this session has the row already. `copied`:
 * another session owns it.
 */
export type PutResult = { outcome: 'added' | 'updated' | 'kept' | 'copied'; id: number };

export function putMessage(driver: SqlDriver, row: MessageRow<Redacted>, place: Place): PutResult {
  const known =
    driver.get<{ id: number; session: number }>('SELECT id, session FROM prompts WHERE uid = ?', [row.uid]) ??
    // When an old client resumed a session it copied prompts with new uuids; the answers kept their ids.
    (row.answerKey === null
      ? undefined
      : driver.get<{ id: number; session: number }>(
          'SELECT id, session FROM prompts WHERE answer_key IN (?, ?) AND session <> ?',
          [row.answerKey, row.olderAnswerKey, place.session],
        )) ??
    (place.hasImported
      ? findImported(driver, 'prompts', row.uid, place.session, {
          at: row.at,
          sort: row.role,
          agentId: row.agentId,
          text: row.text,
        })
      : undefined);
  if (known) {
    if (known.session === place.session) return { outcome: 'kept', id: known.id };
    return { outcome: putCopy(driver, place, row, known.id, null), id: known.id };
  }
  driver.run(
    `INSERT INTO prompts (uid, session, sequence_num, turn, prompt_type, note, content, content_hash, answer_key,
      truncated_bytes, token_count, model, agent_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.uid,
      place.session,
      place.next(),
      row.turn,
      row.role,
      row.note,
      row.text,
      row.hash,
      row.answerKey,
      row.truncatedBytes,
      estimateTokens(row.text),
      row.model,
      row.agentId,
      row.at,
    ],
  );
  const id = driver.lastInsertId();
  indexRow(driver, {
    kind: documentKinds.prompt,
    row: id,
    session: place.session,
    turn: row.turn,
    projectId: place.projectId,
    facet: row.role,
    tool: row.note,
    at: row.at,
  });
  return { outcome: 'added', id };
}

/**
 * Removes a queued prompt that was stored by itself, because its line was read or it was taken back. Its marks go over to
 * the message `by` that its line makes.
 */
export function withdrawMessage(
  driver: SqlDriver,
  session: number,
  { uid, by }: { uid: KeyedName; by?: KeyedName },
): boolean {
  const id = driver.get<{ id: number }>('SELECT id FROM prompts WHERE uid = ? AND session = ?', [uid, session])?.id;
  if (id === undefined) return false;
  if (by !== undefined) {
    passMarks(driver, uid, by);
    passClass(driver, uid, by);
  }
  unindexRow(driver, documentKinds.prompt, id);
  driver.run('DELETE FROM prompts WHERE id = ?', [id]);
  driver.run('UPDATE sessions SET prompts = max(0, prompts - 1) WHERE no = ?', [session]);
  return true;
}

/** Moves a queued prompt that was stored by itself into the turn it began. */
export function placeMessage(
  driver: SqlDriver,
  session: number,
  { uid, turn }: { uid: KeyedName; turn: number },
): boolean {
  const id = driver.get<{ id: number }>('SELECT id FROM prompts WHERE uid = ? AND session = ? AND turn <> ?', [
    uid,
    session,
    turn,
  ])?.id;
  if (id === undefined) return false;
  driver.run('UPDATE prompts SET turn = ? WHERE id = ?', [turn, id]);
  driver.run('UPDATE documents SET turn = ? WHERE kind = ? AND row_id = ?', [turn, documentKinds.prompt, id]);
  return true;
}

/** Stores the id of the first answer to a prompt, by which a copy made by an old client is recognised. */
export function noteAnswer(driver: SqlDriver, { uid, answerKey }: { uid: KeyedName; answerKey: KeyedName }): void {
  driver.run('UPDATE prompts SET answer_key = ? WHERE uid = ? AND answer_key IS NULL', [answerKey, uid]);
}

export function putTool(driver: SqlDriver, row: ToolRow<Redacted>, place: Place, promptId: number | null): PutResult {
  const known = knownTool(driver, row, place);
  if (known) {
    const isNews = known.is_answered === 0 && row.isAnswered;
    if (isNews) answerObservation(driver, known.id, row);
    if (known.session === place.session) return { outcome: isNews ? 'updated' : 'kept', id: known.id };
    return { outcome: putCopy(driver, place, row, null, known.id), id: known.id };
  }
  const { result } = row;
  driver.run(
    `INSERT INTO observations (uid, session, prompt_id, sequence_num, turn, observation_type, source_tool,
      tool_use_id, headline, input, content, content_preview,
       diffs_json, files_json, exit_status, error_fingerprint, importance_score, is_answered, truncated_bytes, agent_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      row.uid,
      place.session,
      promptId,
      place.next(),
      row.turn,
      result.type,
      row.tool,
      row.toolUseId,
      row.headline,
      row.input,
      result.output,
      result.preview,
      redactedJson(row.diffs),
      redactedJson(result.files),
      result.exitStatus,
      result.fingerprint,
      row.importance,
      row.isAnswered ? 1 : 0,
      result.truncatedBytes,
      row.agentId,
      row.at,
    ],
  );
  const id = driver.lastInsertId();
  indexObservation(driver, id, row, place);
  return { outcome: 'added', id };
}

function knownTool(
  driver: SqlDriver,
  row: ToolRow<Redacted>,
  place: Place,
): { id: number; session: number; is_answered: number } | undefined {
  const known = driver.get<{ id: number; session: number; is_answered: number }>(
    'SELECT id, session, is_answered FROM observations WHERE uid = ?',
    [row.uid],
  );
  if (known || !place.hasImported) return known;
  const imported = findImported(driver, 'observations', row.uid, place.session, {
    at: row.at,
    sort: row.tool,
    agentId: row.agentId,
    text: row.input,
  });
  if (!imported) return undefined;
  // A result that is read later looks for its call by the id that the transcript gives it.
  driver.run('UPDATE observations SET tool_use_id = ? WHERE id = ?', [row.toolUseId, imported.id]);
  return driver.get('SELECT id, session, is_answered FROM observations WHERE id = ?', [imported.id]);
}

/** Adds a result to a call read earlier; creates a row when the call is missing. */
export function putLateResult(
  driver: SqlDriver,
  late: LateResultRow<Redacted>,
  place: Place,
  promptId: number | null,
): PutResult {
  const call = callOf(driver, place.session, late.toolUseId);
  if (!call) return putTool(driver, late.own, place, promptId);
  if (call.is_answered === 1) return { outcome: call.session === place.session ? 'kept' : 'copied', id: call.id };
  answerObservation(driver, call.id, late.own);
  return { outcome: 'updated', id: call.id };
}

/** The tool of a call that this session made or shows in an earlier batch. */
export const toolOfCall = (driver: SqlDriver, session: number, toolUseId: KeyedName): string | undefined =>
  callOf(driver, session, toolUseId)?.source_tool;

/** Gateways give calls of different sessions the same id, so a call is looked up among those its session shows. */
const callOf = (driver: SqlDriver, session: number, toolUseId: KeyedName) =>
  driver.get<{ id: number; session: number; is_answered: number; source_tool: string }>(
    `SELECT id, session, is_answered, source_tool FROM observations WHERE tool_use_id = ?1 AND (session = ?2
      OR id IN (SELECT observation_id FROM copies WHERE session = ?2))
     ORDER BY session = ?2 DESC, is_answered, id DESC LIMIT 1`,
    [toolUseId, session],
  );

/**
 * Adds a result to its row. The row may belong to another session, because a fork copies calls before they are
 * answered.
 */
function answerObservation(driver: SqlDriver, id: number, { result, diffs }: ToolRow<Redacted>): void {
  const own = driver.get<{
    session: number;
    project_id: number;
    turn: number;
    created_at: number;
    source_tool: string;
    files_json: string;
    observation_type: string;
  }>(
    `SELECT o.session, coalesce(d.project_id, s.project_id) AS project_id, o.turn, o.created_at, o.source_tool,
      o.files_json, o.observation_type FROM observations o
     JOIN sessions s ON s.no = o.session LEFT JOIN documents d ON d.kind = ? AND d.row_id = o.id WHERE o.id = ?`,
    [documentKinds.observation, id],
  );
  if (!own) return;
  unindexRow(driver, documentKinds.observation, id);
  const files = [...new Set([...(JSON.parse(own.files_json) as Redacted[]), ...result.files])];
  driver.run(
    `UPDATE observations SET observation_type = ?, content = ?, content_preview = ?, exit_status = ?,
      error_fingerprint = ?, truncated_bytes = ?, is_answered = 1,
       importance_score = max(importance_score, ?), diffs_json = CASE WHEN ?8 = '[]' THEN diffs_json
         ELSE ?8 END, files_json = ?9 WHERE id = ?10`,
    [
      result.type,
      result.output,
      result.preview,
      result.exitStatus,
      result.fingerprint,
      result.truncatedBytes,
      result.type === 'error' ? 0.7 : 0,
      redactedJson(diffs),
      redactedJson(files),
      id,
    ],
  );
  if (result.type === 'error' && own.observation_type !== 'error')
    driver.run('UPDATE sessions SET errors = errors + 1 WHERE no = ?', [own.session]);
  indexRow(driver, {
    kind: documentKinds.observation,
    row: id,
    session: own.session,
    turn: own.turn,
    projectId: own.project_id,
    facet: result.type,
    tool: own.source_tool,
    at: own.created_at,
  });
}

function indexObservation(driver: SqlDriver, id: number, row: ToolRow<Redacted>, place: Place): void {
  indexRow(driver, {
    kind: documentKinds.observation,
    row: id,
    session: place.session,
    turn: row.turn,
    projectId: place.projectId,
    facet: row.result.type,
    tool: row.tool,
    at: row.at,
  });
}

function putCopy(
  driver: SqlDriver,
  place: Place,
  { turn, at }: { turn: number; at: number },
  promptId: number | null,
  observationId: number | null,
): 'copied' {
  const isKnown = driver.get(
    promptId === null
      ? 'SELECT 1 FROM copies WHERE session = ? AND observation_id = ?'
      : 'SELECT 1 FROM copies WHERE session = ? AND prompt_id = ?',
    [place.session, promptId ?? observationId],
  );
  if (!isKnown)
    driver.run(
      'INSERT INTO copies (session, sequence_num, turn, prompt_id, observation_id, at) VALUES (?, ?, ?, ?, ?, ?)',
      [place.session, place.next(), turn, promptId, observationId, at],
    );
  return 'copied';
}

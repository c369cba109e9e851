/** Merges messages and tool calls of another memory. */
import { estimateTokens } from '../../lib/tokens';
import { redactedJson } from '../../observe/redact';
import type { Redacted } from '../../observe/redact';
import { documentKinds, indexRow } from '../tables/documents';
import { ensureProject } from '../tables/projects';
import { noteImported, putAlias, uidOf } from '../tables/row-aliases';
import type { RowLook } from '../tables/row-aliases';
import { metSession } from './merge';
import type { Merge, MetSession, Outcome } from './merge';
import type { RowMatcher } from './row-matcher';

interface RowRecord {
  uid: string;
  session: string;
  project?: Redacted;
  projectName?: Redacted;
  sequence: number;
  turn: number;
  at: number;
  agent?: Redacted;
  truncatedBytes: number;
}

export interface PromptRecord extends RowRecord {
  role: 'user' | 'system' | 'assistant' | 'tool';
  note: Redacted;
  text: Redacted;
  model: Redacted;
}

export interface ObservationRecord extends RowRecord {
  prompt?: string;
  type: 'tool_result' | 'error' | 'warning' | 'info';
  tool: Redacted;
  call: string;
  headline: Redacted;
  input: Redacted;
  output: Redacted;
  preview: Redacted;
  diffs: { file: Redacted; before: Redacted; after: Redacted }[];
  files: Redacted[];
  exitStatus?: number;
  importance: number;
  fingerprint?: string;
  isAnswered: boolean;
}

type Table = 'prompts' | 'observations';

/** Whether a row is here, so that its texts need not be looked at. */
export const isKnownRow = ({ driver }: Pick<Merge, 'driver'>, table: Table, { uid }: { uid: string }): boolean =>
  driver.get(`SELECT 1 FROM ${table} WHERE uid = ?`, [uidOf(driver, uid)]) !== undefined;

/** Of a row that is here nothing changes, but the session may not show it yet. False when it is not here. */
export function mergeKnownRow(
  merge: Merge,
  table: Table,
  record: Pick<RowRecord, 'uid' | 'session' | 'sequence' | 'turn' | 'at'>,
  matcher: RowMatcher,
): boolean {
  const { driver } = merge;
  const met = metSession(merge, record.session);
  const uid = uidOf(driver, record.uid);
  const known = driver.get<{ id: number; session: number }>(`SELECT id, session FROM ${table} WHERE uid = ?`, [uid]);
  if (!known) return false;
  if (typeof met === 'string') return true;
  if (!met.isNew) matcher.noteKnown(met.no, uid);
  // A fork that was here before owns the row; this session shows it too.
  if (!merge.isDry && !met.isLive && known.session !== met.no) putCopy(merge, table, known.id, met, record);
  return true;
}

/** Where a row goes; a skip when it does not come. */
function placeOf(
  merge: Merge,
  table: Table,
  record: RowRecord,
  look: RowLook,
  matcher: RowMatcher,
): MetSession | Outcome {
  const { driver } = merge;
  const { uid: alias, session } = record;
  const met = metSession(merge, session);
  if (typeof met === 'string') return met;
  if (mergeKnownRow(merge, table, record, matcher)) return 'known';
  if (met.isNew) return met;
  const same = matcher.find(met.no, look);
  if (same !== undefined) {
    if (!merge.isDry) putAlias(driver, alias, same, session);
    return 'known';
  }
  return met.isLive ? 'ownTranscript' : met;
}

function putCopy(
  { driver }: Merge,
  table: Table,
  row: number,
  met: MetSession,
  { sequence, turn, at }: { sequence: number; turn: number; at: number },
): boolean {
  const column = table === 'prompts' ? 'prompt_id' : 'observation_id';
  if (driver.get(`SELECT 1 FROM copies WHERE session = ? AND ${column} = ?`, [met.no, row])) return false;
  driver.run(`INSERT INTO copies (session, sequence_num, turn, ${column}, at) VALUES (?, ?, ?, ?, ?)`, [
    met.no,
    sequence,
    turn,
    row,
    at,
  ]);
  driver.run('UPDATE sessions SET next_sequence = max(next_sequence, ?) WHERE no = ?', [sequence + 1, met.no]);
  return true;
}

/** The number of the row in its session: its own where that is free. */
function sequenceFor({ driver }: Merge, table: Table, no: number, wanted: number): number {
  const isTaken = driver.get(`SELECT 1 FROM ${table} WHERE session = ? AND sequence_num = ?`, [no, wanted]);
  if (!isTaken) return wanted;
  return driver.get<{ next: number }>('SELECT next_sequence AS next FROM sessions WHERE no = ?', [no])?.next ?? wanted;
}

const projectOf = ({ driver }: Merge, { project, projectName }: RowRecord, met: MetSession): number =>
  project === undefined ? met.projectId : ensureProject(driver, project, projectName ?? project);

export function mergePrompt(merge: Merge, record: PromptRecord, matcher: RowMatcher): Outcome {
  const { driver } = merge;
  const { at, role, agent = null, text, note, turn } = record;
  const met = placeOf(merge, 'prompts', record, { at, sort: role, agentId: agent, text }, matcher);
  if (typeof met === 'string') return met;
  if (merge.isDry) return 'added';
  const sequence = sequenceFor(merge, 'prompts', met.no, record.sequence);
  driver.run(
    `INSERT INTO prompts (uid, session, sequence_num, turn, prompt_type, note, content, content_hash, truncated_bytes,
      token_count, model, agent_id, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, '', ?, ?, ?, ?, ?)`,
    [
      record.uid,
      met.no,
      sequence,
      turn,
      role,
      note,
      text,
      record.truncatedBytes,
      estimateTokens(text),
      record.model,
      agent,
      at,
    ],
  );
  const row = driver.lastInsertId();
  indexRow(driver, {
    kind: documentKinds.prompt,
    row,
    session: met.no,
    turn,
    projectId: projectOf(merge, record, met),
    facet: role,
    tool: note,
    at,
  });
  noteImported(driver, record.uid, met.no, at);
  driver.run(
    'UPDATE sessions SET prompts = prompts + ?, turns = max(turns, ?), next_sequence = max(next_sequence, ?) WHERE no = ?',
    [role === 'user' ? 1 : 0, role === 'user' ? turn : 0, sequence + 1, met.no],
  );
  if (!met.isNew) matcher.noteAdded(met.no, record.uid);
  return 'added';
}

export function mergeObservation(merge: Merge, record: ObservationRecord, matcher: RowMatcher): Outcome {
  const { driver } = merge;
  const { at, tool, agent = null, input, type, turn } = record;
  const met = placeOf(merge, 'observations', record, { at, sort: tool, agentId: agent, text: input }, matcher);
  if (typeof met === 'string') return met;
  if (merge.isDry) return 'added';
  const prompt =
    record.prompt === undefined
      ? undefined
      : driver.get<{ id: number }>('SELECT id FROM prompts WHERE uid = ?', [uidOf(driver, record.prompt)]);
  const sequence = sequenceFor(merge, 'observations', met.no, record.sequence);
  driver.run(
    `INSERT INTO observations (uid, session, prompt_id, sequence_num, turn, observation_type, source_tool, tool_use_id,
      headline, input, content, content_preview, diffs_json, files_json, exit_status, error_fingerprint,
      importance_score, is_answered, truncated_bytes, agent_id, created_at)
     VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
    [
      record.uid,
      met.no,
      prompt?.id ?? null,
      sequence,
      turn,
      type,
      tool,
      record.call,
      record.headline,
      input,
      record.output,
      record.preview,
      redactedJson(record.diffs),
      redactedJson(record.files),
      record.exitStatus ?? null,
      record.fingerprint ?? null,
      record.importance,
      record.isAnswered ? 1 : 0,
      record.truncatedBytes,
      agent,
      at,
    ],
  );
  const row = driver.lastInsertId();
  indexRow(driver, {
    kind: documentKinds.observation,
    row,
    session: met.no,
    turn,
    projectId: projectOf(merge, record, met),
    facet: type,
    tool,
    at,
  });
  noteImported(driver, record.uid, met.no, at);
  driver.run(
    'UPDATE sessions SET observations = observations + 1, errors = errors + ?, next_sequence = max(next_sequence, ?) WHERE no = ?',
    [type === 'error' ? 1 : 0, sequence + 1, met.no],
  );
  if (!met.isNew) matcher.noteAdded(met.no, record.uid);
  return 'added';
}

/** A fork shows a row that another session owns. */
export function mergeCopy(
  merge: Merge,
  record: { session: string; uid: string; sequence: number; turn: number; at: number },
): Outcome {
  const { driver } = merge;
  const met = metSession(merge, record.session);
  if (typeof met === 'string') return met;
  const uid = uidOf(driver, record.uid);
  const of = (table: Table) =>
    driver.get<{ id: number; session: number }>(`SELECT id, session FROM ${table} WHERE uid = ?`, [uid]);
  const prompt = of('prompts');
  const observation = prompt ? undefined : of('observations');
  const row = prompt ?? observation;
  if (!row) return merge.isDry ? 'added' : 'alone';
  if (row.session === met.no) return 'known';
  const column = prompt ? 'prompt_id' : 'observation_id';
  if (driver.get(`SELECT 1 FROM copies WHERE session = ? AND ${column} = ?`, [met.no, row.id])) return 'known';
  if (met.isLive) return 'ownTranscript';
  if (!merge.isDry) putCopy(merge, prompt ? 'prompts' : 'observations', row.id, met, record);
  return 'added';
}

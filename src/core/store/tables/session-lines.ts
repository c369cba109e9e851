/** A whole session as rows in reading order, from which summaries, learnings and the graph are made. */
import type { FileDiff, ObservationType, PromptType, SessionId } from '../../../protocol/model';
import { rowKeyOf } from '../../../protocol/row-key';
import type { RowKey } from '../../../protocol/row-key';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { ownTitle } from './session-titles';

export interface SessionHead {
  no: number;
  id: SessionId;
  projectId: number;
  projectRoot: string;
  projectName: string;
  cwd: string;
  gitBranch: string;
  title: string;
  createdAt: number;
  updatedAt: number;
  /** The largest sequence number, copies included: a larger one later means that the session has grown. */
  lastSequence: number;
}

interface LineBase {
  key: RowKey;
  uid: string;
  turn: number;
  sequence: number;
  at: number;
  /** Set for rows of a sub-agent. */
  agentId?: string;
  /** Another session owns the row; this one, a fork or resume, shows it too. */
  isCopy: boolean;
}

export interface SaidLine extends LineBase {
  kind: 'said';
  role: PromptType;
  /** thinking, compact_summary, command, notice, task, api_error, attachment; empty for plain words. */
  note: string;
  text: string;
}

export interface CallLine extends LineBase {
  kind: 'call';
  type: ObservationType;
  tool: string;
  headline: string;
  input: string;
  output: string;
  diffs: FileDiff[];
  files: string[];
  exitStatus: number | null;
  /** The same for equal errors, whatever paths and numbers they contain. */
  fingerprint: string | null;
  isAnswered: boolean;
}

export type SessionLine = SaidLine | CallLine;

export function sessionHead(driver: SqlDriver, id: SessionId): SessionHead | undefined {
  return driver.get<SessionHead & Record<string, never>>(
    `SELECT s.no, s.id, s.project_id AS projectId, p.root AS projectRoot, p.name AS projectName, s.cwd,
      s.git_branch AS gitBranch, ${ownTitle('s')} AS title, s.created_at AS createdAt,
       s.updated_at AS updatedAt, s.next_sequence - 1 AS lastSequence
       FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id = ?`,
    [id],
  );
}

/** @param more a column behind those that `callOf` reads */
const called = (columns: string, more = '') =>
  `SELECT o.id, o.uid, ${columns}, o.created_at, o.agent_id, o.observation_type, o.source_tool, o.headline, o.input,
    o.content, o.diffs_json, o.files_json, o.exit_status, o.error_fingerprint, o.is_answered${more && `, ${more}`} FROM observations o`;

function callOf([
  id,
  uid,
  turn,
  sequence,
  isCopy,
  at,
  agentId,
  type,
  tool,
  headline,
  input,
  output,
  diffs,
  files,
  exitStatus,
  fingerprint,
  isAnswered,
]: SqlValue[]): CallLine {
  return {
    kind: 'call',
    key: rowKeyOf({ kind: 'observation', row: id as number }),
    uid: uid as string,
    turn: turn as number,
    sequence: sequence as number,
    isCopy: isCopy === 1,
    at: at as number,
    ...(agentId !== null && { agentId: agentId as string }),
    type: type as ObservationType,
    tool: tool as string,
    headline: headline as string,
    input: input as string,
    output: output as string,
    diffs: JSON.parse(diffs as string) as FileDiff[],
    files: JSON.parse(files as string) as string[],
    exitStatus: exitStatus as number | null,
    fingerprint: fingerprint as string | null,
    isAnswered: isAnswered === 1,
  };
}

/** Existing calls by their uids, in the order they were made. */
export function callsByUid(driver: SqlDriver, uids: readonly string[]): CallLine[] {
  const calls: CallLine[] = [];
  driver.each(
    `${called('o.turn, o.sequence_num, 0')} WHERE o.uid IN (SELECT value FROM json_each(?)) ORDER BY o.session, o.sequence_num`,
    [JSON.stringify(uids)],
    (row) => void calls.push(callOf(row)),
  );
  return calls;
}

/** The first `most` edits of these files in other sessions of a project after `at`, with their sessions. */
export function laterEdits(
  driver: SqlDriver,
  { projectId, no }: Pick<SessionHead, 'projectId' | 'no'>,
  files: readonly string[],
  after: number,
  most = 200,
): { sessionId: SessionId; line: CallLine }[] {
  const found: { sessionId: SessionId; line: CallLine }[] = [];
  driver.each(
    `${called('o.turn, o.sequence_num, 0', 's.id')} JOIN sessions s ON s.no = o.session
     WHERE s.project_id = ?1 AND s.no <> ?2 AND s.updated_at > ?3 AND o.created_at > ?3 AND o.diffs_json <> '[]'
       AND EXISTS (SELECT 1 FROM json_each(s.files_json) WHERE value IN (SELECT value FROM json_each(?4)))
         AND EXISTS (SELECT 1 FROM json_each(o.files_json) WHERE value IN (SELECT value FROM json_each(?4)))
     ORDER BY o.created_at LIMIT ?5`,
    [projectId, no, after, JSON.stringify(files), most],
    (row) => void found.push({ sessionId: row.at(-1) as SessionId, line: callOf(row) }),
  );
  return found;
}

/** In reading order: sub-agents follow the main thread of their turn. */
export function sessionLines(driver: SqlDriver, no: number): SessionLine[] {
  const lines: SessionLine[] = [];
  const said = (columns: string) =>
    `SELECT p.id, p.uid, ${columns}, p.created_at, p.agent_id, p.prompt_type, p.note, p.content FROM prompts p`;
  driver.each(
    `${said('p.turn, p.sequence_num, 0')} WHERE p.session = ?1 UNION ALL ${said('c.turn, c.sequence_num, 1')}
      JOIN copies c ON c.prompt_id = p.id WHERE c.session = ?1`,
    [no],
    ([id, uid, turn, sequence, isCopy, at, agentId, role, note, text]) =>
      void lines.push({
        kind: 'said',
        key: rowKeyOf({ kind: 'prompt', row: id as number }),
        uid: uid as string,
        turn: turn as number,
        sequence: sequence as number,
        isCopy: isCopy === 1,
        at: at as number,
        ...(agentId !== null && { agentId: agentId as string }),
        role: role as PromptType,
        note: note as string,
        text: text as string,
      }),
  );
  driver.each(
    `${called('o.turn, o.sequence_num, 0')} WHERE o.session = ?1 UNION ALL ${called('c.turn, c.sequence_num, 1')}
      JOIN copies c ON c.observation_id = o.id WHERE c.session = ?1`,
    [no],
    (row) => void lines.push(callOf(row)),
  );
  const side = ({ agentId }: SessionLine) => (agentId === undefined ? 0 : 1);
  return lines.sort((a, b) => a.turn - b.turn || side(a) - side(b) || a.sequence - b.sequence);
}

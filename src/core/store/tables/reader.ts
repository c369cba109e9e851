/** Pages of one session in reading order, by keyset, so that a whole session is never in memory. */
import { MemoryError } from '../../../protocol/errors';
import type { FileDiff, ReaderItem, SessionId } from '../../../protocol/model';
import { parseLineKey, rowKeyOf } from '../../../protocol/row-key';
import type { LineRef } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';
import { marksFrom } from './marks';

/** Place of a row in its session: turn, sub-agents after the main thread, then file order. */
export interface Position {
  turn: number;
  side: number;
  sequence: number;
}

export interface PlacedKey extends Position, LineRef {
  isCopy: number;
}

export interface ItemPage {
  items: ReaderItem[];
  before?: string;
  after?: string;
}

/** SQL: the keys of a session's rows; ?1 is its number. */
export const keysOfSession = `
  SELECT 'prompt' AS kind, id AS row, turn, agent_id IS NOT NULL AS side, sequence_num AS sequence, 0 AS isCopy
    FROM prompts WHERE session = ?1
  UNION ALL SELECT 'observation', id, turn, agent_id IS NOT NULL, sequence_num, 0 FROM observations WHERE session = ?1
  UNION ALL SELECT CASE WHEN prompt_id IS NULL THEN 'observation'
    ELSE 'prompt' END, coalesce(prompt_id, observation_id), turn, 0, sequence_num, 1 FROM copies WHERE session = ?1`;

export interface PageQuery {
  cursor?: string;
  aroundKey?: string;
  aroundTurn?: number;
  limit: number;
}

export function readPage(driver: SqlDriver, session: number, query: PageQuery): ItemPage {
  const cursor = query.cursor === undefined ? undefined : parseCursor(query.cursor);
  const isBackwards = cursor?.direction === 'before';
  const start = cursor?.position ?? startOf(driver, session, query);
  // Reads one row more than asked, to know whether there is another page.
  const comparison = cursor ? (isBackwards ? '<' : '>') : '>=';
  const order = isBackwards ? 'DESC' : 'ASC';
  const found = driver.all<PlacedKey>(
    `SELECT * FROM (${keysOfSession}) WHERE (turn, side, sequence) ${comparison} (?2, ?3, ?4)
      ORDER BY turn ${order}, side ${order}, sequence ${order} LIMIT ?5`,
    [session, start.turn, start.side, start.sequence, query.limit + 1],
  );
  const hasMore = found.length > query.limit;
  const page = found.slice(0, query.limit);
  if (isBackwards) page.reverse();
  const [first] = page;
  const last = page.at(-1);
  const hasBefore = first && (isBackwards ? hasMore : hasRowBefore(driver, session, first));
  const hasAfter = last && (isBackwards || hasMore);
  return {
    items: readItems(driver, page),
    ...(hasBefore && { before: formatCursor('before', first) }),
    ...(hasAfter && { after: formatCursor('after', last) }),
  };
}

/** One row by its key, `p12` or `o34`. @throws MemoryError `not_found` */
export function readItemByKey(driver: SqlDriver, key: string): ReaderItem & { session: number } {
  const line = parseLineKey(key);
  if (!line) throw new MemoryError('invalid_input', 'This is not the key of a memory.');
  const session = driver.get<{ session: number }>(`SELECT session FROM ${line.kind}s WHERE id = ?`, [
    line.row,
  ])?.session;
  if (session === undefined) throw new MemoryError('not_found', 'This memory is no longer there.');
  const [item] = readItems(driver, [{ ...line, turn: -1, side: 0, sequence: 0, isCopy: 0 }]);
  return { ...(item as ReaderItem), session };
}

function startOf(driver: SqlDriver, session: number, query: PageQuery): Position {
  const beginning = { turn: -1, side: 0, sequence: 0 };
  const line = parseLineKey(query.aroundKey ?? '');
  const target = line
    ? driver.get<PlacedKey>(`SELECT * FROM (${keysOfSession}) WHERE kind = ?2 AND row = ?3`, [
        session,
        line.kind,
        line.row,
      ])
    : query.aroundTurn === undefined
      ? undefined
      : driver.get<PlacedKey>(
          `SELECT * FROM (${keysOfSession}) WHERE turn >= ?2 ORDER BY turn, side, sequence LIMIT 1`,
          [session, query.aroundTurn],
        );
  if (!target) return beginning;
  // Rows of context above the requested one.
  const above = driver.all<PlacedKey>(
    `SELECT * FROM (${keysOfSession}) WHERE (turn, side, sequence) < (?2, ?3, ?4) ORDER BY turn DESC, side DESC, sequence DESC LIMIT ?5`,
    [
      session,
      target.turn,
      target.side,
      target.sequence,
      query.aroundTurn === undefined ? Math.floor(query.limit / 3) : 0,
    ],
  );
  return above.at(-1) ?? target;
}

function hasRowBefore(driver: SqlDriver, session: number, { turn, side, sequence }: Position): boolean {
  return (
    driver.get(`SELECT 1 FROM (${keysOfSession}) WHERE (turn, side, sequence) < (?2, ?3, ?4) LIMIT 1`, [
      session,
      turn,
      side,
      sequence,
    ]) !== undefined
  );
}

const formatCursor = (direction: 'before' | 'after', { turn, side, sequence }: Position): string =>
  `${direction}:${turn}:${side}:${sequence}`;

function parseCursor(cursor: string): { direction: 'before' | 'after'; position: Position } {
  const match = /^(before|after):(-?\d+):([01]):(\d+)$/.exec(cursor);
  if (!match) throw new MemoryError('invalid_input', 'This page marker is not valid.');
  return {
    direction: match[1] as 'before' | 'after',
    position: { turn: Number(match[2]), side: Number(match[3]), sequence: Number(match[4]) },
  };
}

interface MarkedRow {
  mark_flag: number | null;
  mark_tags: string | null;
}

const marks = 'm.is_flagged AS mark_flag, m.tags_json AS mark_tags';
const marksOf = ({ mark_flag, mark_tags }: MarkedRow) =>
  marksFrom(mark_flag === 1, JSON.parse(mark_tags ?? '[]') as string[]);

interface PromptRow extends MarkedRow {
  id: number;
  turn: number;
  prompt_type: 'user' | 'system' | 'assistant' | 'tool';
  note: string;
  content: string;
  truncated_bytes: number;
  model: string;
  agent_id: string | null;
  created_at: number;
  session_id: SessionId;
}

interface ObservationRow extends MarkedRow {
  id: number;
  turn: number;
  observation_type: 'tool_result' | 'error' | 'warning' | 'info';
  source_tool: string;
  headline: string;
  input: string;
  content: string;
  diffs_json: string;
  files_json: string;
  exit_status: number | null;
  importance_score: number;
  is_answered: number;
  truncated_bytes: number;
  agent_id: string | null;
  created_at: number;
  session_id: SessionId;
}

/** The rows of these keys, in their order, by one query for each table: a page has up to 200. */
function readItems(driver: SqlDriver, page: readonly PlacedKey[]): ReaderItem[] {
  const idsOf = (kind: PlacedKey['kind']) => JSON.stringify(page.flatMap((key) => (key.kind === kind ? key.row : [])));
  const rowsOf = <Found extends { id: number }>(kind: PlacedKey['kind']) =>
    new Map(
      driver
        .all<Found>(
          `SELECT r.*, s.id AS session_id, ${marks} FROM ${kind}s r JOIN sessions s ON s.no = r.session LEFT
            JOIN marks m ON m.uid = r.uid WHERE r.id IN (SELECT value FROM json_each(?))`,
          [idsOf(kind)],
        )
        .map((row) => [row.id, row]),
    );
  const [prompts, observations] = [rowsOf<PromptRow>('prompt'), rowsOf<ObservationRow>('observation')];
  return page.map((key) =>
    key.kind === 'prompt'
      ? messageOf(key, prompts.get(key.row) as PromptRow)
      : callOf(key, observations.get(key.row) as ObservationRow),
  );
}

const placeOf = (key: PlacedKey, row: { turn: number; created_at: number }) => ({
  key: rowKeyOf(key),
  turn: key.turn < 0 ? row.turn : key.turn,
  at: row.created_at,
});

const copiedFrom = (key: PlacedKey, row: { session_id: SessionId }) =>
  key.isCopy === 1 ? { copiedFrom: row.session_id } : {};

const messageOf = (key: PlacedKey, row: PromptRow): ReaderItem => ({
  kind: 'message',
  ...placeOf(key, row),
  role: row.prompt_type,
  text: row.content,
  truncatedBytes: row.truncated_bytes,
  ...marksOf(row),
  ...(row.note !== '' && { note: row.note }),
  ...(row.model !== '' && { model: row.model }),
  ...(row.agent_id !== null && { agentId: row.agent_id }),
  ...copiedFrom(key, row),
});

const callOf = (key: PlacedKey, row: ObservationRow): ReaderItem => ({
  kind: 'tool',
  ...placeOf(key, row),
  type: row.observation_type,
  tool: row.source_tool,
  headline: row.headline,
  input: row.input,
  output: row.content,
  truncatedBytes: row.truncated_bytes,
  files: JSON.parse(row.files_json) as string[],
  diffs: JSON.parse(row.diffs_json) as FileDiff[],
  importance: row.importance_score,
  isAnswered: row.is_answered === 1,
  ...marksOf(row),
  ...(row.exit_status !== null && { exitStatus: row.exit_status }),
  ...(row.agent_id !== null && { agentId: row.agent_id }),
  ...copiedFrom(key, row),
});

export function filesOf(driver: SqlDriver, observation: number): string[] {
  const row = driver.get<{ files_json: string }>('SELECT files_json FROM observations WHERE id = ?', [observation]);
  return row ? (JSON.parse(row.files_json) as string[]) : [];
}

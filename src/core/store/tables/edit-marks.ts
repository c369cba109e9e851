/**
 * Which calls changed a file of some name, and which put in a line: keyed marks, no text. What is found by them is read
 * from its row and compared, because marks of 32 bits may be the same for different lines.
 */
import type { FileDiff, ObservationType, SessionId } from '../../../protocol/model';
import { fileName } from '../../../protocol/paths';
import { rowKeyOf } from '../../../protocol/row-key';
import type { RowKey } from '../../../protocol/row-key';
import type { Row, SqlDriver, SqlValue } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { hasWord, wordPattern } from '../sqlite/word-in';

/** Pairs: a mark, the number of its row. */
export type Marks = Uint32Array;

export interface EditCall {
  row: number;
  key: RowKey;
  session: number;
  sessionId: SessionId;
  title: string;
  /** Of the session's project. */
  root: string;
  turn: number;
  sequence: number;
  at: number;
  tool: string;
  type: ObservationType;
  isAnswered: boolean;
  /** Beginning of what the tool answered. */
  answer: string;
  diffs: FileDiff[];
}

/** Sessions that grew since they were read, and rows of one; and rows of a file in all. */
const maxGrown = 60;
const maxOfSession = 400;
const maxCalls = 2000;

export function replaceEditMarks(driver: SqlDriver, session: number, upto: number, files: Marks, lines: Marks): void {
  driver.run('INSERT OR REPLACE INTO edit_marks (session, upto, files, lines) VALUES (?, ?, ?, ?)', [
    session,
    upto,
    bytesOf(files),
    bytesOf(lines),
  ]);
}

export function forgetEditMarks(driver: SqlDriver, session: number): void {
  // A backup may come from a version without this table.
  if (hasTable(driver, 'edit_marks')) driver.run('DELETE FROM edit_marks WHERE session = ?', [session]);
}

const inProjects = (projectIds: readonly number[] | undefined, parameter: string) =>
  projectIds ? `AND s.project_id IN (SELECT value FROM json_each(${parameter}))` : '';

/** Rows of calls that may have changed a file of this name. */
export function rowsOfFile(
  driver: SqlDriver,
  file: string,
  mark: number,
  projectIds: readonly number[] | undefined,
): number[] {
  const ids = projectIds ? [JSON.stringify(projectIds)] : [];
  const rows: number[] = [];
  driver.each(
    `SELECT m.files FROM edit_marks m JOIN sessions s ON s.no = m.session WHERE s.status <> 'deleted' ${inProjects(projectIds, '?1')}`,
    ids,
    ([bytes]) => {
      const marks = marksOf(bytes as SqlValue);
      for (let at = 0; at < marks.length; at += 2) if (marks[at] === mark) rows.push(marks[at + 1]!);
    },
  );
  // Lists of files are JSON: a name at the end of a path is followed by a quote.
  const pattern = wordPattern(JSON.stringify(fileName(file)).slice(1));
  const grown = driver.all<{ no: number; upto: number }>(
    `SELECT s.no, coalesce(m.upto, -1) AS upto FROM sessions s LEFT JOIN edit_marks m ON m.session = s.no
      WHERE s.status <> 'deleted' AND coalesce(m.upto, -1) < s.next_sequence - 1
        ${inProjects(projectIds, '?2')} AND ${hasWord('s.files_json', '?1')}
      ORDER BY s.updated_at DESC, s.no DESC LIMIT ${maxGrown}`,
    [pattern, ...ids],
  );
  for (const { no, upto } of grown)
    rows.push(
      ...driver
        .all<{ id: number }>(
          `SELECT id FROM observations WHERE session = ?1 AND sequence_num > ?2 AND diffs_json <> '[]'
            AND ${hasWord('files_json', '?3')} ORDER BY sequence_num DESC LIMIT ${maxOfSession}`,
          [no, upto, pattern],
        )
        .map(({ id }) => id),
    );
  return [...new Set(rows)];
}

/** For each of these marks of lines the rows that have it. */
export function rowsOfLines(
  driver: SqlDriver,
  wanted: ReadonlySet<number>,
  projectIds: readonly number[] | undefined,
): Map<number, number[]> {
  const found = new Map<number, number[]>();
  driver.each(
    `SELECT m.lines FROM edit_marks m JOIN sessions s ON s.no = m.session WHERE s.status <> 'deleted' ${inProjects(projectIds, '?1')}`,
    projectIds ? [JSON.stringify(projectIds)] : [],
    ([bytes]) => {
      const marks = marksOf(bytes as SqlValue);
      for (let at = 0; at < marks.length; at += 2) {
        const mark = marks[at]!;
        if (!wanted.has(mark)) continue;
        const rows = found.get(mark);
        if (rows) rows.push(marks[at + 1]!);
        else found.set(mark, [marks[at + 1]!]);
      }
    },
  );
  return found;
}

type CallRow = Row & Omit<EditCall, 'key' | 'diffs' | 'isAnswered'> & { diffs: string; isAnswered: number };

/** Calls that are still there, in the order of time. */
export function editCalls(driver: SqlDriver, rows: readonly number[]): EditCall[] {
  return driver
    .all<CallRow>(
      `SELECT o.id AS row, o.session, s.id AS sessionId, CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title,
          p.root, o.turn, o.sequence_num AS sequence, o.created_at AS at, o.source_tool AS tool, o.observation_type AS type,
          o.is_answered AS isAnswered, substr(o.content, 1, 120) AS answer, o.diffs_json AS diffs
        FROM observations o JOIN sessions s ON s.no = o.session JOIN projects p ON p.id = s.project_id
        WHERE o.id IN (SELECT value FROM json_each(?1)) AND s.status <> 'deleted' AND o.diffs_json <> '[]'
        ORDER BY o.created_at, o.session, o.sequence_num`,
      [JSON.stringify(rows.slice(-maxCalls))],
    )
    .map(({ diffs, isAnswered, ...call }) => ({
      ...(call as Omit<EditCall, 'key' | 'diffs' | 'isAnswered'>),
      isAnswered: isAnswered === 1,
      key: rowKeyOf({ kind: 'observation', row: call.row }),
      diffs: JSON.parse(diffs) as FileDiff[],
    }));
}

/**
 * What the session had seen in the turns around a call: outputs of calls before it, and what its edits took out, of any
 * file.
 */
export function seenAround(
  driver: SqlDriver,
  { session, turn, sequence }: Pick<EditCall, 'session' | 'turn' | 'sequence'>,
  turns: number,
): { outputs: string[]; diffs: FileDiff[] } {
  const outputs: string[] = [];
  const diffs: FileDiff[] = [];
  driver.each(
    `SELECT CASE WHEN diffs_json = '[]' THEN content ELSE '' END, diffs_json FROM observations
      WHERE session = ?1 AND turn BETWEEN ?2 AND ?3 AND observation_type <> 'error'
        AND (diffs_json <> '[]' OR (sequence_num < ?4 AND source_tool IN ('Read', 'NotebookRead', 'Bash', 'Grep')))
      ORDER BY turn DESC, sequence_num DESC LIMIT 400`,
    [session, turn - turns, turn + 1, sequence],
    ([content, json]) => {
      if (json === '[]') outputs.push(content as string);
      else diffs.push(...(JSON.parse(json as string) as FileDiff[]));
    },
  );
  return { outputs, diffs };
}

export interface AskedWords {
  row: number;
  text: string;
}

/** What a person said to begin a turn. */
export function promptOf(driver: SqlDriver, session: number, turn: number, most: number): AskedWords | undefined {
  return driver.get<AskedWords & Row>(
    `SELECT id AS row, substr(trim(content, char(9, 10, 13, 32)), 1, ?3) AS text FROM prompts
      WHERE session = ?1 AND turn = ?2 AND prompt_type = 'user' AND agent_id IS NULL ORDER BY sequence_num LIMIT 1`,
    [session, turn, most],
  );
}

const bytesOf = (marks: Marks): Uint8Array => new Uint8Array(marks.buffer, marks.byteOffset, marks.byteLength);

function marksOf(value: SqlValue): Marks {
  if (!(value instanceof Uint8Array)) return new Uint32Array(0);
  // Bytes of the database begin anywhere; numbers of 32 bits do not.
  const own = value.byteOffset % 4 === 0 ? value : value.slice();
  return new Uint32Array(own.buffer, own.byteOffset, own.byteLength >> 2);
}

/** Calls of a session that tell how files stood: its edits, what it read, and commands that may have changed them. */
import { fileName } from '../../../protocol/paths';
import type { SqlDriver } from '../sqlite/driver';
import { hasWord, wordPattern } from '../sqlite/word-in';

export interface SessionTime {
  session: number;
  turn: number;
  sequence: number;
  at: number;
}

/** A reading that was kept whole. */
export interface ReadCall extends SessionTime {
  file: string;
  input: string;
  output: string;
}

export interface RunCommand extends SessionTime {
  command: string;
}

const place = 'session, turn, sequence_num AS sequence, created_at AS at';
const isTold = "observation_type <> 'error' AND is_answered = 1";
const maxReads = 4000;

/** Of one file by its last name, or of all. */
export function readCalls(driver: SqlDriver, sessions: readonly number[], file?: string): ReadCall[] {
  const named = file === undefined ? [] : [wordPattern(JSON.stringify(fileName(file)).slice(1))];
  return driver
    .all<Record<'session' | 'turn' | 'sequence' | 'at', number> & Record<'input' | 'output' | 'files', string>>(
      `SELECT ${place}, input, content AS output, files_json AS files FROM observations
        WHERE session IN (SELECT value FROM json_each(?1)) AND source_tool = 'Read' AND ${isTold} AND truncated_bytes = 0
          ${file === undefined ? '' : `AND ${hasWord('files_json', '?2')}`}
        ORDER BY created_at, session, sequence_num LIMIT ${maxReads}`,
      [JSON.stringify(sessions), ...named],
    )
    .flatMap(({ files, ...call }) => {
      const [first] = JSON.parse(files) as string[];
      return first === undefined ? [] : [{ ...call, file: first }];
    });
}

/** Numbers of the rows of a session that changed files. */
export function editRowsOf(driver: SqlDriver, session: number): number[] {
  return driver
    .all<{ id: number }>(`SELECT id FROM observations WHERE session = ? AND diffs_json <> '[]' ORDER BY sequence_num`, [
      session,
    ])
    .map(({ id }) => id);
}

export function commandsOf(driver: SqlDriver, session: number): RunCommand[] {
  return driver.all<Record<'session' | 'turn' | 'sequence' | 'at', number> & { command: string }>(
    `SELECT ${place}, input AS command FROM observations WHERE session = ? AND source_tool = 'Bash' AND is_answered = 1
      ORDER BY sequence_num`,
    [session],
  );
}

/** When the last row of a session up to a turn was written; undefined when it has none. */
export function endOfTurn(driver: SqlDriver, session: number, turn: number): number | undefined {
  return (
    driver.get<{ at: number | null }>(
      `SELECT max(at) AS at FROM (
         SELECT max(created_at) AS at FROM prompts WHERE session = ?1 AND turn <= ?2
         UNION ALL SELECT max(created_at) FROM observations WHERE session = ?1 AND turn <= ?2
         UNION ALL SELECT max(coalesce(p.created_at, o.created_at)) FROM copies c LEFT JOIN prompts p ON p.id = c.prompt_id
           LEFT JOIN observations o ON o.id = c.observation_id WHERE c.session = ?1 AND c.turn <= ?2)`,
      [session, turn],
    )?.at ?? undefined
  );
}

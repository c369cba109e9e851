/** What a session did before and after a prompt, in few columns: a long session has thousands of calls. */
import type { Row, SqlDriver } from '../sqlite/driver';

export interface Deed {
  uid: string;
  turn: number;
  files: string[];
  /** A shell command; empty for other tools. */
  command: string;
  /** The same for equal errors. */
  fingerprint: string | null;
}

export interface ToldLine {
  uid: string;
  turn: number;
  text: string;
}

/** Calls looked at on either side of a prompt. */
const maxDeeds = 300;
const maxCommand = 600;
const maxTold = 4000;
const maxOutput = 20_000;

const deeds = `SELECT uid, turn, files_json AS files, error_fingerprint AS fingerprint,
   CASE WHEN source_tool = 'Bash' THEN substr(input, 1, ${maxCommand}) ELSE '' END AS command FROM observations WHERE session = ?1`;

/** Of these turns, the first ones; rows that another session owns are older than any prompt of this one. */
export function deedsFrom(driver: SqlDriver, session: number, from: number, to: number): Deed[] {
  return read(driver, `${deeds} AND turn BETWEEN ?2 AND ?3 ORDER BY turn, sequence_num LIMIT ${maxDeeds}`, [
    session,
    from,
    to,
  ]);
}

/** The last ones before a turn. */
export function deedsBefore(driver: SqlDriver, session: number, turn: number): Deed[] {
  return read(driver, `${deeds} AND turn < ?2 ORDER BY turn DESC, sequence_num DESC LIMIT ${maxDeeds}`, [
    session,
    turn,
  ]);
}

const read = (driver: SqlDriver, sql: string, params: readonly number[]): Deed[] =>
  driver
    .all<Row & Omit<Deed, 'files'> & { files: string }>(sql, params)
    .map(({ files, ...deed }) => ({ ...(deed as Omit<Deed, 'files'>), files: JSON.parse(files) as string[] }));

/** What the person said in these turns of the main thread. */
export function toldIn(driver: SqlDriver, session: number, from: number, to: number): ToldLine[] {
  return driver.all<ToldLine & Row>(
    `SELECT uid, turn, substr(content, 1, ${maxTold}) AS text FROM prompts WHERE session = ? AND turn BETWEEN ? AND ?
       AND prompt_type = 'user' AND note = '' AND agent_id IS NULL ORDER BY turn, sequence_num`,
    [session, from, to],
  );
}

export const lastTurnOf = (driver: SqlDriver, session: number): number =>
  driver.get<{ turn: number | null }>('SELECT max(turn) AS turn FROM prompts WHERE session = ?', [session])?.turn ?? 0;

/** How many sessions of these projects there are, and how many of them touched each file. */
export function filesBySessions(
  driver: SqlDriver,
  projectIds: readonly number[],
): { sessions: number; touched: Map<string, number> } {
  const ids = JSON.stringify(projectIds);
  const where = 'prompts > 0 AND project_id IN (SELECT value FROM json_each(?))';
  return {
    sessions: driver.get<{ n: number }>(`SELECT count(*) AS n FROM sessions WHERE ${where}`, [ids])?.n ?? 0,
    touched: new Map(
      driver
        .all<{ file: string; n: number }>(
          `SELECT value AS file, count(*) AS n FROM sessions, json_each(files_json) WHERE ${where} GROUP BY value HAVING n > 2`,
          [ids],
        )
        .map(({ file, n }) => [file, n]),
    ),
  };
}

/** Sessions of these projects that met one of these errors before a time, the latest first. */
export function sessionsThatMet(
  driver: SqlDriver,
  fingerprints: readonly string[],
  {
    projectIds,
    before,
    except,
    most,
  }: { projectIds: readonly number[]; before: number; except: readonly number[]; most: number },
): string[] {
  const found = driver.all<{ id: string }>(
    `SELECT s.id FROM observations o JOIN sessions s ON s.no = o.session
      WHERE o.error_fingerprint IN (SELECT value FROM json_each(?1)) AND o.created_at < ?2
        AND s.project_id IN (SELECT value FROM json_each(?3)) AND s.no NOT IN (SELECT value FROM json_each(?4))
      GROUP BY s.id ORDER BY max(o.created_at) DESC LIMIT ?5`,
    [JSON.stringify(fingerprints), before, JSON.stringify(projectIds), JSON.stringify(except), most],
  );
  return found.map(({ id }) => id);
}

/** The beginnings of what calls put out. */
export const outputsOf = (driver: SqlDriver, uids: readonly string[]): { uid: string; text: string }[] =>
  driver.all<{ uid: string; text: string }>(
    `SELECT uid, substr(content, 1, ${maxOutput}) AS text FROM observations WHERE uid IN (SELECT value FROM json_each(?))
      ORDER BY turn, sequence_num`,
    [JSON.stringify(uids)],
  );

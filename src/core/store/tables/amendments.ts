/** Turns that amend what an earlier session agreed. Found from the rows by core/give, and kept until these change. */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';

/** What a person said in a turn and what was answered last. */
export interface SaidTurn {
  turn: number;
  sequence: number;
  at: number;
  prompt: string;
  answer: string;
}

export interface AmendingTurn {
  no: number;
  session: number;
  turn: number;
  at: number;
  projectId: number;
}

/** Where something agreed in an earlier session was amended. */
export interface Amendment {
  earlierId: SessionId;
  sessionId: SessionId;
  title: string;
  turn: number;
  at: number;
}

/** Characters of a text that are read. */
const maxText = 6000;
/** Turns that tell what a session is about, and turns around the one that is looked at. */
const firstTurns = 6;
const turnsBefore = 2;
const turnsAfter = 3;

/** A session of which something was not looked through yet. */
export interface UnreadSession {
  no: number;
  /** The last sequence number that was looked through; -1 for none. */
  readTo: number;
  lastSequence: number;
}

/** The newest session that has grown since it was looked through, or never was. */
export function unreadSession(driver: SqlDriver): UnreadSession | undefined {
  return driver.get<UnreadSession & Record<string, never>>(
    `SELECT s.no, coalesce(r.last_sequence, -1) AS readTo, s.next_sequence - 1 AS lastSequence
     FROM sessions s LEFT JOIN amendment_reads r ON r.session = s.no
     WHERE s.status <> 'deleted' AND s.prompts > 0 AND coalesce(r.last_sequence, -1) < s.next_sequence - 1
     ORDER BY s.updated_at DESC, s.no DESC LIMIT 1`,
  );
}

const said = `SELECT p.turn, p.sequence_num AS sequence, p.created_at AS at, substr(p.content, 1, ?2) AS prompt,
   coalesce((SELECT substr(a.content, 1, ?2) FROM prompts a WHERE a.session = p.session AND a.turn = p.turn
     AND a.prompt_type = 'assistant' AND a.note = '' AND a.agent_id IS NULL ORDER BY a.sequence_num DESC LIMIT 1), '') AS answer
  FROM prompts p WHERE p.session = ?1 AND p.prompt_type = 'user' AND p.note = '' AND p.agent_id IS NULL`;

/**
 * Turns of the main thread that a person began, without copies of another session: at most `most`, from the last one
 * that was looked through, whose answer may be new.
 */
export function unreadTurns(driver: SqlDriver, { no, readTo }: UnreadSession, most: number): SaidTurn[] {
  return driver.all<SaidTurn & Record<string, never>>(
    `${said} AND p.turn >= coalesce((SELECT max(turn) FROM prompts WHERE session = ?1 AND sequence_num <= ?3), -1)
     ORDER BY p.turn, p.sequence_num LIMIT ?4`,
    [no, maxText, readTo, most],
  );
}

/**
 * The first turns of a session and those around one of them. Never all: a long session has megabytes, and says at its
 * beginning what it is about.
 */
export function turnsAround(driver: SqlDriver, session: number, turn: number): SaidTurn[] {
  return driver.all<SaidTurn & Record<string, never>>(
    `${said} AND (p.turn BETWEEN ?3 AND ?4 OR p.sequence_num <= (SELECT max(sequence_num) FROM (SELECT sequence_num FROM prompts
       WHERE session = ?1 AND prompt_type = 'user' AND note = '' AND agent_id IS NULL ORDER BY sequence_num LIMIT ?5)))
     ORDER BY p.turn, p.sequence_num`,
    [session, maxText, turn - turnsBefore, turn + turnsAfter, firstTurns],
  );
}

/** Replaces the amending ones among turns that were looked through. Those that stay keep what they were compared with. */
export function putAmendingTurns(
  driver: SqlDriver,
  { no, lastSequence }: { no: number; lastSequence: number },
  read: readonly { turn: number }[],
  turns: readonly { turn: number; at: number }[],
): void {
  driver.transaction(() => {
    const isAmending = new Set(turns.map(({ turn }) => turn));
    const plain = JSON.stringify(read.flatMap(({ turn }) => (isAmending.has(turn) ? [] : [turn])));
    const gone = 'SELECT no FROM amending_turns WHERE session = ? AND turn IN (SELECT value FROM json_each(?))';
    driver.run(`DELETE FROM amendments WHERE amending IN (${gone})`, [no, plain]);
    driver.run(`DELETE FROM amending_turns WHERE no IN (${gone})`, [no, plain]);
    for (const { turn, at } of turns)
      driver.run('INSERT INTO amending_turns (session, turn, at) VALUES (?, ?, ?) ON CONFLICT DO NOTHING', [
        no,
        turn,
        at,
      ]);
    driver.run('INSERT OR REPLACE INTO amendment_reads (session, last_sequence) VALUES (?, ?)', [no, lastSequence]);
  });
}

/** Amending turns whose project got an earlier session since they were compared. */
export function turnsToCompare(driver: SqlDriver, limit: number): AmendingTurn[] {
  return driver.all<AmendingTurn & Record<string, never>>(
    `SELECT t.no, t.session, t.turn, t.at, s.project_id AS projectId FROM amending_turns t
       JOIN sessions s ON s.no = t.session JOIN shown_projects p ON p.id = s.project_id
     WHERE EXISTS (SELECT 1 FROM sessions e JOIN shown_projects q ON q.id = e.project_id
       WHERE e.no > t.compared_to AND e.no <> t.session AND e.created_at < t.at AND q.shown_id = p.shown_id)
     ORDER BY t.at DESC LIMIT ?`,
    [limit],
  );
}

/** Stores which earlier sessions the turn amends. */
export function putAmendments(
  driver: SqlDriver,
  amending: number,
  earlier: readonly { session: number; likeness: number }[],
): void {
  driver.transaction(() => {
    driver.run('DELETE FROM amendments WHERE amending = ?', [amending]);
    for (const { session, likeness } of earlier)
      driver.run('INSERT INTO amendments (amending, earlier_session, likeness) VALUES (?, ?, ?)', [
        amending,
        session,
        likeness,
      ]);
    driver.run('UPDATE amending_turns SET compared_to = (SELECT max(no) FROM sessions) WHERE no = ?', [amending]);
  });
}

/** Amendments of these sessions, the latest first. */
export function amendmentsOf(driver: SqlDriver, sessions: readonly SessionId[]): Amendment[] {
  return driver.all<Amendment & Record<string, never>>(
    `SELECT e.id AS earlierId, s.id AS sessionId, s.title, t.turn, t.at FROM amendments a
       JOIN sessions e ON e.no = a.earlier_session JOIN amending_turns t ON t.no = a.amending JOIN sessions s ON s.no = t.session
     WHERE e.id IN (SELECT value FROM json_each(?)) ORDER BY t.at DESC`,
    [JSON.stringify(sessions)],
  );
}

/** Amendments of one of these sessions by another of them, the latest last. */
export function amendmentsAmong(
  driver: SqlDriver,
  sessions: readonly number[],
): { earlier: number; session: number }[] {
  return driver.all<{ earlier: number; session: number }>(
    `SELECT a.earlier_session AS earlier, t.session FROM amendments a JOIN amending_turns t ON t.no = a.amending
     WHERE a.earlier_session IN (SELECT value FROM json_each(?1)) AND t.session IN (SELECT value FROM json_each(?1))
     ORDER BY t.at, t.no`,
    [JSON.stringify(sessions)],
  );
}

/** Deletes what is known of a session; its number may be given again. */
export function forgetAmendments(driver: SqlDriver, session: number): void {
  driver.run(
    'DELETE FROM amendments WHERE earlier_session = ?1 OR amending IN (SELECT no FROM amending_turns WHERE session = ?1)',
    [session],
  );
  driver.run('DELETE FROM amending_turns WHERE session = ?', [session]);
  driver.run('DELETE FROM amendment_reads WHERE session = ?', [session]);
}

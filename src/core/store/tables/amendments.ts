/** Turns that amend what an earlier session agreed. Found from the rows by core/give, and kept until these change. */
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';

/** What a person said in a turn and what was answered last. */
export interface SaidTurn {
  turn: number;
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

/** Sessions that have grown since they were looked through, or never were, the newest first. */
export function sessionsToRead(driver: SqlDriver, limit: number): { no: number; lastSequence: number }[] {
  return driver.all<{ no: number; lastSequence: number }>(
    `SELECT s.no, s.next_sequence - 1 AS lastSequence FROM sessions s LEFT JOIN amendment_reads r ON r.session = s.no
     WHERE s.status <> 'deleted' AND s.prompts > 0 AND coalesce(r.last_sequence, -1) < s.next_sequence - 1
     ORDER BY s.updated_at DESC, s.no DESC LIMIT ?`,
    [limit],
  );
}

/** The turns of the main thread that a person began, without copies of another session. */
export function saidTurns(driver: SqlDriver, session: number): SaidTurn[] {
  return driver.all<SaidTurn & Record<string, never>>(
    `SELECT p.turn, p.created_at AS at, substr(p.content, 1, ?2) AS prompt, coalesce((SELECT substr(a.content, 1, ?2)
       FROM prompts a WHERE a.session = p.session AND a.turn = p.turn AND a.prompt_type = 'assistant' AND a.note = ''
         AND a.agent_id IS NULL ORDER BY a.sequence_num DESC LIMIT 1), '') AS answer
     FROM prompts p WHERE p.session = ?1 AND p.prompt_type = 'user' AND p.note = '' AND p.agent_id IS NULL
     ORDER BY p.turn, p.sequence_num`,
    [session, maxText],
  );
}

/** Replaces the amending turns of a session. Those that stay keep what they were compared with. */
export function putAmendingTurns(
  driver: SqlDriver,
  { no, lastSequence }: { no: number; lastSequence: number },
  turns: readonly { turn: number; at: number }[],
): void {
  driver.transaction(() => {
    const kept = JSON.stringify(turns.map(({ turn }) => turn));
    const gone = 'SELECT no FROM amending_turns WHERE session = ? AND turn NOT IN (SELECT value FROM json_each(?))';
    driver.run(`DELETE FROM amendments WHERE amending IN (${gone})`, [no, kept]);
    driver.run(`DELETE FROM amending_turns WHERE no IN (${gone})`, [no, kept]);
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

/** Deletes what is known of a session; its number may be given again. */
export function forgetAmendments(driver: SqlDriver, session: number): void {
  driver.run(
    'DELETE FROM amendments WHERE earlier_session = ?1 OR amending IN (SELECT no FROM amending_turns WHERE session = ?1)',
    [session],
  );
  driver.run('DELETE FROM amending_turns WHERE session = ?', [session]);
  driver.run('DELETE FROM amendment_reads WHERE session = ?', [session]);
}

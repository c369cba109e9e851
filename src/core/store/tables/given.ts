/** What was given to which session: ids of pieces, no text, so that nothing forgotten is kept here. */
import type { GivenRecord, GivenSource } from '../../../protocol/given';
import type { SessionId } from '../../../protocol/model';
import type { SqlDriver } from '../sqlite/driver';

export interface GivenNote {
  requestId: string;
  /** The session that got it; empty when none is known. */
  sessionId: SessionId;
  source: GivenSource;
  tokens: number;
  /** The session that each piece is from is absent for learnings a person wrote. */
  items: readonly { id: string; sessionId?: SessionId }[];
}

/** Noted once for a request; false when it was known. */
export function noteGivenTo(driver: SqlDriver, note: GivenNote, at: number): boolean {
  const added = driver.run(
    'INSERT OR IGNORE INTO given (request_id, session_id, source, tokens, items_json, at) VALUES (?, ?, ?, ?, ?, ?)',
    [note.requestId, note.sessionId, note.source, note.tokens, JSON.stringify(note.items), at],
  );
  return added > 0;
}

/** Ids of the pieces that a session was given, until a time. */
export function givenTo(driver: SqlDriver, sessionId: SessionId, until = Number.MAX_SAFE_INTEGER): Set<string> {
  return new Set(
    driver
      .all<{ id: string }>(
        "SELECT json_extract(value, '$.id') AS id FROM given, json_each(given.items_json) WHERE session_id = ? AND at <= ?",
        [sessionId, until],
      )
      .map(({ id }) => id),
  );
}

/** The hook and the client note a prompt at about the same time. */
const sameMs = 60_000;

/** What the hook gave for the prompt of that time. */
export function givenForPrompt(
  driver: SqlDriver,
  sessionId: SessionId,
  at: number,
): { ids: string[]; tokens: number } | undefined {
  const found = driver.get<{ items: string; tokens: number }>(
    `SELECT items_json AS items, tokens FROM given WHERE session_id = ?1 AND source = 'prompt' AND abs(at - ?2) <= ${sameMs}
      ORDER BY abs(at - ?2) LIMIT 1`,
    [sessionId, at],
  );
  return found && { ids: (JSON.parse(found.items) as { id: string }[]).map(({ id }) => id), tokens: found.tokens };
}

/** The newest first. `before` is the number of the last record of the page before. */
export function listGiven(
  driver: SqlDriver,
  { before, limit, sessionId: of }: { before?: number; limit: number; sessionId?: SessionId },
): GivenRecord[] {
  return driver
    .all<{
      no: number;
      sessionId: string;
      title: string | null;
      source: GivenSource;
      tokens: number;
      items: string;
      at: number;
    }>(
      `SELECT g.no, g.session_id AS sessionId, CASE WHEN s.title = '' THEN s.first_prompt ELSE s.title END AS title,
         g.source, g.tokens, g.items_json AS items, g.at FROM given g LEFT JOIN sessions s ON s.id = g.session_id
       WHERE (?1 IS NULL OR g.no < ?1) AND (?3 IS NULL OR g.session_id = ?3) ORDER BY g.no DESC LIMIT ?2`,
      [before ?? null, limit, of ?? null],
    )
    .map(({ items, title, sessionId, ...record }) => ({
      ...record,
      items: JSON.parse(items) as GivenRecord['items'],
      ...(sessionId !== '' && { sessionId }),
      ...(title !== null && { title }),
    }));
}

/** Deletes what was given to a session, and of what was given to others what came from it. */
export function forgetGiven(driver: SqlDriver, id: SessionId): void {
  driver.run('DELETE FROM given WHERE session_id = ?', [id]);
  driver.run(
    `UPDATE given SET items_json = (SELECT json_group_array(json(value)) FROM json_each(given.items_json)
       WHERE json_extract(value, '$.sessionId') IS NOT ?1)
     WHERE EXISTS (SELECT 1 FROM json_each(given.items_json) WHERE json_extract(value, '$.sessionId') = ?1)`,
    [id],
  );
}

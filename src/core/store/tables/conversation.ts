/** What was said in a session, for a reader who gets little of it: its beginning and its end. */
import type { SessionId } from '../../../protocol/model';
import { parseLineKey } from '../../../protocol/row-key';
import type { LineRef } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';

export interface Said {
  /** Number of its row. */
  row: number;
  role: 'user' | 'assistant';
  text: string;
}

/** Letters of one message, and messages of each end, that are read: a long session has megabytes. */
const maxText = 4_000;
const maxMessages = 150;

const said = `SELECT p.id AS row, p.prompt_type AS role, substr(p.content, 1, ${maxText}) AS text, k.turn, k.sequence FROM (
   SELECT id AS row, turn, sequence_num AS sequence FROM prompts WHERE session = ?1
   UNION ALL SELECT prompt_id, turn, sequence_num FROM copies WHERE session = ?1 AND prompt_id IS NOT NULL) k
  JOIN prompts p ON p.id = k.row
  WHERE p.prompt_type IN ('user', 'assistant') AND p.note = '' AND p.agent_id IS NULL`;

/** Prompts and answers of the main thread, the rows of a fork or resume included. `last` is empty when `first` is all. */
export function conversationOf(driver: SqlDriver, session: number): { first: Said[]; last: Said[] } {
  const read = (order: 'ASC' | 'DESC') =>
    driver.all<Said & { turn: number; sequence: number }>(
      `${said} ORDER BY k.turn ${order}, k.sequence ${order} LIMIT ${maxMessages + 1}`,
      [session],
    );
  const first = read('ASC');
  if (first.length <= maxMessages) return { first, last: [] };
  const shown = first.slice(0, maxMessages);
  const end = shown.at(-1)!;
  const last = read('DESC')
    .slice(0, maxMessages)
    .toReversed()
    .filter(({ turn, sequence }) => turn > end.turn || (turn === end.turn && sequence > end.sequence));
  return { first: shown, last };
}

/** Where a row is, by its key or by its uid; undefined when there is none. */
export function findRow(
  driver: SqlDriver,
  by: { key: string } | { uid: string },
): (LineRef & { uid: string }) | undefined {
  const line = 'key' in by ? parseLineKey(by.key) : undefined;
  if ('key' in by && !line) return undefined;
  const [condition, value] = line ? (['id = ?', line.row] as const) : (['uid = ?', 'uid' in by ? by.uid : ''] as const);
  for (const kind of line ? [line.kind] : (['prompt', 'observation'] as const)) {
    const found = driver.get<{ row: number; uid: string }>(`SELECT id AS row, uid FROM ${kind}s WHERE ${condition}`, [
      value,
    ]);
    if (found) return { kind, ...found };
  }
  return undefined;
}

/** The number of a session that was not forgotten. */
export function livingSession(driver: SqlDriver, id: SessionId): number | undefined {
  return driver.get<{ no: number }>("SELECT no FROM sessions WHERE id = ? AND status <> 'deleted'", [id])?.no;
}

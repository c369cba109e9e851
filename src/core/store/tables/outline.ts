/** The prompts of a session, as an outline. */
import type { OutlinePrompt } from '../../../protocol/questions/sessions';
import { rowKeyOf } from '../../../protocol/row-key';
import { firstLetters } from '../../../protocol/text';
import type { SqlDriver } from '../sqlite/driver';

const maxPrompts = 2000;
const maxTextLength = 200;

/** Prompts of the main thread in reading order, including those copied by a fork. */
export function readOutline(driver: SqlDriver, session: number): OutlinePrompt[] {
  const prompts = driver.all<{ row: number; turn: number; at: number; text: string }>(
    `SELECT p.id AS row, k.turn, p.created_at AS at, substr(trim(p.content, char(9, 10, 13, 32)), 1, 2000) AS text
     FROM (SELECT id, turn, sequence_num FROM prompts WHERE session = ?1
           UNION ALL SELECT prompt_id, turn, sequence_num FROM copies WHERE session = ?1 AND prompt_id IS NOT NULL) k
     JOIN prompts p ON p.id = k.id
     WHERE p.prompt_type = 'user' AND p.agent_id IS NULL
     ORDER BY k.turn, k.sequence_num LIMIT ?2`,
    [session, maxPrompts],
  );
  return prompts.map(({ row, turn, at, text }) => ({
    key: rowKeyOf({ kind: 'prompt', row }),
    turn,
    at,
    text: firstLine(text),
  }));
}

function firstLine(text: string): string {
  const line = (text.split('\n', 1)[0] ?? '').trim();
  return line.length <= maxTextLength ? line : `${firstLetters(line, maxTextLength - 1)}…`;
}

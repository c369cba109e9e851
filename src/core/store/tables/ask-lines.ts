/** Rows that an answer can be taken from: what was said and which commands ran, around some turns of a session. */
import type { AnswerVoice } from '../../../protocol/ask';
import { parseLineKey, rowKeyOf } from '../../../protocol/row-key';
import type { RowKey } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';

export interface AskLine {
  key: RowKey;
  voice: Exclude<AnswerVoice, 'learning'>;
  turn: number;
  at: number;
  text: string;
}

/** Letters of a row that are read; a longer one is a document, whose beginning says what it is about. */
const maxText = 8000;
const maxLines = 80;
/** Letters of a session: about 20 ms to cut into sentences. */
const maxLetters = 60_000;

/**
 * Prompts, answers and commands of the main thread in these turns, in reading order; where that is too much, those of the
 * turns that are named first. Copies of another session's rows are left out: they are read where they were said.
 */
export function askLines(driver: SqlDriver, session: number, turns: readonly number[]): AskLine[] {
  const lines: (AskLine & { sequence: number })[] = [];
  let letters = 0;
  driver.each(
    `SELECT l.kind, l.id, l.turn, l.sequence, l.at, l.voice, l.text FROM json_each(?2) w JOIN (
       SELECT 'prompt' AS kind, id, turn, sequence_num AS sequence, created_at AS at, prompt_type AS voice,
           substr(content, 1, ?3) AS text
         FROM prompts WHERE session = ?1 AND turn IN (SELECT value FROM json_each(?2)) AND agent_id IS NULL
           AND prompt_type IN ('user', 'assistant') AND note = ''
       UNION ALL SELECT 'observation', id, turn, sequence_num, created_at, 'tool', substr(headline, 1, ?3)
         FROM observations WHERE session = ?1 AND turn IN (SELECT value FROM json_each(?2)) AND agent_id IS NULL
           AND source_tool = 'Bash') l ON l.turn = w.value
     ORDER BY w.key, l.sequence LIMIT ?4`,
    [session, JSON.stringify(turns), maxText, maxLines],
    ([kind, id, turn, sequence, at, voice, text]) => {
      letters += (text as string).length;
      if (letters > maxLetters) return;
      lines.push({
        key: rowKeyOf({ kind: kind as 'prompt' | 'observation', row: id as number }),
        voice: voice as AskLine['voice'],
        turn: turn as number,
        sequence: sequence as number,
        at: at as number,
        text: text as string,
      });
    },
  );
  return lines.toSorted((a, b) => a.turn - b.turn || a.sequence - b.sequence).map(({ sequence: _, ...line }) => line);
}

export function isThere(driver: SqlDriver, key: RowKey): boolean {
  const line = parseLineKey(key);
  return line !== undefined && driver.get(`SELECT 1 FROM ${line.kind}s WHERE id = ?`, [line.row]) !== undefined;
}

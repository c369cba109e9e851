/** Where a reader goes in a session: to a word, to the next prompt or error, to the end. */
import type { RowPlace } from '../../../protocol/model';
import type { FoundInSession, StepQuery } from '../../../protocol/questions/sessions';
import { parseLineKey, rowKeyOf } from '../../../protocol/row-key';
import type { SqlDriver } from '../sqlite/driver';
import { hasWord, wordPattern } from '../sqlite/word-in';
import { keysOfSession } from './reader';
import type { PlacedKey, Position } from './reader';

const maxFound = 2000;

const placeOf = ({ kind, row, turn }: PlacedKey): RowPlace => ({ key: rowKeyOf({ kind, row }), turn });

/** Undefined for a key that is not of this session. */
function positionOf(driver: SqlDriver, session: number, key: string | undefined): Position | undefined {
  const line = parseLineKey(key ?? '');
  return (
    line &&
    driver.get<PlacedKey>(`SELECT * FROM (${keysOfSession}) WHERE kind = ?2 AND row = ?3`, [
      session,
      line.kind,
      line.row,
    ])
  );
}

const isBefore = (one: Position, other: Position): boolean =>
  one.turn - other.turn < 0 ||
  (one.turn === other.turn && (one.side < other.side || (one.side === other.side && one.sequence < other.sequence)));

/** Rows of a session whose text contains every word, in reading order, and which is the first from a row on. */
export function findRowsWithWords(
  driver: SqlDriver,
  session: number,
  words: readonly string[],
  from?: string,
): FoundInSession {
  if (words.length === 0) return { places: [], at: 0 };
  const patterns = words.map(wordPattern);
  // Parameters are numbered from 2, because ?1 is the session.
  const holds = (text: string) => patterns.map((_, index) => hasWord(text, `?${index + 2}`)).join(' AND ');
  const rows = driver.all<PlacedKey>(
    `SELECT k.* FROM (${keysOfSession}) k LEFT JOIN prompts p ON k.kind = 'prompt' AND p.id = k.row LEFT
      JOIN observations o ON k.kind = 'observation' AND o.id = k.row
     WHERE (k.kind = 'prompt' AND ${holds('p.content')}) OR (k.kind = 'observation'
       AND ${holds("o.headline || ' ' || o.input || ' ' || o.diffs_json || ' ' || o.content")})
     ORDER BY k.turn, k.side, k.sequence LIMIT ${maxFound}`,
    [session, ...patterns],
  );
  const here = positionOf(driver, session, from);
  const at = here ? rows.findIndex((row) => !isBefore(row, here)) : 0;
  return { places: rows.map(placeOf), at: Math.max(0, at) };
}

/** What is a stop, by the words of a query. Prompts of sub-agents come from Claude, not from the person. */
const stops: Readonly<Record<StepQuery['to'], string>> = {
  prompt: "k.kind = 'prompt' AND p.prompt_type = 'user' AND p.agent_id IS NULL",
  // The first row of each sub-agent: sequences are counted over the whole session.
  task: `k.side = 1 AND k.sequence IN (SELECT min(sequence) FROM (
    SELECT agent_id, sequence_num AS sequence FROM prompts WHERE session = ?1 AND agent_id IS NOT NULL
    UNION ALL SELECT agent_id, sequence_num FROM observations WHERE session = ?1 AND agent_id IS NOT NULL)
    GROUP BY agent_id)`,
  error: "k.kind = 'observation' AND o.observation_type = 'error'",
  row: 'TRUE',
};

export function stepToRow(
  driver: SqlDriver,
  session: number,
  { to, from, isBack = false }: StepQuery,
): RowPlace | null {
  const here = positionOf(driver, session, from);
  const [comparison, order] = isBack ? ['<', 'DESC'] : ['>', 'ASC'];
  const found = driver.get<PlacedKey>(
    `SELECT k.* FROM (${keysOfSession}) k LEFT JOIN prompts p ON k.kind = 'prompt' AND p.id = k.row LEFT
      JOIN observations o ON k.kind = 'observation' AND o.id = k.row
     WHERE ${stops[to]}${here ? ` AND (k.turn, k.side, k.sequence) ${comparison} (?2, ?3, ?4)` : ''}
     ORDER BY k.turn ${order}, k.side ${order}, k.sequence ${order} LIMIT 1`,
    here ? [session, here.turn, here.side, here.sequence] : [session],
  );
  return found ? placeOf(found) : null;
}

/** Which rows an erasure takes, what they say, and by which marks they are known later. */
import type { EraseExample } from '../../../protocol/erase';
import { MemoryError } from '../../../protocol/errors';
import type { SessionId } from '../../../protocol/model';
import { parseRowKey, rowKeyOf } from '../../../protocol/row-key';
import type { NameKey } from '../../lib/keyed-name';
import type { Row, SqlDriver } from '../sqlite/driver';
import { erasedMark, erasedTest } from './erasures';
import type { ErasedRow } from './erasures';
import { noteMark } from './notes';
import { aliasesOf, importedLook } from './row-aliases';

/** Row numbers; `titles` are those of sessions. */
export interface EraseSelection {
  prompts: number[];
  observations: number[];
  titles: number[];
  learnings: number[];
  notes: number[];
}

export const emptySelection = (): EraseSelection => ({
  prompts: [],
  observations: [],
  titles: [],
  learnings: [],
  notes: [],
});

export const isEmpty = (selection: EraseSelection): boolean =>
  Object.values(selection).every((numbers: number[]) => numbers.length === 0);

const idsOf = (driver: SqlDriver, sql: string, params: (string | number)[]): number[] =>
  driver.all<{ id: number }>(sql, params).map(({ id }) => id);

/** @throws MemoryError `invalid_input` for the key of a session, which is forgotten as a whole */
export function selectKeys(driver: SqlDriver, keys: readonly string[]): EraseSelection {
  const selection = emptySelection();
  const has = (table: string, id: number) =>
    driver.get(`SELECT 1 FROM ${table} WHERE rowid = ?`, [id]) !== undefined ? [id] : [];
  for (const key of new Set(keys)) {
    const ref = parseRowKey(key);
    if (ref?.kind === 'prompt') selection.prompts.push(...has('prompts', ref.row));
    else if (ref?.kind === 'observation') selection.observations.push(...has('observations', ref.row));
    else if (ref?.kind === 'note') selection.notes.push(...has('notes', ref.row));
    else if (ref?.kind === 'learning')
      selection.learnings.push(...idsOf(driver, 'SELECT no AS id FROM learnings WHERE id = ?', [ref.id]));
    else throw new MemoryError('invalid_input', 'A session is forgotten as a whole, by Forget Session.');
  }
  return selection;
}

/** All rows that a session shows in one of its turns. */
export function selectTurn(driver: SqlDriver, id: SessionId, turn: number): EraseSelection {
  const no = driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [id])?.no ?? -1;
  return {
    ...emptySelection(),
    prompts: idsOf(
      driver,
      `SELECT id FROM prompts WHERE session = ?1 AND turn = ?2 UNION
        SELECT prompt_id FROM copies WHERE session = ?1 AND turn = ?2 AND prompt_id IS NOT NULL`,
      [no, turn],
    ),
    observations: idsOf(
      driver,
      `SELECT id FROM observations WHERE session = ?1 AND turn = ?2 UNION
        SELECT observation_id FROM copies WHERE session = ?1 AND turn = ?2 AND observation_id IS NOT NULL`,
      [no, turn],
    ),
  };
}

/** @param until exclusive. @param projectIds undefined for all */
export function selectRange(
  driver: SqlDriver,
  since: number,
  until: number,
  projectIds: readonly number[] | undefined,
): EraseSelection {
  const within = (table: string) =>
    idsOf(
      driver,
      `SELECT id FROM ${table} WHERE created_at >= ?1 AND created_at < ?2 ${
        projectIds
          ? 'AND session IN (SELECT no FROM sessions WHERE project_id IN (SELECT value FROM json_each(?3)))'
          : ''
      }`,
      [since, until, ...(projectIds ? [JSON.stringify(projectIds)] : [])],
    );
  return { ...emptySelection(), prompts: within('prompts'), observations: within('observations') };
}

/** All rows of these sessions that no other one shows, for the proof of forgetting them. */
export function selectSessions(driver: SqlDriver, ids: readonly SessionId[]): EraseSelection {
  const json = JSON.stringify(ids);
  const nos = 'SELECT no FROM sessions WHERE id IN (SELECT value FROM json_each(?))';
  return {
    ...emptySelection(),
    prompts: idsOf(driver, `SELECT id FROM prompts WHERE session IN (${nos})`, [json]),
    observations: idsOf(driver, `SELECT id FROM observations WHERE session IN (${nos})`, [json]),
    titles: idsOf(driver, `SELECT no AS id FROM sessions WHERE id IN (SELECT value FROM json_each(?))`, [json]),
  };
}

/** What is marked as erased and is there all the same, as in a memory of an earlier day. */
export function selectErased(driver: SqlDriver, names: NameKey): EraseSelection {
  const erased = '(SELECT mark FROM erased_rows)';
  const isErased = erasedTest(driver) ?? (() => false);
  return {
    prompts: idsOf(driver, `SELECT id FROM prompts WHERE uid IN ${erased}`, []),
    observations: idsOf(driver, `SELECT id FROM observations WHERE uid IN ${erased}`, []),
    titles: idsOf(driver, `SELECT no AS id FROM sessions WHERE 'title:' || id IN ${erased}`, []),
    learnings: idsOf(driver, `SELECT no AS id FROM learnings WHERE 'learning:' || id IN ${erased} AND title <> ''`, []),
    notes: driver
      .all<{ no: number; path: string; body: string }>('SELECT no, path, body FROM notes')
      .flatMap(({ no, path, body }) => (isErased(noteMark(names, path, body)) ? [no] : [])),
  };
}

/** Sessions that show one of the rows, or whose title goes. */
export function sessionsShowing(driver: SqlDriver, { prompts, observations, titles }: EraseSelection): SessionId[] {
  return driver
    .all<{ id: string }>(
      `SELECT id FROM sessions WHERE no IN (SELECT session FROM prompts WHERE id IN (SELECT value FROM json_each(?1)))
        OR no IN (SELECT session FROM observations WHERE id IN (SELECT value FROM json_each(?2)))
        OR no IN (SELECT session FROM copies WHERE prompt_id IN (SELECT value FROM json_each(?1)))
        OR no IN (SELECT session FROM copies WHERE observation_id IN (SELECT value FROM json_each(?2)))
        OR no IN (SELECT value FROM json_each(?3)) ORDER BY no`,
      [JSON.stringify(prompts), JSON.stringify(observations), JSON.stringify(titles)],
    )
    .map(({ id }) => id);
}

/** Sessions among these of which no row would stay. */
export function countEmptied(driver: SqlDriver, ids: readonly SessionId[], selection: EraseSelection): number {
  return (
    driver.get<{ n: number }>(
      `SELECT count(*) AS n FROM sessions s WHERE id IN (SELECT value FROM json_each(?1))
        AND NOT EXISTS (SELECT 1 FROM prompts WHERE session = s.no AND id NOT IN (SELECT value FROM json_each(?2)))
        AND NOT EXISTS (SELECT 1 FROM observations WHERE session = s.no AND id NOT IN (SELECT value FROM json_each(?3)))
        AND NOT EXISTS (SELECT 1 FROM copies WHERE session = s.no AND coalesce(prompt_id NOT IN (SELECT value
          FROM json_each(?2)), observation_id NOT IN (SELECT value FROM json_each(?3))))`,
      [JSON.stringify(ids), JSON.stringify(selection.prompts), JSON.stringify(selection.observations)],
    )?.n ?? 0
  );
}

/** Marks of all that is selected, for each session that shows it. Notes are marked by whoever knows their key. */
export function* marksOfSelection(driver: SqlDriver, selection: EraseSelection): Generator<ErasedRow> {
  const showing = (column: 'prompt_id' | 'observation_id') =>
    `SELECT c.${column} AS id, s.id AS session FROM copies c JOIN sessions s ON s.no = c.session`;
  for (const { uid, name, answer = null, session, isOwn } of driver.all<MarkedRow>(
    `SELECT p.uid, p.content_hash AS name, p.answer_key AS answer, s.id AS session, 1 AS isOwn
      FROM prompts p JOIN sessions s ON s.no = p.session WHERE p.id IN (SELECT value FROM json_each(?1))
      UNION ALL SELECT p.uid, p.content_hash, NULL, c.session, 0 FROM prompts p
      JOIN (${showing('prompt_id')}) c ON c.id = p.id WHERE p.id IN (SELECT value FROM json_each(?1))`,
    [JSON.stringify(selection.prompts)],
  )) {
    if (isOwn) yield* marksOfRow(driver, 'prompts', uid, session);
    if (answer !== null) yield { mark: erasedMark.answer(answer), session };
    yield { mark: erasedMark.text(name, session), session };
  }
  for (const { uid, name, session, isOwn } of driver.all<MarkedRow>(
    `SELECT o.uid, o.tool_use_id AS name, s.id AS session, 1 AS isOwn FROM observations o
      JOIN sessions s ON s.no = o.session WHERE o.id IN (SELECT value FROM json_each(?1)) UNION ALL
      SELECT o.uid, o.tool_use_id, c.session, 0 FROM observations o
      JOIN (${showing('observation_id')}) c ON c.id = o.id WHERE o.id IN (SELECT value FROM json_each(?1))`,
    [JSON.stringify(selection.observations)],
  )) {
    if (isOwn) yield* marksOfRow(driver, 'observations', uid, session);
    yield { mark: erasedMark.call(name, session), session };
  }
  for (const { id } of driver.all<{ id: string }>(
    'SELECT id FROM sessions WHERE no IN (SELECT value FROM json_each(?))',
    [JSON.stringify(selection.titles)],
  ))
    yield { mark: erasedMark.title(id), session: id };
  for (const { id } of driver.all<{ id: string }>(
    'SELECT id FROM learnings WHERE no IN (SELECT value FROM json_each(?))',
    [JSON.stringify(selection.learnings)],
  ))
    yield { mark: erasedMark.learning(id), session: '' };
}

/** By its uid, by what another memory or a transcript calls it, and by its look when no transcript has said it here. */
function* marksOfRow(
  driver: SqlDriver,
  table: 'prompts' | 'observations',
  uid: string,
  session: SessionId,
): Generator<ErasedRow> {
  yield { mark: uid, session };
  for (const alias of aliasesOf(driver, uid)) yield { mark: alias, session };
  const look = importedLook(driver, table, uid);
  if (look) yield { mark: erasedMark.look(session, look.at, look.sort), session };
}

type MarkedRow = Row & { uid: string; name: string; answer?: string | null; session: string; isOwn: number };

/** All texts of what is selected, row by row. JSON as it is stored. */
export function* textsOfSelection(driver: SqlDriver, selection: EraseSelection): Generator<string[]> {
  const tables = [
    ['prompts', 'id', 'content', selection.prompts],
    ['observations', 'id', 'headline, input, content, diffs_json, files_json', selection.observations],
    ['sessions', 'no', 'title, own_title, summary, first_prompt', selection.titles],
    ['learnings', 'no', 'title, description, context, examples_json, dead_end_json', selection.learnings],
    ['notes', 'no', 'title, body', selection.notes],
  ] as const;
  for (const [table, key, columns, numbers] of tables)
    for (let from = 0; from < numbers.length; from += rowsAtOnce)
      for (const row of driver.all(`SELECT ${columns} FROM ${table} WHERE ${key} IN (SELECT value FROM json_each(?))`, [
        JSON.stringify(numbers.slice(from, from + rowsAtOnce)),
      ]))
        yield Object.values(row).flatMap((value) => (typeof value === 'string' && value !== '' ? [value] : []));
}

const rowsAtOnce = 100;

export interface EraseCounts {
  summaries: number;
  quoting: string[];
}

/** What is made of the rows and goes with them, and which accepted learnings quote one of them. */
export function madeOf(driver: SqlDriver, ids: readonly SessionId[], selection: EraseSelection): EraseCounts {
  const summaries = driver.get<{ n: number }>(
    'SELECT count(*) AS n FROM summaries WHERE session_id IN (SELECT value FROM json_each(?)) AND is_published = 1',
    [JSON.stringify(ids)],
  )?.n;
  const quoting = driver.all<{ title: string }>(
    `SELECT title FROM learnings WHERE state = 'accepted' AND deleted_at IS NULL
      AND no NOT IN (SELECT value FROM json_each(?3)) AND id IN (SELECT e.learning_id FROM learning_evidence e,
        json_each(e.lines_json) l WHERE json_extract(l.value, '$.uid') IN (SELECT uid FROM prompts
          WHERE id IN (SELECT value FROM json_each(?1)) UNION ALL SELECT uid FROM observations
          WHERE id IN (SELECT value FROM json_each(?2)))) ORDER BY updated_at DESC, no DESC`,
    [JSON.stringify(selection.prompts), JSON.stringify(selection.observations), JSON.stringify(selection.learnings)],
  );
  return { summaries: summaries ?? 0, quoting: quoting.map(({ title }) => title) };
}

const mostExamples = 5;
const exampleLetters = 160;

export function examplesOf(driver: SqlDriver, { prompts, observations }: EraseSelection): EraseExample[] {
  return driver
    .all<{ kind: 'prompt' | 'observation'; id: number; title: string; text: string; at: number } & Row>(
      `SELECT * FROM (
        SELECT 'prompt' AS kind, p.id, CASE s.title WHEN '' THEN s.first_prompt ELSE s.title END AS title,
          substr(p.content, 1, ${exampleLetters}) AS text, p.created_at AS at
          FROM prompts p JOIN sessions s ON s.no = p.session WHERE p.id IN (SELECT value FROM json_each(?1))
        UNION ALL SELECT 'observation', o.id, CASE s.title WHEN '' THEN s.first_prompt ELSE s.title END,
          substr(o.headline, 1, ${exampleLetters}), o.created_at
          FROM observations o JOIN sessions s ON s.no = o.session WHERE o.id IN (SELECT value FROM json_each(?2)))
       ORDER BY at, id LIMIT ${mostExamples}`,
      [JSON.stringify(prompts), JSON.stringify(observations)],
    )
    .map(({ kind, id, title, text, at }) => ({ key: rowKeyOf({ kind, row: id }), title, text, at }));
}

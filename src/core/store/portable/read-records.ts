/** Reads the records of an export in slices, so that questions are answered in between. */
import type { RecordKind } from '../../../protocol/portable';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { kindTables } from './kinds';
import type { FieldType, KindTable } from './kinds';

/** Which part of the memory; everything when nothing is named. */
export interface Part {
  projectIds?: readonly number[];
  sessionIds?: readonly string[];
}

export type RecordValue = string | number | boolean | null | object;
export type PlainRecord = Record<string, RecordValue>;

/** Letters of one slice: reading and writing them takes about 10 ms. */
const sliceLetters = 256 * 1024;
const sliceRows = 2_000;

const isWhole = ({ projectIds, sessionIds }: Part): boolean => !projectIds && !sessionIds;

/** SQL that names the sessions of a part by number or id; its one parameter is `listOf`. */
function sessionsOf({ projectIds }: Part, column: 'no' | 'id'): string {
  return `SELECT ${column} FROM sessions WHERE ${projectIds ? 'project_id' : 'id'} IN (SELECT value FROM json_each(?1))`;
}

const listOf = ({ projectIds, sessionIds = [] }: Part): string => JSON.stringify(projectIds ?? sessionIds);

function learningsOf(part: Part): string {
  const bySession = `EXISTS (SELECT 1 FROM json_each(source_sessions_json) WHERE value IN (${sessionsOf(part, 'id')}))`;
  return part.projectIds ? `(project_id IN (SELECT value FROM json_each(?1)) OR ${bySession})` : bySession;
}

/** The condition of a kind for a part; undefined when the part has none of it. */
function conditionOf({ part: by }: KindTable, part: Part): string | undefined {
  if (isWhole(part)) return '?1 IS NOT NULL';
  if (by === 'whole') return undefined;
  if (by === 'sessions') return `s.no IN (${sessionsOf(part, 'no')})`;
  if (by === 'learnings') return learningsOf(part);
  if (by === 'classes')
    return `(c.session_id IN (${sessionsOf(part, 'id')}) OR (c.what = 'project' AND c.target IN (SELECT p.root
      FROM sessions s JOIN projects p ON p.id = s.project_id WHERE s.id IN (${sessionsOf(part, 'id')})))
      OR (c.what = 'learning' AND c.target IN (SELECT id FROM learnings WHERE ${learningsOf(part)})))`;
  if ('each' in by) return '?1 IS NOT NULL';
  if ('session' in by) return `${by.session} IN (${sessionsOf(part, 'id')})`;
  return `${by.learning} IN (SELECT id FROM learnings WHERE ${learningsOf(part)})`;
}

/** Numbers of the sessions of a part, the first that came first. */
export const numbersOf = (driver: SqlDriver, part: Part): number[] =>
  driver
    .all<{ no: number }>(
      `SELECT no FROM sessions WHERE status <> 'deleted' AND ${isWhole(part) ? '?1 IS NOT NULL' : `no IN (${sessionsOf(part, 'no')})`}
        ORDER BY no`,
      [listOf(part)],
    )
    .map(({ no }) => no);

/** All records of a kind, slice by slice. */
export function* readRecords(driver: SqlDriver, kind: RecordKind, part: Part): Generator<PlainRecord[], void> {
  const table = kindTables[kind];
  const condition = conditionOf(table, part);
  if (condition === undefined) return;
  const by = table.part;
  if (typeof by === 'object' && 'each' in by) {
    // Many sessions have a few rows of a kind: they share a slice.
    let waiting: PlainRecord[] = [];
    let letters = 0;
    let looked = 0;
    for (const no of numbersOf(driver, part))
      for (const slice of ofSession(driver, kind, table, by.each, no, part)) {
        waiting.push(...slice.records);
        letters += slice.letters;
        if (letters < sliceLetters && waiting.length < sliceRows && ++looked % 200 > 0) continue;
        yield waiting;
        waiting = [];
        letters = 0;
      }
    if (waiting.length > 0) yield waiting;
    return;
  }
  for (const { records } of slicesOf(driver, table, condition, part)) if (records.length > 0) yield records;
}

/** A part that has a fork and not its origin has the rows that the fork shows as its own. */
function* ofSession(
  driver: SqlDriver,
  kind: RecordKind,
  table: KindTable,
  column: string,
  no: number,
  part: Part,
): ReturnType<typeof slicesOf> {
  yield* slicesOf(driver, table, `${column} = ${no}`, part);
  if (isWhole(part) || (kind !== 'prompts' && kind !== 'observations')) return;
  const [id, number] = kind === 'prompts' ? (['prompt_id', 0] as const) : (['observation_id', 1] as const);
  const places: Readonly<Record<string, string>> = { sequence: 'c.sequence_num', turn: 'c.turn' };
  const shown: KindTable = {
    ...table,
    from: `copies c JOIN ${kind} r ON r.id = c.${id} JOIN sessions s ON s.no = c.session
      LEFT JOIN documents d ON d.kind = ${number} AND d.row_id = r.id`,
    key: 'c.rowid',
    fields: table.fields.map((field) => ({ ...field, sql: places[field.name] ?? field.sql })),
  };
  yield* slicesOf(driver, shown, `c.session = ${no} AND r.session NOT IN (${sessionsOf(part, 'no')})`, part);
}

/** Ends with a slice that may be empty. */
function* slicesOf(
  driver: SqlDriver,
  table: KindTable,
  condition: string,
  part: Part,
): Generator<{ records: PlainRecord[]; letters: number }, void> {
  const columns = table.fields.map(({ sql }) => sql).join(', ');
  const sql = `SELECT ${table.key}, ${columns} FROM ${table.from} WHERE ${condition} AND ${table.key} > ?2
    ${table.where === undefined ? '' : `AND (${table.where})`} AND ?1 IS NOT NULL ORDER BY ${table.key} LIMIT ${sliceRows}`;
  const list = listOf(part);
  for (let after: SqlValue = table.isNamed ? '' : -1; ;) {
    const records: PlainRecord[] = [];
    let letters = 0;
    let last: SqlValue = null;
    driver.each(sql, [list, after], ([key = null, ...values]) => {
      last = key;
      const record: PlainRecord = {};
      table.fields.forEach(({ name, type }, index) => {
        const value = values[index] ?? null;
        if (typeof value === 'string') letters += value.length;
        if (value !== null) record[name] = valueOf(type, value);
      });
      records.push(record);
      return letters < sliceLetters;
    });
    yield { records, letters };
    if (last === null || (records.length < sliceRows && letters < sliceLetters)) return;
    after = last;
  }
}

function valueOf(type: FieldType, value: SqlValue): RecordValue {
  if (type === 'flag') return value === 1;
  if (type !== 'json') return value;
  try {
    return JSON.parse(value as string) as RecordValue;
  } catch {
    // Damage: the record is worth more than this part of it.
    return null;
  }
}

/** Bytes that prompts and observations take, roughly, for progress. */
export function countRecords(driver: SqlDriver, part: Part): number {
  const where = isWhole(part) ? '?1 IS NOT NULL' : `no IN (${sessionsOf(part, 'no')})`;
  return (
    driver.get<{ n: number | null }>(
      `SELECT sum(next_sequence) AS n FROM sessions WHERE status <> 'deleted' AND ${where}`,
      [listOf(part)],
    )?.n ?? 0
  );
}

/** Ids of the learnings of a part. */
export const learningIdsOf = (driver: SqlDriver, part: Part): string[] =>
  driver
    .all<{ id: string }>(
      `SELECT id FROM learnings WHERE deleted_at IS NULL AND ?1 IS NOT NULL AND ${isWhole(part) ? '1' : learningsOf(part)}`,
      [listOf(part)],
    )
    .map(({ id }) => id);

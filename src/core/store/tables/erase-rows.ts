/**
 * Erases rows by their marks, session by session: with their documents and vectors, with what a person put on them, and
 * with what was made of the session, which is then made again of what stays.
 */
import type { SessionId } from '../../../protocol/model';
import { foldRedacted, noText } from '../../observe/redact';
import type { Redacted } from '../../observe/redact';
import { cutLine } from '../../observe/seal';
import { titleOfPrompt } from '../../observe/title';
import { titleRanks } from '../../transcript/schema';
import type { Row, SqlDriver } from '../sqlite/driver';
import { forgetClassOfRow } from './classes';
import { documentKinds, unindexRow } from './documents';
import { erasedMark } from './erasures';
import { eraseEmptied } from './forget';
import { forgetMadeOf, makeAgain } from './forget-distilled';
import { recentSearchesKey } from './searches';
import { ownTitle, replaceTitle } from './session-titles';

const firstPromptLength = 300;
const maxFiles = 50;

/** Erases in one session what is marked, and what was made of it. Called again it finds nothing left to do. */
export function eraseInSession(driver: SqlDriver, id: SessionId, now: number): void {
  driver.transaction(() => {
    const no = driver.get<{ no: number }>('SELECT no FROM sessions WHERE id = ?', [id])?.no;
    if (no === undefined) return;
    for (const [table, kind] of [
      ['prompts', documentKinds.prompt],
      ['observations', documentKinds.observation],
    ] as const)
      for (const row of driver.all<{ id: number; uid: string }>(
        `SELECT id, uid FROM ${table} WHERE session = ? AND uid IN (SELECT mark FROM erased_rows)`,
        [no],
      )) {
        unindexRow(driver, kind, row.id);
        driver.run('DELETE FROM marks WHERE uid = ?', [row.uid]);
        forgetClassOfRow(driver, row.uid);
        // Copies of it in other sessions go with it.
        driver.run(`DELETE FROM ${table} WHERE id = ?`, [row.id]);
      }
    if (isEmptied(driver, no)) {
      eraseEmptied(driver, no);
      return;
    }
    forgetMadeOf(driver, no, id, now);
    describeAnew(driver, no, id);
  });
}

const isEmptied = (driver: SqlDriver, no: number): boolean =>
  driver.get(
    `SELECT 1 FROM prompts WHERE session = ?1 UNION ALL SELECT 1 FROM observations WHERE session = ?1
      UNION ALL SELECT 1 FROM copies WHERE session = ?1 LIMIT 1`,
    [no],
  ) === undefined;

/** Counts, first prompt, files and title of a session, from the rows that stay. */
function describeAnew(driver: SqlDriver, no: number, id: SessionId): void {
  const shown = (command: '<>' | '=') =>
    driver.get<{ content: string }>(
      `SELECT content FROM (SELECT content, turn, sequence_num AS n FROM prompts WHERE session = ?1
          AND prompt_type = 'user' AND note ${command} 'command'
        UNION ALL SELECT p.content, c.turn, c.sequence_num FROM copies c JOIN prompts p ON p.id = c.prompt_id
          WHERE c.session = ?1 AND p.prompt_type = 'user' AND p.note ${command} 'command') ORDER BY turn, n LIMIT 1`,
      [no],
    )?.content as Redacted | undefined;
  const first = shown('<>');
  const command = first === undefined ? shown('=') : undefined;
  const files = driver
    .all<{ file: string }>(
      `SELECT DISTINCT json_extract(d.value, '$.file') AS file FROM observations o, json_each(o.diffs_json) d
        WHERE (o.session = ?1 OR o.id IN (SELECT observation_id FROM copies WHERE session = ?1)) AND file <> ''
        LIMIT ${maxFiles}`,
      [no],
    )
    .map(({ file }) => file);
  driver.run(
    `UPDATE sessions SET prompts = (SELECT count(*) FROM prompts WHERE session = ?1 AND prompt_type = 'user'),
      observations = (SELECT count(*) FROM observations WHERE session = ?1),
      errors = (SELECT count(*) FROM observations WHERE session = ?1 AND observation_type = 'error'),
      first_prompt = ?2, files_json = ?3, summary = NULL WHERE no = ?1`,
    [no, cutLine(foldRedacted(first ?? command ?? noText), firstPromptLength), JSON.stringify(files)],
  );
  const isErased = driver.get('SELECT 1 FROM erased_rows WHERE mark = ?', [erasedMark.title(id)]) !== undefined;
  if (first !== undefined) replaceTitle(driver, no, titleOfPrompt(first), titleRanks.prompt, isErased);
  else
    replaceTitle(driver, no, cutLine(foldRedacted(command ?? noText), firstPromptLength), titleRanks.command, isErased);
}

/** Erases learnings with what proves them. */
export function eraseLearnings(driver: SqlDriver, numbers: readonly number[]): void {
  driver.transaction(() => {
    for (const no of numbers) {
      const id = driver.get<{ id: string }>('SELECT id FROM learnings WHERE no = ?', [no])?.id;
      if (id === undefined) continue;
      unindexRow(driver, documentKinds.learning, no);
      driver.run('DELETE FROM learning_evidence WHERE learning_id = ?', [id]);
      driver.run('DELETE FROM learning_trail WHERE learning_id = ?', [id]);
      driver.run('DELETE FROM learning_merges WHERE merged = ?1 OR into_id = ?1', [id]);
      // Its fact stays, without a word, so that it is not proposed again.
      driver.run(
        `UPDATE learnings SET state = 'rejected', title = '', description = '', context = '', examples_json = '[]',
          tags_json = '[]', verification_notes = '', stale_reason = '', dead_end_json = NULL,
          cites_json = '{"files":[],"symbols":[]}', watches_json = '[]', is_pinned = 0 WHERE no = ? AND fact_key IS NOT NULL`,
        [no],
      );
      driver.run('DELETE FROM learnings WHERE no = ? AND fact_key IS NULL', [no]);
    }
  });
}

/**
 * Goes through texts that are made of rows, or stand beside them, and removes those that `has` finds, a table at a time.
 * Rows, notes, accepted learnings and what a person named stay: what is looked for stands in none of them. Returns how
 * many were removed.
 */
export function* removeDerived(
  driver: SqlDriver,
  has: (text: string) => boolean,
  now: number,
): Generator<undefined, number> {
  let removed = 0;
  for (const { sql, remove } of derivedTexts) {
    driver.transaction(() => {
      for (const row of driver.all(sql))
        if (Object.values(row).some((value) => typeof value === 'string' && has(value))) {
          remove(driver, row, now);
          removed++;
        }
    });
    yield;
  }
  return removed;
}

const deleting =
  (table: string, key: string) =>
  (driver: SqlDriver, row: Row): void =>
    void driver.run(`DELETE FROM ${table} WHERE ${key} = ?`, [row[key] ?? null]);

const derivedTexts: readonly { sql: string; remove: (driver: SqlDriver, row: Row, now: number) => void }[] = [
  {
    sql: 'SELECT id, session_id, title, content, body_json, key_points_json, action_items_json FROM summaries',
    remove(driver, row, now) {
      driver.run('DELETE FROM summaries WHERE id = ?', [row['id'] ?? null]);
      makeAgain(driver, String(row['session_id']), now);
    },
  },
  {
    sql: `SELECT no, title, description, context, examples_json, dead_end_json, cites_json, watches_json, tags_json FROM learnings
      WHERE state <> 'accepted' AND origin <> 'person'`,
    remove: (driver, row) => eraseLearnings(driver, [row['no'] as number]),
  },
  {
    sql: 'SELECT id, message, args_json, lines_json FROM learning_evidence',
    remove: deleting('learning_evidence', 'id'),
  },
  {
    sql: 'SELECT id, note FROM learning_trail',
    remove: (driver, row) => void driver.run("UPDATE learning_trail SET note = '' WHERE id = ?", [row['id'] ?? null]),
  },
  { sql: 'SELECT id, name, label FROM entities', remove: deleting('entities', 'id') },
  { sql: 'SELECT leaf_uuid, title FROM leaf_titles', remove: deleting('leaf_titles', 'leaf_uuid') },
  {
    sql: 'SELECT id, error, payload_json, error_args_json FROM task_queue',
    remove: deleting('task_queue', 'id'),
  },
  {
    sql: `SELECT key, value_json FROM configurations WHERE key LIKE 'search:%' OR key = '${recentSearchesKey}'`,
    remove: deleting('configurations', 'key'),
  },
  {
    sql: `SELECT no, id, ${ownTitle('sessions')} AS title, first_prompt, summary, files_json FROM sessions`,
    remove(driver, { no, id }) {
      driver.run("INSERT OR IGNORE INTO erased_rows (mark, session_id, erasure) VALUES (?, ?, '')", [
        erasedMark.title(String(id)),
        id ?? null,
      ]);
      describeAnew(driver, no as number, String(id));
    },
  },
];

/** A table whose texts stay: a piece of an erased text that stands in one of them too proves nothing. */
interface KeptTable {
  name: string;
  key: string;
  columns: string;
  where?: string;
}

export const keptTables: readonly KeptTable[] = [
  { name: 'prompts', key: 'id', columns: 'content, note, model, agent_id' },
  {
    name: 'observations',
    key: 'id',
    columns: 'source_tool, headline, input, content, diffs_json, files_json, agent_id',
  },
  { name: 'notes', key: 'no', columns: 'path, name, title, body' },
  {
    name: 'learnings',
    key: 'no',
    columns:
      'title, description, context, examples_json, tags_json, dead_end_json, cites_json, watches_json, verification_notes',
    where: "(state = 'accepted' OR origin = 'person')",
  },
  { name: 'projects', key: 'id', columns: 'root, name' },
  { name: 'sessions', key: 'no', columns: 'id, cwd, git_branch, model_used, metadata_json' },
  { name: 'sources', key: 'rowid', columns: 'path' },
];

/** Visits texts behind `after`, of about `most` letters. Returns the last key; undefined at the end. */
export function eachKept(
  driver: SqlDriver,
  { name, key, columns, where = '1' }: KeptTable,
  after: number,
  most: number,
  visit: (text: string) => void,
): number | undefined {
  let last: number | undefined;
  let letters = 0;
  driver.each(
    `SELECT ${key}, ${columns} FROM ${name} WHERE ${key} > ? AND ${where} ORDER BY ${key} LIMIT 1000`,
    [after],
    ([no, ...values]) => {
      last = no as number;
      for (const value of values)
        if (typeof value === 'string' && value !== '') {
          visit(value);
          letters += value.length;
        }
      return letters < most;
    },
  );
  return last;
}

/** The same of small tables: what a person put on rows and sessions, and settings. */
export const smallKept = (driver: SqlDriver): string[] =>
  driver
    .all<{ text: string }>(
      `SELECT tags_json AS text FROM marks UNION ALL SELECT name FROM session_marks UNION ALL
        SELECT value_json FROM configurations WHERE key NOT LIKE 'search%' UNION ALL SELECT from_root FROM project_joins
        UNION ALL SELECT into_root FROM project_joins UNION ALL SELECT target FROM give_choices WHERE what = 'source'`,
    )
    .map(({ text }) => text);

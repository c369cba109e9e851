/**
 * All texts that the memory holds, wherever they stand, for a scan by newer rules of redaction. Keyed names and ids are
 * none: they were never text. What the disk itself says (paths of transcripts) is none either.
 */
import type { Redacted } from '../../observe/redact';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { documentKinds, indexRow, unindexRow } from './documents';
import type { DocumentEntry, DocumentKind } from './documents';
import { recentSearchesKey } from './searches';

interface TextTable {
  table: string;
  /** A number or, with `isNamed`, a text; rows are visited in its order. */
  key: string;
  isNamed?: true;
  texts: readonly string[];
  /** Columns of JSON, whose strings are texts. */
  json?: readonly string[];
  /** Keyed names stand among the strings of its JSON, which are no text. */
  hasNames?: true;
  /** The rows are documents of this kind. */
  kind?: DocumentKind;
  where?: string;
}

const textTables: readonly TextTable[] = [
  {
    table: 'prompts',
    key: 'id',
    texts: ['content', 'note', 'model', 'agent_id'],
    kind: documentKinds.prompt,
  },
  {
    table: 'observations',
    key: 'id',
    texts: ['source_tool', 'headline', 'input', 'content', 'content_preview', 'agent_id'],
    json: ['diffs_json', 'files_json', 'tags_json'],
    kind: documentKinds.observation,
  },
  {
    table: 'sessions',
    key: 'no',
    texts: ['title', 'own_title', 'summary', 'first_prompt', 'cwd', 'git_branch', 'model_used'],
    json: ['metadata_json', 'files_json'],
    kind: documentKinds.session,
  },
  {
    table: 'learnings',
    key: 'no',
    texts: ['title', 'description', 'context', 'verification_notes', 'stale_reason'],
    json: ['examples_json', 'tags_json', 'dead_end_json', 'cites_json', 'watches_json'],
    kind: documentKinds.learning,
  },
  { table: 'learning_evidence', key: 'id', texts: ['message'], json: ['args_json', 'lines_json'] },
  { table: 'learning_trail', key: 'id', texts: ['note'] },
  {
    table: 'summaries',
    key: 'id',
    texts: ['title', 'content'],
    json: ['body_json', 'key_points_json', 'action_items_json'],
  },
  { table: 'notes', key: 'no', texts: ['name', 'title', 'body'], kind: documentKinds.note },
  { table: 'entities', key: 'id', texts: ['name', 'label'] },
  { table: 'marks', key: 'uid', isNamed: true, texts: [], json: ['tags_json'] },
  { table: 'session_marks', key: 'session_id', isNamed: true, texts: ['name'] },
  { table: 'leaf_titles', key: 'leaf_uuid', isNamed: true, texts: ['title'] },
  // Where reading goes on: the folder and the branch of the last line, and keyed names.
  { table: 'sources', key: 'path', isNamed: true, hasNames: true, texts: [], json: ['state_json'] },
  { table: 'documents', key: 'id', texts: ['tool'] },
  { table: 'projects', key: 'id', texts: ['root', 'name'] },
  { table: 'restrictions', key: 'no', texts: ['root'] },
  { table: 'project_joins', key: 'no', texts: ['from_root', 'into_root'] },
  { table: 'give_choices', key: 'no', texts: ['target'], where: "what = 'source'" },
  { table: 'model_calls', key: 'id', isNamed: true, texts: ['project_root'] },
  { table: 'task_queue', key: 'id', texts: ['error'], json: ['payload_json', 'error_args_json'] },
  {
    table: 'configurations',
    key: 'key',
    isNamed: true,
    texts: [],
    json: ['value_json'],
    where: `key LIKE 'search:%' OR key = '${recentSearchesKey}'`,
  },
];

/** A row, and its texts in the order of the columns; JSON as it is stored. */
export interface TextRow {
  key: string | number;
  values: (string | null)[];
}

export interface TextColumns extends Omit<TextTable, 'json' | 'texts'> {
  columns: readonly { name: string; isJson: boolean }[];
}

/** The tables that this database has, with the columns that it has. */
export function textColumns(driver: SqlDriver): TextColumns[] {
  return textTables.flatMap(({ texts, json = [], ...table }) => {
    const known = new Set(
      driver.all<{ name: string }>(`SELECT name FROM pragma_table_info('${table.table}')`).map(({ name }) => name),
    );
    const columns = [
      ...texts.map((name) => ({ name, isJson: false })),
      ...json.map((name) => ({ name, isJson: true })),
    ].filter(({ name }) => known.has(name));
    return columns.length > 0 ? [{ ...table, columns }] : [];
  });
}

const condition = ({ where }: TextColumns): string => (where === undefined ? '' : ` AND (${where})`);

export const countTexts = (driver: SqlDriver): number =>
  textColumns(driver).reduce(
    (sum, table) =>
      sum + (driver.get<{ n: number }>(`SELECT count(*) AS n FROM ${table.table} WHERE 1${condition(table)}`)?.n ?? 0),
    0,
  );

/** Rows behind `after` (undefined: from the first one), of about `most` letters. */
export function textsAfter(
  driver: SqlDriver,
  table: TextColumns,
  after: string | number | undefined,
  most: number,
): TextRow[] {
  const rows: TextRow[] = [];
  let letters = 0;
  driver.each(
    `SELECT ${[table.key, ...table.columns.map(({ name }) => name)].join(', ')} FROM ${table.table}
      WHERE ${table.key} > ?${condition(table)} ORDER BY ${table.key} LIMIT 1000`,
    [after ?? (table.isNamed ? '' : 0)],
    ([key, ...values]) => {
      rows.push({ key: key as string | number, values: values.map(asText) });
      for (const value of values) letters += typeof value === 'string' ? value.length : 0;
      return letters < most;
    },
  );
  return rows;
}

const asText = (value: SqlValue): string | null => (typeof value === 'string' ? value : null);

/** One row; undefined when it is gone. */
export function textsOf(driver: SqlDriver, table: TextColumns, key: string | number): TextRow | undefined {
  let found: TextRow | undefined;
  driver.each(
    `SELECT ${table.columns.map(({ name }) => name).join(', ')} FROM ${table.table} WHERE ${table.key} = ?`,
    [key],
    (values) => {
      found = { key, values: values.map(asText) };
      return false;
    },
  );
  return found;
}

/**
 * Puts other texts into a row, and indexes it anew; its vectors go, and are made again from the new text. False when the
 * row is not what was read, which is left as it is then.
 */
export function putTexts(
  driver: SqlDriver,
  table: TextColumns,
  before: TextRow,
  after: readonly (Redacted | null)[],
): boolean {
  const now = textsOf(driver, table, before.key);
  if (!now || now.values.some((value, at) => value !== before.values[at])) return !now;
  const entry =
    table.kind === undefined
      ? undefined
      : driver.get<{ [Name in keyof DocumentEntry]: DocumentEntry[Name] }>(
          `SELECT kind, row_id AS row, session, turn, project_id AS projectId, facet, tool, at FROM documents
            WHERE kind = ? AND row_id = ?`,
          [table.kind, before.key],
        );
  if (entry) unindexRow(driver, entry.kind, entry.row);
  const changed = table.columns.flatMap(({ name }, at) => (after[at] === before.values[at] ? [] : [{ name, at }]));
  // Two names of one kind may have become equal; what the other one says is found again.
  driver.run(
    `UPDATE OR ${table.table === 'entities' ? 'REPLACE' : 'ABORT'} ${table.table}
      SET ${changed.map(({ name }) => `${name} = ?`).join(', ')} WHERE ${table.key} = ?`,
    [...changed.map(({ at }) => after[at] ?? null), before.key],
  );
  if (entry) indexRow(driver, entry);
  return true;
}

/** What can be found: one document a row, and the full-text index over them. */
import type { SqlDriver, SqlValue } from './driver';

/** Stored in `documents.kind`. */
export const documentKinds = { prompt: 0, observation: 1, learning: 2, session: 3 } as const;
export type DocumentKind = (typeof documentKinds)[keyof typeof documentKinds];

export interface DocumentEntry {
  kind: DocumentKind;
  /** Row in prompts, observations, learnings or sessions. */
  row: number;
  session: number;
  turn: number;
  projectId: number;
  /** prompt_type, observation_type, `learning` or `session`. */
  facet: string;
  tool: string;
  at: number;
}

/** Must be called before the index is written or read: the index makes its words with it. */
export function defineTokens(driver: SqlDriver, indexText: (text: string) => string): void {
  driver.define('fulltext_tokens', (text) => (typeof text === 'string' ? indexText(text) : ''));
  driver.define('plain_text', (json) => (typeof json === 'string' ? plainText(json) : ''));
  driver.exec('CREATE VIRTUAL TABLE IF NOT EXISTS temp.fulltext_terms USING fts4aux (main, fulltext)');
}

/** All strings of a JSON text, a line each. */
export function plainText(json: string): string {
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') parts.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(JSON.parse(json));
  return parts.join('\n');
}

/** Adds or renews the document of a row that has just been written. */
export function indexRow(driver: SqlDriver, entry: DocumentEntry): void {
  driver.run(
    `INSERT INTO documents (kind, row_id, session, turn, project_id, facet, tool, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [entry.kind, entry.row, entry.session, entry.turn, entry.projectId, entry.facet, entry.tool, entry.at],
  );
  driver.run('INSERT INTO fulltext (docid, body) SELECT rowid, body FROM fulltext_source WHERE rowid = ?', [driver.lastInsertId()]);
}

/** Takes the document of a row out. Must come before the row changes: the index reads its words from there. */
export function unindexRow(driver: SqlDriver, kind: DocumentKind, row: number): void {
  const id = driver.get<{ id: number }>('SELECT id FROM documents WHERE kind = ? AND row_id = ?', [kind, row])?.id;
  if (id === undefined) return;
  driver.run('DELETE FROM fulltext WHERE docid = ?', [id]);
  driver.run('DELETE FROM documents WHERE id = ?', [id]);
}

/** Folds the index into one segment. Deleted words leave the file only here, so erasing ends with it. */
export function optimizeIndex(driver: SqlDriver): void {
  driver.run("INSERT INTO fulltext (fulltext) VALUES ('optimize')");
}

/** Merges a little: call in idle time. */
export function mergeIndex(driver: SqlDriver): void {
  driver.run("INSERT INTO fulltext (fulltext) VALUES ('merge=200,8')");
}

/** What ranking and filters need to know of a document. */
export interface DocumentFacts {
  id: number;
  kind: DocumentKind;
  row: number;
  session: number;
  turn: number;
  projectId: number;
  facet: string;
  tool: string;
  at: number;
}

export interface DocumentFilter {
  projectIds?: readonly number[];
  facets?: readonly string[];
  tools?: readonly string[];
  after?: number;
  before?: number;
  /** Part of a file path that the session touched, and part of its branch. */
  file?: string;
  branch?: string;
}

/**
 * Documents matching an FTS expression. `info` is matchinfo 'naly': documents, average length, length, hits of each phrase.
 * Its memory is reused: read it before the next row.
 */
export function matchDocuments(driver: SqlDriver, expression: string, filter: DocumentFilter, visit: (id: number, info: Uint32Array) => void): void {
  const { where, params } = filterSql(filter);
  const join = where.length > 0 ? `JOIN documents d ON d.id = fulltext.docid` : '';
  driver.each(
    `SELECT fulltext.docid, matchinfo(fulltext, 'naly') FROM fulltext ${join} WHERE fulltext MATCH ?${where.map((each) => ` AND ${each}`).join('')}`,
    [expression, ...params],
    ([id, info]) => {
      const bytes = info as Uint8Array;
      visit(id as number, new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 4));
    },
  );
}

export function getDocuments(driver: SqlDriver, ids: readonly number[]): DocumentFacts[] {
  return driver.all<DocumentFacts>(`SELECT ${factColumns} FROM documents d WHERE d.id IN (SELECT value FROM json_each(?))`, [JSON.stringify(ids)]);
}

/** The newest documents that pass a filter, for queries without words. */
export function newestDocuments(driver: SqlDriver, filter: DocumentFilter, limit: number): DocumentFacts[] {
  const { where, params } = filterSql(filter);
  return driver.all<DocumentFacts>(`SELECT ${factColumns} FROM documents d ${where.length > 0 ? `WHERE ${where.join(' AND ')}` : ''} ORDER BY d.at DESC LIMIT ?`, [...params, limit]);
}

const factColumns = 'd.id, d.kind, d.row_id AS row, d.session, d.turn, d.project_id AS projectId, d.facet, d.tool, d.at';

function filterSql(filter: DocumentFilter): { where: string[]; params: SqlValue[] } {
  const where: string[] = [];
  const params: SqlValue[] = [];
  const and = (condition: string, value: SqlValue) => {
    where.push(condition);
    params.push(value);
  };
  const among = (column: string, values: readonly (string | number)[] | undefined) => {
    if (values) and(`${column} IN (SELECT value FROM json_each(?))`, JSON.stringify(values));
  };
  among('d.project_id', filter.projectIds);
  among('d.facet', filter.facets);
  among('lower(d.tool)', filter.tools);
  if (filter.after !== undefined) and('d.at >= ?', filter.after);
  if (filter.before !== undefined) and('d.at < ?', filter.before);
  if (filter.file !== undefined) and("d.session IN (SELECT no FROM sessions WHERE lower(files_json) LIKE ? ESCAPE '\\')", like(filter.file));
  if (filter.branch !== undefined) and("d.session IN (SELECT no FROM sessions WHERE lower(git_branch) LIKE ? ESCAPE '\\')", like(filter.branch));
  return { where, params };
}

const like = (part: string): string => `%${part.replace(/[\\%_]/g, '\\$&')}%`;

/** Text of a document, as its row keeps it, for snippets and for checking phrases. */
export function documentText(driver: SqlDriver, kind: DocumentKind, row: number): string {
  switch (kind) {
    case documentKinds.prompt:
      return driver.get<{ t: string }>('SELECT content AS t FROM prompts WHERE id = ?', [row])?.t ?? '';
    case documentKinds.observation: {
      const found = driver.get<{ headline: string; input: string; diffs_json: string; content: string }>('SELECT headline, input, diffs_json, content FROM observations WHERE id = ?', [row]);
      if (!found) return '';
      // A command's first line is its headline: shown once.
      const input = found.input.startsWith(found.headline) ? '' : found.input;
      return [found.headline, input, found.diffs_json === '[]' ? '' : plainText(found.diffs_json), found.content].filter((part) => part !== '').join('\n');
    }
    case documentKinds.learning:
      return driver.get<{ t: string }>('SELECT title || char(10) || description AS t FROM learnings WHERE no = ?', [row])?.t ?? '';
    case documentKinds.session:
      return driver.get<{ t: string }>('SELECT title AS t FROM sessions WHERE no = ?', [row])?.t ?? '';
  }
}

/** In how many documents a term stands. */
export function documentFrequency(driver: SqlDriver, term: string): number {
  return driver.get<{ documents: number }>("SELECT documents FROM temp.fulltext_terms WHERE term = ? AND col = '*'", [term])?.documents ?? 0;
}

export function countDocuments(driver: SqlDriver): number {
  return driver.get<{ n: number }>('SELECT count(*) AS n FROM documents')?.n ?? 0;
}

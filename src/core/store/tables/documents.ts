/** Everything that can be found: one document per row, and the full-text index over them. */
import { composed } from '../../lib/text';
import { titleRanks } from '../../transcript/schema';
import type { SqlDriver } from '../sqlite/driver';

/** Stored in `documents.kind`. */
export const documentKinds = { prompt: 0, observation: 1, learning: 2, session: 3, note: 4 } as const;
export type DocumentKind = (typeof documentKinds)[keyof typeof documentKinds];

export interface DocumentEntry {
  kind: DocumentKind;
  /** Row number in prompts, observations, learnings, sessions or notes. */
  row: number;
  /** `noSession` for a learning or a note; use `sessionOf` to read it. */
  session: number;
  turn: number;
  projectId: number;
  /** prompt_type, observation_type, `learning`, `session` or `note`. */
  facet: string;
  tool: string;
  at: number;
}

/** Value of `documents.session` for a learning or a note. */
export const noSession = 0;

/** True for what belongs to no session, and without a project to all of them: a learning or a note. */
export const isAlone = (kind: DocumentKind): boolean => kind === documentKinds.learning || kind === documentKinds.note;

/** Row number of the document's session; undefined for a learning or a note. */
export const sessionOf = ({ kind, session }: Pick<DocumentEntry, 'kind' | 'session'>): number | undefined =>
  isAlone(kind) ? undefined : session;

declare const subject: unique symbol;
/** Key of what a hit stands for: a session, a learning or a note. */
export type SubjectKey = string & { readonly [subject]: true };

export const subjectOfSession = (session: number): SubjectKey => `session:${session}` as SubjectKey;

/** The key of a document's session; a learning and a note have their own. */
export const subjectOf = ({ kind, row, session }: Pick<DocumentEntry, 'kind' | 'row' | 'session'>): SubjectKey =>
  isAlone(kind)
    ? (`${kind === documentKinds.note ? 'note' : 'learning'}:${row}` as SubjectKey)
    : subjectOfSession(session);

/** The document of a learning; `projectId` is null when it applies to all projects. */
export const learningEntry = (row: number, projectId: number | null, at: number): DocumentEntry => ({
  kind: documentKinds.learning,
  row,
  session: noSession,
  turn: 0,
  projectId: projectId ?? 0,
  facet: 'learning',
  tool: '',
  at,
});

/** The document of a note; `projectId` is null when it is the person's own. */
export const noteEntry = (row: number, projectId: number | null, at: number): DocumentEntry => ({
  ...learningEntry(row, projectId, at),
  kind: documentKinds.note,
  facet: 'note',
});

/** Defines the SQL function that tokenizes. Must be called before the index is written or read. */
export function defineTokens(driver: SqlDriver, indexText: (text: string) => string): void {
  driver.define('fulltext_tokens', (text) => (typeof text === 'string' ? indexText(text) : ''));
  driver.define('composed', (text) => (typeof text === 'string' ? composed(text) : ''));
  driver.define('plain_text', (json) => (typeof json === 'string' ? plainText(json) : ''));
}

/** All strings of a JSON text, one per line. */
function plainText(json: string): string {
  const parts: string[] = [];
  const visit = (value: unknown): void => {
    if (typeof value === 'string') parts.push(value);
    else if (value && typeof value === 'object') Object.values(value).forEach(visit);
  };
  visit(JSON.parse(json));
  return parts.join('\n');
}

/** Adds or replaces the document of a row that has just been written. */
export function indexRow(driver: SqlDriver, entry: DocumentEntry): void {
  driver.run(
    `INSERT INTO documents (kind, row_id, session, turn, project_id, facet, tool, at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    [entry.kind, entry.row, entry.session, entry.turn, entry.projectId, entry.facet, entry.tool, entry.at],
  );
  driver.run('INSERT INTO fulltext (docid, body) SELECT rowid, body FROM fulltext_source WHERE rowid = ?', [
    driver.lastInsertId(),
  ]);
}

/**
 * Removes the document of a row. Must be called before the row changes, because the index reads the words to remove
 * from there.
 */
export function unindexRow(driver: SqlDriver, kind: DocumentKind, row: number): void {
  const id = driver.get<{ id: number }>('SELECT id FROM documents WHERE kind = ? AND row_id = ?', [kind, row])?.id;
  if (id === undefined) return;
  // FTS4 would take the words of a document that waits for the index from words of others.
  if (isIndexed(driver, id)) driver.run('DELETE FROM fulltext WHERE docid = ?', [id]);
  driver.run('DELETE FROM documents WHERE id = ?', [id]);
}

const isIndexed = (driver: SqlDriver, id: number): boolean =>
  driver.get('SELECT 1 FROM fulltext_docsize WHERE docid = ?', [id]) !== undefined;

/** Merges the index into one segment. Only this removes deleted words from the file, so erasing must end with it. */
export function optimizeIndex(driver: SqlDriver): void {
  driver.run("INSERT INTO fulltext (fulltext) VALUES ('optimize')");
}

/** Merges a few segments; called in idle time. */
export function mergeIndex(driver: SqlDriver): void {
  driver.run("INSERT INTO fulltext (fulltext) VALUES ('merge=200,8')");
}

/**
 * Rebuilds the index from the rows. Missing documents are added with their session's project, documents without a row
 * are deleted. One long statement: the keeper answers nothing meanwhile.
 */
export function rebuildIndex(driver: SqlDriver): void {
  driver.transaction(() => {
    driver.exec(`
      DELETE FROM documents WHERE CASE kind
        WHEN 0 THEN row_id NOT IN (SELECT id FROM prompts) WHEN 1 THEN row_id NOT IN (SELECT id FROM observations)
        WHEN 2 THEN row_id NOT IN (SELECT no FROM learnings WHERE deleted_at IS NULL AND state = 'accepted')
        WHEN 4 THEN row_id NOT IN (SELECT no FROM notes)
          ELSE row_id NOT IN (SELECT no FROM sessions) END;
      INSERT OR IGNORE INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
        SELECT 0, p.id, p.session, p.turn, s.project_id, p.prompt_type, p.note, p.created_at FROM prompts p
          JOIN sessions s ON s.no = p.session;
      INSERT OR IGNORE INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
        SELECT 1, o.id, o.session, o.turn, s.project_id, o.observation_type, o.source_tool, o.created_at
          FROM observations o JOIN sessions s ON s.no = o.session;
      INSERT OR IGNORE INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
        SELECT 2, no, 0, 0, coalesce(project_id, 0), 'learning', '', updated_at FROM learnings
          WHERE deleted_at IS NULL AND state = 'accepted';
      INSERT OR IGNORE INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
        SELECT 3, no, no, 0, project_id, 'session', '', updated_at FROM sessions WHERE title_rank > ${titleRanks.prompt};
      INSERT OR IGNORE INTO documents (kind, row_id, session, turn, project_id, facet, tool, at)
        SELECT 4, no, 0, 0, coalesce(project_id, 0), 'note', '', mtime FROM notes;
      INSERT INTO fulltext (fulltext) VALUES ('rebuild');
    `);
  });
}

/** What ranking and filters need to know about a document. */
export interface DocumentFacts extends DocumentEntry {
  id: number;
}

/**
 * Visits the first `most` documents with an id above `after`, by id, with the number of words the index has of each.
 */
export function eachDocument(
  driver: SqlDriver,
  after: number,
  most: number,
  visit: (facts: DocumentFacts, words: number) => void,
): void {
  const sql = `SELECT id, kind, row_id, session, turn, project_id, facet, tool, at, size
    FROM documents LEFT JOIN fulltext_docsize ON docid = id WHERE id > ? ORDER BY id LIMIT ?`;
  driver.each(sql, [after, most], ([id, kind, row, session, turn, projectId, facet, tool, at, size]) => {
    const facts: DocumentFacts = {
      id: id as number,
      kind: kind as DocumentKind,
      row: row as number,
      session: session as number,
      turn: turn as number,
      projectId: projectId as number,
      facet: facet as string,
      tool: tool as string,
      at: at as number,
    };
    visit(facts, size instanceof Uint8Array ? readWords(size) : 0);
  });
}

/**
 * Makes the database record the ids of documents that are deleted or get another turn, whatever statement does it, until
 * it is closed.
 */
export function watchDocuments(driver: SqlDriver): void {
  driver.exec(`
    CREATE TEMP TABLE IF NOT EXISTS removed_documents (seq INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL);
    CREATE TEMP TRIGGER IF NOT EXISTS note_removed AFTER DELETE ON documents BEGIN INSERT INTO removed_documents (id) VALUES (old.id); END;
    CREATE TEMP TABLE IF NOT EXISTS moved_documents (seq INTEGER PRIMARY KEY AUTOINCREMENT, id INTEGER NOT NULL);
    CREATE TEMP TRIGGER IF NOT EXISTS note_moved AFTER UPDATE OF turn ON documents WHEN old.turn <> new.turn
      BEGIN INSERT INTO moved_documents (id) VALUES (new.id); END;
  `);
}

/** Visits documents deleted after record number `after`; returns the number of the last record. */
export function eachRemoved(driver: SqlDriver, after: number, visit: (id: number) => void): number {
  let last = after;
  driver.each('SELECT seq, id FROM temp.removed_documents WHERE seq > ? ORDER BY seq', [after], ([seq, id]) => {
    last = seq as number;
    visit(id as number);
  });
  return last;
}

/** The same of documents whose turn changed, with their present turn. */
export function eachMoved(driver: SqlDriver, after: number, visit: (id: number, turn: number) => void): number {
  let last = after;
  driver.each(
    `SELECT seq, d.id, d.turn FROM temp.moved_documents m JOIN documents d ON d.id = m.id WHERE seq > ? ORDER BY seq`,
    [after],
    ([seq, id, turn]) => {
      last = seq as number;
      visit(id as number, turn as number);
    },
  );
  return last;
}

/** FTS4 stores a document's length as one varint per column; there is one column. */
function readWords(size: Uint8Array): number {
  let words = 0;
  for (let at = 0; at < size.length; at++) {
    const byte = size[at]!;
    words += (byte & 127) << (7 * at);
    if (byte < 128) break;
  }
  return words;
}

/** The text of a document as its row has it, for snippets and for checking phrases. */
export function documentText(driver: SqlDriver, kind: DocumentKind, row: number): string {
  switch (kind) {
    case documentKinds.prompt:
      return driver.get<{ t: string }>('SELECT content AS t FROM prompts WHERE id = ?', [row])?.t ?? '';
    case documentKinds.observation: {
      const found = driver.get<{ headline: string; input: string; diffs_json: string; content: string }>(
        'SELECT headline, input, diffs_json, content FROM observations WHERE id = ?',
        [row],
      );
      if (!found) return '';
      // The headline of a command is its first line, so it is not repeated.
      const input = found.input.startsWith(found.headline) ? '' : found.input;
      return [found.headline, input, found.diffs_json === '[]' ? '' : plainText(found.diffs_json), found.content]
        .filter((part) => part !== '')
        .join('\n');
    }
    case documentKinds.learning:
      return (
        driver.get<{ t: string }>('SELECT title || char(10) || description AS t FROM learnings WHERE no = ?', [row])
          ?.t ?? ''
      );
    case documentKinds.session:
      return (
        driver.get<{ t: string }>(
          "SELECT CASE own_title WHEN '' THEN title ELSE title || char(10) || own_title END AS t FROM sessions WHERE no = ?",
          [row],
        )?.t ?? ''
      );
    case documentKinds.note:
      return driver.get<{ t: string }>('SELECT title || char(10) || body AS t FROM notes WHERE no = ?', [row])?.t ?? '';
    default:
      throw new Error(`No such kind of document: ${String(kind satisfies never)}`);
  }
}

/** Vectors of documents. This table is the original; vectors in memory and in the flat file are copies of it. */
import type { SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import type { DocumentKind } from './documents';
import { documentKinds } from './documents';

/** A piece of a text and its vector. */
export interface VectorRow {
  document: number;
  chunk: number;
  /** Keyed hash of the embedded piece; empty when the model cannot read the piece and there is no vector. */
  hash: string;
  /** Has length 1, or no elements. */
  vector: Float32Array;
}

/** A document and its number of pieces; 0 when the text has nothing to embed. */
export interface EmbeddedDocument {
  document: number;
  rows: readonly VectorRow[];
}

/** Adds vectors of documents in one transaction. Documents deleted meanwhile are skipped. */
export function putVectors(
  driver: SqlDriver,
  model: string,
  dimension: number,
  documents: readonly EmbeddedDocument[],
  now: number,
): void {
  driver.transaction(() => {
    for (const { document, rows } of documents) {
      if (driver.get('SELECT 1 FROM documents WHERE id = ?', [document]) === undefined) continue;
      // A text without pieces gets a row without a vector; otherwise it would be offered for embedding again and again.
      if (rows.length === 0) putRow(driver, [document, 0, 0, model, dimension, '', new Uint8Array(0), now]);
      for (const { chunk, hash, vector } of rows)
        putRow(driver, [document, chunk, rows.length, model, dimension, hash, bytesOf(vector), now]);
    }
  });
}

function putRow(driver: SqlDriver, values: readonly (string | number | Uint8Array)[]): void {
  driver.run(
    `INSERT OR IGNORE INTO vector_embeddings (document, chunk_index, total_chunks, model_name, dimension,
      content_hash, vector, created_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
    values,
  );
}

export interface StoredVector {
  id: number;
  document: number;
  chunk: number;
  vector: Float32Array;
}

/** Up to `most` vectors of a model with ids above `after`, by id. */
export function nextVectors(driver: SqlDriver, model: string, after: number, most: number): StoredVector[] {
  const found: StoredVector[] = [];
  driver.each(
    // The plus keeps SQLite from using the index by model, whose result it would have to sort.
    `SELECT id, document, chunk_index, vector FROM vector_embeddings WHERE id > ? AND +model_name = ?
      AND content_hash > '' ORDER BY id LIMIT ?`,
    [after, model, most],
    ([id, document, chunk, vector]) =>
      void found.push({
        id: id as number,
        document: document as number,
        chunk: chunk as number,
        vector: vectorOf(vector as Uint8Array),
      }),
  );
  return found;
}

/** Vectors by id; deleted ones are missing. */
export function vectorsById(driver: SqlDriver, ids: readonly number[]): Map<number, Float32Array> {
  const found = new Map<number, Float32Array>();
  // Single look-ups are faster than a list passed as JSON.
  for (const id of ids)
    driver.each(
      'SELECT vector FROM vector_embeddings WHERE id = ?',
      [id],
      ([vector]) => void found.set(id, vectorOf(vector as Uint8Array)),
    );
  return found;
}

/** Visits the ids of all vectors of a model, in no order. */
export function eachVectorId(driver: SqlDriver, model: string, visit: (id: number) => void): void {
  driver.each("SELECT id FROM vector_embeddings WHERE model_name = ? AND content_hash > ''", [model], ([id]) =>
    visit(id as number),
  );
}

/**
 * The number of vectors of a model with ids up to `last`, and a value that changes when that row is replaced by
 * another.
 */
export function vectorsUpTo(driver: SqlDriver, model: string, last: number): { count: number; mark: string } {
  const count =
    driver.get<{ n: number }>(
      "SELECT count(*) AS n FROM vector_embeddings WHERE model_name = ? AND content_hash > '' AND id <= ?",
      [model, last],
    )?.n ?? 0;
  const row = driver.get<{ content_hash: string; created_at: number; document: number }>(
    'SELECT content_hash, created_at, document FROM vector_embeddings WHERE id = ? AND model_name = ?',
    [last, model],
  );
  return { count, mark: row ? `${row.content_hash}:${row.created_at}:${row.document}` : '' };
}

/** The vector of an equal text, if there is one. */
export function knownVector(driver: SqlDriver, model: string, hash: string): Float32Array | undefined {
  const row = driver.get<{ vector: Uint8Array }>(
    'SELECT vector FROM vector_embeddings WHERE model_name = ? AND content_hash = ? LIMIT 1',
    [model, hash],
  );
  return row && vectorOf(row.vector);
}

/** Enough: the first vectors of a session say what it is about. */
const maxOfRow = 64;

/** Vectors of the documents of a row, or of a whole session in reading order. */
export function vectorsOfRow(driver: SqlDriver, model: string, kind: DocumentKind, row: number): Float32Array[] {
  const where = kind === documentKinds.session ? 'd.session = ?' : `d.kind = ${kind} AND d.row_id = ?`;
  const found: Float32Array[] = [];
  driver.each(
    `SELECT v.vector FROM documents d JOIN vector_embeddings v ON v.document = d.id AND v.model_name = ?
      AND v.content_hash > '' WHERE ${where} ORDER BY d.kind = ${documentKinds.session} DESC, d.kind, d.id,
      v.chunk_index LIMIT ${maxOfRow}`,
    [model, row],
    ([vector]) => void found.push(vectorOf(vector as Uint8Array)),
  );
  return found;
}

/** Models that have vectors here. */
export function modelsWithVectors(driver: SqlDriver): string[] {
  const models: string[] = [];
  // Jumps from name to name by the index: each may have a million rows.
  for (let name = ''; ;) {
    const next = driver.get<{ name: string }>(
      'SELECT model_name AS name FROM vector_embeddings WHERE model_name > ? ORDER BY model_name LIMIT 1',
      [name],
    )?.name;
    if (next === undefined) return models;
    models.push(next);
    name = next;
  }
}

/** Deletes up to `most` vectors of a model; returns how many. */
export function deleteVectors(driver: SqlDriver, model: string, most: number): number {
  return driver.run(
    'DELETE FROM vector_embeddings WHERE id IN (SELECT id FROM vector_embeddings WHERE model_name = ? LIMIT ?)',
    [model, most],
  );
}

/**
 * Documents that get a vector: what a person wrote, answers, titles, learnings and tool calls. Thinking and notices of
 * the client do not.
 */
const isWorthIt = `(d.kind = ${documentKinds.prompt} AND d.facet IN ('user', 'assistant')
  AND d.tool IN ('', 'compact_summary', 'task', 'command')
  OR d.kind IN (${documentKinds.observation}, ${documentKinds.learning}, ${documentKinds.session}))`;

export interface WaitingDocument {
  id: number;
  kind: DocumentKind;
  at: number;
}

/** Documents with an id in (after, last] without a vector of the model. */
export function documentsWithoutVectors(
  driver: SqlDriver,
  model: string,
  after: number,
  last: number,
): WaitingDocument[] {
  const found: WaitingDocument[] = [];
  driver.each(
    `SELECT d.id, d.kind, d.at FROM documents d WHERE d.id > ? AND d.id <= ? AND ${isWorthIt}
      AND NOT EXISTS (SELECT 1 FROM vector_embeddings v WHERE v.model_name = ? AND v.document = d.id)`,
    [after, last, model],
    ([id, kind, at]) => void found.push({ id: id as number, kind: kind as DocumentKind, at: at as number }),
  );
  return found;
}

/** The largest id of a document. */
export function lastDocument(driver: SqlDriver): number {
  return driver.get<{ id: number | null }>('SELECT max(id) AS id FROM documents')?.id ?? 0;
}

/** Number of documents that a model has embedded. */
export function countEmbedded(driver: SqlDriver, model: string): number {
  return (
    driver.get<{ n: number }>('SELECT count(*) AS n FROM vector_embeddings WHERE model_name = ? AND chunk_index = 0', [
      model,
    ])?.n ?? 0
  );
}

/** Length of the part of an error that is embedded: its beginning says what went wrong, the rest where. */
const errorHead = 400;

/** The text of a document that is embedded; undefined when the document was deleted. */
export function textForMeaning(driver: SqlDriver, document: number): string | undefined {
  return (
    driver.get<{ text: string | null }>(
      `SELECT CASE d.kind
       WHEN 0 THEN (SELECT content FROM prompts WHERE id = d.row_id)
       WHEN 1 THEN (SELECT source_tool || ' ' || headline || char(10) || plain_text(files_json) || CASE
         WHEN observation_type = 'error' THEN char(10) || substr(content, 1, ${errorHead}) ELSE '' END
         FROM observations WHERE id = d.row_id)
       WHEN 2 THEN (SELECT title || char(10) || description || char(10) || context FROM learnings WHERE no = d.row_id)
       ELSE (SELECT title FROM sessions WHERE no = d.row_id) END AS text
     FROM documents d WHERE d.id = ?`,
      [document],
    )?.text ?? undefined
  );
}

const bytesOf = (vector: Float32Array): Uint8Array =>
  new Uint8Array(vector.buffer, vector.byteOffset, vector.byteLength);

/**
 * Deletes all vectors from a copy and shrinks it. Uses no journal, which would be as large as the table: when
 * interrupted, the copy is useless. False when there were no vectors.
 */
export function emptyVectors(copy: SqlDriver): boolean {
  if (!hasTable(copy, 'vector_embeddings')) return false;
  if (copy.get('SELECT 1 FROM vector_embeddings LIMIT 1') === undefined) return false;
  copy.all('PRAGMA journal_mode = OFF');
  // Nothing refers to vectors, and without the check of foreign keys SQLite empties the table in one step.
  copy.exec('PRAGMA foreign_keys = OFF; DELETE FROM vector_embeddings;');
  copy.all('PRAGMA incremental_vacuum');
  copy.exec('PRAGMA foreign_keys = ON;');
  return true;
}

/** Must copy: the bytes of a row may be unaligned, and a Float32Array needs aligned ones. */
function vectorOf(bytes: Uint8Array): Float32Array {
  return bytes.byteOffset % 4 === 0
    ? new Float32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2)
    : new Float32Array(bytes.slice().buffer);
}

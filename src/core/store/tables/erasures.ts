/**
 * What is noted of an erasure: marks of the rows, by which they are known when a transcript is read again; how far it has
 * come, so that the next keeper finishes it; and its receipt. None of it has a text.
 */
import { createHash } from 'node:crypto';
import type { ErasedKind, Receipt, ReceiptBody } from '../../../protocol/erase';
import type { SessionId } from '../../../protocol/model';
import type { ByteMarks } from '../../lib/byte-finder';
import type { SqlDriver, SqlValue } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';

/** Marks of what has no uid of its own. Names in them are keyed already, or ids of sessions. */
export const erasedMark = {
  /** A call: its result may be read later. Gateways give calls of different sessions the same id. */
  call: (toolUseId: string, session: SessionId): string => `call:${toolUseId}@${session}`,
  /** A text, by its keyed hash: the client writes it in more lines than one. */
  text: (hash: string, session: SessionId): string => `text:${hash}@${session}`,
  /** A prompt by its first answer: old clients copy prompts with new ids. */
  answer: (answerKey: string): string => `answer:${answerKey}`,
  /**
   * A row of another memory whose line was not read here: by when it was written, and by its role or tool. Read later, the
   * line has a uid that nobody knew.
   */
  look: (session: SessionId, at: number, sort: string): string => `look:${at}:${sort}@${session}`,
  /** Titles that the transcript gives. */
  title: (session: SessionId): string => `title:${session}`,
  learning: (id: string): string => `learning:${id}`,
  /** A note, by the keyed name of its file and content. */
  note: (name: string): string => `note:${name}`,
} as const;

export interface ErasedRow {
  mark: string;
  session: SessionId;
}

export type ErasureStage = 'rows' | 'texts' | 'archive' | 'overwriting' | 'backups' | 'proof' | 'done';

export interface ErasureState {
  /** Sessions whose rows go, and those that show them. */
  sessions: SessionId[];
  erased: ReceiptBody['erased'];
  pieces: ByteMarks;
  shared: number;
  foundBefore: number;
  withoutPiece: number;
  sampled: number;
  backupsReplaced: number;
  /** How often what was left has been looked for. */
  rounds: number;
}

export interface Erasure {
  id: string;
  kind: ErasedKind;
  at: number;
  stage: ErasureStage;
  state: ErasureState;
}

export function putErasure(driver: SqlDriver, { id, kind, at, stage, state }: Erasure): void {
  driver.run('INSERT OR REPLACE INTO erasures (id, kind, at, stage, state_json) VALUES (?, ?, ?, ?, ?)', [
    id,
    kind,
    at,
    stage,
    JSON.stringify(state),
  ]);
}

export const dropErasure = (driver: SqlDriver, id: string): void =>
  void driver.run('DELETE FROM erasures WHERE id = ?', [id]);

const erasureOf = (row: Record<string, SqlValue>): Erasure => ({
  id: row['id'] as string,
  kind: row['kind'] as ErasedKind,
  at: row['at'] as number,
  stage: row['stage'] as ErasureStage,
  state: JSON.parse(row['state_json'] as string) as ErasureState,
});

export const getErasure = (driver: SqlDriver, id: string): Erasure | undefined =>
  driver.all<Record<string, SqlValue>>('SELECT * FROM erasures WHERE id = ?', [id]).map(erasureOf)[0];

/** Those that were begun and have not come to their end, in the order they were asked for. */
export const openErasures = (driver: SqlDriver): Erasure[] =>
  driver.all<Record<string, SqlValue>>("SELECT * FROM erasures WHERE stage <> 'done' ORDER BY at, id").map(erasureOf);

export function putErasedRows(driver: SqlDriver, rows: Iterable<ErasedRow>, erasure: string): void {
  for (const { mark, session } of rows)
    driver.run('INSERT OR IGNORE INTO erased_rows (mark, session_id, erasure) VALUES (?, ?, ?)', [
      mark,
      session,
      erasure,
    ]);
}

export const erasedRowsOf = (driver: SqlDriver, erasure: string): ErasedRow[] =>
  driver
    .all<{ mark: string; session: string }>(
      'SELECT mark, session_id AS session FROM erased_rows WHERE erasure = ? ORDER BY mark',
      [erasure],
    )
    .map(({ mark, session }) => ({ mark, session }));

/** Tells what was erased; undefined when nothing ever was, so that nobody has to ask. */
export type ErasedTest = (mark: string) => boolean;

export function erasedTest(driver: SqlDriver): ErasedTest | undefined {
  // A backup may come from a version without this table.
  if (!hasTable(driver, 'erased_rows') || driver.get('SELECT 1 FROM erased_rows LIMIT 1') === undefined)
    return undefined;
  return (mark) => driver.get('SELECT 1 FROM erased_rows WHERE mark = ?', [mark]) !== undefined;
}

/** Whether a row that came from another memory was erased before its line was read here. */
export const hasErasedLooks = (driver: SqlDriver): boolean =>
  driver.get("SELECT 1 FROM erased_rows WHERE mark >= 'look:' AND mark < 'look;' LIMIT 1") !== undefined;

/**
 * Whether something of a session was erased. In another memory its rows have other names, so that nobody can tell which
 * of them they are.
 */
export const hasErased = (driver: SqlDriver, session: SessionId): boolean =>
  driver.get('SELECT 1 FROM erased_rows WHERE session_id = ? LIMIT 1', [session]) !== undefined;

export const isLearningErased = (driver: SqlDriver, id: string): boolean =>
  driver.get('SELECT 1 FROM erased_rows WHERE mark = ?', [erasedMark.learning(id)]) !== undefined;

export function putReceipt(driver: SqlDriver, id: string, at: number, body: string, signature: string): void {
  driver.run('INSERT OR REPLACE INTO receipts (id, at, body, signature) VALUES (?, ?, ?, ?)', [
    id,
    at,
    body,
    signature,
  ]);
}

export interface StoredReceipt extends Receipt {
  /** As it was signed. */
  text: string;
}

const mostReceipts = 200;

/** The latest first. */
export function listReceipts(driver: SqlDriver): StoredReceipt[] {
  return driver
    .all<{ body: string; signature: string }>('SELECT body, signature FROM receipts ORDER BY at DESC, id LIMIT ?', [
      mostReceipts,
    ])
    .map(({ body, signature }) => ({ body: JSON.parse(body) as ReceiptBody, signature, text: body }));
}

export function getReceipt(driver: SqlDriver, id: string): Receipt | undefined {
  const row = driver.get<{ body: string; signature: string }>('SELECT body, signature FROM receipts WHERE id = ?', [
    id,
  ]);
  return row && { body: JSON.parse(row.body) as ReceiptBody, signature: row.signature };
}

/** By which the audit log names a receipt. */
export const hashOfReceipt = (text: string): string => createHash('sha256').update(text).digest('hex');

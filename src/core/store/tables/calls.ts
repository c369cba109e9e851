/**
 * The ledger: every call that may cost money, written before the call is made. Amounts are whole billionths of a dollar
 * ("nano"), so that sums are exact.
 */
import type { SpendEntry, SpendSums, Spent } from '../../../protocol/spend';
import type { Page } from '../../../protocol/status';
import { taskErrors } from '../../../protocol/task-errors';
import type { Row, SqlDriver } from '../sqlite/driver';
import { hasTable } from '../sqlite/schema-of';
import { markUnknown } from './tasks';

export interface NewCall {
  id: string;
  purpose: SpendEntry['purpose'];
  model: string;
  host: string;
  isBatch: boolean;
  /** Null for an answer to a question, which is made at once and is about several sessions. */
  task: number | null;
  sessionId: string | null;
  projectRoot: string | null;
  /** The last row of the session that the call covers. */
  lastSequence: number;
  /** The local day, e.g. 2026-11-22. */
  day: string;
  maxNano: number;
  maxTokens: number;
  bytes: number;
  redactions: number;
}

export interface NanoCeilings {
  dayNano: number;
  monthNano: number;
  dayTokens: number;
  monthTokens: number;
}

export interface CallUsage {
  inputTokens: number;
  outputTokens: number;
  cacheReadTokens: number;
  cacheWriteTokens: number;
}

export interface OpenCall {
  id: string;
  model: string;
  host: string;
  task: number;
  sessionId: string | null;
  lastSequence: number;
  maxNano: number;
}

/** Money left under the tightest ceiling; below 0 when ceilings were lowered. */
export interface Room {
  nano: number;
  tokens: number;
}

const monthOf = (day: string): string => day.slice(0, 7);

export function roomUnder(driver: SqlDriver, day: string, ceilings: NanoCeilings): Room {
  const spent = (column: 'day' | 'month', value: string) =>
    driver.get<{ nano: number; tokens: number }>(
      `SELECT coalesce(sum(nanousd), 0) AS nano, coalesce(sum(tokens), 0) AS tokens FROM model_calls WHERE ${column} = ?`,
      [value],
    )!;
  const today = spent('day', day);
  const month = spent('month', monthOf(day));
  return {
    nano: Math.min(ceilings.dayNano - today.nano, ceilings.monthNano - month.nano),
    tokens: Math.min(ceilings.dayTokens - today.tokens, ceilings.monthTokens - month.tokens),
  };
}

/**
 * Reserves the highest possible cost of a call. False, and nothing is written, when it does not fit under a ceiling.
 */
export function reserveCall(driver: SqlDriver, call: NewCall, ceilings: NanoCeilings, now: number): boolean {
  return driver.transaction(() => {
    const room = roomUnder(driver, call.day, ceilings);
    if (call.maxNano > room.nano || call.maxTokens > room.tokens) return false;
    driver.run(
      `INSERT INTO model_calls (id, state, purpose, model, host, is_batch, task, session_id, project_root,
        last_sequence, day, month, most_nanousd, most_tokens, nanousd, tokens, bytes, redactions, created_at)
       VALUES (?, 'reserved', ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)`,
      [
        call.id,
        call.purpose,
        call.model,
        call.host,
        call.isBatch ? 1 : 0,
        call.task,
        call.sessionId,
        call.projectRoot,
        call.lastSequence,
        call.day,
        monthOf(call.day),
        call.maxNano,
        call.maxTokens,
        call.maxNano,
        call.maxTokens,
        call.bytes,
        call.redactions,
        now,
      ],
    );
    return true;
  });
}

/**
 * Notes a call that another program made and paid for, so that it is in the list of what left this machine. Noting the
 * same call again changes nothing.
 */
export function noteFreeCall(
  driver: SqlDriver,
  call: Omit<NewCall, 'isBatch' | 'task' | 'maxNano' | 'maxTokens' | 'redactions'>,
  now: number,
): void {
  driver.run(
    `INSERT OR IGNORE INTO model_calls (id, state, purpose, model, host, session_id, project_root, last_sequence,
      day, month, most_nanousd, most_tokens, nanousd, tokens, bytes, created_at, settled_at)
     VALUES (?, 'settled', ?, ?, ?, ?, ?, ?, ?, ?, 0, 0, 0, 0, ?, ?, ?)`,
    [
      call.id,
      call.purpose,
      call.model,
      call.host,
      call.sessionId,
      call.projectRoot,
      call.lastSequence,
      call.day,
      monthOf(call.day),
      call.bytes,
      now,
      now,
    ],
  );
}

export const hasCall = (driver: SqlDriver, id: string): boolean =>
  driver.get('SELECT 1 FROM model_calls WHERE id = ?', [id]) !== undefined;

/** Called right before the request is sent: from here on the cost is unknown until an answer arrives. */
export function markSent(driver: SqlDriver, id: string): void {
  driver.run("UPDATE model_calls SET state = 'sent' WHERE id = ? AND state = 'reserved'", [id]);
}

/** Keeps the name of the batch, so that the next keeper can fetch it when this one is gone. */
export function noteBatch(driver: SqlDriver, ids: readonly string[], batchId: string): void {
  for (const id of ids) driver.run('UPDATE model_calls SET batch_id = ? WHERE id = ?', [batchId, id]);
}

/** Books the real cost. False when the call was settled before. */
export function settleCall(driver: SqlDriver, id: string, usage: CallUsage, nano: number, now: number): boolean {
  const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return (
    driver.run(
      `UPDATE model_calls SET state = 'settled', nanousd = ?, tokens = ?, input_tokens = ?, output_tokens = ?,
        cache_read_tokens = ?, cache_write_tokens = ?, settled_at = ? WHERE id = ? AND state IN ('sent', 'unknown')`,
      [nano, tokens, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, now, id],
    ) > 0
  );
}

/** Ends a call that was not charged. */
export function releaseCall(driver: SqlDriver, id: string, now: number): void {
  driver.run(
    "UPDATE model_calls SET state = 'released', nanousd = 0, tokens = 0, settled_at = ? WHERE id = ? AND state IN ('reserved', 'sent')",
    [now, id],
  );
}

/** Ends a call of which nobody knows whether it was charged: it counts with its reserved maximum. */
export function loseCall(driver: SqlDriver, id: string): void {
  driver.run("UPDATE model_calls SET state = 'unknown' WHERE id = ? AND state = 'sent'", [id]);
}

/**
 * At the start of a keeper: calls that its predecessor had not sent are released; calls sent without an answer become
 * unknown, and so do their tasks.
 */
export function recoverCalls(driver: SqlDriver, now: number): { released: number; unknown: number } {
  return driver.transaction(() => {
    const lost = driver.all<{ id: string; task: number | null }>(
      "SELECT id, task FROM model_calls WHERE state = 'sent' AND batch_id IS NULL",
    );
    for (const { id, task } of lost) {
      loseCall(driver, id);
      if (task !== null) markUnknown(driver, { id: task, callId: id }, taskErrors.lost, now);
    }
    const released = driver.run(
      "UPDATE model_calls SET state = 'released', nanousd = 0, tokens = 0, settled_at = ? WHERE state = 'reserved'",
      [now],
    );
    return { released, unknown: lost.length };
  });
}

/** Batches that were submitted and not fetched yet. */
export function openBatches(driver: SqlDriver): { batchId: string; host: string }[] {
  return driver.all<{ batchId: string; host: string }>(
    "SELECT DISTINCT batch_id AS batchId, host FROM model_calls WHERE state = 'sent' AND batch_id IS NOT NULL",
  );
}

export function openCallsOf(driver: SqlDriver, batchId: string): OpenCall[] {
  return driver.all<OpenCall & Record<string, never>>(
    `SELECT id, model, host, task, session_id AS sessionId, last_sequence AS lastSequence, most_nanousd AS maxNano
      FROM model_calls WHERE state = 'sent' AND batch_id = ?`,
    [batchId],
  );
}

/** Calls that were sent alone (not in a batch) and have no answer. Calls still under way are among them. */
export function callsWithoutEnd(driver: SqlDriver, sessionId: string): string[] {
  return driver
    .all<{ id: string }>("SELECT id FROM model_calls WHERE session_id = ? AND state = 'sent' AND batch_id IS NULL", [
      sessionId,
    ])
    .map(({ id }) => id);
}

/** True while a call about the session is open: asking again would pay twice. */
export const isAskedAbout = (driver: SqlDriver, sessionId: string): boolean =>
  driver.get("SELECT 1 FROM model_calls WHERE session_id = ? AND state = 'sent'", [sessionId]) !== undefined;

export function spentIn(driver: SqlDriver, span: 'day' | 'month', value: string): Spent {
  const spent: Spent = { settledUsd: 0, reservedUsd: 0, unknownUsd: 0, tokens: 0, calls: 0 };
  driver.each(
    `SELECT state, sum(nanousd), sum(tokens), count(*) FROM model_calls WHERE ${span} = ? AND state <> 'released' GROUP BY state`,
    [value],
    ([state, nano, tokens, calls]) => {
      const part = state === 'settled' ? 'settledUsd' : state === 'unknown' ? 'unknownUsd' : 'reservedUsd';
      spent[part] += (nano as number) / 1e9;
      spent.tokens += tokens as number;
      spent.calls += calls as number;
    },
  );
  return spent;
}

/** Newest first. */
export function listCalls(driver: SqlDriver, cursor: string | undefined, limit: number): Page<SpendEntry> {
  const [at = Number.MAX_SAFE_INTEGER, id = ''] =
    cursor === undefined ? [] : [Number(cursor.slice(0, cursor.indexOf(':'))), cursor.slice(cursor.indexOf(':') + 1)];
  const rows = driver.all<StoredCall>(
    `SELECT c.*, s.title, p.name FROM model_calls c LEFT JOIN sessions s ON s.id = c.session_id LEFT
      JOIN shown_projects p ON p.own_root = c.project_root
     WHERE (c.created_at, c.id) < (?, ?) ORDER BY c.created_at DESC, c.id DESC LIMIT ?`,
    [at, id, limit + 1],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(entryOf), ...(rows.length > limit && last && { next: `${last.created_at}:${last.id}` }) };
}

/** Sums of the days from `firstDay` on. */
export function sumCalls(driver: SqlDriver, by: SpendSums['by'], firstDay: string): SpendSums {
  const value = {
    day: 'c.day',
    model: 'c.model',
    purpose: 'c.purpose',
    project: "coalesce(p.name, c.project_root, '')",
  }[by];
  const order = by === 'day' ? 'value' : 'nano DESC, value';
  const rows = driver.all<{ value: string; nano: number; tokens: number; calls: number }>(
    `SELECT ${value} AS value, sum(c.nanousd) AS nano, sum(c.tokens) AS tokens, count(*) AS calls FROM model_calls c
      LEFT JOIN shown_projects p ON p.own_root = c.project_root
     WHERE c.day >= ? AND c.state <> 'released' GROUP BY 1 ORDER BY ${order}`,
    [firstDay],
  );
  return { by, rows: rows.map(({ nano, ...row }) => ({ ...row, usd: nano / 1e9 })) };
}

/**
 * The ledger of this month and the last, for a database that replaces this one: the ceilings must still count money
 * that was spent.
 */
export function readLedger(driver: SqlDriver): Row[] {
  if (!hasTable(driver, 'model_calls')) return [];
  return driver.all(
    "SELECT * FROM model_calls WHERE day >= (SELECT coalesce(date(max(day), '-62 days'), '') FROM model_calls)",
  );
}

/** Adds rows of another ledger; calls that are settled here stay as they are. */
export function putLedger(driver: SqlDriver, rows: readonly Row[]): void {
  for (const row of rows) {
    const columns = Object.keys(row);
    driver.run("DELETE FROM model_calls WHERE id = ? AND state IN ('reserved', 'sent')", [row['id'] ?? null]);
    driver.run(
      `INSERT OR IGNORE INTO model_calls (${columns.join(', ')}) VALUES (${columns.map(() => '?').join(', ')})`,
      columns.map((column) => row[column] ?? null),
    );
  }
}

interface StoredCall {
  id: string;
  state: string;
  purpose: string;
  model: string;
  host: string;
  is_batch: number;
  session_id: string | null;
  title: string | null;
  name: string | null;
  nanousd: number;
  input_tokens: number;
  output_tokens: number;
  cache_read_tokens: number;
  cache_write_tokens: number;
  bytes: number;
  redactions: number;
  created_at: number;
}

const entryOf = (row: StoredCall): SpendEntry => ({
  id: row.id,
  at: row.created_at,
  state: row.state as SpendEntry['state'],
  purpose: row.purpose as SpendEntry['purpose'],
  model: row.model,
  host: row.host,
  isBatch: row.is_batch === 1,
  ...(row.session_id !== null && { sessionId: row.session_id }),
  ...(row.title !== null && { sessionTitle: row.title }),
  ...(row.name !== null && { projectName: row.name }),
  bytes: row.bytes,
  redactions: row.redactions,
  inputTokens: row.input_tokens,
  outputTokens: row.output_tokens,
  cacheReadTokens: row.cache_read_tokens,
  cacheWriteTokens: row.cache_write_tokens,
  usd: row.nanousd / 1e9,
});

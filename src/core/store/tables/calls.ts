/**
 * The ledger: every call that may cost money, written before it is made. Whole billionths of a dollar ("nano"), so that
 * sums are exact.
 */
import type { SpendEntry, SpendSums, Spent } from '../../../protocol/spend';
import type { Page } from '../../../protocol/status';
import { taskErrors } from '../../../protocol/task-errors';
import type { Row, SqlDriver } from '../sqlite/driver';
import { markUnknown } from './tasks';

export interface NewCall {
  id: string;
  purpose: SpendEntry['purpose'];
  model: string;
  host: string;
  isBatch: boolean;
  task: number;
  sessionId: string;
  projectRoot: string;
  /** How much of the session is in it. */
  lastSequence: number;
  /** Local, as 2026-11-22. */
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

/** What is left under the tightest ceilings; below 0 when they were lowered. */
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

/** Sets the most it can cost aside, unless that does not fit under a ceiling: then false, and nothing is written. */
export function reserveCall(driver: SqlDriver, call: NewCall, ceilings: NanoCeilings, now: number): boolean {
  return driver.transaction(() => {
    const room = roomUnder(driver, call.day, ceilings);
    if (call.maxNano > room.nano || call.maxTokens > room.tokens) return false;
    driver.run(
      `INSERT INTO model_calls (id, state, purpose, model, host, is_batch, task, session_id, project_root, last_sequence, day, month, most_nanousd, most_tokens, nanousd, tokens, bytes, redactions, created_at)
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

/** One that others made and paid for: it is in the list of what left this machine. The same is noted once. */
export function noteFreeCall(
  driver: SqlDriver,
  call: Omit<NewCall, 'isBatch' | 'task' | 'maxNano' | 'maxTokens' | 'redactions'>,
  now: number,
): void {
  driver.run(
    `INSERT OR IGNORE INTO model_calls (id, state, purpose, model, host, session_id, project_root, last_sequence, day, month, most_nanousd, most_tokens, nanousd, tokens, bytes, created_at, settled_at)
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

/** The next thing that happens is its first byte on the way: from here on nobody knows, until an answer says. */
export function markSent(driver: SqlDriver, id: string): void {
  driver.run("UPDATE model_calls SET state = 'sent' WHERE id = ? AND state = 'reserved'", [id]);
}

/** With the batch's name a lost keeper loses nothing: the next one asks for it. */
export function noteBatch(driver: SqlDriver, ids: readonly string[], batchId: string): void {
  for (const id of ids) driver.run('UPDATE model_calls SET batch_id = ? WHERE id = ?', [batchId, id]);
}

/** At what it did cost. False when it was settled before. */
export function settleCall(driver: SqlDriver, id: string, usage: CallUsage, nano: number, now: number): boolean {
  const tokens = usage.inputTokens + usage.outputTokens + usage.cacheReadTokens + usage.cacheWriteTokens;
  return (
    driver.run(
      `UPDATE model_calls SET state = 'settled', nanousd = ?, tokens = ?, input_tokens = ?, output_tokens = ?, cache_read_tokens = ?, cache_write_tokens = ?, settled_at = ? WHERE id = ? AND state IN ('sent', 'unknown')`,
      [nano, tokens, usage.inputTokens, usage.outputTokens, usage.cacheReadTokens, usage.cacheWriteTokens, now, id],
    ) > 0
  );
}

/** Nothing was charged. */
export function releaseCall(driver: SqlDriver, id: string, now: number): void {
  driver.run(
    "UPDATE model_calls SET state = 'released', nanousd = 0, tokens = 0, settled_at = ? WHERE id = ? AND state IN ('reserved', 'sent')",
    [now, id],
  );
}

/** Whether it was charged is not known: it counts with its maximum. */
export function loseCall(driver: SqlDriver, id: string): void {
  driver.run("UPDATE model_calls SET state = 'unknown' WHERE id = ? AND state = 'sent'", [id]);
}

/** What the last keeper left behind: not sent is released, sent without an end is unknown, and so is its task. */
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

/** Batches that were handed in and not yet fetched. */
export function openBatches(driver: SqlDriver): { batchId: string; host: string }[] {
  return driver.all<{ batchId: string; host: string }>(
    "SELECT DISTINCT batch_id AS batchId, host FROM model_calls WHERE state = 'sent' AND batch_id IS NOT NULL",
  );
}

export function openCallsOf(driver: SqlDriver, batchId: string): OpenCall[] {
  return driver.all<OpenCall & Record<string, never>>(
    "SELECT id, model, host, task, session_id AS sessionId, last_sequence AS lastSequence, most_nanousd AS maxNano FROM model_calls WHERE state = 'sent' AND batch_id = ?",
    [batchId],
  );
}

/** Sent alone, and nobody waits for an answer: of calls that are under way it says the same. */
export function callsWithoutEnd(driver: SqlDriver, sessionId: string): string[] {
  return driver
    .all<{ id: string }>("SELECT id FROM model_calls WHERE session_id = ? AND state = 'sent' AND batch_id IS NULL", [
      sessionId,
    ])
    .map(({ id }) => id);
}

/** A question about it is out: asked now it would be paid for twice. */
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
    `SELECT c.*, s.title, p.name FROM model_calls c LEFT JOIN sessions s ON s.id = c.session_id LEFT JOIN projects p ON p.root = c.project_root
     WHERE (c.created_at, c.id) < (?, ?) ORDER BY c.created_at DESC, c.id DESC LIMIT ?`,
    [at, id, limit + 1],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(entryOf), ...(rows.length > limit && last && { next: `${last.created_at}:${last.id}` }) };
}

/** Of days from `firstDay` on. */
export function sumCalls(driver: SqlDriver, by: SpendSums['by'], firstDay: string): SpendSums {
  const value = {
    day: 'c.day',
    model: 'c.model',
    purpose: 'c.purpose',
    project: "coalesce(p.name, c.project_root, '')",
  }[by];
  const order = by === 'day' ? 'value' : 'nano DESC, value';
  const rows = driver.all<{ value: string; nano: number; tokens: number; calls: number }>(
    `SELECT ${value} AS value, sum(c.nanousd) AS nano, sum(c.tokens) AS tokens, count(*) AS calls FROM model_calls c LEFT JOIN projects p ON p.root = c.project_root
     WHERE c.day >= ? AND c.state <> 'released' GROUP BY 1 ORDER BY ${order}`,
    [firstDay],
  );
  return { by, rows: rows.map(({ nano, ...row }) => ({ ...row, usd: nano / 1e9 })) };
}

/**
 * The ledger of this month and the last as it goes over into a database that takes this one's place: money that was
 * spent stays spent.
 */
export function readLedger(driver: SqlDriver): Row[] {
  if (!driver.get("SELECT 1 FROM sqlite_master WHERE name = 'model_calls'")) return [];
  return driver.all(
    "SELECT * FROM model_calls WHERE day >= (SELECT coalesce(date(max(day), '-62 days'), '') FROM model_calls)",
  );
}

/** What is settled here stays as it is. */
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

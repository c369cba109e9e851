/** Waiting tasks, one row each; a finished task has no row. The table survives the keeper that was working on them. */
import type { QueueStatus, TaskInfo, TaskState, TaskType } from '../../../protocol/spend';
import { taskTypes } from '../../../protocol/spend';
import type { Page } from '../../../protocol/status';
import { taskErrors } from '../../../protocol/task-errors';
import type { SqlDriver } from '../sqlite/driver';

export interface QueuedTask {
  id: number;
  type: TaskType;
  /** Usually a session's id. */
  subject: string;
  isPaid: boolean;
  payload: unknown;
  retries: number;
  maxRetries: number;
}

export interface NewTask {
  type: TaskType;
  subject: string;
  isPaid: boolean;
  payload: unknown;
  priority: number;
  nextAt: number;
}

type Counts = QueueStatus['counts'];

/**
 * Adds or renews a task; true when the task waits now. A dead or unknown task waits again only when `revives` names its
 * state. Must run in a transaction.
 */
export function putTask(driver: SqlDriver, task: NewTask, revives: readonly TaskState[], now: number): boolean {
  const known = driver.get<{ id: number; status: TaskState; worker_id: string | null }>(
    'SELECT id, status, worker_id FROM task_queue WHERE type = ? AND subject = ? AND is_paid = ?',
    [task.type, task.subject, task.isPaid ? 1 : 0],
  );
  const payload = JSON.stringify(task.payload ?? null);
  if (!known) {
    driver.run(
      `INSERT INTO task_queue (type, subject, is_paid, payload_json, priority, next_at, created_at, updated_at)
        VALUES (?, ?, ?, ?, ?, ?, ?, ?)`,
      [task.type, task.subject, task.isPaid ? 1 : 0, payload, task.priority, task.nextAt, now, now],
    );
    return true;
  }
  // A parked task is asked and paid for already; it only waits for its batch.
  if (known.status === 'running' && known.worker_id === null) return false;
  const isOver = known.status === 'dead' || known.status === 'unknown';
  if (isOver && !revives.includes(known.status)) return false;
  if (isOver) return reviveTask(driver, known.id, now);
  // While a task runs, `next_at` is 0; setting it makes the task run again afterwards. A failed task keeps its delay.
  driver.run(
    `UPDATE task_queue SET payload_json = ?, priority = max(priority, ?), next_at = CASE status
      WHEN 'failed' THEN max(next_at, ?) ELSE ? END, updated_at = ? WHERE id = ?`,
    [payload, task.priority, task.nextAt, task.nextAt, now, known.id],
  );
  return true;
}

/** Takes the next due task for `worker`, who holds it until `leaseUntil`. */
export function takeTask(
  driver: SqlDriver,
  { isPaid, worker, leaseUntil, now }: { isPaid: boolean; worker: string; leaseUntil: number; now: number },
): QueuedTask | undefined {
  const next = (status: TaskState) =>
    driver.get<StoredTask>(
      `SELECT * FROM task_queue WHERE is_paid = ? AND status = ? AND next_at <= ? ORDER BY priority DESC, next_at, id LIMIT 1`,
      [isPaid ? 1 : 0, status, now],
    );
  const found = [next('pending'), next('failed')]
    .filter((row) => row !== undefined)
    .sort((a, b) => b.priority - a.priority || a.next_at - b.next_at || a.id - b.id)[0];
  if (!found) return undefined;
  driver.run(
    "UPDATE task_queue SET status = 'running', next_at = 0, worker_id = ?, lease_until = ?, updated_at = ? WHERE id = ?",
    [worker, leaseUntil, now, found.id],
  );
  return taskOf(found);
}

/** Deletes a finished task, unless it was requested again meanwhile. */
export function finishTask(driver: SqlDriver, id: number, now: number): void {
  driver.run("DELETE FROM task_queue WHERE id = ? AND status = 'running' AND next_at = 0", [id]);
  driver.run(
    `UPDATE task_queue SET status = 'pending', retry_count = 0, call_id = NULL, worker_id = NULL, lease_until = NULL,
      updated_at = ? WHERE id = ? AND status = 'running'`,
    [now, id],
  );
}

export interface TaskFailure {
  /** `pending` returns the task without counting an attempt. */
  state: 'pending' | 'failed' | 'dead' | 'unknown';
  nextAt: number;
  error: string;
  args: readonly (string | number)[];
}

export function failTask(driver: SqlDriver, id: number, failure: TaskFailure, now: number): void {
  driver.run(
    `UPDATE task_queue SET status = ?, next_at = ?, retry_count = retry_count + ?, error = ?, error_args_json = ?,
      call_id = NULL, worker_id = NULL, lease_until = NULL, updated_at = ?
     WHERE id = ? AND status = 'running'`,
    [
      failure.state,
      failure.nextAt,
      failure.state === 'failed' ? 1 : 0,
      failure.error === '' ? null : failure.error,
      JSON.stringify(failure.args),
      now,
      id,
    ],
  );
}

/** The task continues in a batch: no worker holds it and none takes it. */
export function parkTask(driver: SqlDriver, id: number, callId: string, now: number): void {
  driver.run(
    "UPDATE task_queue SET status = 'running', next_at = 0, call_id = ?, worker_id = NULL, lease_until = NULL, updated_at = ? WHERE id = ?",
    [callId, now, id],
  );
}

export function getTask(driver: SqlDriver, id: number): QueuedTask | undefined {
  const row = driver.get<StoredTask>('SELECT * FROM task_queue WHERE id = ?', [id]);
  return row && taskOf(row);
}

export function noteTaskCall(driver: SqlDriver, id: number, callId: string, now: number): void {
  driver.run('UPDATE task_queue SET call_id = ?, updated_at = ? WHERE id = ?', [callId, now, id]);
}

/**
 * Returns tasks to the queue that other keepers held, that this one held too long, or that waited for a batch that is
 * over. Returns their number.
 */
export function takeBackTasks(driver: SqlDriver, worker: string, now: number): number {
  driver.run(
    `UPDATE task_queue SET status = 'pending', call_id = NULL, updated_at = ? WHERE status = 'running' AND worker_id IS NULL
     AND NOT EXISTS (SELECT 1 FROM model_calls c WHERE c.id = call_id AND c.state = 'sent')`,
    [now],
  );
  return takeBack(driver, '(worker_id <> ? OR lease_until < ?)', [worker, now], now);
}

/** Returns overdue tasks to the queue: their end could not be written. */
export function takeBackOverdue(driver: SqlDriver, isPaid: boolean, now: number): number {
  return takeBack(driver, 'is_paid = ? AND lease_until < ?', [isPaid ? 1 : 0, now], now);
}

function takeBack(driver: SqlDriver, which: string, values: readonly (string | number)[], now: number): number {
  const lost = `status = 'running' AND worker_id IS NOT NULL AND ${which}`;
  const dead = driver.run(
    `UPDATE task_queue SET status = 'dead', error = ?, worker_id = NULL, lease_until = NULL, updated_at = ?
      WHERE ${lost} AND retry_count >= max_retries`,
    [taskErrors.crashed, now, ...values],
  );
  return (
    dead +
    driver.run(
      `UPDATE task_queue SET status = 'failed', retry_count = retry_count + 1, next_at = ?, call_id = NULL,
        worker_id = NULL, lease_until = NULL, updated_at = ? WHERE ${lost}`,
      [now, now, ...values],
    )
  );
}

/** Marks a task whose call was sent and never answered. */
export function markUnknown(driver: SqlDriver, task: CallTask, error: string, now: number): void {
  driver.run(
    `UPDATE task_queue SET status = 'unknown', error = ?, worker_id = NULL, lease_until = NULL, call_id = NULL,
      updated_at = ? WHERE ${ofCall}`,
    [error, now, task.id, task.callId],
  );
}

/** After a restore the ledger belongs to another database, where the task's number alone may name a different task. */
export interface CallTask {
  id: number;
  callId: string;
}
const ofCall = 'id = ? AND call_id = ? AND is_paid = 1';

export function taskOfCall(driver: SqlDriver, { id, callId }: CallTask): QueuedTask | undefined {
  const row = driver.get<StoredTask>(`SELECT * FROM task_queue WHERE ${ofCall}`, [id, callId]);
  return row && taskOf(row);
}

/** When the next task is due; undefined when none waits. */
export function nextTaskAt(driver: SqlDriver, isPaid: boolean): number | undefined {
  const at = driver.get<{ at: number | null }>(
    "SELECT min(next_at) AS at FROM task_queue WHERE is_paid = ? AND status IN ('pending', 'failed')",
    [isPaid ? 1 : 0],
  )?.at;
  return at ?? undefined;
}

/** When the first lease of a running task ends. */
export function nextLeaseEnd(driver: SqlDriver, isPaid: boolean): number | undefined {
  const at = driver.get<{ at: number | null }>(
    "SELECT min(lease_until) AS at FROM task_queue WHERE is_paid = ? AND status = 'running' AND worker_id IS NOT NULL",
    [isPaid ? 1 : 0],
  )?.at;
  return at ?? undefined;
}

export function countTasks(driver: SqlDriver): { counts: Counts; paidWaiting: number } {
  const counts: Counts = { pending: 0, running: 0, failed: 0, dead: 0, unknown: 0 };
  let paidWaiting = 0;
  driver.each(
    'SELECT status, is_paid, count(*) FROM task_queue GROUP BY is_paid, status',
    [],
    ([status, isPaid, count]) => {
      counts[status as TaskState] += count as number;
      if (isPaid === 1 && (status === 'pending' || status === 'failed')) paidWaiting += count as number;
    },
  );
  return { counts, paidWaiting };
}

/** Tasks that were given up at or after a time. */
export const countDeadSince = (driver: SqlDriver, since: number): number =>
  driver.get<{ n: number }>("SELECT count(*) AS n FROM task_queue WHERE status = 'dead' AND updated_at >= ?", [since])
    ?.n ?? 0;

/** Local summaries that are still to be made; a failed one waits for its session to change. */
export const hasWaitingSummaries = (driver: SqlDriver): boolean =>
  driver.get(
    "SELECT 1 FROM task_queue WHERE type = 'summarize' AND is_paid = 0 AND status IN ('pending', 'running')",
  ) !== undefined;

export const hasWaiting = (driver: SqlDriver): boolean =>
  driver.get("SELECT 1 FROM task_queue WHERE status IN ('pending', 'running', 'failed')") !== undefined;

/** Waiting paid tasks that may go into a batch, in order. */
export function batchTasks(driver: SqlDriver, now: number, limit: number): QueuedTask[] {
  return driver
    .all<StoredTask>(
      `SELECT * FROM task_queue WHERE is_paid = 1 AND status IN ('pending', 'failed') AND next_at <= ?
        AND json_extract(payload_json, '$.isBatch') = 1 ORDER BY priority DESC, next_at, id LIMIT ?`,
      [now, limit],
    )
    .map(taskOf);
}

/** Deletes paid tasks that wait or whose call was not sent yet; sent ones go on. Returns their number. */
export function dropWaitingPaid(driver: SqlDriver): number {
  return driver.run(
    "DELETE FROM task_queue WHERE is_paid = 1 AND (status IN ('pending', 'failed') OR (status = 'running' AND call_id IS NULL))",
  );
}

/** Deletes all paid tasks, whatever their state. */
export function dropPaidTasks(driver: SqlDriver): void {
  driver.run('DELETE FROM task_queue WHERE is_paid = 1');
}

/** True when there was a task that may be tried again. */
export function reviveTask(driver: SqlDriver, id: number, now: number): boolean {
  return (
    driver.run(
      `UPDATE task_queue SET status = 'pending', retry_count = 0, next_at = ?, error = NULL, error_args_json = '[]',
        call_id = NULL, updated_at = ? WHERE id = ? AND status <> 'running'`,
      [now, now, id],
    ) > 0
  );
}

export function dropTask(driver: SqlDriver, id: number): boolean {
  return driver.run("DELETE FROM task_queue WHERE id = ? AND status <> 'running'", [id]) > 0;
}

export const hasTask = (driver: SqlDriver, id: number): boolean =>
  driver.get('SELECT 1 FROM task_queue WHERE id = ?', [id]) !== undefined;

/** Tasks that need a person's attention come first. */
export function listTasks(driver: SqlDriver, cursor: string | undefined, limit: number): Page<TaskInfo> {
  const [rank = -1, after = 0] = (cursor ?? '')
    .split(':')
    .filter((part) => part !== '')
    .map(Number);
  const rows = driver.all<StoredTask & { rank: number; title: string | null }>(
    `SELECT * FROM (SELECT t.*, s.title, CASE t.status WHEN 'dead' THEN 0 WHEN 'unknown' THEN 1 WHEN 'failed' THEN 2
      WHEN 'running' THEN 3 ELSE 4 END AS rank
       FROM task_queue t LEFT JOIN sessions s ON s.id = t.subject)
     WHERE rank > ? OR (rank = ? AND id > ?) ORDER BY rank, id LIMIT ?`,
    [rank, rank, after, limit + 1],
  );
  const shown = rows.slice(0, limit);
  const last = shown.at(-1);
  return { items: shown.map(infoOf), ...(rows.length > limit && last && { next: `${last.rank}:${last.id}` }) };
}

interface StoredTask {
  id: number;
  type: string;
  subject: string;
  is_paid: number;
  payload_json: string;
  priority: number;
  status: string;
  retry_count: number;
  max_retries: number;
  next_at: number;
  error: string | null;
  error_args_json: string;
  created_at: number;
}

const taskOf = (row: StoredTask): QueuedTask => ({
  id: row.id,
  type: taskTypes.find((type) => type === row.type)!,
  subject: row.subject,
  isPaid: row.is_paid === 1,
  payload: JSON.parse(row.payload_json),
  retries: row.retry_count,
  maxRetries: row.max_retries,
});

function infoOf(row: StoredTask & { title: string | null }): TaskInfo {
  const state = row.status as TaskState;
  const isWaiting = state === 'pending' || state === 'failed';
  return {
    id: row.id,
    type: row.type as TaskType,
    state,
    isPaid: row.is_paid === 1,
    retries: row.retry_count,
    maxRetries: row.max_retries,
    createdAt: row.created_at,
    ...(row.title !== null && { sessionId: row.subject, sessionTitle: row.title }),
    ...(isWaiting && row.next_at > 0 && { nextAt: row.next_at }),
    ...(row.error !== null && { error: row.error, args: JSON.parse(row.error_args_json) as (string | number)[] }),
  };
}

/** The contract between the queue and task handlers. */
import type { TaskType } from '../../protocol/spend';
import type { QueuedTask } from '../store/tables/tasks';

/** A task as its handler gets it. */
export type Task = Omit<QueuedTask, 'maxRetries'>;

/**
 * Does the task, or throws; then the queue retries it later, unless the MemoryError's data has `isFinal`. Doing a task
 * twice must be harmless: the keeper may be killed between the work and the note that it is done.
 */
export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<void>;

export type TaskHandlers = Partial<Record<TaskType, TaskHandler>>;

/** `data` of a MemoryError for the queue. Its message is one of protocol/task-errors.ts, with `args`. */
export interface TaskTrouble {
  args?: readonly (string | number)[];
  /** The task can never succeed. */
  isFinal?: boolean;
  /** The call was sent and its end is unknown: only a person may retry. */
  isUnknown?: boolean;
  /** The task cannot start now: it returns to the queue without counting an attempt. */
  isHeld?: boolean;
  /** The task continues in a batch and is ended with it. */
  isParked?: boolean;
  /** Least wait before the retry, in milliseconds. */
  retryAfterMs?: number;
  /** Fewer retries than usual. */
  maxRetries?: number;
}

export interface TaskWish {
  type: TaskType;
  subject: string;
  isPaid?: boolean;
  payload?: unknown;
  /** Higher first; usually 0. */
  priority?: number;
  /** Least wait in milliseconds, e.g. until a session is quiet. Asking again restarts it. */
  delayMs?: number;
}

/** The seam between the queue and those who do the work. */
import type { TaskType } from '../../protocol/spend';
import type { QueuedTask } from '../store/tables/tasks';

/** As its handler gets it. */
export type Task = Omit<QueuedTask, 'maxRetries'>;

/**
 * Does it, or throws: then it is tried again later. A MemoryError whose data has `isFinal` is not tried again. Doing
 * the same task twice must do no harm: a keeper may be killed between the work and the note that it is done.
 */
export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<void>;

export type TaskHandlers = Partial<Record<TaskType, TaskHandler>>;

/**
 * What the data of a MemoryError may say to the queue. Its message is then one of protocol/task-errors.ts, with `args`.
 */
export interface TaskTrouble {
  args?: readonly (string | number)[];
  /** It cannot succeed. */
  isFinal?: boolean;
  /** It was sent, and nobody knows what became of it: only a person may try again. */
  isUnknown?: boolean;
  /** Nothing is wrong with it, but it cannot begin now: it goes back as if it had not been tried. */
  isHeld?: boolean;
  /** It goes on elsewhere and is ended by whoever does it. */
  isParked?: boolean;
  /** Not before so many milliseconds. */
  retryAfterMs?: number;
  /** Fewer than others get. */
  maxRetries?: number;
}

export interface TaskWish {
  type: TaskType;
  subject: string;
  isPaid?: boolean;
  payload?: unknown;
  /** Higher first, usually 0. */
  priority?: number;
  /**
   * Not before so many milliseconds from now: a session is summarised when it has been quiet for a while. Asked again,
   * it begins anew.
   */
  delayMs?: number;
}

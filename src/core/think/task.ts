/** The seam between the queue and those who do the work. */
import type { TaskType } from '../../protocol/spend';

export interface Task {
  id: number;
  type: TaskType;
  /** Mostly a session's id. */
  subject: string;
  isPaid: boolean;
  payload: unknown;
  retries: number;
}

/**
 * Does it, or throws: then it is tried again later. A MemoryError whose data has `isFinal` is not tried again. Doing the same task twice must
 * do no harm: a keeper may be killed between the work and the note that it is done.
 */
export type TaskHandler = (task: Task, signal: AbortSignal) => Promise<void>;

export interface TaskWish {
  type: TaskType;
  subject: string;
  isPaid?: boolean;
  payload?: unknown;
  /** Higher first, usually 0. */
  priority?: number;
  /** Not before so many milliseconds from now: a session is summarised when it has been quiet for a while. Asked again, it begins anew. */
  delayMs?: number;
}

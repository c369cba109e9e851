/** Fills an emptied index in the background, the newest texts first, in slices between requests. */
import type { Timers } from '../lib/timers';
import type { SqlDriver } from '../store/sqlite/driver';
import { indexProgress, indexSome, waitingDocuments } from '../store/tables/index-queue';
import type { IndexProgress } from '../store/tables/index-queue';

interface ReindexPorts {
  driver: SqlDriver;
  timers: Pick<Timers, 'later'>;
  /** Monotonic milliseconds. */
  elapsed: () => number;
  /** Called as it goes on, and once with undefined when all texts are in the index. */
  onProgress: (progress: IndexProgress | undefined) => void;
}

/** Longest slice, and the pause after it, in which requests are answered. */
const sliceMs = 30;
const pauseMs = 5;
/** After a write that failed, for instance on a full disk. */
const retryMs = 60_000;

export function startReindex({ driver, timers, elapsed, onProgress }: ReindexPorts): void {
  const { done, total } = indexProgress(driver);
  if (done >= total) return;
  let waiting: number[] | undefined = waitingDocuments(driver);
  const all = waiting.length;
  const slice = () => {
    const until = elapsed() + sliceMs;
    try {
      waiting ??= waitingDocuments(driver);
      indexSome(driver, waiting, () => elapsed() >= until);
    } catch (error) {
      // The whole slice was taken back, so its texts wait again although the list has lost them.
      waiting = undefined;
      timers.later(retryMs, slice);
      throw error;
    }
    if (waiting.length === 0) {
      onProgress(undefined);
      return;
    }
    onProgress({ done: Math.max(0, all - waiting.length), total: all });
    timers.later(pauseMs, slice);
  };
  onProgress({ done: 0, total: all });
  timers.later(pauseMs, slice);
}
